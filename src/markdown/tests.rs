//! Tests of rendering.

mod blocks;
mod hostile;
mod links;
mod raw_html;
mod tags;

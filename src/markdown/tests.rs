//! Tests of rendering.

mod blocks;
mod dialects;
mod hostile;
mod links;
mod raw_html;
mod tags;

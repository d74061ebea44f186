//! Tests of rendering.

mod blocks;
mod dialects;
mod hostile;
mod links;
mod media;
mod raw_html;
mod tags;

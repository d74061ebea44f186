//! What bodies become, told by example.

mod blocks;
mod dialects;
mod hostile;
mod links;
mod raw_html;
mod tags;

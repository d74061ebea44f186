//! Pages to bytes: the theme, the template engine, and the formats that are no templates.

pub mod bodies;
pub mod changes;
pub mod chart;
pub mod engine;
pub mod feeds;
pub mod pictures;
pub mod sitemap;
pub mod theme;

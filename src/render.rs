//! Pages to bytes: the theme, the template engine, and the formats that are no templates.

pub mod bodies;
pub mod changes;
pub mod compressed;
pub mod csp_sources;
pub mod engine;
pub mod feeds;
pub mod references;
pub mod sitemap;
pub mod theme;

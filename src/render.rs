//! From pages to bytes: theme, template engine, and formats without templates.

pub mod bodies;
pub(crate) mod changes;
pub(crate) mod compressed;
pub(crate) mod csp_sources;
pub(crate) mod data_files;
pub(crate) mod engine;
pub mod feeds;
pub(crate) mod references;
pub(crate) mod report_queries;
pub(crate) mod sitemap;
pub(crate) mod theme;
pub(crate) mod theme_file;

//! Pages to bytes: the theme, the template engine, and the formats that are no templates.

pub mod bodies;
pub mod changes;
pub mod chart;
pub mod compressed;
pub mod credit;
pub mod engine;
pub mod facts;
pub mod feeds;
pub mod metadata;
pub mod names;
pub mod needs;
pub mod pictures;
pub mod references;
pub mod robust;
pub mod sitemap;
pub mod structured;
pub mod theme;
pub mod value;

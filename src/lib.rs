//! cstore

pub mod config;
pub mod name;
pub mod secret;

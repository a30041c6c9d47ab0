//! cstore

pub mod name;
pub mod s3;
pub mod secret;
pub mod store;

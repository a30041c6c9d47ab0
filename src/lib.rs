//! cstore

pub mod action;
pub mod catalog;
pub mod command;
pub mod config;
pub mod error;
pub mod format;
pub mod name;
pub mod option;
pub mod outcome;
pub mod request;
pub mod s3;
pub mod secret;
pub mod store;
pub mod workspace;

//! YAML, as catalogs and config files need it.

mod events;
mod tokens;

pub(crate) use events::{EventError, Events};

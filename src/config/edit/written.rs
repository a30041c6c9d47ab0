use super::outline::Node;
use super::{json, toml, yaml};
use crate::config::FileType;

/// A nested document as it is written; none if it is empty or not a nested one.
pub(super) fn outline(file_type: FileType, text: &str) -> Option<Node> {
    match file_type {
        FileType::Json => json::outline(text),
        FileType::Yaml => yaml::outline(text),
        FileType::Toml => toml::outline(text),
        FileType::Dotenv | FileType::Raw => None,
    }
}

//! YAML 1.2 for catalogs and config files: a document whose nodes know their positions in the text.
//!
//! Reading needs lines for its errors, editing needs bytes to cut at, and a file may come from a stranger's pull
//! request. So what is read is bounded: the levels of lists in lists, the values; of the parser's tokens only those of
//! 1,024 characters are held. Aliases stay references (nothing is copied, a "billion laughs" is as small as its text),
//! and whoever follows them counts. A key given twice is refused, as PyYAML alone takes the last one, and so is a
//! second document.
//!
//! This module does not interpret documents: nodes keep their text and the tags that are written.

mod build;
mod core_schema;
mod document;
mod error;
mod events;
mod input;
mod scalar;
mod span;

pub(crate) use core_schema::{Meaning, meaning};
pub(crate) use document::{CoreTag, Document, Limits, Node, NodeId, NodeKind, Tag};
pub(crate) use error::{YamlError, YamlProblem};
pub(crate) use granit_parser::ScalarStyle;
pub(crate) use scalar::{is_plain, is_typed_in_yaml_1_1, scalar};

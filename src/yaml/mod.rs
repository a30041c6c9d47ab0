//! YAML 1.2, as catalogs and config files need it: one document whose nodes know where they are written.
//!
//! Reading needs lines for its errors, editing needs bytes to cut at, and a file may come from a stranger's pull
//! request. So what is read is bounded: the levels of lists in lists, the values, the tokens that the parser holds at
//! once. Aliases stay references (nothing is copied, a "billion laughs" is as small as its text), and whoever follows
//! them counts. A key given twice is refused, as is a second document.
//!
//! What a document means is no matter of this module: nodes keep their text and the tag that is written.

mod build;
mod core_schema;
mod document;
mod error;
mod events;
mod span;
mod tokens;

pub(crate) use core_schema::{Meaning, meaning};
pub(crate) use document::{CoreTag, Document, Node, NodeId, NodeKind, Tag};
pub(crate) use error::{YamlError, YamlProblem};
pub(crate) use events::Limits;
pub(crate) use saphyr_parser::ScalarStyle;

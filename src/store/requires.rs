use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::field::is_feature;
use crate::ordered::Ordered as _;

/// What this version of the tool understands: nothing has a name yet.
const UNDERSTOOD: &[&str] = &[];

/// The features that whoever reads a document must understand, by name. A reader that skipped one would take the
/// document for something else, such as ciphertext for a file's bytes, so it refuses the document instead, and so does
/// whoever is about to replace it.
///
/// A document's are the union of those that it needs itself and those of its parts, computed anew each time that it is
/// written ([`union`](Self::union)): what nothing needs any more is not asked for any more.
///
/// None is the same as no field. So a document that needs nothing is the same bytes as before there was the field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Requires(BTreeSet<String>);

impl Requires {
    /// The name of the field.
    const FIELD: &'static str = "requires";

    /// Whether there is nothing that a reader must understand.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All that any of these needs.
    pub(super) fn union<'a>(all: impl IntoIterator<Item = &'a Self>) -> Self {
        Self(all.into_iter().flat_map(|one| &one.0).cloned().ordered_set())
    }

    /// What a document, or an entry of its `files` or its `history`, needs and this version does not know. It is looked
    /// for before anything else is read, since with a feature the other fields may have another form.
    ///
    /// # Errors
    /// The field, where it holds something else than names.
    pub(super) fn unknown_in(document: &Value) -> Result<Vec<String>, &'static str> {
        let lists = ["files", "history"].into_iter().filter_map(|list| document.get(list)?.as_array());
        let mut unknown = BTreeSet::new();
        for needs in std::iter::once(document).chain(lists.flatten()).filter_map(|part| part.get(Self::FIELD)) {
            for name in needs.as_array().ok_or(Self::FIELD)? {
                let name = name.as_str().filter(|name| is_feature(name)).ok_or(Self::FIELD)?;
                if !UNDERSTOOD.contains(&name) {
                    unknown.insert(name.to_owned());
                }
            }
        }
        Ok(unknown.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn requires(names: &[&str]) -> Requires {
        serde_json::from_value(json!(names)).unwrap()
    }

    #[test]
    fn a_union_has_each_name_once_and_sorted() {
        let union = Requires::union([&requires(&["b", "a"]), &requires(&[]), &requires(&["c", "b"])]);
        assert_eq!(serde_json::to_string(&union).unwrap(), r#"["a","b","c"]"#);
        assert!(Requires::union([]).is_empty());
    }

    #[test]
    fn what_is_unknown_is_found_in_the_document_and_in_its_entries() {
        for (document, unknown) in [
            (json!({}), &[][..]),
            (json!({"requires": []}), &[]),
            (json!({"requires": ["imports"]}), &["imports"]),
            (json!({"files": [{"requires": []}, {}, 1]}), &[]),
            (json!({"requires": ["b"], "files": [{"requires": ["c", "a"]}, {"requires": ["b"]}]}), &["a", "b", "c"]),
            (json!({"history": [{}, {"requires": ["a"]}]}), &["a"]),
            (json!({"files": "no list"}), &[]),
        ] {
            assert_eq!(Requires::unknown_in(&document).unwrap(), unknown, "{document}");
        }
    }

    #[test]
    fn what_is_no_list_of_names_is_no_reason_to_go_on() {
        let long = "a".repeat(65);
        for needs in [json!(null), json!("imports"), json!({}), json!([1]), json!([""]), json!(["a b"]), json!([long])]
        {
            for document in [json!({"requires": needs}), json!({"files": [{"requires": needs}]})] {
                assert_eq!(Requires::unknown_in(&document), Err("requires"), "{document}");
            }
        }
    }
}

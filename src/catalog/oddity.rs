//! What is odd in a catalog that can be read all the same: a field that nothing reads is a slip more often than not.

use std::collections::HashMap;

use super::model::{BUCKET, KMS_KEY};
use crate::config::FileType;
use crate::excerpt::excerpt;
use crate::nearest::nearest;
use crate::yaml::{Document, Meaning, NodeId, NodeKind, ScalarStyle, meaning};

/// The fields of a catalog. The Go cStore has no `data` and no `channel` there.
const CATALOG: [&str; 5] = ["version", "context", "channel", "data", "files"];
/// The fields of an entry of `files`, those that only the Go cStore reads among them.
const ENTRY: [&str; 10] =
    ["path", "alternatePath", "store", "isRef", "deleteAfterPush", "type", "data", "tags", "vaults", "versions"];
/// The fields of `data` that are read. The Go cStore has others there for stores other than S3.
const DATA: [&str; 2] = [BUCKET, KMS_KEY];
/// How many are told: whoever names another kind of file as the catalog need not read all of it.
const MOST: usize = 10;

/// Something odd, and its line. It names fields, and never what they hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CatalogOddity {
    /// From 1.
    pub(crate) line: usize,
    /// What is odd there.
    pub(crate) kind: OddityKind,
}

/// What is odd in a catalog. As text, a clause.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum OddityKind {
    /// There is nothing in it.
    #[error("the catalog is empty: it names no context, no bucket and no files")]
    Empty,
    /// A field that nothing reads.
    #[error("the field {name:?} of {of} means nothing{hint}")]
    UnknownField {
        /// The field.
        name: String,
        /// "the catalog", "an entry of files".
        of: &'static str,
        /// What was probably meant, with what joins it to the clause; may be empty.
        hint: String,
    },
    /// A type that is none, and is much like one.
    #[error("the type {name:?} is not known and has no effect; did you mean {meant}?")]
    UnknownType {
        /// The type.
        name: String,
        /// The one that was probably meant.
        meant: &'static str,
    },
    /// A context that is no text without quotes: the Go cStore reads it as written, and so do we, but other tools may
    /// rewrite it, and `true` is seldom anybody's project.
    #[error("the context is written as {looks}, and is read as a name; write it in quotes if it is one")]
    UnquotedContext {
        /// "a number", "true or false".
        looks: &'static str,
    },
    /// A path that is also another entry's alternate path.
    #[error(
        "the file {path:?} is at the path where line {other} has another file restored (alternatePath), and each would take the other's place"
    )]
    OnePlace {
        /// The path.
        path: String,
        /// The line of the other entry's alternate path.
        other: usize,
    },
    /// A context within the keys of another. The Go cStore takes any text for one.
    #[error(
        "the context {name:?} is inside the context {outer:?}: the files that {outer} keeps in the folder {folder} have the \
         same keys in the bucket, and each can replace those of the other; a new context has no `/`"
    )]
    ContextWithin {
        /// The context.
        name: String,
        /// What stands before its first `/`.
        outer: String,
        /// What follows it.
        folder: String,
    },
}

impl OddityKind {
    /// Whether it is known what was probably meant.
    fn is_guessed(&self) -> bool {
        !matches!(self, Self::UnknownField { hint, .. } if hint.is_empty())
    }
}

/// What is odd in a catalog, in the order of lines. `entries` are the nodes of its files, `context` is the node of its
/// context.
pub(super) fn oddities(document: &Document<'_>, entries: &[NodeId], context: Option<NodeId>) -> Vec<CatalogOddity> {
    let Some(root) = document.root() else { return vec![CatalogOddity { line: 1, kind: OddityKind::Empty }] };
    let mut found = Vec::new();
    if pairs(document, root).is_empty() {
        found.push(CatalogOddity { line: document.node(root).line, kind: OddityKind::Empty });
    }
    found.extend(unknown_fields(document, root, &CATALOG, "the catalog"));
    found.extend(context.and_then(|context| unquoted_context(document, context)));
    found.extend(context.and_then(|context| context_within(document, context)));
    let of_data =
        |map| field(document, map, "data").into_iter().flat_map(|data| unknown_fields(document, data, &DATA, "data"));
    found.extend(of_data(root));
    found.extend(in_one_place(document, entries));
    for &entry in entries {
        found.extend(unknown_fields(document, entry, &ENTRY, "an entry of files"));
        found.extend(of_data(entry).filter(|oddity| oddity.kind.is_guessed()));
        found.extend(unknown_type(document, entry));
    }
    found.sort_by_key(|oddity| oddity.line);
    found.truncate(MOST);
    found
}

pub(super) fn pairs<'d>(document: &'d Document<'_>, map: NodeId) -> &'d [(NodeId, NodeId)] {
    match &document.node(document.target(map)).kind {
        NodeKind::Mapping { pairs, .. } => pairs,
        _ => &[],
    }
}

fn field(document: &Document<'_>, map: NodeId, name: &str) -> Option<NodeId> {
    pairs(document, map).iter().find(|(key, _)| document.scalar(*key) == Some(name)).map(|&(_, value)| value)
}

/// A type that is not known, nor the extension of its file, as the Go cStore writes it, and that is like a known one.
fn unknown_type(document: &Document<'_>, entry: NodeId) -> Option<CatalogOddity> {
    let text = |name| document.scalar(document.target(field(document, entry, name)?));
    let (name, path) = (text("type")?, text("path")?);
    let word = name.to_ascii_lowercase();
    let extension = path.rsplit(['/', '.']).next().unwrap_or_default();
    if name.eq_ignore_ascii_case(extension) || FileType::is_recorded_word(&word) {
        return None;
    }
    let meant = nearest(&word, FileType::ALL.iter().map(|(known, _)| *known).chain(["env", "yml"]))?;
    let line = document.node(field(document, entry, "type")?).line;
    Some(CatalogOddity { line, kind: OddityKind::UnknownType { name: excerpt(name), meant } })
}

fn unquoted_context(document: &Document<'_>, context: NodeId) -> Option<CatalogOddity> {
    let node = document.node(document.target(context));
    let NodeKind::Scalar { text, style: ScalarStyle::Plain } = &node.kind else { return None };
    let looks = match meaning(text) {
        _ if node.tag.is_some() => return None,
        Meaning::Int | Meaning::Float => "a number",
        Meaning::Bool(_) => "true or false",
        Meaning::Null | Meaning::Text => return None,
    };
    Some(CatalogOddity { line: document.node(context).line, kind: OddityKind::UnquotedContext { looks } })
}

/// Entries without an alternate path whose path is another's. Several with one alternate path may be for several environments.
fn in_one_place(document: &Document<'_>, entries: &[NodeId]) -> Vec<CatalogOddity> {
    let text = |&entry: &NodeId, name| {
        let node = field(document, entry, name)?;
        let text = document.scalar(document.target(node)).filter(|text| !text.is_empty())?;
        Some((text, document.node(node).line))
    };
    let alternates: HashMap<_, _> = entries.iter().filter_map(|entry| text(entry, "alternatePath")).collect();
    let own = entries.iter().filter(|entry| text(entry, "alternatePath").is_none());
    let in_one = own.filter_map(|entry| {
        let (path, line) = text(entry, "path")?;
        let kind = OddityKind::OnePlace { path: excerpt(path), other: *alternates.get(path)? };
        Some(CatalogOddity { line, kind })
    });
    in_one.collect()
}

fn context_within(document: &Document<'_>, context: NodeId) -> Option<CatalogOddity> {
    let name = document.scalar(document.target(context))?;
    let (outer, folder) = name.split_once('/')?;
    let kind = OddityKind::ContextWithin { name: excerpt(name), outer: excerpt(outer), folder: excerpt(folder) };
    Some(CatalogOddity { line: document.node(context).line, kind })
}

fn unknown_fields(
    document: &Document<'_>,
    map: NodeId,
    known: &'static [&'static str],
    of: &'static str,
) -> impl Iterator<Item = CatalogOddity> {
    let unknown = move |&(key, value): &(NodeId, NodeId)| {
        let name = document.scalar(key)?;
        // An anchor is there to be referred to. Names that begin with `x-` are for others' own use, as in Compose files.
        let is_meant = name == "<<" || name.starts_with("x-") || document.node(value).is_anchored;
        let kind = || OddityKind::UnknownField { name: excerpt(name), of, hint: hint(name, known) };
        (!is_meant && !known.contains(&name)).then(|| CatalogOddity { line: document.node(key).line, kind: kind() })
    };
    pairs(document, map).iter().filter_map(unknown).take(MOST)
}

/// What was probably meant by a name.
fn hint(name: &str, known: &[&'static str]) -> String {
    let lower = name.to_ascii_lowercase();
    let is_same = |field: &&&str| field.eq_ignore_ascii_case(name);
    if let Some(field) = known.iter().find(is_same).copied().or_else(|| nearest(name, known.iter().copied())) {
        return format!("; did you mean {field}?");
    }
    if lower.contains("bucket") {
        return "; AWS_S3_BUCKET below data says the bucket".to_owned();
    }
    if lower.contains("kms") {
        return "; AWS_STORE_KMS_KEY_ID below data says the KMS key".to_owned();
    }
    String::new()
}

#[cfg(test)]
mod tests {
    use crate::catalog::Catalog;

    fn oddities(text: &str) -> Vec<(usize, String)> {
        let (_, _, oddities) = Catalog::read_counting(text.as_bytes()).unwrap();
        oddities.into_iter().map(|oddity| (oddity.line, oddity.kind.to_string())).collect()
    }

    #[test]
    fn a_field_that_nothing_reads_is_told_with_what_was_meant_and_without_what_it_holds() {
        let text = "contxt: swordfish\ncontext: shop\nbucket: acme\nFiles: []\nDB_PASSWORD: swordfish\n\
                    files:\n- path: .env\n  alternatepath: x\n  tag: [a]\n";
        let found = oddities(text);
        let lines: Vec<_> = found.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [1, 3, 4, 5, 8, 9]);
        assert_eq!(found[0].1, "the field \"contxt\" of the catalog means nothing; did you mean context?");
        assert!(found[1].1.ends_with("; AWS_S3_BUCKET below data says the bucket"), "{}", found[1].1);
        assert!(found[2].1.ends_with("; did you mean files?"), "{}", found[2].1);
        assert_eq!(found[3].1, "the field \"DB_PASSWORD\" of the catalog means nothing");
        assert!(found[4].1.ends_with("of an entry of files means nothing; did you mean alternatePath?"));
        assert!(found[5].1.ends_with("; did you mean tags?"), "{}", found[5].1);
        assert!(!format!("{found:?}").contains("swordfish"));
    }

    #[test]
    fn a_setting_or_a_type_that_is_misspelt_is_told_with_what_was_meant() {
        let text = "data:\n  AWS_S3_BUKET: swordfish\n  OWNER: me\nfiles:\n- path: a.conf\n  type: jsn\n  data:\n    \
                    AWS_S3_BUCKETS: acme\n    AWS_STORE_KMS_KEY: k\n    OTHER: x\n";
        let found = oddities(text);
        let lines: Vec<_> = found.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [2, 3, 6, 8, 9]);
        assert_eq!(found[0].1, "the field \"AWS_S3_BUKET\" of data means nothing; did you mean AWS_S3_BUCKET?");
        assert_eq!(found[1].1, "the field \"OWNER\" of data means nothing");
        assert_eq!(found[2].1, "the type \"jsn\" is not known and has no effect; did you mean json?");
        assert!(found[4].1.ends_with("did you mean AWS_STORE_KMS_KEY_ID?"), "{}", found[4].1);
        assert!(!format!("{found:?}").contains("swordfish"));
        // The Go cStore writes the extension of every file.
        for entry in ["path: a.jsn\n  type: jsn", "path: .env.local\n  type: local", "path: a\n  type: xml"] {
            assert_eq!(oddities(&format!("files:\n- {entry}\n")), [], "{entry}");
        }
    }

    #[test]
    fn fields_of_the_go_tool_anchors_and_names_of_others_are_not_odd() {
        let text = "version: v4\ncontext: shop\nx-owner: me\nbase: &base\n  store: aws-s3\ndata: {AWS_S3_BUCKET: acme}\n\
                    files:\n- <<: *base\n  path: .env\n  alternatePath: a\n  isRef: false\n  deleteAfterPush: true\n  \
                    type: env\n  data: {}\n  tags: []\n  vaults: {access: env, secrets: aws}\n  versions: []\n";
        assert_eq!(oddities(text), []);
    }

    #[test]
    fn a_context_without_quotes_that_looks_like_a_number_or_a_flag_is_read_as_written_and_told() {
        for (written, looks) in [("5", "a number"), ("007", "a number"), ("1.0", "a number"), ("true", "true or false")]
        {
            let text = format!("version: v4\ncontext: {written}\n");
            assert_eq!(Catalog::read(text.as_bytes()).unwrap().context.unwrap().as_str(), written);
            let said =
                format!("the context is written as {looks}, and is read as a name; write it in quotes if it is one");
            assert_eq!(oddities(&text), [(2, said)]);
        }
        for text in ["context: '5'", "context: \"true\"", "context: !!str 5", "context: 5a", "context: ~\nversion: v4"]
        {
            assert_eq!(oddities(text), [], "{text}");
        }
    }

    #[test]
    fn a_file_that_lies_where_another_is_restored_is_told() {
        let text =
            "files:\n- path: a/.env\n  alternatePath: .env\n- path: b/.env\n  alternatePath: .env\n- path: .env\n";
        let [(6, said)] = &oddities(text)[..] else { panic!("{:?}", oddities(text)) };
        assert!(said.starts_with("the file \".env\" is at the path where line 5 has another file restored"), "{said}");
        assert_eq!(oddities(&text.replace("- path: .env", "- path: c/.env\n  alternatePath: .env")), []);
        assert_eq!(oddities("files:\n- path: .env\n  alternatePath: .env\n"), []);
    }

    #[test]
    fn a_context_within_another_is_told() {
        let found = oddities("version: v4\ncontext: clob/dev/eu\n");
        assert_eq!((found.len(), found[0].0), (1, 2));
        let said = "the context \"clob/dev/eu\" is inside the context \"clob\": the files that clob keeps in the folder dev/eu";
        assert!(found[0].1.starts_with(said), "{}", found[0].1);
        assert_eq!(oddities("context: My Old Project\n"), []);
    }

    #[test]
    fn an_empty_catalog_says_so_and_another_kind_of_file_is_not_told_whole() {
        for text in ["", "# nothing\n", "~\n", "{}\n"] {
            assert_eq!(oddities(text).len(), 1, "{text:?}");
            assert!(oddities(text)[0].1.starts_with("the catalog is empty"), "{text:?}");
        }
        let many: String = (0..100).map(|n| format!("KEY{n}: x\n")).collect();
        assert_eq!(oddities(&many).len(), super::MOST);
    }
}

//! Documents that are read, for the most part, in each of the languages.

use proptest::prelude::*;

/// Maps in maps and lists, of few keys.
#[derive(Debug, Clone)]
enum Tree {
    Leaf(&'static str),
    List(Vec<Self>),
    Map(Vec<(String, Self)>),
}

impl Tree {
    /// In one line, as JSON has it; TOML has another sign after a key, and no null.
    fn inline(&self, sign: &str) -> String {
        match self {
            Self::Leaf("null") if sign == "=" => "1979-05-27".to_owned(),
            Self::Leaf(text) => (*text).to_owned(),
            Self::List(items) => {
                format!("[{}]", items.iter().map(|item| item.inline(sign)).collect::<Vec<_>>().join(", "))
            }
            Self::Map(fields) => {
                let field = |(key, value): &(String, Self)| format!(r#""{key}" {sign} {}"#, value.inline(sign));
                format!("{{{}}}", fields.iter().map(field).collect::<Vec<_>>().join(", "))
            }
        }
    }

    /// As YAML has it, a line for each item.
    fn block(&self, depth: usize) -> String {
        let item = |head: String, value: &Self| match value {
            Self::Leaf(text) => format!("{head} {text}\n"),
            other => format!("{head}\n{}", other.block(depth + 1)),
        };
        let indent = "  ".repeat(depth);
        match self {
            Self::List(items) if !items.is_empty() => {
                items.iter().map(|value| item(format!("{indent}-"), value)).collect()
            }
            Self::Map(fields) if !fields.is_empty() => {
                fields.iter().map(|(key, value)| item(format!(r#"{indent}"{key}":"#), value)).collect()
            }
            other => format!("{indent}{}\n", other.inline(":")),
        }
    }

    /// As TOML has it, maps as tables.
    fn tables(&self) -> String {
        let Self::Map(fields) = self else { return format!("a = {}\n", self.inline("=")) };
        let (tables, values): (Vec<_>, Vec<_>) =
            fields.iter().partition(|(_, value)| matches!(value, Self::Map(fields) if fields.len() == 1));
        let line = |(key, value): &(String, Self)| format!("\"{key}\" = {}\n", value.inline("="));
        let table = |(key, value): &(String, Self)| format!("[\"{key}\"]\n{}", value.tables());
        values.into_iter().map(line).chain(tables.into_iter().map(table)).collect()
    }
}

pub(crate) fn documents() -> impl Strategy<Value = String> {
    let leaf = proptest::sample::select(vec!["1", "1.10", "true", "null", r#""""#, r#""a b""#, r#""\u2028: #""#]);
    let tree = leaf.prop_map(Tree::Leaf).prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            2 => proptest::collection::vec(("a|b|c|a_b|b_0|~|", inner.clone()), 0..3).prop_map(Tree::Map),
            1 => proptest::collection::vec(inner, 0..3).prop_map(Tree::List),
        ]
    });
    (tree, 0..3).prop_map(|(tree, form)| match form {
        0 => tree.inline(":"),
        1 => tree.block(0),
        _ => tree.tables(),
    })
}

use super::*;
use crate::tried::holds;

const LIMITS: Limits = Limits { deepest: 32, most_values: 1_000 };

fn parse(text: &str) -> Document<'_> {
    Document::parse(text, &LIMITS).unwrap_or_else(|error| panic!("{text}: {error:?}"))
}

fn leaves(text: &str) -> Vec<String> {
    let is_leaf = |node: &&Node<'_>| matches!(node.kind, NodeKind::Scalar { .. } | NodeKind::Alias(_));
    parse(text).nodes.iter().filter(is_leaf).map(|node| text[node.span.clone()].to_owned()).collect()
}

/// Line, column and problem.
fn error(text: &str) -> (usize, usize, YamlProblem) {
    let YamlError { line, column, problem } = Document::parse(text, &LIMITS).map(|_| ()).unwrap_err();
    (line, column, problem)
}

#[test]
fn spans_are_what_is_written_without_the_comment() {
    assert_eq!(leaves("a: \"x\\\"y\" # c\nb: 'it''s'   # d\n"), ["a", "\"x\\\"y\"", "b", "'it''s'"]);
    assert_eq!(leaves("ü: \"ä\" #x\r\nb: plain # c\r\n"), ["ü", "\"ä\"", "b", "plain"]);
    assert_eq!(leaves("\u{feff}a: 'x'\n"), ["a", "'x'"]);
    assert_eq!(leaves("a: &x !!str 'b' # c\nd: *x # e\n"), ["a", "&x !!str 'b'", "d", "*x"]);
    let long: Vec<_> = (60..70).flat_map(|length| ["ü".repeat(length), "ä".repeat(2 * length)]).collect();
    assert_eq!(leaves(&long.join(": ").replace("ä: ", "ä\n")), long);
}

#[test]
fn a_list_or_map_ends_with_its_last_item() {
    let text = "a:\n- x # c\n- [y,\n  z] # d\n\n# e\nb: {c: d} # f\ng:\n";
    let document = parse(text);
    let ends: Vec<_> = document
        .nodes
        .iter()
        .filter(|node| matches!(node.kind, NodeKind::Sequence { .. } | NodeKind::Mapping { .. }))
        .map(|node| &text[..node.span.end])
        .collect();
    let upto = |end: &str| &text[..text.find(end).unwrap() + end.len()];
    assert_eq!(ends, [upto("\ng"), upto("z]"), upto("z]"), upto("{c: d}")]);
}

#[test]
fn nodes_know_line_column_tag_and_anchor() {
    let document = parse("ä: &x !!int 1\n'b': ! [!Ref c, *x]\n");
    let seen: Vec<_> =
        document.nodes.iter().map(|node| (node.line, node.column, node.tag.clone(), node.is_anchored)).collect();
    assert_eq!(
        seen,
        [
            (1, 1, None, false),
            (1, 1, None, false),
            (1, 4, Some(Tag::Core(CoreTag::Int)), true),
            (2, 1, None, false),
            (2, 6, Some(Tag::NonSpecific), false),
            (2, 9, Some(Tag::Other("!Ref".to_owned())), false),
            (2, 17, None, false),
        ]
    );
    assert_eq!(document.values(), 5);
}

#[test]
fn hostile_texts_are_refused_with_their_place() {
    let nested: String = (0..40).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    assert_eq!(error(&nested), (33, 33, YamlProblem::TooDeep));
    assert_eq!(error(&"[".repeat(200)).2, YamlProblem::TooDeep);
    assert_eq!(error(&"[".repeat(2_000)).2, YamlProblem::TooDeep);
    assert_eq!(error(&"- ".repeat(200)).2, YamlProblem::TooDeep);
    let twice = |key: &str| YamlProblem::KeyTwice { key: key.to_owned(), first_line: 1 };
    assert_eq!(error("a: 1\nb: 2\na: 3\n"), (3, 1, twice("a")));
    assert_eq!(error("{a: 1, 'a': 2}"), (1, 8, twice("a")));
    assert_eq!(error("&k a: 1\n*k : 2"), (2, 1, twice("a")));
    assert_eq!(error("a: &x [1, *x]\n"), (1, 11, YamlProblem::AliasInItself));
    assert_eq!(error("a: &x\n  b: *x\n"), (2, 6, YamlProblem::AliasInItself));
    assert_eq!(error("a: 1\n---\nb: 1\n"), (2, 1, YamlProblem::SecondDocument));
    assert!(matches!(error("a: *nothing\n"), (1, _, YamlProblem::Syntax(_))));
    assert!(matches!(error("a: 1\n b: 2\n"), (2, _, YamlProblem::Syntax(_))));
}

#[test]
fn what_the_text_holds_is_not_quoted() {
    for text in ["a: @hunter2", "a: `hunter2", "a: %hunter2", "a: *hunter2", "a: !<hunter2", "a: \"\\q hunter2\""] {
        let error = format!("{:?}", error(text));
        assert!(!error.contains("hunter2") && !error.contains(['@', '`', '%']), "{error}");
    }
}

#[test]
fn values_are_counted_and_keys_are_not() {
    let map = |fields: usize| (0..fields).map(|n| format!("k{n}: 1\n")).collect::<String>();
    assert_eq!(parse(&map(999)).values(), 1_000);
    assert_eq!(error(&map(1_000)), (1_000, 7, YamlProblem::TooManyValues));
}

#[test]
fn an_alias_bomb_stays_as_small_as_its_text() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..60 {
        let below = format!("*a{}", level - 1);
        text += &format!("a{level}: &a{level} [{}]\n", [below.as_str(); 10].join(", "));
    }
    assert!(parse(&text).nodes.len() < 1_000);
}

#[test]
fn null_is_no_root() {
    for text in ["", "# nothing\n", "---\n", "~\n", "null", "!!null ~"] {
        assert_eq!(parse(text).root().is_some(), text.starts_with('!'), "{text}");
    }
}

#[test]
fn any_text_is_read_or_refused() {
    let inputs = "([a-c]|[-:?,#&*!|>'\"%@\\[\\]{}]|[ \t\n\r]|[\u{feff}ü\\\\]){0,60}|(([a-c]|- |'ü'): [a-cü]\n){0,4}|(- ?[ab#ü ]{0,5}\n){0,6}";
    holds(500, &inputs, &[("read", 35), ("refused", 150)], |text| {
        let Ok(document) = Document::parse(&text, &LIMITS) else { return vec!["refused"] };
        for node in &document.nodes {
            assert!(text.get(node.span.clone()).is_some(), "{:?}", node.span);
        }
        vec![if document.nodes.len() > 2 { "read" } else { "nothing" }]
    });
}

use super::*;
use crate::config::{Entry, FileType, Parsed, ValueKind, parse};

fn parsed(text: &str) -> Parsed {
    parse(FileType::Yaml, text.as_bytes(), "_").unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// Entries as `key=text kind`.
fn entries(text: &str) -> Vec<String> {
    let Parsed { entries, warnings, .. } = parsed(text);
    assert_eq!(warnings, [], "{text}");
    entries.iter().map(|Entry { key, value, .. }| format!("{key}={} {:?}", value.text.expose(), value.kind)).collect()
}

fn problem(text: &str) -> (Option<usize>, ParseProblem) {
    let error = parse(FileType::Yaml, text.as_bytes(), "_").unwrap_err();
    assert!(!format!("{error} {error:?}").contains("hunter2"), "{text}");
    (error.line, error.problem)
}

#[test]
fn a_plain_scalar_is_what_the_core_schema_says() {
    for (text, kind) in [
        ("1", ValueKind::Number),
        ("-1.10", ValueKind::Number),
        ("1e5", ValueKind::Number),
        ("0", ValueKind::Number),
        ("123456789012345678901234567890", ValueKind::Number),
        ("007", ValueKind::Text),
        ("+1", ValueKind::Text),
        (".5", ValueKind::Text),
        ("5.", ValueKind::Text),
        ("0x1f", ValueKind::Text),
        ("0o17", ValueKind::Text),
        ("1_000", ValueKind::Text),
        (".inf", ValueKind::Text),
        (".NaN", ValueKind::Text),
        ("yes", ValueKind::Text),
        ("on", ValueKind::Text),
        ("y", ValueKind::Text),
        ("2024-01-01", ValueKind::Text),
        ("12:30:45", ValueKind::Text),
        ("1.2.3", ValueKind::Text),
        ("a b", ValueKind::Text),
        ("'1'", ValueKind::Text),
        ("tRUE", ValueKind::Text),
    ] {
        assert_eq!(entries(&format!("a: {text}")), [format!("a={} {kind:?}", text.trim_matches('\''))]);
    }
    for (text, value) in [("true", "true"), ("True", "true"), ("FALSE", "false")] {
        assert_eq!(entries(&format!("a: {text}")), [format!("a={value} Bool")]);
    }
    for text in ["", "~", "null", "Null", "NULL"] {
        assert_eq!(entries(&format!("a: {text}")), ["a= Null"]);
    }
    assert_eq!(entries("a: \"\"\nb: ''\nc: 'null'\nd: \"true\""), ["a= Text", "b= Text", "c=null Text", "d=true Text"]);
}

#[test]
fn texts_of_several_lines_are_read_by_their_style() {
    assert_eq!(
        entries("a: |\n  x\n   y\n\nb: >-\n  x\n  y\nc: \"x\\n\\u00fc\\\n  y\"\nd: x\n  y\n"),
        ["a=x\n y\n Text", "b=x y Text", "c=x\nüy Text", "d=x y Text"]
    );
}

#[test]
fn keys_are_text_as_written() {
    assert_eq!(
        entries("8080: a\ntrue: b\n~: c\n\"x y\": d\n? z\n: e\nl:\n- f\n-\n  g: h\n"),
        ["8080=a Text", "true=b Text", "~=c Text", "x y=d Text", "z=e Text", "l_0=f Text", "l_1_g=h Text"]
    );
    assert_eq!(problem("? [a]\n: hunter2"), (Some(1), ParseProblem::ComplexKey));
    assert_eq!(problem("a: 1\n? {a: b}\n: hunter2"), (Some(2), ParseProblem::ComplexKey));
    assert_eq!(problem("a: &x [1]\n*x : hunter2"), (Some(2), ParseProblem::ComplexKey));
}

#[test]
fn what_pyyaml_ruamel_and_go_yaml_read_alike_is_read_as_they_do() {
    for (text, expected) in [
        // Brackets and what stands in them may be indented less than YAML 1.2 asks for.
        ("s:\n  t: [\n    x, y\n  ]\n  u: 1\n", "s_t_0=x s_t_1=y s_u=1"),
        ("s:\n  t: [\nx,\n y\n ]\n  u: 1\n", "s_t_0=x s_t_1=y s_u=1"),
        ("s:\n  t: {\na: 1\n}\n  u: 1\n", "s_t_a=1 s_u=1"),
        ("a:\n- [\n]\n- {\n}\n- [[\n]]\n- z\n", "a_3=z"),
        ("a: [{\nb: 1\n},{\n}]\n", "a_0_b=1"),
        ("a: [\n# c\n]\nb: 1\n", "b=1"),
        ("{\n\t\"a\": 1,\n\t\"b\": [\n\t\t2\n\t]\n}\n", "a=1 b_0=2"),
        ("a: [x\n  # c\n  , y, ]\n", "a_0=x a_1=y"),
        // So may the lines of a text in quotes, also by tabs.
        ("s:\n  a: \"x\ny\"\n  b: 'x\n\ty'\n", "s_a=x\u{20}y s_b=x\u{20}y"),
        ("a: \"x\\\n\\  y\"\n", "a=x\u{20}\u{20}y"),
        // A comment right behind a quote, bracket or comma.
        ("a: \"b\"# c\nd: [e,# f\ng]# h\n", "a=b d_0=e d_1=g"),
        ("a: b#c\n", "a=b#c"),
        // No line end is added to the last line.
        ("a: |\n  x", "a=x"),
        ("a: |\n  x\n", "a=x\n"),
        // A byte order mark inside is a character.
        ("a: \u{FEFF}b\u{FEFF}\n", "a=\u{FEFF}b\u{FEFF}"),
        ("a: 1\r\nb: |\r\n  x\r\n  y\r\nc: [\r\n]\r\nd: 2\r\n", "a=1 b=x\ny\n d=2"),
        ("a: 1\rb: 2\r", "a=1 b=2"),
        ("{\"a\":\"b\",'c':d,e: ,f}", "a=b c=d e= f="),
        ("{a:1}", "a:1="),
        ("a: http://x:1/#y\nb: c:d\ne: f%@`g\n", "a=http://x:1/#y b=c:d e=f%@`g"),
        ("? a\n: b\n? c\n?\n", "a=b c= ="),
        ("- - x\n  - y\n", ""),
        ("%TAG !e! tag:yaml.org,2002:\n---\na: !e!str 1\n", "a=1"),
    ] {
        let read: Vec<_> = parsed(text)
            .entries
            .into_iter()
            .map(|entry| format!("{}={}", entry.key, entry.value.text.expose()))
            .collect();
        assert_eq!(read.join(" "), expected, "{text:?}");
    }
    assert_eq!(entries("a: '~'\nb: ~\nc:\n~: d\n"), ["a=~ Text", "b= Null", "c= Null", "~=d Text"]);
}

#[test]
fn what_all_three_refuse_is_refused() {
    for text in ["a: @b\n", "a: `b\n", "a: b: c\n", "[a", "a: 'b' c\n", "a: |x\n", "a:\n\tb: c\n"] {
        assert!(matches!(problem(text).1, ParseProblem::Syntax { rule, .. } if !rule.is_empty()), "{text:?}");
    }
}

#[test]
fn a_key_twice_is_refused_whatever_its_style() {
    let twice = |line| ParseProblem::KeyTwice { key: "a".to_owned(), first_line: Some(line) };
    assert_eq!(problem("a: hunter2\nb: 1\n\"a\": hunter2"), (Some(3), twice(1)));
    assert_eq!(problem("b:\n  {a: 1, a: 2}"), (Some(2), twice(2)));
    assert_eq!(problem("&k a: 1\n*k : 2"), (Some(2), twice(1)));
}

#[test]
fn entries_know_their_lines() {
    let lines: Vec<_> = parsed("# c\na: 1\nb:\n  c:\n    x\n  d: [1,\n    2]\n").entries;
    let lines: Vec<_> = lines.iter().map(|entry| (entry.key.as_str(), entry.line)).collect();
    assert_eq!(lines, [("a", 2), ("b_c", 4), ("b_d_0", 6), ("b_d_1", 7)]);
}

#[test]
fn aliases_and_merge_keys_work() {
    assert_eq!(
        entries("a: &x [1, 2]\nb: *x\n&k c: *k"),
        ["a_0=1 Number", "a_1=2 Number", "b_0=1 Number", "b_1=2 Number", "c=c Text"]
    );
    let base = "base: &b {x: 1, y: 2}\nmore: &m {y: 3, z: 4}\n";
    let merged = |text: &str| entries(&format!("{base}{text}")).split_off(4);
    assert_eq!(merged("t: {<<: *b, y: 9}"), ["t_y=9 Number", "t_x=1 Number"]);
    assert_eq!(merged("t: {<<: [*b, *m]}"), ["t_x=1 Number", "t_y=2 Number", "t_z=4 Number"]);
    assert_eq!(merged("t: {<<: {q: 5}}"), ["t_q=5 Number"]);
    assert_eq!(merged("t: {'<<': 5}"), ["t_<<=5 Number"]);
    assert_eq!(problem("a: {<<: hunter2}").1, ParseProblem::MergeOfNoMap);
    assert_eq!(problem("a: {<<: [hunter2]}").1, ParseProblem::MergeOfNoMap);
}

#[test]
fn an_alias_of_nothing_or_of_itself_is_refused() {
    assert_eq!(problem("a: &a [hunter2, *a]"), (Some(1), ParseProblem::AliasOfItself));
    assert_eq!(problem("a: &a\n  b: *a"), (Some(2), ParseProblem::AliasOfItself));
    let rule = "an alias names an anchor that is not there";
    assert_eq!(problem("a: 1\nb: *hunter2"), (Some(2), ParseProblem::Syntax { format: "YAML", rule }));
}

#[test]
fn core_tags_are_honoured_and_others_warned_of() {
    assert_eq!(
        entries("a: !!str 1\nb: !!int \"5\"\nc: !!float 1\nd: !!bool 'true'\ne: !!null ''\nf: ! 7\ng: !!seq [1]"),
        ["a=1 Text", "b=5 Number", "c=1 Number", "d=true Bool", "e= Null", "f=7 Text", "g_0=1 Number"]
    );
    for text in ["a: !!int hunter2", "a: !!bool yes", "a: !!null x", "a: !!seq x", "a: !!map [1]", "a: !!str {b: 1}"] {
        assert_eq!(problem(text).1, ParseProblem::WrongTag, "{text}");
    }
}

#[test]
fn unknown_tags_are_ignored_and_named_once() {
    let text =
        "a: 1\nb: !Ref 12\nc: !x {d: true}\ne: !!binary 12\nf: !Ref '12'\ng: !override [null]\nh: !reset\ni: !t x\n";
    let Parsed { entries, warnings, .. } = parsed(text);
    let texts: Vec<_> =
        entries.iter().map(|e| (e.key.as_str(), e.value.text.expose().as_str(), e.value.kind)).collect();
    assert_eq!(
        texts,
        [
            ("a", "1", ValueKind::Number),
            ("b", "12", ValueKind::Number),
            ("c_d", "true", ValueKind::Bool),
            ("e", "12", ValueKind::Text),
            ("f", "12", ValueKind::Text),
            ("g_0", "", ValueKind::Null),
            ("h", "", ValueKind::Null),
            ("i", "x", ValueKind::Text)
        ]
    );
    let [warning] = warnings.as_slice() else { panic!("{warnings:?}") };
    assert!(!warning.concerns_pulls());
    assert_eq!(
        warning.to_string(),
        r#"unknown tags are ignored: "!Ref" on line 2, "!x" on line 3, "!!binary" on line 4, "!override" on line 6, "!reset" on line 7, one on line 8 (a value that begins with an exclamation mark needs quotes)"#
    );
    let warning = |text: &str| parsed(text).warnings[0].to_string();
    assert!(
        warning("%TAG !e! tag:e,2000:\n---\na: !e!x 1\nb: !<tag:e,2000:y> 1\n")
            .contains("one on line 3, one on line 4")
    );
    // An unquoted password that begins with an exclamation mark is a tag.
    for text in [
        "a: !hunter\n",
        "a: !hunter two\n",
        "a: !hunter two\nb: !hunter two\n",
        "a: !hunter2 [x]\n",
        "a: !hunter 'x'\n",
    ] {
        let unquoted = warning(text);
        assert!(unquoted.contains("line 1") && unquoted.contains("needs quotes"), "{unquoted}");
        assert!(!format!("{unquoted} {:?}", parsed(text).warnings).contains("hunter"), "{unquoted}");
    }
    let many: String = ('a'..='l').map(|c| format!("{c}: !{c} [x]\n")).collect();
    assert!(warning(&many).ends_with(r#""!j" on line 10 and others"#), "{}", warning(&many));
    let long = warning(&format!("a: !{} x\n", "t".repeat(1_000_000)));
    assert!(long.len() < 300, "{long}");
}

#[test]
fn what_ends_a_document_begins_no_other() {
    for text in [
        "a: 1\n---\n",
        "a: 1\n---",
        "a: 1\n--- # c\n",
        "a: 1\n---\n# c\n\n",
        "a: 1\n...\n",
        "a: 1\n... # c\n\n",
        "a: 1\n...\n---\n",
        "---\na: 1\n---\n---\n...\n",
        "---\r\na: 1\r\n---\r\n",
        "%YAML 1.2\n---\na: 1\n...\n",
        "# c\n---\na: 1\n",
    ] {
        assert_eq!(entries(text), ["a=1 Number"], "{text:?}");
    }
    for text in ["", "# nothing\n", "---\n", "---\n...\n", "---\n---\n", "~"] {
        assert_eq!(entries(text), Vec::<String>::new(), "{text:?}");
    }
    assert_eq!(parsed("- a\n").warnings, [Warning::NotAMap]);
}

#[test]
fn several_documents_have_no_keys_and_a_warning_that_says_what_to_do() {
    for (text, line) in [
        ("a: 1\n---\nb: 2\n", 2),
        ("a: 1\n---\nb: 2\n---\n  c: [\n", 2),
        ("a: 1\n---\n---\nb: 2\n", 3),
        ("---\n---\na: 1\n", 2),
        ("a: 1\n--- ~\n", 2),
        ("a: 1\n--- &x\n", 2),
        ("a: 1\n--- !t\n", 2),
        ("a: 1\n---\n- b\n", 2),
        ("a: 1\n--- |\n", 2),
        ("a: 1\n...\n---\nb: 2\n", 3),
    ] {
        let Parsed { entries, warnings, .. } = parsed(text);
        assert_eq!((entries, warnings.as_slice()), (Vec::new(), &[Warning::SeveralDocuments { line }][..]), "{text:?}");
        let said = warnings[0].to_string();
        assert!(warnings[0].concerns_pulls() && said.contains("`types`") && said.contains("file of its own"), "{said}");
    }
    // What the first document is must be known.
    assert_eq!(problem("a: [\n---\nb: 2\n").0, Some(1));
}

#[test]
fn what_is_no_yaml_is_refused_with_its_place_and_no_quote() {
    for (text, line) in [
        ("a: 'hunter2", 1),
        ("a:\n\tb: hunter2", 2),
        ("a: hunter2: b", 1),
        ("a: [1, hunter2", 1),
        ("a: \"\\q hunter2\"", 1),
        ("a: 1\n b: hunter2", 2),
        ("a: @hunter2", 1),
        ("a: %hunter2", 1),
    ] {
        let (at, problem) = problem(text);
        assert!(matches!(problem, ParseProblem::Syntax { rule, .. } if !rule.is_empty()), "{text}: {problem}");
        assert!(at.is_some_and(|at| at >= line), "{text}: {at:?}");
    }
}

#[test]
fn depth_is_bounded_through_aliases_too() {
    let nested = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
    assert!(read(&nested(100)).is_ok());
    assert_eq!(problem(&nested(101)).1, ParseProblem::TooDeep);
    assert_eq!(problem(&"[".repeat(50_000)).1, ParseProblem::TooDeep);
    assert_eq!(problem(&"{a: ".repeat(50_000)).1, ParseProblem::TooDeep);
    assert_eq!(problem(&"- ".repeat(50_000)).1, ParseProblem::TooDeep);
    let mut chain = String::from("a0: &a0 [x]\n");
    chain.extend((1..10_000).map(|i| format!("a{i}: &a{i} [*a{}]\n", i - 1)));
    assert_eq!(problem(&chain), (Some(100), ParseProblem::TooDeep));
}

#[test]
fn aliases_cannot_be_made_a_bomb() {
    let mut bomb = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
    bomb.extend((1..20).map(|i| format!("a{i}: &a{i} [{}]\n", vec![format!("*a{}", i - 1); 10].join(","))));
    assert_eq!(problem(&bomb).1, ParseProblem::TooManyValues);

    let mut merges = String::from("a: &a\n");
    merges.extend((0..2_000).map(|i| format!("  k{i}: 1\n")));
    merges.extend((0..2_000).map(|i| format!("m{i}: {{<<: *a}}\n")));
    assert_eq!(problem(&merges).1, ParseProblem::TooManyValues);

    // Work that leaves nothing behind counts too: the same thousand fields a thousand times.
    let mut repeated = String::from("a: &a\n");
    repeated.extend((0..1_000).map(|i| format!("  k{i}: 1\n")));
    repeated.push_str(&format!("m: {{<<: [{}]}}\n", "*a,".repeat(1_000)));
    assert_eq!(problem(&repeated).1, ParseProblem::TooManyValues);

    let text = format!("a: &a {}\nb: [{}]", "x".repeat(1_000_000), "*a,".repeat(100));
    assert_eq!(problem(&text).1, ParseProblem::TooLarge);
}

#[test]
fn a_flood_of_values_is_refused_before_it_is_held() {
    assert_eq!(problem(&format!("[\n{}", "a,\n".repeat(600_000))), (Some(100_001), ParseProblem::TooManyValues));
    assert_eq!(problem(&format!("a: [{}", "b,".repeat(200_000))), (Some(1), ParseProblem::TooManyValues));
}

#[test]
fn marks_inside_of_scalars_are_no_values() {
    let line = "- [a],[b],{c: {d}},,,: '',[[]],{{}} & *e !f # g,,";
    let lines = 20_000;
    let block: String = (0..lines).map(|_| format!("    {line}\n")).collect();
    let quoted = format!("\"{}\"", line.repeat(lines));
    let single = format!("'{}'", line.replace('\'', "''").repeat(lines));
    for text in [
        format!("a:\n  b: |\n{block}c: 1\n"),
        format!("a:\n  b: >-\n{block}c: 1\n"),
        format!("a: {{b: {quoted}}}\nc: 1\n"),
        format!("a: {{b: {single}}}\nc: 1\n"),
        format!("a: {{b: x{}}}\nc: 1\n", "-:x".repeat(lines * 10)),
        format!("# {}\na: {{b: 1}}\nc: 1\n", line.repeat(lines)),
    ] {
        let keys: Vec<_> = parsed(&text).entries.into_iter().map(|entry| entry.key).collect();
        assert_eq!(keys, ["a_b", "c"], "{:.40}", text);
    }
}

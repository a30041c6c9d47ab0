use proptest::prelude::*;

use super::*;

fn row(path: &str) -> FileRow {
    FileRow {
        path: path.to_owned(),
        version: "v1.2.3".to_owned(),
        size: 812,
        keys: Some(12),
        digest: "ba7816bf8f01".to_owned(),
        restored_at: None,
    }
}

#[test]
fn files_that_were_restored_have_their_places() {
    let elsewhere = FileRow { restored_at: Some("a|b/.env".to_owned()), ..row("service/.env") };
    let summary = Summary { title: "x", files: vec![elsewhere, row("ca.pem")], ..Summary::default() };
    assert_eq!(
        summary.markdown(SUMMARY_MAX_BYTES),
        "### x\n\n\
         | file | version | bytes | keys | digest | restored at |\n| --- | --- | ---: | ---: | --- | --- |\n\
         | `service/.env` | `v1.2.3` | 812 | 12 | `ba7816bf8f01` | `a\\|b/.env` |\n\
         | `ca.pem` | `v1.2.3` | 812 | 12 | `ba7816bf8f01` |  |\n\n"
    );
}

fn keys(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn a_push() {
    let summary = Summary {
        title: "Config pushed",
        subject: vec!["shop".to_owned(), "v1.2.3".to_owned()],
        facts: vec![("context", "shop".to_owned()), ("digest", "sha256:ba7816bf8f01".to_owned())],
        files: vec![row("service/dev/.env"), FileRow { keys: None, ..row("ca.pem") }],
        changes: Some(Changes {
            files: vec![("changed", "service/dev/.env".to_owned())],
            added: keys(&["DB_HOST"]),
            removed: keys(&["_OLD_", "a|b"]),
            ..Changes::default()
        }),
        exported: keys(&["DB_HOST"]),
        ..Summary::default()
    };
    assert_eq!(
        summary.markdown(SUMMARY_MAX_BYTES),
        "### Config pushed `shop` `v1.2.3`\n\n\
         | | |\n| --- | --- |\n| context | `shop` |\n| digest | `sha256:ba7816bf8f01` |\n\n\
         | file | change |\n| --- | --- |\n| `service/dev/.env` | changed |\n\n\
         | change | key |\n| --- | --- |\n| added | `DB_HOST` |\n| removed | `_OLD_` |\n\
         | removed | `a\\|b` |\n\n\
         | file | version | bytes | keys | digest |\n| --- | --- | ---: | ---: | --- |\n\
         | `service/dev/.env` | `v1.2.3` | 812 | 12 | `ba7816bf8f01` |\n\
         | `ca.pem` | `v1.2.3` | 812 |  | `ba7816bf8f01` |\n\n\
         | variable of later steps |\n| --- |\n| `DB_HOST` |\n\n"
    );
}

#[test]
fn a_diff_is_a_block_that_no_name_leaves() {
    let diff = ["~ service/.env", "+  DB_HOST", "-  ```\n# x\u{1b}[31m", "-  <img src=x> @mona"];
    let summary = Summary { title: "Compared", diff: keys(&diff), ..Summary::default() };
    assert_eq!(
        summary.markdown(SUMMARY_MAX_BYTES),
        "### Compared\n\n````diff\n~ service/.env\n+  DB_HOST\n-  ```\u{FFFD}# x\u{FFFD}[31m\n-  <img src=x> @mona\n````\n\n"
    );
    let long = Summary { diff: vec!["+  KEY".to_owned(); 1_000], ..summary };
    let cut = long.markdown(1_000);
    assert!(cut.len() <= 1_000 && cut.contains("+  KEY\n```\n\n… and 8"), "{cut}");
}

#[test]
fn nothing_to_tell() {
    let summary = Summary {
        title: "x",
        changes: Some(Changes { are_keys_known: true, ..Changes::default() }),
        ..Summary::default()
    };
    assert_eq!(summary.markdown(SUMMARY_MAX_BYTES), "### x\n\nNo key changed.\n\n");
}

#[test]
fn names_are_shown_and_mean_nothing() {
    for (text, markdown) in [
        ("www.evil.example/login", "`www.evil.example/login`"),
        ("<img src=x onerror=alert(1)>", "`<img src=x onerror=alert(1)>`"),
        ("a`b", "``a`b``"),
        ("a``b`", "``` a``b` ```"),
        ("`", "`` ` ``"),
        ("a|b\\", "`a\\|b\\`"),
        ("a\\|b", "`a\u{FFFD}\\|b`"),
        ("a\\\\|", "`a\u{FFFD}\u{FFFD}\\|`"),
        ("</code>|<b>", "`</code>\\|<b>`"),
        ("a\n| b |\r\n# c", "`a\u{FFFD}\\| b \\|\u{FFFD}\u{FFFD}# c`"),
        ("\u{202e}x\u{1b}", "`\u{FFFD}x\u{FFFD}`"),
        (" x", "` x`"),
        (" x ", "`  x  `"),
        ("x ", "`x `"),
        ("", ""),
        (" ", ""),
    ] {
        assert_eq!(cell(text), markdown, "{text:?}");
    }
    assert_eq!(code(&"x".repeat(1001)).chars().count(), 1003);
}

#[test]
fn a_long_summary_is_cut_to_whole_rows() {
    let summary = Summary {
        title: "Config pushed",
        facts: vec![("context", "shop".to_owned())],
        files: (0..500).map(|n| row(&format!("{n}/.env"))).collect(),
        changes: Some(Changes { added: keys(&["A"]), ..Changes::default() }),
        ..Summary::default()
    };
    let whole = summary.markdown(SUMMARY_MAX_BYTES);
    assert_eq!(whole.matches("/.env`").count(), 500);
    let cut = summary.markdown(2000);
    assert!(cut.len() <= 2000);
    let shown = cut.matches("/.env`").count();
    assert!(shown > 20, "{shown}");
    assert!(cut.ends_with(&format!("\n\n… and {} more: a summary has at most 2000 bytes.\n\n", 500 - shown)), "{cut}");
    assert!(whole.starts_with(cut.split("\n… and").next().unwrap()));
}

#[test]
fn a_cut_table_is_the_beginning_of_the_whole() {
    let files = vec![row("a"), row(&"long".repeat(200)), row("b")];
    let text = Summary { files, ..Summary::default() }.markdown(500);
    assert!(text.contains("`a`") && !text.contains("`b`") && text.contains("… and 2 more"), "{text}");
}

#[test]
fn ten_thousand_files_fit_the_runners_limit_or_are_cut() {
    let files = (0..10_000).map(|n| row(&format!("{}/{n}/.env", "long".repeat(30)))).collect();
    let summary = Summary { title: "x", files, ..Summary::default() };
    let text = summary.markdown(SUMMARY_MAX_BYTES);
    assert!(text.len() < 1024 * 1024 && text.len() > 1_000_000);
    assert!(text.contains(" more: a summary has at most"));
}

/// The text of the code span that a cell consists of, as a reader of GitHub's Markdown takes it: a cell ends at a pipe
/// that no backslash is before, and of one with a backslash the backslash goes.
fn shown(cell: &str) -> Option<String> {
    let mut text = String::new();
    let mut rest = cell.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '|' => return None,
            '\\' if rest.peek() == Some(&'|') => text.extend(rest.next()),
            '\\' => text.extend([Some('\\'), rest.next()].into_iter().flatten()),
            _ => text.push(c),
        }
    }
    let fence = text.len() - text.trim_start_matches('`').len();
    let inside = text.get(fence..text.len().checked_sub(fence)?)?;
    // The span ends at the first run of backticks that is as long as the one that began it.
    let ends_early = inside.split(|c| c != '`').any(|run| run.len() == fence);
    let is_whole = fence > 0 && text.ends_with(&"`".repeat(fence)) && !ends_early;
    let is_padded = inside.len() > 1 && inside.starts_with(' ') && inside.ends_with(' ');
    is_whole.then(|| if is_padded { inside[1..inside.len() - 1].to_owned() } else { inside.to_owned() })
}

proptest! {
    #[test]
    fn a_name_is_the_whole_of_a_code_span(name in "[a`|\\\\ ]{1,12}|\\PC{1,20}") {
        prop_assume!(!name.trim().is_empty());
        let without = |text: &str| text.replace(['\\', char::REPLACEMENT_CHARACTER], "");
        let read = shown(&cell(&name));
        prop_assert_eq!(read.as_deref().map(without), Some(without(&printable(&name))), "{}", cell(&name));
    }

    #[test]
    fn no_name_leaves_its_cell(name in ".{0,20}|[`|\\\\<>\n #*_]{0,12}", value in ".{0,20}", max in 0..3000_usize) {
        let summary = Summary {
            title: "x",
            subject: vec![name.clone()],
            facts: vec![("y", value.clone())],
            files: vec![FileRow { path: name.clone(), version: value, ..row("") }],
            changes: Some(Changes {
                files: vec![("removed", name.clone())],
                added: vec![name.clone()],
                changed: vec![name.clone()],
                removed: vec![name.clone()],
                are_keys_known: true,
            }),
            exported: vec![name.clone()],
            table: Table { head: &["a", "b"], rows: vec![vec![name, String::new()]] },
            ..Summary::default()
        };
        let text = summary.markdown(SUMMARY_MAX_BYTES);
        // The heading, six tables of two head lines with 1, 1, 1, 3, 1 and 1 rows, and seven blank lines.
        prop_assert_eq!(text.lines().count(), 1 + 12 + 8 + 7);
        let pipes = |line: &str| line.matches('|').count() - line.matches("\\|").count();
        let of_lines: Vec<_> = text.lines().skip(1).map(pipes).collect();
        prop_assert_eq!(of_lines, [0, 3, 3, 3, 0, 3, 3, 3, 0, 3, 3, 3, 0, 3, 3, 3, 3, 3, 0, 6, 6, 6, 0, 2, 2, 2, 0]);
        prop_assert!(summary.markdown(max).len() <= max);
    }
}

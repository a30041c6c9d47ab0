use super::super::NotUnderstood;
use super::super::document::document_bytes;
use super::*;

fn key() -> Key {
    Key::new("shop/.cstore/head.json".to_owned()).unwrap()
}

fn read(text: &str) -> Result<Manifest, Error> {
    Manifest::read(text.as_bytes(), &key(), &Context::new("shop").unwrap(), None)
}

fn text(files: &str) -> String {
    format!(
        r#"{{"schema":1,"context":"shop","created_at":"2026-01-01T00:00:00Z","push_id":"p","files":[{files}],"tool":{{"name":"t","version":"9"}},"later":{{"n":1.10}}}}"#
    )
}

fn file(path: &str) -> String {
    format!(
        r#"{{"path":"{path}","type":"env","size":3,"sha256":"{}","etag":"\"e\"","new":[1]}}"#,
        Digest::from_content(b"abc")
    )
}

#[test]
fn unknown_fields_are_kept_and_the_order_is_stable() {
    let manifest = read(&text(&file("a"))).unwrap();
    let written = String::from_utf8(document_bytes(&manifest).unwrap()).unwrap();
    assert_eq!(written, text(&file("a")));
}

#[test]
fn a_manifest_that_lies_is_refused() {
    for (bad, expected) in [
        (text(&format!("{},{}", file("a"), file("a"))), "twice"),
        (text(&file("../a")), "not a valid path"),
        (text(&file("/etc/passwd")), "not a valid path"),
        (text(&file("a")).replace("shop", "other"), "another context"),
        (text(&file("a")).replace("\"schema\":1,", ""), "schema"),
        (text(&file("a")).replace("\"schema\":1", "\"schema\":\"1\""), "schema"),
        (text(&file("a")).replace("\"size\":3", "\"size\":-3"), "wrong: "),
        (text("").replace('}', ""), "JSON"),
    ] {
        match read(&bad) {
            Err(Error::Integrity(integrity)) => {
                let Integrity::Damaged { why, .. } = *integrity else { panic!("{bad}: {integrity:?}") };
                assert!(why.contains(expected), "{why}");
            }
            other => panic!("{bad}: {other:?}"),
        }
    }
    let newer = text("").replace("\"schema\":1", "\"schema\":2");
    match read(&newer) {
        Err(Error::Newer(newer)) => assert!(matches!(newer.what, NotUnderstood::Schema(2))),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_not_understood_is_refused_with_who_wrote_it_before_anything_else_is_read() {
    let own = text(&file("a")).replace(r#""files""#, r#""requires":["imports"],"files""#);
    let of_an_entry = text(&file("a").replace(r#""new""#, r#""requires":["imports"],"new""#));
    let in_another_form = text(r#"{"path":"a","requires":["imports"],"sha256":7}"#);
    for bad in [own, of_an_entry, in_another_form] {
        let Err(Error::Newer(newer)) = read(&bad) else { panic!("{bad}") };
        let NotUnderstood::Features { names, writer } = newer.what else { panic!("{bad}") };
        assert_eq!(names, ["imports"]);
        assert_eq!(writer, Some(Tool { name: "t".to_owned(), version: "9".to_owned() }));
    }
    let deceptive = text(r#"{"requires":["imports"]}"#).replace(r#""version":"9""#, r#""version":"9\u001b[2J""#);
    let Err(Error::Newer(newer)) = read(&deceptive) else { panic!("{deceptive}") };
    assert!(matches!(newer.what, NotUnderstood::Features { writer: None, .. }));
}

#[test]
fn a_manifest_requires_what_its_entries_do_and_forgets_what_they_no_longer_do() {
    let requires = |names: &[&str]| serde_json::from_value::<Requires>(json!(names)).unwrap();
    let entry = |path: &str, names: &[&str]| FileEntry {
        requires: requires(names),
        ..read(&text(&file(path))).unwrap().files.remove(0)
    };
    let info = PushInfo::default();
    let head = Manifest::new(&Context::new("shop").unwrap(), None, vec![entry("a", &["x"]), entry("b", &["y"])], &info);
    assert_eq!(head.requires, requires(&["x", "y"]));
    let plain = entry("a", &[]);
    let replaced = head.merged(std::slice::from_ref(&plain), &info);
    assert_eq!(replaced.requires, requires(&["y"]));
    assert_eq!(head.merged(&[entry("c", &["z"])], &info).requires, requires(&["x", "y", "z"]));
    assert_eq!(replaced.without(&[ConfigPath::new("b").unwrap()]).requires, requires(&[]));
    let other = Manifest::new(&Context::new("shop").unwrap(), None, vec![plain], &info);
    assert_eq!(other.replacing(Some(&head)).requires, requires(&[]));
    assert_eq!(Manifest { requires: requires(&["old"]), ..head.clone() }.repaired(&[]), head);
}

#[test]
fn the_head_remembers_the_last_pushes_only() {
    let mut manifest = read(&text(&file("a"))).unwrap();
    for n in 0..300 {
        let info = PushInfo { push_id: n.to_string(), created_at: String::new(), ..PushInfo::default() };
        manifest = manifest.merged(&[], &info);
    }
    assert_eq!(manifest.push_ids.len(), 256);
    assert_eq!(manifest.push_ids.last().map(String::as_str), Some("299"));
    assert_eq!(manifest.files.len(), 1);
    assert!(manifest.extra.contains_key("later"));
}

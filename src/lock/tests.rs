use super::*;
use crate::name::{Context, Digest, VersionName, VersionRequest};

fn entry(context: &str, requirement: &str, version: &str) -> LockEntry {
    let digest = Digest::from_content(version.as_bytes());
    LockEntry {
        context: Context::from_catalog(context).unwrap(),
        requirement: VersionRequest::new(requirement).unwrap(),
        version: (version != "head").then(|| VersionName::new(version).unwrap()),
        content: LockedContent { digest, settings: Digest::from_content(b"") },
    }
}

fn lock<const N: usize>(entries: [(&str, &str, &str, &str); N]) -> Lock {
    let mut lock = Lock::default();
    for (name, context, requirement, version) in entries {
        lock.insert(LockName::from_file(name).unwrap(), entry(context, requirement, version)).unwrap();
    }
    lock
}

/// A file with one entry, one of whose lines is another.
fn with(line: &str, instead: &str) -> Result<Lock, LockError> {
    let text = lock([("default", "shop", "^1.2", "v1.4.2")]).text();
    assert!(text.contains(line), "{text}");
    Lock::read(text.replacen(line, instead, 1).as_bytes())
}

#[test]
fn a_file_is_sorted_text_with_a_line_a_fact() {
    let digest = |version: &str| Digest::from_content(version.as_bytes()).pin();
    let settings = Digest::from_content(b"").pin();
    let lock = lock([("next", "shop", "head", "head"), ("default/team/web", "team/web", ">=1, <2", "v1.0.0")]);
    let expected = format!(
        "# Which version and content each requirement stands for. Written by `cstore lock`; commit it.\n\
         format = 1\n\n\
         [config.\"default/team/web\"]\ncontext = \"team/web\"\nrequirement = \">=1, <2\"\nversion = \"v1.0.0\"\n\
         digest = \"{}\"\nsettings = \"{settings}\"\n\n\
         [config.next]\ncontext = \"shop\"\nrequirement = \"head\"\nversion = \"head\"\n\
         digest = \"{}\"\nsettings = \"{settings}\"\n",
        digest("v1.0.0"),
        digest("head"),
    );
    assert_eq!(lock.text(), expected);
    assert_eq!(Lock::read(expected.as_bytes()).unwrap(), lock);
    // As git and editors on Windows may leave it.
    let windows = format!("\u{feff}{}", expected.replace('\n', "\r\n"));
    assert_eq!(Lock::read(windows.as_bytes()).unwrap(), lock);
}

#[test]
fn what_a_requirement_may_hold_comes_back_as_it_was() {
    let lock = lock([("a", "shop", "^1.2,\t<1.9", "v1.4.2")]);
    assert_eq!(Lock::read(lock.text().as_bytes()).unwrap(), lock);
}

#[test]
fn a_newer_format_is_told_from_an_error_whatever_else_it_has() {
    for newer in ["format = 2\nsigned = true", "format = 9000"] {
        assert!(matches!(with("format = 1", newer), Err(LockError::Newer { .. })), "{newer}");
    }
    for none in ["", "format = \"1\"", "format = 0", "format = -1", "format = 99999999999999999999", "format = 1.0"] {
        assert_eq!(with("format = 1", none), Err(LockError::NoFormat), "{none}");
    }
}

#[test]
fn what_is_not_of_the_format_is_refused() {
    let name = |result| matches!(result, Err(LockError::Name(_)));
    let pin = Digest::from_content(b"v1.4.2").pin();
    assert!(name(with("\"shop\"", "\"../shop\"")));
    assert!(name(with("\"^1.2\"", "\"^^\"")));
    assert!(name(with(&pin, &pin[..60])));
    assert!(name(with(&pin, &pin.replace("sha256", "md5"))));
    assert!(name(with("config.default", "config.\"a\\u001b[31m\"")));
    let unknown = |result| matches!(result, Err(LockError::UnknownField(_)));
    assert!(unknown(with("context =", "bucket = \"x\"\ncontext =")));
    assert!(unknown(with("format = 1", "format = 1\nother = 1")));
    let lacks = |result| matches!(result, Err(LockError::NoField { .. }));
    assert!(lacks(with("context = \"shop\"\n", "")));
    assert!(lacks(with("\"shop\"", "7")));
    assert!(lacks(with("[config.default]", "[config]\nx = 1\n[config.default]")));
    assert!(matches!(Lock::read(b"format = 1\nconfig = 3"), Err(LockError::UnknownField(_))));
    assert_eq!(Lock::read(b"\xff"), Err(LockError::NotUtf8));
    let syntax = with("[config.default]", "[config.default");
    assert!(matches!(syntax, Err(LockError::Syntax { line: Some(4), .. })), "{syntax:?}");
}

#[test]
fn a_version_is_one_that_the_requirement_allows() {
    let contradicts = |result| matches!(result, Err(LockError::Contradiction(_)));
    assert!(contradicts(with("\"^1.2\"", "\"^2\"")));
    assert!(contradicts(with("\"^1.2\"", "\"head\"")));
    assert!(contradicts(with("\"^1.2\"", "\"v1.4.3\"")));
    assert!(contradicts(with("\"v1.4.2\"", "\"head\"")));
    assert!(contradicts(with("\"v1.4.2\"", "\"^1\"")));
    assert!(with("\"^1.2\"", "\"v1.4.2\"").is_ok());
}

#[test]
fn what_a_merge_leaves_is_no_lock() {
    let marks = with("[config.default]", "<<<<<<< HEAD\n[config.default]");
    assert_eq!(marks, Err(LockError::ConflictMarks { line: 4 }));
    let one = lock([("default", "shop", "^1.2", "v1.4.2")]).text();
    let (_, entry) = one.split_once("\n\n").unwrap();
    let twice = format!("{one}\n{entry}");
    let twice = Lock::read(twice.as_bytes());
    assert!(matches!(&twice, Err(LockError::Syntax { rule, .. }) if rule.contains("twice")), "{twice:?}");
    let same = format!("{one}\n{}", entry.replace("default", "other"));
    assert!(matches!(Lock::read(same.as_bytes()), Err(LockError::SameRequirement(..))));
}

#[test]
fn a_pull_takes_the_entry_of_its_context_and_requirement() {
    let lock = lock([
        ("default", "shop", "^1", "v1.4.2"),
        ("next", "shop", "^2", "v2.0.0"),
        ("a", "web", "^1", "v1.0.0"),
        ("b", "web", "^3", "v3.0.0"),
        ("only", "api", "head", "head"),
        ("default/shop-web", "shop-web", "^1", "v1.1.0"),
        ("a-web", "shop-web", "^2", "v2.1.0"),
    ]);
    let choose = |context: &str, asked: Option<&str>| {
        let asked = asked.map(|text| VersionRequest::new(text).unwrap());
        lock.choose(&Context::new(context).unwrap(), asked.as_ref()).map(|(_, entry)| entry.version_name())
    };
    assert_eq!(choose("shop", None), Ok("v1.4.2"));
    assert_eq!(choose("shop", Some("^2")), Ok("v2.0.0"));
    assert_eq!(choose("api", None), Ok("head"));
    assert_eq!((choose("shop-web", None), choose("shop-web", Some("^2"))), (Ok("v1.1.0"), Ok("v2.1.0")));
    assert!(matches!(choose("web", None), Err(LockProblem::Several { .. })));
    for (context, asked) in [("shop", Some("^1.0")), ("shop", Some("v1.4.2")), ("api", Some("latest")), ("none", None)]
    {
        assert!(matches!(choose(context, asked), Err(LockProblem::NotLocked { .. })), "{context} {asked:?}");
    }
}

#[test]
fn a_name_that_is_chosen_is_a_plain_word() {
    assert!(LockName::new("next-1_a").is_ok());
    for bad in ["", "a b", "a.b", "a/b", "ü", &"a".repeat(65)] {
        assert!(LockName::new(bad).is_err(), "{bad}");
    }
}

//! The runner shows ten annotations of a level for a step, whoever in it has something to say, and is silent on the others.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use crate::harness::{Action, Bucket, GitHubApi, Run};
use crate::story::{CHANGED, DEPLOYED, comments, deployed};

/// How many of a level there are, and the title of the last of them.
fn shown<'a>(run: &'a Run, level: &str) -> (usize, &'a str) {
    let of_level: Vec<_> = run.annotations.iter().filter(|one| one.level == level).collect();
    (of_level.len(), of_level.last().map(|last| last.title.as_str()).unwrap_or_default())
}

#[test]
fn a_step_has_ten_warnings_in_all_and_its_error_beside_them() {
    let (api, bucket) = (GitHubApi::start(), deployed());
    let keys: Vec<_> = (0..12).map(|n| format!("MISSING_{n}")).collect();
    let step = |files: &[(&str, &str)]| {
        let step = comments(&api, &bucket, files).input("required-keys", &keys.join("\n"));
        step.input("exit-code", "true").env_bytes("UNREADABLE", OsStr::from_bytes(b"\xff"))
    };
    for run in [step(DEPLOYED).run().succeeds(), step(CHANGED).run().fails(8)] {
        assert_eq!(shown(&run, "warning"), (10, "4 more warnings"), "{}", run.printed());
        let errors: Vec<_> = run.annotations.iter().filter(|one| one.level == "error").collect();
        match run.code {
            0 => assert!(errors.is_empty(), "{}", run.printed()),
            _ => assert!(errors.len() == 1 && errors[0].title == "Difference", "{}", run.printed()),
        }
        run.says("MISSING_11, which is missing").says("not UTF-8 text, and count as not set: UNREADABLE");
    }
}

#[test]
fn a_step_has_ten_notices_in_all() {
    let catalog = |context: &str| format!("version: v4\ncontext: {context}\nfiles:\n- path: x.env\n  data: {{}}\n");
    let links: String = (0..11).map(|n| format!("- path: part{n}/cstore.yml\n  isRef: true\n")).collect();
    let step = Action::pull(&Bucket::versioned()).version("head").input("context", "").input("if-missing", "ignore");
    let step = step.repository_file("cstore.yml", catalog("shop") + &links);
    let step = (0..11)
        .fold(step, |step, n| step.repository_file(&format!("part{n}/cstore.yml"), catalog(&format!("shop-part{n}"))));
    let run = step.run().succeeds();
    assert_eq!(shown(&run, "notice"), (10, "3 more notices"), "{}", run.printed());
    assert!(run.annotations.iter().any(|one| one.message.contains("shop-part10")), "{}", run.printed());
}

//! `docker-env-file`, read by the docker client's rules, written down in Python.

use proptest::prelude::*;

use crate::readers::{Files, texts};
use crate::shape::{holds, looks_like, refuses, setting};
use crate::values::{documents, few, text};

/// Values of one line.
fn line() -> impl Strategy<Value = String> {
    text().prop_map(|text| text.replace('\n', "").trim_end_matches('\r').to_owned())
}

proptest! {
    #![proptest_config(few())]
    #[test]
    fn dockers_rules_give_every_value_back(documents in documents("[!-\"$-<>-~é][!-<>-~é]{0,6}", line())) {
        let files = Files::rendered("docker-env-file", &documents);
        prop_assert_eq!(files.read_by("docker_rules.py", &[]), texts(&documents));
    }
}

#[test]
fn the_longest_line_is_the_one_that_the_client_reads() {
    let longest = setting("A", &"x".repeat(65_535 - "A=".len()));
    let documents = [vec![setting("B", "b"), longest, setting("C", "c")]];
    let files = Files::rendered("docker-env-file", &documents);
    assert!(files.read_by("docker_rules.py", &[]) == texts(&documents));
}

#[test]
fn what_it_looks_like_and_refuses() {
    looks_like("docker-env-file", "GREETING=it's a \"test\"\nPORT=8080\n", "");
    let longest = "x".repeat(65_535 - "A=".len());
    holds("docker-env-file", &["db.host-1", "1ST", "UID"], &["", "a\rb", &longest]);
    let longer = format!("{longest}x");
    let names = ["#a", "a b", "a\nb", "\u{feff}a", "", "a=b", "a\0b"];
    refuses("docker-env-file", &names, &["a\0b", "a\nb", "a\r", &longer]);
}

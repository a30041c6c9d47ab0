//! `docker-env-file`, read by the docker client's rules, written down in Python.

use cstore::config::{Setting, Value};
use cstore::format::Format;
use proptest::prelude::*;

use crate::readers::{Files, texts};
use crate::values::{documents, few, text};

fn setting(name: &str, text: &str) -> Setting {
    Setting { name: name.to_owned(), value: Value::text(text) }
}

/// Values of one line.
fn line() -> impl Strategy<Value = String> {
    text().prop_map(|text| text.replace('\n', "").trim_end_matches('\r').to_owned())
}

proptest! {
    #![proptest_config(few())]
    #[test]
    fn dockers_rules_give_every_value_back(documents in documents("[!-\"$-<>-~é][!-<>-~é]{0,6}", line())) {
        let files = Files::rendered(Format::DockerEnvFile, &documents);
        prop_assert_eq!(files.read_by("docker_rules.py", &[]), texts(&documents));
    }
}

#[test]
fn the_longest_line_is_the_one_that_the_client_reads() {
    let longest = setting("A", &"x".repeat(65_535 - "A=".len()));
    let documents = [vec![setting("B", "b"), longest, setting("C", "c")]];
    let files = Files::rendered(Format::DockerEnvFile, &documents);
    assert!(files.read_by("docker_rules.py", &[]) == texts(&documents));
}

//! How most stories begin: the head was pushed, and a pull request changes it.

use crate::harness::{Action, Bucket, GitHubApi, Run};

/// The pull request.
pub(crate) const NUMBER: u64 = 7;

pub(crate) const DEPLOYED: &[(&str, &str)] = &[
    ("prod/.env", "KEPT=same-value\nGONE=secret-gone\nDB_HOST=old-host-name\n"),
    ("prod/ca.pem", "certificate-one\n"),
];
pub(crate) const CHANGED: &[(&str, &str)] = &[
    ("prod/.env", "DB_HOST=new-host-name\nKEPT=same-value\nADDED=secret-added\n"),
    ("prod/ca.pem", "certificate-two\n"),
];

/// A bucket whose head has [`DEPLOYED`].
pub(crate) fn deployed() -> Bucket {
    let bucket = Bucket::versioned();
    let step = Action::push(&bucket).version("head").input("context", "shop").files(&["prod/.env", "prod/ca.pem"]);
    let step = DEPLOYED.iter().fold(step, |step, (path, text)| step.workspace_file(path, text));
    step.run().succeeds();
    bucket
}

/// A step of [`NUMBER`] that compares the head with these files, and comments on it.
pub(crate) fn comments(api: &GitHubApi, bucket: &Bucket, files: &[(&str, &str)]) -> Action {
    let step = Action::new(bucket).input("command", "diff").input("context", "shop").input("comment", "true");
    let step = files.iter().fold(step, |step, (path, text)| step.workspace_file(path, text));
    api.pull_request(step, NUMBER)
}

/// What the annotations with this title say.
pub(crate) fn titled<'a>(run: &'a Run, title: &str) -> Vec<&'a str> {
    let of_title = run.annotations.iter().filter(|annotation| annotation.title == title);
    of_title.map(|annotation| annotation.message.as_str()).collect()
}

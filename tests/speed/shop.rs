//! Steps against the counting server.

use std::sync::Arc;

use crate::harness::in_memory::{Server, Versioning};
use crate::harness::{Action, Bucket};

/// A counting server with one bucket, and the job that uses it.
pub(crate) struct Shop {
    pub(crate) server: Arc<Server>,
    /// For the harness, which asks for one; nothing reaches it.
    bucket: Bucket,
}

impl Shop {
    pub(crate) fn open() -> Self {
        let server = Arc::new(Server::start(1).unwrap());
        let bucket = Bucket::versioned();
        server.create(bucket.name(), Versioning::Enabled);
        Self { server, bucket }
    }

    /// The paths of a version with so many files.
    pub(crate) fn paths(files: usize) -> Vec<String> {
        (0..files).map(|number| format!("f/{number:04}.env")).collect()
    }

    pub(crate) fn push(&self, version: &str, files: usize) -> Action {
        let paths = Self::paths(files);
        let action = Action::push(&self.bucket).env("AWS_ENDPOINT_URL", &self.server.endpoint()).version(version);
        let action = action.input("files", &paths.join("\n"));
        paths.iter().enumerate().fold(action, |action, (number, path)| {
            action.workspace_file(path, format!("KEY_{number}=value-number-{number}\n"))
        })
    }

    /// A pull that knows its files.
    pub(crate) fn pull(&self, version: &str, files: usize) -> Action {
        self.pull_all(version).input("files", &Self::paths(files).join("\n"))
    }

    /// A pull that learns from the manifest which files there are.
    pub(crate) fn pull_all(&self, version: &str) -> Action {
        Action::pull(&self.bucket).env("AWS_ENDPOINT_URL", &self.server.endpoint()).version(version)
    }

    /// A step that tells of what is published.
    pub(crate) fn asking(&self, command: &str) -> Action {
        Action::new(&self.bucket).env("AWS_ENDPOINT_URL", &self.server.endpoint()).input("command", command)
    }

    /// The connections that there had been when the first request came for a key that begins so.
    pub(crate) fn connections_before(&self, method: &str, key: &str) -> usize {
        self.server.connections_before(&format!("{method} /{}/{key}", self.bucket.name())).unwrap()
    }

    /// The requests of a step, such as `GET shop/.cstore/…`, and its connections.
    pub(crate) fn count(&self, action: &Action) -> (Vec<String>, usize) {
        self.server.record();
        action.run().succeeds();
        let bucket = format!("/{}", self.bucket.name());
        let lines = self.server.lines().iter().map(|line| line.replacen(&bucket, "", 1)).collect();
        (lines, self.server.connections())
    }

    /// Publishes versions of which only the names matter.
    pub(crate) fn crowd(&self, versions: usize) {
        for number in 0..versions {
            let key = format!("shop/.cstore/versions/v0.{number}.0.json");
            self.server.put(self.bucket.name(), &key, b"not looked at");
        }
    }
}

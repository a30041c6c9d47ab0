//! Runs the built binary as GitHub's runner runs a container action, against an S3 server process.
//!
//! A test reads as a story:
//!
//! ```ignore
//! let bucket = Bucket::versioned();
//! Action::push(&bucket).version("v1.0.0").workspace_file("service/dev/.env", "TOKEN=hunter2\n").run().succeeds();
//!
//! let pull = Action::pull(&bucket).version("^1").run().succeeds();
//! assert_eq!(pull.output("TOKEN"), "hunter2");
//! assert_eq!(pull.file("service/dev/.env"), "TOKEN=hunter2\n");
//! ```
//!
//! Two promises are held to after every run, without being asked for: no config value is in the log or the summary
//! ([`leak`]), and a step that fails leaves outputs, environment and workspace as they were ([`Run`]).
//!
//! One server is shared by all tests of a test program; each test has buckets of its own. It is moto in a process of its
//! own, and in `tests/real_s3` SeaweedFS; what asks so often that this counts takes a bucket of the server in memory ([`Bucket::in_memory`]), which
//! `tests/speed/likeness.rs` holds to moto. The view of the bucket is made of plain HTTP requests and shares no code
//! with what is tested.

#![allow(dead_code, reason = "each test program uses a part of the harness")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "clippy takes only what is below #[test] for tests; here too a failure is to be loud"
)]

mod action;
mod authority;
pub(crate) mod container;
pub(crate) mod declared_inputs;
mod fixture;
pub(crate) mod github;
pub(crate) mod github_api;
pub(crate) mod http;
#[path = "../../bench/src/server/mod.rs"]
pub(crate) mod in_memory;
mod kms;
mod laptop;
pub(crate) mod leak;
pub(crate) mod proxy;
pub(crate) mod report;
pub(crate) mod run;
mod s3;
mod server;
mod service;
mod task_role;
mod tunnels;
mod typist;
mod workspace;
pub(crate) mod xml;

#[path = "../runner_rules/mod.rs"]
mod runner_rules;

#[allow(unused_imports, reason = "each test program uses a part of the harness")]
pub(crate) use self::{
    action::{Action, Started},
    authority::Authority,
    container::Container,
    fixture::Fixture,
    github::GitHub,
    github_api::GitHubApi,
    http::{Request, Response, decode, encode},
    in_memory::Versioning,
    kms::KmsKey,
    laptop::{Laptop, Ran, Typed},
    leak::Secrets,
    proxy::Proxy,
    report::shows,
    run::{Annotation, Run},
    s3::{Bucket, Object, ObjectVersion},
    server::{ACCESS_KEY, REGION, SECRET_KEY, Server, limits_script, python},
    service::Service,
    task_role::task_role,
    tunnels::Tunnels,
    typist::Typist,
    workspace::{Entry, Workspace},
};

//! What most tests begin with, and that a step in a container is the step.

use std::collections::BTreeMap;

use crate::harness::{Action, Bucket, Container};

pub(crate) const VERSION: &str = "v1.0.0";
pub(crate) const ENV: (&str, &str) = ("service/prod/.env", "DB_PASSWORD=swordfish\nDB_HOST=db.internal.example\n");
pub(crate) const JSON: (&str, &str) = ("web/config.json", r#"{"theme": {"color": "ultramarine"}}"#);

/// A bucket in which [`VERSION`] consists of [`ENV`] and [`JSON`], pushed from a container.
pub(crate) fn published() -> Bucket {
    let bucket = Bucket::versioned();
    let push = Action::push(&bucket).version(VERSION).files(&[ENV.0, JSON.0]);
    let push = push.workspace_file(ENV.0, ENV.1).workspace_file(JSON.0, JSON.1);
    push.in_container(&Container::new()).run().succeeds();
    bucket
}

/// A step that pulls [`VERSION`].
pub(crate) fn pull(bucket: &Bucket) -> Action {
    Action::pull(bucket).version(VERSION)
}

#[test]
#[ignore = "needs Docker"]
fn a_step_in_a_container_does_what_it_does_outside() {
    let bucket = published();
    let step = || pull(&bucket).input("export-env", "true").input("output-case", "upper");
    let mut inside = step().in_container(&Container::new()).run().succeeds();
    let mut outside = step().run().succeeds();
    // Each run draws a name for this file.
    for run in [&mut inside, &mut outside] {
        assert!(run.outputs.remove("config-checksums").is_some());
    }
    assert_eq!(inside.output("DB_PASSWORD"), "swordfish");
    assert_eq!(inside.outputs, outside.outputs);
    assert_eq!(inside.env, outside.env);
    assert_eq!(inside.masks, outside.masks);
    assert_eq!(inside.log, outside.log);
    assert_eq!(inside.summary, outside.summary);
    let left = [inside, outside].map(|run| {
        let left = run.workspace.snapshot().into_iter();
        left.map(|(path, entry)| (if path.ends_with(".sha256") { "checksums".to_owned() } else { path }, entry))
            .collect::<BTreeMap<_, _>>()
    });
    assert_eq!(left[0], left[1]);
}

#[test]
#[ignore = "needs Docker"]
fn a_failure_is_the_steps_own_code() {
    let step = Action::pull(&Bucket::versioned()).version("v9.9.9").in_container(&Container::new());
    step.run().fails(6).says("v9.9.9");
}

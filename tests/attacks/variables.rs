//! A pull request's catalog and config files that would like to have the variables of the job, and choose the bucket.

use crate::harness::proxy::{Fault, request};
use crate::harness::{Action, Bucket, Proxy, Run, Versioning, shows};

/// A bucket whose version `v1` has these values.
fn values(lines: &str) -> Bucket {
    let bucket = Bucket::versioned();
    let step = Action::push(&bucket).version("v1").files(&[".env"]).workspace_file(".env", lines);
    step.run().succeeds();
    bucket
}

/// The secret of a job that the files of a pull request would like to have.
const SECRET: &str = "swordfish-0123456789";

/// The line that a message says to add.
const LINE_TO_ADD: &str = "add this line to `variables`:%0A%0ANPM_TOKEN%0A%0A";

#[test]
fn a_path_takes_no_variable_that_is_not_listed() {
    let shown = shows(
        "T17",
        "a catalog's path, alternate path or link names a variable that is not listed, set or not",
        "code 2 with the line to add; it is in no request and no log",
    );
    let bucket = values("TOKEN=first-value\n");
    let proxy = Proxy::start();
    let pull = || Action::pull(&bucket).version("v1");
    let push = || Action::push(&bucket).version("v2").workspace_file(".env", "TOKEN=first-value\n");
    let path = "files:\n- path: a/${NPM_TOKEN}\n  data:\n    AWS_S3_BUCKET: somebody-elses\n";
    let alternate = "files:\n- path: .env\n  alternatePath: ${NPM_TOKEN}/.env\n";
    let link = "files:\n- path: ${NPM_TOKEN}/cstore.yml\n  isRef: true\n";
    let steps: [&dyn Fn() -> (Action, &'static str); 5] = [
        &|| (pull().input("bucket", ""), path),
        &|| (push().input("bucket", ""), path),
        &|| (pull(), alternate),
        &|| (push(), alternate),
        &|| (pull().input("context", ""), link),
    ];
    for step in steps {
        for is_set in [false, true] {
            let (step, catalog) = step();
            let step = step.repository_file("cstore.yml", format!("context: shop\n{catalog}"));
            let step = step.measured().env("RUNNER_DEBUG", "1").through(&proxy);
            let step = if is_set { step.env("NPM_TOKEN", SECRET) } else { step };
            let run = step.run().fails(2).stays_small().says("needs the variable NPM_TOKEN").says(LINE_TO_ADD);
            run.does_not_say(SECRET);
            shown.case();
        }
    }
    assert!(proxy.requests().iter().all(|seen| !format!("{seen:?}").contains(SECRET)), "{:#?}", proxy.lines());
}

#[test]
fn a_value_takes_no_variable_that_is_not_listed() {
    let shown =
        shows("T17", "a value names a variable that is not listed, with `expand`", "code 2 with the line to add");
    let bucket = values("URL=https://${NPM_TOKEN}@registry.example\n");
    let pull = || Action::pull(&bucket).version("v1").input("expand", "true").env("NPM_TOKEN", SECRET);
    let run = pull().run().fails(2).says("refers to \"NPM_TOKEN\"").says(LINE_TO_ADD);
    run.does_not_say(SECRET);
    shown.case();
    let run = pull().input("variables", "OTHER\nNPM_TOKEN").run().succeeds();
    assert_eq!(run.output("URL"), format!("https://{SECRET}@registry.example"));
}

#[test]
fn what_is_listed_replaces_the_default_and_takes_no_credentials() {
    let shown = shows("T17", "`variables` lists what may hold credentials, or no names", "code 2, naming the line");
    let bucket = values("URL=${GITHUB_SHA}\n");
    let pull = || Action::pull(&bucket).version("v1").input("expand", "true");
    pull().run().succeeds();
    pull().input("variables", "ENV").run().fails(2).says("\"GITHUB_SHA\"");
    for line in shown.each(["GITHUB_TOKEN", "AWS_SECRET_ACCESS_KEY", "INPUT_DEFAULTS", "ACTIONS_RUNTIME_TOKEN", "*"]) {
        pull().input("variables", line).run().fails(2).says("`variables`");
    }
}

#[test]
fn a_listed_variables_value_is_shown_nowhere() {
    let shown = shows(
        "T17",
        "a path has a listed variable: pushed, pulled, refused by S3, missing, or in the way",
        "log, summary and debug lines have the path as the catalog writes it",
    );
    let bucket = Bucket::versioned();
    let path = format!("service/{SECRET}/.env");
    let catalog = "context: shop\nfiles:\n- path: service/${DEPLOY_KEY}/.env\n  alternatePath: out/${DEPLOY_KEY}.env\n";
    let with = |step: Action| {
        let step = step.repository_file("cstore.yml", catalog).input("variables", "DEPLOY_KEY");
        step.env("DEPLOY_KEY", SECRET).env("RUNNER_DEBUG", "1").env("RUST_LOG", "trace")
    };
    let push = || with(Action::push(&bucket).version("v1"));
    let pull = || with(Action::pull(&bucket).version("v1"));
    let hides = |run: &Run| {
        let told = format!("{}{}", run.printed(), run.summary);
        assert!(!told.contains(SECRET), "{told}");
        shown.case();
    };
    hides(&push().run().fails(6).says("service/${DEPLOY_KEY}/.env").says("the variable's value is meant"));
    let run = push().workspace_file(&path, "TOKEN=first-value\n").run().succeeds();
    assert!(run.summary.contains("`service/${DEPLOY_KEY}/.env`"), "{}", run.summary);
    hides(&run);
    let run = pull().run().succeeds();
    assert!(run.summary.contains("`service/${DEPLOY_KEY}/.env`"), "{}", run.summary);
    assert_eq!(run.file(&format!("out/{SECRET}.env")), "TOKEN=first-value\n");
    hides(&run);

    // Whatever stands in its place in the workspace.
    hides(&pull().workspace_file(&format!("out/{SECRET}.env/x"), "").run().fails(2).says("out/${DEPLOY_KEY}.env"));
    hides(&push().version("v2").workspace_file(&path, "TOKEN x\n").run().fails(2).says("service/${DEPLOY_KEY}/.env"));
    hides(
        &push()
            .version("v2")
            .workspace_file(&path, "TOKEN=another-value\n")
            .input("schema", "none.json")
            .run()
            .fails(2),
    );

    // Whatever S3 says of it.
    let key = format!("shop/v1/service/{SECRET}/.env");
    let proxy = Proxy::start();
    let denied = Fault::s3(
        403,
        "AccessDenied",
        &format!("User: u is not authorized to perform: s3:GetObject on resource: \"arn:aws:s3:::b/{key}\""),
    );
    proxy.on(request("GET", &key).for_ever(), denied);
    hides(&pull().through(&proxy).run().fails(3).says("${DEPLOY_KEY}"));
    bucket.delete(&key);
    hides(&pull().run());
}

#[test]
fn a_bucket_that_only_the_catalog_names_must_be_the_credentials_own() {
    let shown = shows(
        "T17",
        "a catalog names a bucket, for pulls and pushes",
        "refused by S3 unless it is the credentials' own, or an input names it or its owner",
    );
    let bucket = Bucket::create("somebody-elses", Versioning::Enabled);
    let proxy = Proxy::start();
    let owners = || -> Vec<Option<String>> {
        let asked = proxy.requests();
        let of_s3 = asked.iter().filter(|seen| seen.key.contains("shop"));
        of_s3.map(|seen| seen.header("x-amz-expected-bucket-owner").map(str::to_owned)).collect()
    };
    let catalog = "context: shop\nfiles:\n- path: .env\n  data:\n    AWS_S3_BUCKET: somebody-elses\n";
    let with = |step: Action| step.repository_file("cstore.yml", catalog).through(&proxy).input("bucket", "");
    let push = || with(Action::push(&bucket).version("v1")).workspace_file(".env", "TOKEN=first-value\n");
    let pull = || with(Action::pull(&bucket).version("v1"));
    for step in [push(), pull()] {
        step.run().succeeds();
        let asked = owners();
        assert!(!asked.is_empty() && asked.iter().all(|owner| owner.as_deref() == Some("123456789012")), "{asked:?}");
        proxy.clear();
        shown.case();
    }
    for (step, owner) in [
        (pull().input("bucket", bucket.name()), None),
        (pull().input("expected-bucket-owner", "123456789012"), Some("123456789012")),
    ] {
        step.run().succeeds();
        assert!(owners().iter().all(|asked| asked.as_deref() == owner), "{:?}", owners());
        proxy.clear();
        shown.case();
    }
}

//! Handing over by reference: where stored bytes are, for platforms that load them themselves.

use serde_json::{Value, json};

use crate::harness::{Action, Bucket};
use crate::story::{VERSION, error_of, published, pull, push};

const ENV: &str = "service/.env";

/// The object of the file of the version, as the bucket has it.
fn objects(bucket: &Bucket, partition: &str) -> Value {
    let key = format!("shop/{VERSION}/{ENV}");
    let manifest = bucket.get(&format!("shop/.cstore/versions/{VERSION}.json")).json();
    json!([{
        "path": ENV,
        "arn": format!("arn:{partition}:s3:::{}/{key}", bucket.name()),
        "s3_version": bucket.get(&key).version_id(),
        "sha256": manifest["files"][0]["sha256"],
    }])
}

#[test]
fn pull_push_and_show_say_where_the_bytes_are() {
    let bucket = Bucket::versioned();
    let pushed = push(&bucket, &[(ENV, "TOKEN=swordfish\n")]).run().succeeds();
    let show = Action::new(&bucket).input("command", "show").input("context", "shop").version(VERSION);
    for run in [pushed, pull(&bucket).run().succeeds(), show.run().succeeds()] {
        assert_eq!(run.json_output("config-objects"), objects(&bucket, "aws"));
    }
    let of_china = pull(&bucket).env("AWS_REGION", "cn-north-1").env("AWS_DEFAULT_REGION", "cn-north-1");
    assert_eq!(of_china.run().succeeds().json_output("config-objects"), objects(&bucket, "aws-cn"));
    let dry = push(&bucket, &[(ENV, "TOKEN=swordfish\n")]).version("v2.0.0").input("dry-run", "true").run().succeeds();
    assert_eq!(dry.json_output("config-objects"), json!([]));
}

#[test]
fn promotions_and_rollbacks_say_where_the_bytes_are() {
    let bucket = published(&[(ENV, "TOKEN=swordfish\n")]);
    let command = |name: &str, from: &str| {
        Action::new(&bucket).input("command", name).input("from", from).input("context", "shop")
    };
    let object_at = |key: &str| {
        let (arn, s3_version) =
            (format!("arn:aws:s3:::{}/{key}", bucket.name()), bucket.get(key).version_id().unwrap().to_owned());
        json!([{"path": ENV, "arn": arn, "s3_version": s3_version, "sha256": objects(&bucket, "aws")[0]["sha256"]}])
    };
    let promoted = command("promote", VERSION).input("to", "other").run().succeeds();
    assert_eq!(promoted.json_output("config-objects"), object_at(&format!("other/{VERSION}/{ENV}")));
    let rolled_back = command("rollback", VERSION).run().succeeds();
    assert_eq!(rolled_back.json_output("config-objects"), object_at(&format!("shop/{ENV}")));
}

#[test]
fn without_versioning_nothing_is_pinned() {
    let bucket = Bucket::unversioned();
    push(&bucket, &[(ENV, "TOKEN=swordfish\n")]).run().succeeds();
    assert_eq!(pull(&bucket).run().succeeds().json_output("config-objects")[0]["s3_version"], Value::Null);
}

fn for_ecs(bucket: &Bucket) -> Action {
    pull(bucket).input("format", "ecs-environment-files").input("format-file", "files.json")
}

#[test]
fn ecs_gets_the_arns_of_files_that_it_reads_alike() {
    let bucket = published(&[(ENV, "# why\nTOKEN=swordfish\nURL=https://shop.example/?a=b\n"), ("a.json", "{}")]);
    let run = for_ecs(&bucket).run().succeeds();
    let list: Value = serde_json::from_str(&run.file("files.json")).unwrap();
    assert_eq!(list, json!([{"value": objects(&bucket, "aws")[0]["arn"], "type": "s3"}]));
}

#[test]
fn ecs_is_not_given_an_object_that_is_not_what_was_pushed() {
    let bucket = published(&[(ENV, "TOKEN=swordfish\n")]);
    let key = format!("shop/{VERSION}/{ENV}");
    // The same bytes are what was pushed, whoever has put them.
    bucket.put_foreign(&key, b"TOKEN=swordfish\n", &[]);
    for_ecs(&bucket).run().succeeds();
    bucket.put_foreign(&key, b"TOKEN=halibut\n", &[]);
    let run = for_ecs(&bucket).run().fails(5);
    let error = error_of(&run);
    assert_eq!(error.title, "Content does not match");
    let said = format!("{ENV} (arn:aws:s3:::{}/{key})", bucket.name());
    assert!(error.message.contains(&said) && error.message.contains("`overwrite: true`"), "{}", error.message);
    assert!(run.outputs.is_empty() && !run.workspace.path("files.json").exists());
    // What takes S3 versions is given the pinned one.
    assert_ne!(pull(&bucket).run().succeeds().json_output("config-objects"), objects(&bucket, "aws"));
}

#[test]
fn a_line_that_means_something_else_to_ecs_is_named_and_nothing_is_delivered() {
    let bucket = published(&[(ENV, "TOKEN=swordfish\nGREETING=\"good morning\"\n")]);
    let run = for_ecs(&bucket).run().fails(2);
    let error = error_of(&run);
    assert_eq!(error.title, "Format");
    let said =
        "ECS would not read these files as they are meant: service/.env, line 2: ECS takes the quotes for a part";
    assert!(error.message.contains(said), "{}", error.message);
    assert!(run.outputs.is_empty() && !run.workspace.path("files.json").exists());
    let head = Action::push(&bucket).version("head").files(&[ENV]).workspace_file(ENV, "TOKEN=swordfish\n");
    head.input("context", "shop").run().succeeds();
    for_ecs(&bucket).version("head").files(&[ENV]).input("context", "shop").run().fails(2).says("so name a version");
}

#[test]
fn each_line_and_file_that_ecs_reads_otherwise_is_named() {
    let text = "LEVEL=info\nexport TOKEN=swordfish\nNOTE=\"good\nmorning\"\n";
    let bucket = published(&[(ENV, text), ("web/.env.prod", "PORT=8080\n")]);
    let run = for_ecs(&bucket).run().fails(2);
    let message = &error_of(&run).message;
    for said in [
        "service/.env, line 2: ECS takes `export` for a part of the name",
        "service/.env, line 3: ECS takes the quotes for a part of the value, and no line after it for one",
        "web/.env.prod: its name does not end in .env, which ECS wants",
    ] {
        assert!(message.contains(said), "{said} is not in {message}");
    }
    assert!(!message.contains("line 1:") && !message.contains("line 4:"), "{message}");
    let files: Vec<_> = (1..=11).map(|n| (format!("{n}.env"), format!("NAME_{n}=swordfish-{n}\n"))).collect();
    let bucket = published(&files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect::<Vec<_>>());
    let run = for_ecs(&bucket).run().fails(2).says("ECS takes ten files at most");
    assert!(run.outputs.is_empty() && !run.workspace.path("files.json").exists());
    let ten = for_ecs(&bucket).files(&["**", "!11.env"]).run().succeeds();
    assert_eq!(serde_json::from_str::<Value>(&ten.file("files.json")).unwrap().as_array().map(Vec::len), Some(10));
}

#[test]
fn files_of_which_ecs_takes_another_value_than_the_step_are_refused() {
    let bucket = published(&[("base.env", "LEVEL=info\nTOKEN=swordfish\n"), (ENV, "# why\nTOKEN=halibut\n")]);
    let run = for_ecs(&bucket).input("on-duplicate", "last").run().fails(2);
    let run = run.says("service/.env, line 2: ECS takes the value of TOKEN in base.env, not this one");
    assert!(run.outputs.is_empty() && !run.workspace.path("files.json").exists());
    let bucket = published(&[("base.env", "LEVEL=info\nTOKEN=swordfish\n"), (ENV, "TOKEN=swordfish\n")]);
    for_ecs(&bucket).run().succeeds();
}

#[test]
fn what_changes_values_is_refused_where_ecs_loads_the_files() {
    let bucket = published(&[(ENV, "TOKEN=swordfish\n")]);
    for (input, text) in [
        ("keys", "!TOKEN"),
        ("defaults", "MORE=value"),
        ("expand", "true"),
        ("output-prefix", "APP_"),
        ("output-case", "lower"),
    ] {
        let run = for_ecs(&bucket).input(input, text).run().fails(2);
        let run = run.says(&format!("`{input}` cannot be set together with `format`"));
        assert!(run.outputs.is_empty() && !run.workspace.path("files.json").exists(), "{input}");
    }
    for_ecs(&bucket).input("output-case", "keep").run().succeeds();
}

#[test]
fn a_kubernetes_object_is_named_by_its_content() {
    let bucket = published(&[(ENV, "GREETING=good-morning\n")]);
    let manifest = |step: Action| {
        let run = step.input("name-suffix", "digest").input("format-file", "object.yaml").run().succeeds();
        run.file("object.yaml").to_string()
    };
    let name = |text: &str| text.lines().find(|line| line.starts_with("  name: ")).unwrap().to_owned();
    let map = manifest(pull(&bucket).input("format", "k8s-configmap"));
    assert!(
        name(&map).starts_with("  name: \"shop-") && name(&map).len() == "  name: \"shop-1a2b3c4d\"".len(),
        "{map}"
    );
    assert!(map.contains("\nimmutable: true\n") && map.contains("app.kubernetes.io/part-of: \"shop\""), "{map}");
    assert_eq!(manifest(pull(&bucket).input("format", "k8s-configmap")), map);
    let other = manifest(pull(&bucket).input("format", "k8s-configmap").input("defaults", "MORE=further-value"));
    assert_ne!(name(&other), name(&map));
    assert_ne!(name(&manifest(pull(&bucket).input("format", "k8s-secret"))), name(&map));
    let json = pull(&bucket).input("format", "json").input("name-suffix", "digest").run().fails(2);
    json.says("only k8s-configmap and k8s-secret write an object that has a name");
}

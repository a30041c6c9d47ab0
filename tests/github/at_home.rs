//! The commands of the comment with which a reviewer sees the same at home: they are run here.

use crate::harness::{Action, Bucket, GitHubApi, Laptop};
use crate::story::{CHANGED, DEPLOYED, NUMBER, comments, deployed};

const TEMPLATE: (&str, &str) = (".env.example", "DB_HOST=\n");

/// The two sides that are to have the same keys.
const SIDES: [(&str, &str); 2] = [
    ("dev/.env", "DB_HOST=value-of-dev\nONLY_DEV=value-one\n"),
    ("prod/.env", "DB_HOST=new-host-name\nKEPT=value-two\n"),
];

fn checking(api: &GitHubApi, bucket: &Bucket, files: &[(&str, &str)]) -> Action {
    let step = comments(api, bucket, files).files(&["*/.env"]).repository_file(TEMPLATE.0, TEMPLATE.1);
    step.input("template", TEMPLATE.0)
        .input("required-keys", "DB_HOST\nKEPT\nNO$WHERE")
        .input("same-keys", "./dev\n./prod")
}

/// The commands of the only comment but for git's.
fn commands(api: &GitHubApi) -> Vec<String> {
    let state = api.state();
    let (_, block) = state.texts(NUMBER)[0].split_once("\n```sh\n").unwrap();
    let (lines, _) = block.split_once("\n```\n").unwrap();
    let mut lines: Vec<_> = lines.lines().map(ToOwned::to_owned).collect();
    assert_eq!(lines.remove(0), format!("gh pr checkout {NUMBER}"));
    lines
}

#[test]
fn what_only_one_side_has_is_in_the_comment_and_the_commands_say_it_at_home() {
    let (api, bucket) = (GitHubApi::start(), deployed());
    let run = checking(&api, &bucket, &SIDES).run().succeeds();
    let text = api.state().texts(NUMBER)[0].to_owned();
    let (_, checks) = text.split_once("Checked ").unwrap();
    insta::assert_snapshot!(checks.replace(bucket.name(), "BUCKET"), @r"
    2 files of the workspace: 3 problems found.

    ```text
    The input `required-keys` names NO$WHERE, which is missing.
    dev/.env:2: prod does not have ONLY_DEV.
    prod/.env:2: dev does not have KEPT.
    The template .env.example does not have ONLY_DEV.
    The template .env.example does not have KEPT.
    ```

    No values are shown. To see the same at home:

    ```sh
    gh pr checkout 7
    cstore diff s3://BUCKET/shop@head . --files '*/.env'
    cstore verify . --files '*/.env' --template .env.example --required-keys DB_HOST --required-keys KEPT --required-keys 'NO$WHERE' --same-keys ./dev ./prod
    ```
    <!-- /cstore-action part -->
    ");
    let warned: Vec<_> =
        run.annotations.iter().map(|one| (one.title.as_str(), one.file.as_deref(), one.line)).collect();
    assert!(warned.contains(&("Different keys", Some("dev/.env"), Some(2))), "{warned:?}");

    let laptop = Laptop::without_bucket(&bucket).with_env("CSTORE_CONTEXT", "shop");
    for (path, text) in SIDES {
        laptop.file(path, text);
    }
    laptop.plain_file(TEMPLATE.0, TEMPLATE.1);
    let [diff, verify] = &commands(&api)[..] else { panic!("{text}") };
    let ran = laptop.shell(diff).run().succeeds();
    for line in ["ONLY_DEV", "GONE", "DB_HOST"] {
        assert!(ran.stdout.contains(line) && text.contains(line), "{}", ran.stdout);
    }
    let ran = laptop.shell(verify).run().fails(8).says("NO$WHERE, which is missing");
    ran.says("dev does not have KEPT").says("prod does not have ONLY_DEV").says("3 problems found");
}

#[test]
fn what_is_compared_is_chosen_at_home_in_the_same_way() {
    let (api, bucket) = (GitHubApi::start(), deployed());
    comments(&api, &bucket, CHANGED).files(&["prod/.env", "!*.pem"]).run().succeeds();
    let from = format!("s3://{}/shop@head", bucket.name());
    assert_eq!(commands(&api), [format!("cstore diff {from} . --files prod/.env --files '!*.pem'")]);
    // What begins with a dash is no flag.
    let (api, dashed) = (GitHubApi::start(), [("--x.env", "DB_HOST=new-host-name\n")]);
    comments(&api, &bucket, &dashed).files(&["--x.env"]).run().succeeds();
    let [diff] = &commands(&api)[..] else { panic!("one command") };
    assert!(diff.ends_with(" . --files=--x.env"), "{diff}");
    let laptop = Laptop::without_bucket(&bucket).with_env("CSTORE_CONTEXT", "shop");
    laptop.file(dashed[0].0, dashed[0].1);
    assert!(laptop.shell(diff).run().succeeds().stdout.contains("--x.env"));
}

/// What keys are called, and which files a catalog lists, is said at home as the workflow says it.
#[test]
fn every_option_that_changes_what_is_seen_is_in_the_commands() {
    const CATALOG: &str = "version: v4\nfiles:\n- path: ${APP}/config.json\n  data: {}\n  tags: [prod]\n- path: ${APP}/other.conf\n  data: {}\n  tags: [prod]\n- path: ${APP}/dev.json\n  data: {}\n  tags: [dev]\n";
    let bucket = Bucket::versioned();
    let files = [("shop/config.json", r#"{"db": {"host": "value-one"}}"#), ("shop/other.conf", "PORT=value-two\n")];
    let changed =
        [("shop/config.json", r#"{"db": {"hosts": "value-three"}}"#), ("shop/other.conf", "PORTS=value-four\n")];
    let dev = ("shop/dev.json", r#"{"only": {"dev": "value-five"}}"#);
    let chosen = |step: Action, files: &[(&str, &str)]| {
        let step = files.iter().fold(step, |step, (path, text)| step.workspace_file(path, text));
        let step = step.repository_file("store.yml", CATALOG).env("APP", "shop");
        let step = step.input("catalog", "store.yml").input("variables", "APP").input("tags", "prod");
        step.input("types", "**/*.conf = dotenv").input("separator", "__")
    };
    let all = |files: &[(&'static str, &'static str)]| [files, &[dev]].concat();
    let push = Action::push(&bucket).input("context", "shop").version("head");
    chosen(push, &all(&files)).run().succeeds();
    let api = GitHubApi::start();
    let step = Action::new(&bucket).input("command", "diff").input("context", "shop").input("comment", "true");
    let step = chosen(step, &all(&changed)).input("required-keys", "db__host\nPORT");
    api.pull_request(step, NUMBER).run().succeeds();

    let text = api.state().texts(NUMBER)[0].to_owned();
    let (_, differs) = text.split_once("```diff\n").unwrap();
    let (differs, _) = differs.split_once("\n```\n").unwrap();
    assert!(differs.contains("db__hosts") && differs.contains("PORTS") && !differs.contains("dev"), "{text}");
    let laptop = Laptop::without_bucket(&bucket).with_env("APP", "shop").with_env("CSTORE_TRUST", "true");
    for (path, text) in all(&changed) {
        laptop.file(path, text);
    }
    laptop.plain_file("store.yml", CATALOG);
    let [diff, verify] = &commands(&api)[..] else { panic!("{text}") };
    let ran = laptop.shell(diff).run().succeeds();
    let differs = differs.replace("${APP}", "shop");
    for line in differs.lines() {
        assert!(ran.stdout.contains(line.trim_start_matches(['+', '-', '~', ' '])), "{line:?}: {}", ran.stdout);
    }
    assert_eq!(ran.stdout.lines().count(), differs.lines().count(), "{}", ran.stdout);
    let ran = laptop.shell(verify).run().fails(8).says("2 problems found");
    ran.says("names db__host (did you mean").says("names PORT (did you mean");
}

#[test]
fn where_only_the_checks_find_something_only_they_are_shown() {
    let (api, bucket) = (GitHubApi::start(), deployed());
    comments(&api, &bucket, DEPLOYED).input("required-keys", "NOWHERE").run().succeeds();
    assert_eq!(commands(&api), ["cstore verify . --required-keys NOWHERE"]);
}

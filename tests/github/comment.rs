//! `comment`: what a pull request changes of the configuration, in one comment that is kept up to date.

use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};

use crate::harness::github_api::description::nullable_fields;
use crate::harness::github_api::{TOKEN, refusal};
use crate::harness::{Action, Bucket, GitHubApi, Run};
use crate::story::{CHANGED, DEPLOYED, NUMBER, comments, deployed, titled};

const LIST: &str = "/repos/{owner}/{repo}/issues/{issue_number}/comments";

/// The one comment that there is to be.
pub(crate) fn only_text(api: &GitHubApi) -> String {
    let state = api.state();
    let texts = state.texts(NUMBER);
    assert_eq!(texts.len(), 1, "{texts:#?}");
    texts[0].to_owned()
}

/// What the comments of these steps begin with.
fn marker(bucket: &Bucket) -> String {
    let api = GitHubApi::start();
    comments(&api, bucket, CHANGED).run().succeeds();
    only_text(&api).lines().next().unwrap().to_owned()
}

#[test]
fn names_files_and_keys_and_how_to_see_the_same_at_home() {
    let (api, bucket) = (GitHubApi::start(), deployed());
    let run = comments(&api, &bucket, CHANGED).run().succeeds();
    let text = only_text(&api);
    let [marker, begin, shown @ .., end] = &text.lines().collect::<Vec<_>>()[..] else { panic!("{text}") };
    assert!(marker.starts_with("<!-- cstore-action diff s3://") && marker.ends_with(" -->"), "{marker}");
    assert!(begin.starts_with("<!-- cstore-action part ") && begin.ends_with(" All files -->"), "{begin}");
    assert_eq!(*end, "<!-- /cstore-action part -->");
    let shown = shown.join("\n").replace(bucket.name(), "BUCKET");
    insta::assert_snapshot!(shown, @"
    ### Configuration of `shop`: 2 files differ

    This pull request is compared with the head of `shop` in `s3://BUCKET`. It adds 1 key, changes 1 key, and removes 1 key.

    ```diff
    ~ prod/.env
    +   ADDED
    ~   DB_HOST
    -   GONE
    ~ prod/ca.pem (not read as keys)
    ```

    No values are shown. To see the same at home:

    ```sh
    gh pr checkout 7
    cstore diff s3://BUCKET/shop@head .
    ```
    ");
    let run = run.says("Comment written: https://github.com/acme/shop/pull/7#issuecomment-1");
    assert!(run.summary.contains("| Comment | `written: https://github.com/"), "{}", run.summary);
    for secret in ["same-value", "secret-gone", "new-host-name", "certificate"] {
        assert!(!text.contains(secret), "{text}");
    }
}

/// Who only publishes versions has no head, and a pull request adds nothing of what the last of them has.
#[test]
fn without_a_head_the_newest_release_is_compared_with() {
    let (api, bucket) = (GitHubApi::start(), Bucket::versioned());
    let push = |version: &str, text: &str| {
        let step = Action::push(&bucket).version(version).input("context", "shop").files(&["prod/.env"]);
        step.workspace_file("prod/.env", text).run().succeeds();
    };
    let compare =
        |api: &GitHubApi| comments(api, &bucket, &[("prod/.env", "A=value-one\nB=value-five\n")]).files(&["prod/.env"]);
    // There is nothing yet.
    compare(&api).run().succeeds();
    assert!(only_text(&api).contains("the head of `shop`") && only_text(&api).contains("\n+ prod/.env\n"));
    push("v1.0.0", "A=value-one\n");
    push("v1.1.0", "A=value-one\nB=value-two\n");
    push("v2.0.0-rc.1", "A=value-three\n");
    compare(&api).run().succeeds().says("Comment brought up to date: ");
    let text = only_text(&api).replace(bucket.name(), "BUCKET");
    assert!(text.contains("is compared with `v1.1.0` of `shop` in `s3://BUCKET`. It changes 1 key."), "{text}");
    assert!(text.contains("\n~ prod/.env\n~   B\n```\n"), "{text}");
    assert!(text.contains("\ncstore diff s3://BUCKET/shop@v1.1.0 . --files prod/.env\n"), "{text}");
    // Whoever names the head means it; and where there is one, it is the same comment.
    let other = GitHubApi::start();
    compare(&other).input("from", "head").run().succeeds();
    assert!(only_text(&other).contains("\n+ prod/.env\n"), "{}", only_text(&other));
    push("head", "A=value-four\nB=value-five\n");
    compare(&api).run().succeeds().says("Comment brought up to date: ");
    assert!(only_text(&api).contains("the head of `shop`") && only_text(&api).contains("\n~ prod/.env\n~   A\n"));
}

#[test]
fn the_token_is_masked_before_anything_else_is_said() {
    let (api, bucket) = (GitHubApi::start(), deployed());
    let run = comments(&api, &bucket, CHANGED).env("RUNNER_DEBUG", "1").run().succeeds();
    assert_eq!(run.stdout.lines().next(), Some(format!("::add-mask::{TOKEN}").as_str()));
}

#[test]
fn the_same_is_not_written_twice_and_another_difference_in_its_place() {
    let (api, bucket) = (GitHubApi::start(), deployed());
    comments(&api, &bucket, CHANGED).run().succeeds();
    let first = only_text(&api);
    comments(&api, &bucket, CHANGED).run().succeeds().says("Comment unchanged: ");
    assert_eq!((api.count("POST"), api.count("PATCH")), (1, 0));

    let less = [("prod/.env", "GONE=secret-gone\nDB_HOST=old-host-name\n"), DEPLOYED[1]];
    comments(&api, &bucket, &less).run().succeeds().says("Comment brought up to date: ");
    let second = only_text(&api);
    assert_eq!(first.lines().next(), second.lines().next());
    assert!(second.contains("\n-   KEPT\n") && !second.contains("ADDED"), "{second}");

    comments(&api, &bucket, DEPLOYED).run().succeeds().says("Comment brought up to date: ");
    let gone = only_text(&api);
    assert!(gone.contains("no file differs") && gone.contains("the difference that was told here is gone"), "{gone}");
    comments(&api, &bucket, DEPLOYED).run().succeeds().says("Comment unchanged: ");
    assert_eq!((api.count("POST"), api.count("PATCH"), api.count("DELETE")), (1, 2, 0));
}

#[test]
fn nothing_is_said_where_there_is_nothing_to_say_unless_it_is_asked_for() {
    let (api, bucket) = (GitHubApi::start(), deployed());
    comments(&api, &bucket, DEPLOYED).run().succeeds().says("Comment none: nothing differs");
    assert_eq!(api.count("POST"), 0);
    let before = api.asked().len();
    comments(&api, &bucket, CHANGED).input("comment-mode", "never").run().succeeds().does_not_say("Comment");
    assert_eq!(api.asked().len(), before);
    comments(&api, &bucket, DEPLOYED).input("comment-mode", "always").run().succeeds();
    assert!(only_text(&api).contains("Nothing differs.\n"), "{}", only_text(&api));
}

#[test]
fn a_comment_of_somebody_else_is_left_alone() {
    let (api, bucket) = (GitHubApi::start(), deployed());
    let marker = marker(&bucket);
    api.state().comment_by("mallory", NUMBER, &format!("{marker}\nAll is well."));
    api.state().comment_by("other-app[bot]", NUMBER, &format!("Quoted:\n{marker}"));
    comments(&api, &bucket, CHANGED).run().succeeds().says("Comment written: ");
    assert_eq!(api.state().texts(NUMBER)[0], format!("{marker}\nAll is well."));
    assert_eq!((api.state().texts(NUMBER).len(), api.count("PATCH")), (3, 0));
}

#[test]
fn an_account_that_is_deleted_and_whatever_else_is_null_disturb_nothing() {
    let bucket = deployed();
    let fields = nullable_fields("get", LIST);
    assert!(fields.contains(&"/0/user".to_owned()) && fields.len() > 5, "{fields:?}");
    for field in fields {
        let api = GitHubApi::start();
        api.state().comment_by("mona", NUMBER, "Nice.");
        api.state().null = Some((LIST, field.clone()));
        comments(&api, &bucket, CHANGED).run().succeeds().says("Comment written: ");
        comments(&api, &bucket, CHANGED).run().succeeds().says("Comment unchanged: ");
        assert_eq!(api.state().comments.len(), 2, "{field}");
    }
    let created = nullable_fields("post", LIST);
    assert!(created.len() > 5, "{created:?}");
    for field in created {
        let api = GitHubApi::before(move |request, state| {
            // Only the answer to what is written has it.
            state.null = (request.method == "POST").then(|| (LIST, field.clone()));
            None
        });
        comments(&api, &bucket, CHANGED).run().succeeds().says("Comment written");
        assert_eq!(api.state().comments.len(), 1);
    }
    let api = GitHubApi::start();
    api.state().comments.push(json!({"issue": NUMBER, "id": 100, "body": "Nice.", "user": Value::Null}));
    comments(&api, &bucket, CHANGED).run().succeeds().says("Comment written: ");
}

#[test]
fn the_comment_is_found_behind_sixty_pages_of_others() {
    let bucket = deployed();
    let marker = marker(&bucket);
    for api in [GitHubApi::start(), GitHubApi::of_ones_own()] {
        for _ in 0..5_950 {
            api.state().comment_by("mona", NUMBER, "Nice.");
        }
        api.state().comment_by("github-actions[bot]", NUMBER, &marker);
        comments(&api, &bucket, CHANGED).run().succeeds().says("Comment brought up to date: ");
        assert_eq!((api.count("GET"), api.count("POST"), api.count("PATCH")), (61, 0, 1));
    }
}

#[test]
fn of_twins_the_older_one_stays() {
    let (api, bucket) = (GitHubApi::start(), deployed());
    let marker = marker(&bucket);
    api.state().comment_by("mona", NUMBER, "Nice.");
    for text in ["old", "older"] {
        api.state().comment_by("github-actions[bot]", NUMBER, &format!("{marker}\n{text}"));
    }
    comments(&api, &bucket, CHANGED).run().succeeds();
    assert_eq!(api.state().texts(NUMBER).len(), 2);
    assert!(api.state().texts(NUMBER)[1].contains("ADDED"));
}

#[test]
fn twins_are_found_however_many_comments_are_between_them() {
    let (api, bucket) = (GitHubApi::start(), deployed());
    let marker = marker(&bucket);
    api.state().comment_by("github-actions[bot]", NUMBER, &format!("{marker}\nold"));
    for _ in 0..150 {
        api.state().comment_by("mona", NUMBER, "Nice.");
    }
    api.state().comment_by("github-actions[bot]", NUMBER, &format!("{marker}\nolder"));
    comments(&api, &bucket, CHANGED).run().succeeds().says("Comment brought up to date: ");
    assert_eq!(api.state().texts(NUMBER).len(), 151);
    assert!(api.state().texts(NUMBER)[0].contains("ADDED"));
    assert_eq!((api.count("PATCH"), api.count("DELETE")), (1, 1));
}

#[test]
fn eight_jobs_at_the_same_time_leave_one_comment() {
    let (api, bucket) = (GitHubApi::once_all_comment(8), deployed());
    let started: Vec<_> = (0..8).map(|_| comments(&api, &bucket, CHANGED).start()).collect();
    started.into_iter().for_each(|step| drop(step.ends().succeeds()));
    assert!(only_text(&api).contains("ADDED"));
    assert_eq!(api.count("POST"), 8);
}

/// Another job writes between this one's look and its own comment: whichever is older stays.
#[test]
fn of_two_jobs_that_write_at_the_same_moment_the_older_comment_stays() {
    let bucket = deployed();
    let marker = marker(&bucket);
    for (is_older, deleted) in [(true, 1), (false, 0)] {
        let (is_written, marker) = (AtomicBool::new(false), marker.clone());
        let api = GitHubApi::before(move |request, state| {
            // The older one is there before this job's is, and the younger one when it looks again.
            let is_now = if is_older { request.method == "POST" } else { !state.comments.is_empty() };
            if is_now && !is_written.swap(true, Ordering::Relaxed) {
                state.comment_by("github-actions[bot]", NUMBER, &format!("{marker}\nof another job"));
            }
            None
        });
        comments(&api, &bucket, CHANGED).run().succeeds();
        let state = api.state();
        let texts = state.texts(NUMBER);
        // The other job removes the younger one, which is its own.
        assert_eq!(texts.len(), 2 - deleted, "{texts:#?}");
        assert!(texts[0].contains("ADDED"), "{texts:#?}");
        drop(state);
        assert_eq!((api.count("POST"), api.count("PATCH"), api.count("DELETE")), (1, deleted, deleted));
    }
}

/// Only one of the contexts has a head.
fn matrix_job(api: &GitHubApi, bucket: &Bucket, context: &str) -> Action {
    comments(api, bucket, CHANGED).files(&["prod/.env"]).input("context", context)
}

#[test]
fn a_matrix_of_contexts_leaves_one_comment_of_each() {
    let (api, bucket) = (GitHubApi::once_all_comment(8), deployed());
    let contexts = ["shop", "shop-dev", "shop.web", "web"];
    let twice = contexts.iter().chain(&contexts);
    let started: Vec<_> = twice.map(|name| matrix_job(&api, &bucket, name).start()).collect();
    started.into_iter().for_each(|step| drop(step.ends().succeeds()));
    let state = api.state();
    let texts = state.texts(NUMBER);
    assert_eq!(texts.len(), contexts.len(), "{texts:#?}");
    for context in contexts {
        let heading = format!("### Configuration of `{context}`: ");
        assert_eq!(texts.iter().filter(|text| text.contains(&heading)).count(), 1, "{context}: {texts:#?}");
    }
    drop(state);
    assert_eq!(api.count("POST"), 8);
}

#[test]
fn an_answer_that_is_lost_does_not_make_a_twin() {
    let bucket = deployed();
    let is_lost = AtomicBool::new(false);
    let api = GitHubApi::before(move |request, state| {
        if request.method != "POST" || is_lost.swap(true, Ordering::Relaxed) {
            return None;
        }
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        state.comment_by("github-actions[bot]", NUMBER, body["body"].as_str().unwrap());
        Some(refusal(502, "Server Error", &[]))
    });
    comments(&api, &bucket, CHANGED).run().succeeds().says("Comment unchanged: ");
    assert_eq!((api.state().texts(NUMBER).len(), api.count("POST")), (1, 1));
}

#[test]
fn what_never_arrived_is_written_again() {
    let is_lost = AtomicBool::new(false);
    let api = GitHubApi::before(move |request, _| {
        let is_first = request.method == "POST" && !is_lost.swap(true, Ordering::Relaxed);
        is_first.then(|| refusal(502, "Server Error", &[]))
    });
    comments(&api, &deployed(), CHANGED).run().succeeds().says("Comment written: ");
    assert!(only_text(&api).contains("ADDED"));
    assert_eq!(api.count("POST"), 2);
}

#[test]
fn a_comment_that_is_gone_and_still_listed_is_replaced() {
    let bucket = deployed();
    let marker = marker(&bucket);
    let api = GitHubApi::before(|request, _| {
        (request.target.ends_with("/issues/comments/1")).then(|| refusal(404, "Not Found", &[]))
    });
    api.state().comment_by("github-actions[bot]", NUMBER, &format!("{marker}\nold"));
    comments(&api, &bucket, CHANGED).run().succeeds().says("Comment written: ");
    let state = api.state();
    let [listed, written] = state.texts(NUMBER)[..] else { panic!("{:?}", state.texts(NUMBER)) };
    assert!(listed.ends_with("old") && written.contains("ADDED"));
}

#[test]
fn a_twin_that_may_not_be_removed_keeps_nothing_from_the_older_one() {
    let bucket = deployed();
    let marker = marker(&bucket);
    let api = GitHubApi::before(|request, _| {
        (request.method == "DELETE").then(|| refusal(403, "Resource not accessible by integration", &[]))
    });
    for text in ["old", "older"] {
        api.state().comment_by("github-actions[bot]", NUMBER, &format!("{marker}\n{text}"));
    }
    let run = comments(&api, &bucket, CHANGED).run().succeeds().says("Comment brought up to date: ");
    says_that_only_tidying_failed(&run);
    assert!(api.state().texts(NUMBER)[0].contains("ADDED"));
}

/// The comment stands, and nothing says otherwise.
fn says_that_only_tidying_failed(run: &Run) {
    let [told] = titled(run, "Comment")[..] else { panic!("{}", run.printed()) };
    assert!(told.starts_with("The comment says what there is to say. An older text of it may be left"), "{told}");
    assert!(told.contains("Resource not accessible by integration"), "{told}");
    assert!(run.summary.contains("(another one may be left)` |"), "{}", run.summary);
    assert!(!run.summary.contains("not written"), "{}", run.summary);
}

#[test]
fn a_comment_that_was_written_is_there_whatever_comes_after_it() {
    let bucket = deployed();
    let marker = marker(&bucket);
    // The list, or the older one, cannot be had after it.
    for method in ["GET", "PATCH"] {
        let marker = marker.clone();
        let is_written = AtomicBool::new(false);
        let api = GitHubApi::before(move |request, state| {
            if request.method == "POST" && request.target.ends_with("/comments") {
                is_written.store(true, Ordering::Relaxed);
                state.comment_by("github-actions[bot]", NUMBER, &format!("{marker}\nof another job"));
            }
            let is_refused = request.method == method && is_written.load(Ordering::Relaxed);
            is_refused.then(|| refusal(403, "Resource not accessible by integration", &[]))
        });
        let run = comments(&api, &bucket, CHANGED).run().succeeds().says("Comment written: ");
        says_that_only_tidying_failed(&run);
        assert!(api.state().texts(NUMBER)[1].contains("ADDED"));
    }
}

#[test]
fn what_is_longer_than_a_comment_is_in_the_summary() {
    let (api, bucket) = (GitHubApi::start(), deployed());
    let keys: String = (0..3_000).map(|n| format!("A_RATHER_LONG_NAME_OF_A_KEY_{n}=value-of-{n}\n")).collect();
    let run = comments(&api, &bucket, &[("prod/.env", &keys), DEPLOYED[1]]).run().succeeds();
    let text = only_text(&api);
    let length = text.chars().count();
    assert!((50_000..=60_000).contains(&length), "{length}");
    assert!(text.contains(" more lines: the summary of the run has them all.\n"), "{}", &text[text.len() - 500..]);
    assert!(text.ends_with("```\n<!-- /cstore-action part -->\n") && text.contains("gh pr checkout 7"));
    assert!(run.summary.contains("A_RATHER_LONG_NAME_OF_A_KEY_2999"));
}

#[test]
fn what_the_checks_find_beyond_what_a_comment_shows_is_in_the_summary() {
    let (api, bucket) = (GitHubApi::start(), deployed());
    let keys: Vec<_> = (0..400).map(|n| format!("A_RATHER_LONG_NAME_OF_A_KEY_{n}_IS_MISSING")).collect();
    let run = comments(&api, &bucket, DEPLOYED).input("required-keys", &keys.join("\n")).run().succeeds();
    let text = only_text(&api);
    assert!(text.contains(" more lines: the summary of the run has them all.\n"), "{}", &text[text.len() - 500..]);
    assert!(text.contains(&keys[0]) && !text.contains(&keys[399]), "{text}");
    for key in keys {
        assert!(run.summary.contains(&format!(" names {key}, which is missing.`` |\n")), "{}", run.summary);
    }
}

#[test]
fn what_the_checks_say_of_the_files_is_in_it_and_fails_nothing() {
    let (api, bucket) = (GitHubApi::start(), deployed());
    let checked = |files: &[(&str, &str)], required: &str| {
        let step = comments(&api, &bucket, files).workspace_file(".env.example", "DB_HOST=\n\nKEPT=\nPROMISED=\n");
        step.input("template", ".env.example").input("required-keys", required)
    };
    let run = checked(CHANGED, "KEPT\nNOWHERE").run().succeeds();
    let text = only_text(&api);
    let (_, checks) = text.split_once("Checked ").unwrap();
    let (checks, _) = checks.split_once("No values are shown.").unwrap();
    insta::assert_snapshot!(checks, @r"
    2 files of the workspace: 2 problems found.

    ```text
    The input `required-keys` names NOWHERE, which is missing.
    .env.example:4: The template .env.example has PROMISED, and no file does.
    The template .env.example does not have ADDED.
    ```
    ");
    let warned: Vec<_> = run.annotations.iter().map(|one| (one.level.as_str(), one.title.as_str(), one.line)).collect();
    assert!(warned.contains(&("warning", "Template", Some(4))), "{warned:?}");
    assert!(
        run.summary.contains("| Checks | `Checked 2 files of the workspace: 2 problems found` |"),
        "{}",
        run.summary
    );

    // Nothing differs, and something is wrong all the same.
    let (api, bucket) = (GitHubApi::start(), deployed());
    let step = comments(&api, &bucket, DEPLOYED).input("required-keys", "NOWHERE");
    step.run().succeeds().says("Comment written: ");
    let text = only_text(&api);
    assert!(text.contains("Nothing differs.") && text.contains("NOWHERE, which is missing"), "{text}");
    let somewhere = format!("{}NOWHERE=somewhere\n", DEPLOYED[0].1);
    let step = comments(&api, &bucket, &[("prod/.env", &somewhere), DEPLOYED[1]]).input("required-keys", "NOWHERE");
    step.run().succeeds().says("Comment brought up to date");
    assert!(only_text(&api).contains("no problems found."), "{}", only_text(&api));
}

/// A key that is not in the template is told whether or not that is wrong.
#[test]
fn the_keys_that_the_template_lacks_are_in_it() {
    let (api, bucket) = (GitHubApi::start(), deployed());
    let checked = |template: &str, strict: &str| {
        let step = comments(&api, &bucket, DEPLOYED).workspace_file(".env.example", template);
        step.input("template", ".env.example").input("template-strict", strict)
    };
    checked("KEPT=\nGONE=\nDB_HOST=\n", "false").run().succeeds().says("Comment none: nothing differs");
    let run = checked("DB_HOST=\n", "false").run().succeeds().says("Comment written: ");
    let text = only_text(&api);
    let lacking = ["KEPT", "GONE"].map(|key| format!("The template .env.example does not have {key}.\n"));
    assert!(lacking.iter().all(|line| text.contains(line)), "{text}");
    assert!(text.contains("no problems found.") && text.contains("cstore verify . --template .env.example"), "{text}");
    assert!(run.summary.contains("The template .env.example does not have GONE."), "{}", run.summary);
    checked("DB_HOST=\n", "true").run().succeeds().says("Comment brought up to date: ");
    let text = only_text(&api);
    assert!(lacking.iter().all(|line| text.contains(line)) && text.contains("2 problems found."), "{text}");
    checked("KEPT=\nGONE=\nDB_HOST=\n", "false").run().succeeds().says("Comment brought up to date: ");
    assert!(only_text(&api).contains("the difference that was told here is gone"), "{}", only_text(&api));
}

#[test]
fn what_a_schema_forbids_is_in_it_without_the_value() {
    let (api, bucket) = (GitHubApi::start(), deployed());
    let schema = r#"{"type": "object", "properties": {"DB_HOST": {"type": "string", "maxLength": 3}}}"#;
    let step = comments(&api, &bucket, CHANGED).repository_file("schema.json", schema).input("schema", "schema.json");
    step.run().succeeds().says("Comment written: ");
    let text = only_text(&api);
    assert!(text.contains("\nprod/.env:1: The values do not match the schema schema.json: "), "{text}");
    assert!(text.contains("cstore verify . --schema schema.json"), "{text}");
}

#[test]
fn names_that_are_markdown_or_html_are_shown_as_they_are() {
    let (api, bucket) = (GitHubApi::start(), deployed());
    let hostile = r#"{"</details> @mona ``` <!-- -->": "v-a-l-u-e", "```": "v-a-l-u-e"}"#;
    let step = comments(&api, &bucket, &[("prod/a-->b.json", hostile)]).files(&["**"]);
    step.run().succeeds();
    let text = only_text(&api);
    assert!(text.contains("````diff\n"), "{text}");
    let marker = text.lines().next().unwrap();
    let marker = marker.strip_prefix("<!--").and_then(|marker| marker.strip_suffix("-->")).unwrap();
    assert!(!marker.contains("--"), "{text}");
}

#[test]
fn the_pull_request_of_another_workflows_run_is_found_by_its_branch_and_its_commit() {
    let bucket = deployed();
    let sha = "1111111111111111111111111111111111111111";
    let run = |event: &str| {
        json!({"workflow_run": {
            "event": event, "head_branch": "fix/a b", "head_sha": sha,
            "head_repository": {"full_name": "mona/shop", "owner": {"login": "mona"}}, "pull_requests": [],
        }})
    };
    let pull = |sha: &str| json!({"number": NUMBER, "label": "mona:fix/a b", "sha": sha});
    let other = "2222222222222222222222222222222222222222";
    for (event, pulls, said) in [
        ("pull_request", vec![pull(sha)], "Comment written: "),
        ("pull_request", vec![pull(other)], "Comment none: this run is about no open pull request"),
        ("pull_request", vec![pull(sha), pull(sha)], "Comment none: this run is about no open pull request"),
        ("push", vec![pull(sha)], "Comment none: this run is about no open pull request"),
    ] {
        let api = GitHubApi::start();
        api.state().pulls = pulls;
        let step = comments(&api, &bucket, CHANGED).event("workflow_run", &run(event).to_string());
        step.run().succeeds().says(said);
    }
    let fields = nullable_fields("get", "/repos/{owner}/{repo}/pulls");
    assert!(fields.len() > 5, "{fields:?}");
    for field in fields {
        let api = GitHubApi::of_ones_own();
        api.state().pulls = vec![pull(sha)];
        api.state().null = Some(("/repos/{owner}/{repo}/pulls", field));
        let step = comments(&api, &bucket, CHANGED).event("workflow_run", &run("pull_request").to_string());
        step.run().succeeds().says("Comment written: ");
    }
}

#[test]
fn a_run_for_no_pull_request_says_so_and_asks_nobody() {
    let (api, bucket) = (GitHubApi::start(), deployed());
    let step = comments(&api, &bucket, CHANGED).event("push", "{}");
    step.run().succeeds().says("Comment none: this run is about no open pull request");
    assert_eq!(api.asked(), Vec::<String>::new());
}

#[test]
fn nothing_is_written_of_a_diff_that_failed() {
    let api = GitHubApi::start();
    let step = comments(&api, &deployed(), CHANGED).input("from", "v9.9.9");
    step.run().fails(6);
    assert_eq!(api.asked(), Vec::<String>::new());
    let step: Action = comments(&api, &deployed(), CHANGED).input("exit-code", "true");
    step.run().fails(8).says("Comment written: ");
}

//! Jobs of one pull request that compare the same two sides and choose something else of them share one comment.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::comment::only_text;
use crate::harness::github_api::refusal;
use crate::harness::{Action, Bucket, GitHubApi};
use crate::story::{CHANGED, DEPLOYED, NUMBER, comments, deployed, titled};

const HEADS: [&str; 4] = [
    "1111111111111111111111111111111111111111",
    "2222222222222222222222222222222222222222",
    "3333333333333333333333333333333333333333",
    "4444444444444444444444444444444444444444",
];
/// Where the files of a job say which workflow it is in.
const WORKFLOW: &str = ".github/workflows/deploy.yml";
/// [`CHANGED`](crate::story::CHANGED), and something else of the first file.
const MORE: &[(&str, &str)] = &[("prod/.env", "DB_HOST=new-host-name\nMORE=secret-more\n"), CHANGED[1]];

/// A job that looks at these files alone.
fn of_files(api: &GitHubApi, bucket: &Bucket, files: &[(&str, &str)], chosen: &str) -> Action {
    comments(api, bucket, files).files(&[chosen])
}

/// The same when this was the pull request's head.
fn at(api: &GitHubApi, bucket: &Bucket, files: &[(&str, &str)], chosen: &str, head: usize) -> Action {
    api.pull_request_at(of_files(api, bucket, files, chosen), NUMBER, HEADS[head])
}

/// The headings of the parts of a text.
fn headings(text: &str) -> Vec<&str> {
    text.lines().filter_map(|line| line.strip_prefix("#### ")).collect()
}

/// The parts of a text, whole.
fn parts(text: &str) -> Vec<&str> {
    let parts = text.split_inclusive("<!-- /cstore-action part -->");
    parts.filter_map(|part| Some(&part[part.find("<!-- cstore-action part ")?..])).collect()
}

#[test]
fn jobs_that_choose_other_files_or_variables_have_a_part_each() {
    let (api, bucket) = (GitHubApi::start(), deployed());
    of_files(&api, &bucket, CHANGED, "prod/.env").run().succeeds().says("Comment written: ");
    let alone = only_text(&api);
    assert!(headings(&alone).is_empty() && parts(&alone).len() == 1, "{alone}");
    let second = || of_files(&api, &bucket, CHANGED, "prod/ca.pem");
    second().run().succeeds().says("Comment brought up to date: ");
    let both = only_text(&api);
    assert!(parts(&both).contains(&parts(&alone)[0]), "{both}");
    let begin = both.replace(bucket.name(), "BUCKET").replace("%2D", "-");
    let begin: Vec<_> = begin.lines().filter(|line| !line.starts_with("<!-- ")).take(5).collect();
    insta::assert_snapshot!(begin.join("\n"), @"
    #### `files: prod/.env`

    ### Configuration of `shop`: 1 file differs

    This pull request is compared with the head of `shop` in `s3://BUCKET`. It adds 1 key, changes 1 key, and removes 1 key.
    ");
    assert!(both.contains("\n---\n\n#### `files: prod/ca.pem`\n\n<!-- cstore-action part "), "{both}");

    let third = || second().input("variables", "RUNNER_OS\nGITHUB_SHA").input("required-keys", "NO_WHERE");
    third().run().succeeds().says("Comment brought up to date: ");
    let all = only_text(&api);
    let of_third = "`files: prod/ca.pem`, `variables: RUNNER_OS, GITHUB_SHA`, `required-keys: NO_WHERE`";
    assert_eq!(headings(&all), ["`files: prod/.env`", "`files: prod/ca.pem`", of_third]);
    assert!(parts(&both).iter().all(|part| parts(&all).contains(part)), "{all}");
    // Nobody has anything new to say.
    for step in [of_files(&api, &bucket, CHANGED, "prod/.env"), second(), third()] {
        step.run().succeeds().says("Comment unchanged: ");
    }
    assert_eq!((api.count("POST"), api.count("PATCH"), api.count("DELETE")), (1, 2, 0));
}

#[test]
fn jobs_that_write_at_the_same_moment_leave_one_comment_with_all_parts() {
    let (api, bucket) = (GitHubApi::once_all_comment(4), deployed());
    let step = |files: &str, variable: &str| of_files(&api, &bucket, CHANGED, files).input("variables", variable);
    let choices = ["prod/.env", "prod/ca.pem"].map(|file| ["RUNNER_OS", "GITHUB_SHA"].map(|name| (file, name)));
    let started: Vec<_> = choices.concat().into_iter().map(|(file, name)| step(file, name).start()).collect();
    started.into_iter().for_each(|step| drop(step.ends().succeeds()));
    let text = only_text(&api);
    assert_eq!((parts(&text).len(), api.count("POST")), (4, 4), "{text}");
    for (file, name) in choices.concat() {
        assert!(headings(&text).contains(&format!("`files: {file}`, `variables: {name}`").as_str()), "{text}");
    }
    assert_eq!((text.matches("+   ADDED").count(), text.matches("~ prod/ca.pem").count()), (2, 2), "{text}");
    // At the next commit two of them have something else to say.
    let next = |(files, name): (&str, &str)| {
        let step = of_files(&api, &bucket, MORE, files).input("variables", name);
        api.pull_request_at(step, NUMBER, HEADS[1])
    };
    let started: Vec<_> = choices.concat().into_iter().map(|choice| next(choice).start()).collect();
    started.into_iter().for_each(|step| drop(step.ends().succeeds()));
    let text = only_text(&api);
    assert_eq!((parts(&text).len(), text.matches("+   MORE").count()), (4, 2), "{text}");
    assert_eq!((text.matches("~ prod/ca.pem").count(), text.contains("ADDED")), (2, false), "{text}");
}

/// A job that had read the comment before writes it as it was.
#[test]
fn a_part_that_another_job_overwrote_is_written_again() {
    let bucket = deployed();
    let is_lost = AtomicBool::new(false);
    let overwritten = std::sync::Mutex::new(None);
    let api = GitHubApi::before(move |request, state| {
        let mut overwritten = overwritten.lock().unwrap();
        if request.method == "PATCH" && overwritten.is_none() {
            *overwritten = Some(state.comments[0]["body"].clone());
        }
        if let Some(text) = overwritten.as_ref().filter(|_| request.method == "GET")
            && !is_lost.swap(true, Ordering::Relaxed)
        {
            state.comments[0]["body"] = text.clone();
        }
        None
    });
    of_files(&api, &bucket, CHANGED, "prod/.env").run().succeeds();
    of_files(&api, &bucket, CHANGED, "prod/ca.pem").run().succeeds().says("Comment brought up to date: ");
    assert_eq!(headings(&only_text(&api)), ["`files: prod/.env`", "`files: prod/ca.pem`"]);
    assert_eq!(api.count("PATCH"), 2);
}

#[test]
fn a_comment_that_cannot_be_read_again_was_written() {
    let bucket = deployed();
    let api = GitHubApi::before(|request, _| {
        let is_read_again = request.method == "GET" && request.target.ends_with("/issues/comments/1");
        is_read_again.then(|| refusal(403, "Resource not accessible by integration", &[]))
    });
    of_files(&api, &bucket, CHANGED, "prod/.env").run().succeeds();
    let run = of_files(&api, &bucket, CHANGED, "prod/ca.pem").run().succeeds().says("Comment brought up to date: ");
    let [told] = titled(&run, "Comment")[..] else { panic!("{}", run.printed()) };
    assert!(told.starts_with("The comment was written. It could not be read again, so another job"), "{told}");
    assert!(run.summary.contains(" (not read again)` |"), "{}", run.summary);
    assert_eq!(parts(&only_text(&api)).len(), 2);
}

#[test]
fn what_twins_say_is_in_the_older_one_before_they_go() {
    let bucket = deployed();
    let text_of = |chosen: &str| {
        let api = GitHubApi::start();
        of_files(&api, &bucket, CHANGED, chosen).run().succeeds();
        only_text(&api)
    };
    let api = GitHubApi::start();
    for chosen in ["prod/.env", "prod/*"] {
        api.state().comment_by("github-actions[bot]", NUMBER, &text_of(chosen));
    }
    of_files(&api, &bucket, CHANGED, "prod/ca.pem").run().succeeds().says("Comment brought up to date: ");
    assert_eq!(headings(&only_text(&api)), ["`files: prod/*`", "`files: prod/.env`", "`files: prod/ca.pem`"]);
    assert_eq!((api.count("POST"), api.count("DELETE")), (0, 1));
}

#[test]
fn the_same_difference_at_the_next_commit_is_not_written_again() {
    let (api, bucket) = (GitHubApi::start(), deployed());
    let job = |files: &[(&str, &str)], head: usize| at(&api, &bucket, files, "prod/*", head);
    job(CHANGED, 0).run().succeeds().says("Comment written: ");
    let text = only_text(&api);
    // As GitHub's pages leave it.
    api.state().comments[0]["body"] = text.replace('\n', "\r\n").into();
    job(CHANGED, 1).run().succeeds().says("Comment unchanged: ");
    assert_eq!((api.count("PATCH"), only_text(&api)), (0, text.replace('\n', "\r\n")));
    assert!(!api.asked().iter().any(|asked| asked.ends_with("/pulls")), "{:?}", api.asked());
    job(MORE, 2).run().succeeds().says("Comment brought up to date: ");
    let more = only_text(&api);
    assert!(more.contains("+   MORE") && more.contains(HEADS[2]) && !more.contains(HEADS[0]), "{more}");
    // What is gone is told once, too.
    job(DEPLOYED, 2).run().succeeds().says("Comment brought up to date: ");
    job(DEPLOYED, 3).run().succeeds().says("Comment unchanged: ");
    assert!(only_text(&api).contains("the difference that was told here is gone"), "{}", only_text(&api));
    assert_eq!((api.count("POST"), api.count("PATCH")), (1, 2));
}

#[test]
fn what_stays_the_same_is_there_at_each_commit_beside_what_changes() {
    let bucket = deployed();
    for is_last in [true, false] {
        let api = GitHubApi::start();
        for (head, files) in [CHANGED, MORE, CHANGED].into_iter().enumerate() {
            let mut jobs = [at(&api, &bucket, files, "prod/.env", head), at(&api, &bucket, files, "prod/ca.pem", head)];
            if !is_last {
                jobs.reverse();
            }
            for job in jobs {
                job.run().succeeds();
                let text = only_text(&api);
                assert!(head == 0 || text.contains("~ prod/ca.pem") && text.contains("~ prod/.env"), "{text}");
            }
            let text = only_text(&api);
            assert_eq!((headings(&text).len(), text.contains("+   MORE")), (2, head == 1), "{text}");
            // Of a job that ran before another wrote nothing says whether it ran.
            assert_eq!(text.contains("\nLast written at 1111111.\n"), !is_last && head == 1, "{text}");
        }
    }
}

#[test]
fn a_choice_that_is_gone_is_dated_first_and_goes_with_the_next_commit() {
    let (api, bucket) = (GitHubApi::start(), deployed());
    at(&api, &bucket, CHANGED, "prod/.env", 0).run().succeeds();
    let before = only_text(&api);
    // The workflow looks at other files now.
    at(&api, &bucket, CHANGED, "prod/*", 1).run().succeeds().says("Comment brought up to date: ");
    let dated = only_text(&api);
    assert_eq!(headings(&dated), ["`files: prod/*`", "`files: prod/.env`"]);
    let [_, gone] = parts(&dated)[..] else { panic!("{dated}") };
    let ([mark, date, "", shown @ ..], [_, shown_before @ ..]) =
        (&gone.lines().collect::<Vec<_>>()[..], &parts(&before)[0].lines().collect::<Vec<_>>()[..])
    else {
        panic!("{gone}")
    };
    assert!(mark.contains(&format!(" {}-unconfirmed-since-{} ", HEADS[0], HEADS[1])), "{mark}");
    assert_eq!((*date, shown), ("Last written at 1111111.", shown_before));
    at(&api, &bucket, CHANGED, "prod/*", 1).run().succeeds().says("Comment unchanged: ");
    assert_eq!((only_text(&api), api.count("PATCH")), (dated, 1));
    at(&api, &bucket, MORE, "prod/*", 2).run().succeeds().says("Comment brought up to date: ");
    let after = only_text(&api);
    assert!(headings(&after).is_empty() && after.contains("+   MORE") && !after.contains("Last written"), "{after}");
}

#[test]
fn who_has_nothing_to_say_doubts_others_only_where_the_workflow_has_changed() {
    let (api, bucket) = (GitHubApi::start(), deployed());
    let job = |files: &[(&str, &str)], chosen: &str, head: usize, workflow: &str| {
        at(&api, &bucket, files, chosen, head).repository_file(WORKFLOW, workflow)
    };
    job(CHANGED, "prod/.env", 0, "first").run().succeeds().says("Comment written: ");
    let text = only_text(&api);
    job(DEPLOYED, "prod/ca.pem", 1, "first").run().succeeds().says("Comment unchanged: ");
    assert_eq!((only_text(&api), api.count("PATCH")), (text, 0));
    for _ in ["writes", "has written"] {
        job(DEPLOYED, "prod/*", 1, "second").run().succeeds();
        let dated = only_text(&api);
        assert!(dated.contains(" -->\nLast written at 1111111.\n\n### ") && parts(&dated).len() == 1, "{dated}");
        assert_eq!(api.count("PATCH"), 1);
    }
    job(DEPLOYED, "prod/*", 2, "second").run().succeeds().says("Comment brought up to date: ");
    let nothing = only_text(&api);
    let (_, shown) = nothing.split_once('\n').unwrap();
    insta::assert_snapshot!(shown, @"
    ### Configuration of `shop`: no difference told

    So far no job has found a difference in the last commit of this pull request.
    ");
    job(DEPLOYED, "prod/ca.pem", 3, "third").run().succeeds().says("Comment unchanged: ");
    job(CHANGED, "prod/*", 3, "third").run().succeeds().says("Comment brought up to date: ");
    assert!(only_text(&api).contains("+   ADDED"));
}

/// A job that was slow, or is run again, has read files that nobody asks about any more.
#[test]
fn a_job_for_an_older_commit_leaves_what_is_said_of_the_newer_one() {
    let (api, bucket) = (GitHubApi::start(), deployed());
    let job = |files: &[(&str, &str)], head: usize| at(&api, &bucket, files, "prod/*", head);
    api.state().pulls = vec![serde_json::json!({"number": NUMBER, "label": "acme:fix", "sha": HEADS[1]})];
    job(CHANGED, 1).run().succeeds().says("Comment written: ");
    let text = only_text(&api);
    job(MORE, 0).run().succeeds().says("Comment not written: the pull request has a newer commit: https://github.com/");
    // The newer commit has left what names the older one, which is run again.
    job(CHANGED, 2).run().succeeds().says("Comment unchanged: ");
    api.state().pulls[0]["sha"] = HEADS[2].into();
    job(MORE, 1).run().succeeds().says("Comment not written: the pull request has a newer commit: https://github.com/");
    job(CHANGED, 1).run().succeeds().says("Comment unchanged: ");
    at(&api, &bucket, DEPLOYED, "prod/.env", 1).run().succeeds().says("Comment unchanged: ");
    assert_eq!((only_text(&api), api.count("PATCH")), (text, 0));
    // It was pushed back to.
    api.state().pulls[0]["sha"] = HEADS[0].into();
    job(MORE, 0).run().succeeds().says("Comment brought up to date: ");
    assert!(only_text(&api).contains(HEADS[0]));
}

#[test]
fn a_choice_with_nothing_to_say_leaves_what_others_say() {
    let (api, bucket) = (GitHubApi::start(), deployed());
    let [env, pem] = ["prod/.env", "prod/ca.pem"];
    of_files(&api, &bucket, CHANGED, env).run().succeeds();
    let alone = only_text(&api);
    of_files(&api, &bucket, DEPLOYED, pem).run().succeeds().says("Comment unchanged: ");
    assert_eq!((only_text(&api), api.count("PATCH")), (alone.clone(), 0));
    // What was told is gone, and of the other file it is not.
    of_files(&api, &bucket, CHANGED, pem).run().succeeds();
    of_files(&api, &bucket, DEPLOYED, pem).run().succeeds().says("Comment brought up to date: ");
    let text = only_text(&api);
    let [first, second] = parts(&text)[..] else { panic!("{text}") };
    assert_eq!(first, parts(&alone)[0]);
    assert!(second.contains("the difference that was told here is gone"), "{second}");
    of_files(&api, &bucket, DEPLOYED, env).run().succeeds();
    assert_eq!(only_text(&api).matches("the difference that was told here is gone").count(), 2);
}

#[test]
fn what_has_no_room_beside_another_part_is_in_the_summary() {
    let (api, bucket) = (GitHubApi::start(), deployed());
    let keys: String = (0..3_000).map(|n| format!("A_RATHER_LONG_NAME_OF_A_KEY_{n}=value-of-{n}\n")).collect();
    let step = |chosen: &str| of_files(&api, &bucket, &[("prod/.env", &keys), CHANGED[1]], chosen);
    step("prod/.env").run().succeeds();
    let first = only_text(&api);
    let run = step("prod/*").run().succeeds();
    let both = only_text(&api);
    let length = both.chars().count();
    assert!((55_000..=60_000).contains(&length) && both.contains(parts(&first)[0]), "{length}");
    let second = parts(&both)[0];
    assert!(second.contains(" more lines: the summary of the run has them all.\n"), "{second}");
    assert!(second.contains("\ncstore diff s3://") && run.summary.contains("A_RATHER_LONG_NAME_OF_A_KEY_2999"));
    for chosen in ["prod/.env", "prod/*"] {
        step(chosen).run().succeeds().says("Comment unchanged: ");
    }
    // There is room for none that says much, and no part of others is cut.
    let run = step("**").run().succeeds();
    let run = run.says("Comment not written: what other jobs say leaves no room, and the summary has all of this: ");
    assert!(run.summary.contains("A_RATHER_LONG_NAME_OF_A_KEY_2999"));
    assert_eq!(only_text(&api), both);
}

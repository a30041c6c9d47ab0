//! `verify-source`: whether the tag that a version was pushed from still leads to the same commit.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use crate::harness::github_api::description::nullable_fields;
use crate::harness::github_api::refusal;
use crate::harness::proxy::{Fault, get};
use crate::harness::{Action, Bucket, GitHubApi, Proxy, Run, shows};
use crate::story::titled;

/// How long a file is held back at most. Only a test that fails waits so long.
const PATIENCE: Duration = Duration::from_secs(8);

/// The commit of the steps.
const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
const OTHER: &str = "fedcba9876543210fedcba9876543210fedcba98";
const TAG: &str = "v1.0.0";

/// A bucket with a version that a workflow of [`TAG`] has pushed.
fn pushed_from_tag() -> Bucket {
    let bucket = Bucket::versioned();
    push(&bucket).tag(TAG).run().succeeds();
    bucket
}

fn push(bucket: &Bucket) -> Action {
    Action::push(bucket).input("context", "shop").files(&["a.env"]).workspace_file("a.env", "TOKEN=hunter2-value\n")
}

fn pull(api: &GitHubApi, bucket: &Bucket, version: &str) -> Action {
    api.job(Action::pull(bucket).input("context", "shop").version(version))
}

fn github_with_tag(commit: &str) -> GitHubApi {
    let api = GitHubApi::start();
    api.state().tag(TAG, commit, 2);
    api
}

fn error(run: &Run) -> &str {
    assert_eq!(run.annotations.iter().filter(|annotation| annotation.title == "Source").count(), 1);
    run.messages("error")[0]
}

#[test]
fn a_tag_that_still_leads_there_is_said_to() {
    let bucket = pushed_from_tag();
    for version in [TAG, "^1", "latest"] {
        let api = github_with_tag(COMMIT);
        let run = pull(&api, &bucket, version).input("verify-source", "require").run().succeeds();
        let said =
            "Version v1.0.0 of shop was pushed from commit 0123456 at tag v1.0.0 of acme/shop, where the tag still is.";
        assert_eq!(run.output("TOKEN"), "hunter2-value");
        let run = run.says(said);
        assert!(run.summary.contains(&format!("| Source | `{said}` |")), "{}", run.summary);
        assert!(run.annotations.is_empty(), "{}", run.printed());
        assert_eq!(api.asked().len(), 4, "{:?}", api.asked());
    }
}

/// The version is known only when the channel has been read.
#[test]
fn what_a_channel_points_at_is_compared_with_its_tag() {
    let bucket = pushed_from_tag();
    let promote = Action::new(&bucket).input("command", "promote").input("context", "shop").input("from", TAG);
    promote.input("to", ":prod").run().succeeds();
    for (name, value) in [("channel", "prod"), ("version", ":prod")] {
        let pull = |api: &GitHubApi| api.job(Action::pull(&bucket).input("context", "shop").input(name, value));
        let run = pull(&github_with_tag(COMMIT)).input("verify-source", "require").run().succeeds();
        run.says(
            "Version v1.0.0 of shop was pushed from commit 0123456 at tag v1.0.0 of acme/shop, where the tag still is.",
        );
        let moved = github_with_tag(OTHER);
        let run = pull(&moved).input("verify-source", "require").run().fails(5);
        assert!(error(&run).contains("the tag leads to commit fedcba9 now"), "{}", run.printed());
        assert_eq!(pull(&moved).run().succeeds().messages("warning").len(), 1);
    }
}

#[test]
fn a_tag_that_was_moved_or_deleted_is_told_apart_and_fails_only_what_requires_it() {
    let shown = shows(
        "T15",
        "a tag is moved or deleted after its push, or its repository replaced",
        "a warning, and code 5 with `verify-source: require`",
    );
    let bucket = pushed_from_tag();
    let moved = github_with_tag(OTHER);
    let deleted = GitHubApi::start();
    let replaced = github_with_tag(COMMIT);
    replaced.state().repository_id = 99;
    let cases = [
        (moved, "and the tag leads to commit fedcba9 now."),
        (deleted, "and that tag is not there any more."),
        (replaced, "what has this name now is another repository: number 99 in place of 4711."),
    ];
    for (api, said) in shown.each(cases) {
        let run = pull(&api, &bucket, TAG).run().succeeds();
        assert_eq!(run.output("TOKEN"), "hunter2-value");
        assert!(titled(&run, "Source")[0].ends_with(said), "{}", run.printed());
        assert_eq!(run.messages("warning").len(), 1);
        pull(&api, &bucket, TAG).input("verify-source", "off").run().succeeds().does_not_say(said);
        let run = pull(&api, &bucket, TAG).input("verify-source", "require").run().fails(5);
        assert!(error(&run).contains(said) && error(&run).contains("Nothing was delivered."), "{}", error(&run));
    }
}

#[test]
fn what_is_not_known_is_no_warning_of_something_wrong_and_not_enough_for_who_requires_it() {
    let bucket = pushed_from_tag();
    let hidden = || GitHubApi::before(|_, _| Some(refusal(404, "Not Found", &[])));
    let denied = || {
        GitHubApi::before(|request, _| {
            let headers = [("x-accepted-github-permissions", "contents=read")];
            request.target.contains("/git/").then(|| refusal(403, "Resource not accessible by integration", &headers))
        })
    };
    let down = || GitHubApi::before(|_, _| Some(refusal(500, "", &[])));
    for (api, level, said) in [
        (hidden(), "notice", "Its answer is the same if the token"),
        (denied(), "notice", "Add `contents: read` to `permissions:` of the job."),
        (down(), "warning", "GitHub answered with status 500"),
    ] {
        let run = pull(&api, &bucket, TAG).run().succeeds();
        let [told] = run.messages(level)[..] else { panic!("{}", run.printed()) };
        assert!(told.contains("could not be determined") && told.contains(said), "{told}");
        let run = pull(&api, &bucket, TAG).input("verify-source", "require").run().fails(5);
        assert!(error(&run).contains(said), "{}", error(&run));
    }
}

#[test]
fn github_is_asked_beside_the_bucket_and_never_before_it() {
    let bucket = pushed_from_tag();
    for version in [TAG, "^1", "latest"] {
        let proxy = Arc::new(Proxy::start());
        let of_github = Arc::clone(&proxy);
        // GitHub says nothing before the bucket was asked for all there is.
        let api = GitHubApi::before(move |_, _| {
            let is_asked =
                || of_github.requests().iter().any(|seen| seen.method == "GET" && seen.key.ends_with("/a.env"));
            let begun = Instant::now();
            while !is_asked() {
                if begun.elapsed() > Duration::from_secs(8) {
                    return Some(refusal(422, "the bucket is not asked", &[]));
                }
                std::thread::yield_now();
            }
            None
        });
        api.state().tag(TAG, COMMIT, 1);
        let step = pull(&api, &bucket, version).through(&proxy).input("verify-source", "require");
        step.run().succeeds().says("where the tag still is");
    }
}

/// The file's bytes are held back until GitHub is asked: whoever waited for them first would never get them.
#[test]
fn github_is_asked_while_the_files_come_however_the_version_was_found() {
    let bucket = pushed_from_tag();
    let promote = Action::new(&bucket).input("command", "promote").input("context", "shop").input("from", TAG);
    promote.input("to", ":prod").run().succeeds();
    // Files that are named are asked for together with the manifest.
    for (version, files) in [(TAG, ""), ("^1", ""), ("latest", "a.env"), (":prod", ""), (":prod", "a.env")] {
        let proxy = Proxy::start();
        let asked = Arc::new((Mutex::new(false), Condvar::new()));
        let (by_github, by_file) = (Arc::clone(&asked), Arc::clone(&asked));
        let api = GitHubApi::before(move |_, _| {
            *by_github.0.lock().unwrap() = true;
            by_github.1.notify_all();
            None
        });
        let is_late = Arc::new(AtomicBool::new(false));
        let late = Arc::clone(&is_late);
        proxy.on(
            get("/a.env"),
            Fault::before(move || {
                let wait = by_file.1.wait_timeout_while(by_file.0.lock().unwrap(), PATIENCE, |asked| !*asked);
                late.fetch_or(wait.unwrap().1.timed_out(), Ordering::Relaxed);
            }),
        );
        api.state().tag(TAG, COMMIT, 1);
        let step = pull(&api, &bucket, version).input("files", files).through(&proxy).input("verify-source", "require");
        step.run().succeeds().says("where the tag still is");
        assert!(!is_late.load(Ordering::Relaxed), "{version}: GitHub is asked after the files");
        assert_eq!(api.asked().len(), 3, "{:?}", api.asked());
    }
}

#[test]
fn a_server_of_ones_own_is_asked_below_its_path() {
    let (api, bucket) = (GitHubApi::of_ones_own(), pushed_from_tag());
    api.state().tag(TAG, COMMIT, 2);
    pull(&api, &bucket, TAG).input("verify-source", "require").run().succeeds().says("where the tag still is");
    assert_eq!(api.asked().len(), 4, "{:?}", api.asked());
}

#[test]
fn the_bucket_is_asked_for_nothing_more() {
    let bucket = pushed_from_tag();
    let asked = |with_token: bool| {
        let (api, proxy) = (github_with_tag(COMMIT), Proxy::start());
        let step = Action::pull(&bucket).input("context", "shop").version(TAG).through(&proxy);
        let step = if with_token { api.job(step) } else { step };
        step.run().succeeds();
        let mut asked: Vec<_> = proxy.requests().iter().map(|seen| format!("{} {}", seen.method, seen.key)).collect();
        asked.sort_unstable();
        asked
    };
    assert_eq!(asked(true), asked(false));
}

#[test]
fn what_was_pushed_from_no_tag_is_passed_over_unless_it_is_required() {
    let (api, bucket) = (GitHubApi::start(), Bucket::versioned());
    push(&bucket).version(TAG).run().succeeds();
    push(&bucket).version("head").run().succeeds();
    for version in [TAG, "head"] {
        let run = pull(&api, &bucket, version).run().succeeds().does_not_say("Source");
        assert_eq!(run.output("TOKEN"), "hunter2-value");
        let run = pull(&api, &bucket, version).input("verify-source", "require").run().fails(5);
        assert!(error(&run).contains("was not pushed from a tag by a workflow"), "{}", error(&run));
    }
}

#[test]
fn names_of_tags_are_asked_for_as_they_are() {
    let bucket = Bucket::versioned();
    let tag = "shop/50%#a&b";
    push(&bucket).tag(tag).version(TAG).run().succeeds();
    let api = GitHubApi::start();
    api.state().tag(tag, COMMIT, 0);
    api.state().tag("shop/50%", OTHER, 0);
    pull(&api, &bucket, "^1").input("verify-source", "require").run().succeeds().says("where the tag still is");
}

#[test]
fn a_tag_of_tags_without_end_is_left_at_some_time() {
    let (api, bucket) = (GitHubApi::start(), pushed_from_tag());
    api.state().tag(TAG, COMMIT, 30);
    let run = pull(&api, &bucket, TAG).run().succeeds();
    assert!(titled(&run, "Source")[0].contains("could not be determined"), "{}", run.printed());
    assert!(api.asked().len() < 15, "{:?}", api.asked());
}

#[test]
fn a_tag_of_something_else_than_a_commit_is_not_the_commit() {
    let (api, bucket) = (GitHubApi::start(), pushed_from_tag());
    api.state().tags.insert(TAG.to_owned(), vec![("tree", COMMIT.to_owned())]);
    let run = pull(&api, &bucket, TAG).input("verify-source", "require").run().fails(5);
    assert!(error(&run).contains("the tag does not lead to a commit"), "{}", run.printed());
}

#[test]
fn whatever_may_be_null_is_not_looked_at() {
    let bucket = pushed_from_tag();
    for route in
        ["/repos/{owner}/{repo}", "/repos/{owner}/{repo}/git/ref/{ref}", "/repos/{owner}/{repo}/git/tags/{tag_sha}"]
    {
        for field in nullable_fields("get", route) {
            let api = github_with_tag(COMMIT);
            api.state().null = Some((route, field));
            pull(&api, &bucket, TAG).input("verify-source", "require").run().succeeds();
        }
    }
}

#[test]
fn without_a_token_nothing_is_checked_and_what_asks_for_it_is_an_error() {
    let bucket = pushed_from_tag();
    let step = |mode: &str| Action::pull(&bucket).input("context", "shop").version(TAG).input("verify-source", mode);
    for mode in ["", "off"] {
        step(mode).run().succeeds().does_not_say("Source");
    }
    for mode in ["warn", "require"] {
        step(mode).run().fails(2).says("is not set. Set `github-token: ${{ github.token }}`, or remove it.");
    }
}

#[test]
fn a_pull_that_fails_does_not_wait_for_github() {
    let bucket = pushed_from_tag();
    let api = GitHubApi::before(|_, _| Some(refusal(429, "slow", &[("retry-after", "100")])));
    pull(&api, &bucket, "v9.9.9").run().fails(6);
}

#[test]
fn a_pause_that_github_wants_keeps_only_those_waiting_who_require_an_answer() {
    let bucket = pushed_from_tag();
    let api = GitHubApi::before(|_, _| Some(refusal(429, "slow", &[("retry-after", "100")])));
    let run = pull(&api, &bucket, TAG).run().succeeds();
    assert!(titled(&run, "Source")[0].contains("GitHub did not answer within 10 s"), "{}", run.printed());
    let run = pull(&api, &bucket, TAG).input("verify-source", "require").input("timeout-seconds", "5").run().fails(5);
    assert!(error(&run).contains("waiting 100 s would"), "{}", error(&run));
}

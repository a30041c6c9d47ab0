//! `release-notes`: the section of a release that says which configuration belongs to it.

use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, mpsc};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;

use crate::harness::github_api::description::nullable_fields;
use crate::harness::github_api::refusal;
use crate::harness::{Action, Bucket, GitHubApi, Versioning};
use crate::story::titled;

const RELEASE: u64 = 31;

/// A step that pushes from a tag with a release.
fn push(api: &GitHubApi, bucket: &Bucket, tag: &str, text: &str) -> Action {
    let step = Action::push(bucket).input("context", "shop").files(&["prod/.env"]).workspace_file("prod/.env", text);
    api.job(step.tag(tag).input("release-notes", "true"))
}

fn with_release(tag: &str, notes: Option<&str>) -> GitHubApi {
    let api = GitHubApi::start();
    api.state().releases.push((RELEASE, tag.to_owned(), notes.map(ToOwned::to_owned)));
    api
}

fn notes(api: &GitHubApi) -> String {
    api.state().releases[0].2.clone().unwrap_or_default()
}

#[test]
fn names_version_digest_files_and_keys_that_changed() {
    let bucket = Bucket::versioned();
    push(&with_release("v1.0.0", None), &bucket, "v1.0.0", "A=value-one\nGONE=value-two\n").run().succeeds();
    let api = with_release("v1.1.0", Some("## What is new\r\n\r\nMuch."));
    let run = push(&api, &bucket, "v1.1.0", "A=value-three\nADDED=value-four\n").run().succeeds();
    let text = notes(&api);
    let own = text.strip_prefix("## What is new\r\n\r\nMuch.\n\n").unwrap();
    let shown = own.replace(&bucket.name().replace('-', "%2D"), "BUCKET");
    insta::assert_snapshot!(shown, @"
    <!-- cstore-action notes s3://BUCKET/shop -->
    ### Configuration of `shop`

    | | |
    | --- | --- |
    | Version | `v1.1.0` |
    | Digest | `sha256:8dbce469dd4bd43f36560b7c0be681ec2c30da47e5931eda7a5bbce0beebfb71` |
    | Files | `prod/.env` |

    Compared with `v1.0.0`:

    ```diff
    ~ prod/.env
    +   ADDED
    ~   A
    -   GONE
    ```

    <!-- /cstore-action notes s3://BUCKET/shop -->
    ");
    let run = run.says("Release notes written: https://github.com/acme/shop/releases/tag/v1.1.0");
    assert!(run.summary.contains("| Release notes | `written: "), "{}", run.summary);
    assert_eq!(run.output("config-url"), "https://github.com/acme/shop/releases/tag/v1.1.0");
    assert!(!text.contains("value-"), "{text}");
}

/// Who ends a step that GitHub keeps waiting has all that is in the bucket, and its outputs.
#[test]
fn the_outputs_and_the_channel_do_not_wait_for_github() {
    let bucket = Bucket::versioned();
    let (folder, seen) = (Arc::new(OnceLock::new()), Arc::new(Mutex::new(Vec::new())));
    let (there, commands, noted) = (bucket.clone(), Arc::clone(&folder), Arc::clone(&seen));
    let api = GitHubApi::before(move |request, _| {
        if request.method == "PATCH" {
            let commands: &PathBuf = commands.get().unwrap();
            let files = fs::read_dir(commands).unwrap().map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap());
            let is_moved = there.find("shop/.cstore/channels/prod.json").is_some();
            noted.lock().unwrap().push((is_moved, files.collect::<String>()));
        }
        None
    });
    api.state().releases.push((RELEASE, "v1.0.0".to_owned(), None));
    let step = push(&api, &bucket, "v1.0.0", "A=value-one\n").input("channel", "prod");
    folder.set(step.workspace().mounted("file_commands")).unwrap();
    step.run().succeeds();
    let seen = seen.lock().unwrap();
    let [(true, outputs)] = &seen[..] else { panic!("one PATCH is expected, once the channel is moved: {seen:?}") };
    assert!(outputs.contains("config-version<<") && outputs.contains("config-channel<<"), "{outputs}");
}

/// What is published is told in the notes whether or not the channel is moved to it.
#[test]
fn a_push_that_moves_a_channel_writes_them_whether_or_not_it_is_moved() {
    let bucket = Bucket::versioned();
    let api = with_release("v1.0.0", None);
    let run = push(&api, &bucket, "v1.0.0", "A=value-one\n").input("channel", "prod").run().succeeds();
    assert_eq!(run.output("config-channel"), "prod");
    run.says("Release notes written: ").says("Moved :prod of shop in s3://");
    assert!(notes(&api).contains("| Version | `v1.0.0` |"), "{}", notes(&api));
    bucket.put("shop/.cstore/channels/prod.json", "{", &[]);
    let api = with_release("v1.1.0", None);
    push(&api, &bucket, "v1.1.0", "A=value-two\n").input("channel", "prod").run().fails(5);
    assert!(notes(&api).contains("| Version | `v1.1.0` |"), "{}", notes(&api));
}

#[test]
fn a_second_run_writes_nothing_and_a_change_takes_its_place() {
    let bucket = Bucket::versioned();
    let api = with_release("v1.0.0", Some("By hand."));
    push(&api, &bucket, "v1.0.0", "A=value-one\n").run().succeeds();
    let first = notes(&api);
    push(&api, &bucket, "v1.0.0", "A=value-one\n").run().succeeds().says("Release notes unchanged: ");
    assert_eq!((notes(&api), api.count("PATCH")), (first.clone(), 1));
    api.state().releases[0].2 = Some(format!("{first}\n\nMore by hand."));
    let step = push(&api, &bucket, "v1.0.0", "A=value-one\nB=value-two\n").input("overwrite", "true");
    step.run().succeeds().says("Release notes written: ");
    let second = notes(&api);
    assert!(second.starts_with("By hand.\n\n<!-- ") && second.ends_with(" -->\n\nMore by hand."), "{second}");
    assert_eq!(second.matches("### Configuration of").count(), 1);
}

/// What the notes say of keys is of the version before, whatever became of the runs before this one.
#[test]
fn the_keys_are_compared_with_the_version_before_also_when_the_job_is_run_again() {
    let bucket = Bucket::versioned();
    push(&with_release("v1.0.0", None), &bucket, "v1.0.0", "A=value-one\nGONE=value-two\n").run().succeeds();
    let changed = "A=value-three\nADDED=value-four\n";
    // Nothing could be written in the first run, and the second finds the version published.
    push(&GitHubApi::start(), &bucket, "v1.1.0", changed).run().succeeds();
    let api = with_release("v1.1.0", None);
    let again = || push(&api, &bucket, "v1.1.0", changed);
    let run = again().run().succeeds().says("Release notes written: ");
    assert_eq!(run.output("config-changed"), "false");
    let compared = "Compared with `v1.0.0`:\n\n```diff\n~ prod/.env\n+   ADDED\n~   A\n-   GONE\n```\n";
    assert!(notes(&api).contains(compared), "{}", notes(&api));
    again().run().succeeds().says("Release notes unchanged: ");
    // What is overwritten is no version before.
    let step = push(&api, &bucket, "v1.1.0", "A=value-one\nADDED=value-five\n").input("overwrite", "true");
    step.run().succeeds().says("Compared with what was there: ").says("Release notes written: ");
    let compared = "Compared with `v1.0.0`:\n\n```diff\n~ prod/.env\n+   ADDED\n-   GONE\n```\n";
    assert!(notes(&api).contains(compared), "{}", notes(&api));
    assert!(!notes(&api).contains("what was there"), "{}", notes(&api));
}

#[test]
fn the_release_that_started_the_workflow_is_taken_even_as_a_draft_of_another_tag() {
    let bucket = Bucket::versioned();
    let api = with_release("untagged-1", None);
    let event = json!({"release": {"id": RELEASE, "name": null}});
    push(&api, &bucket, "v1.0.0", "A=value-one\n").event("release", &event.to_string()).run().succeeds();
    assert!(notes(&api).contains("| Version | `v1.0.0` |"), "{}", notes(&api));
}

#[test]
fn jobs_that_write_at_the_same_time_lose_nothing() {
    let bucket = Bucket::versioned();
    let api = with_release("v1.0.0", Some("By hand."));
    let contexts = ["one", "two", "three", "four"];
    let steps =
        contexts.map(|context| push(&api, &bucket, "v1.0.0", "A=value-one\n").input("context", context).start());
    steps.into_iter().for_each(|step| drop(step.ends().succeeds()));
    let notes = notes(&api);
    assert!(notes.starts_with("By hand.\n\n"), "{notes}");
    for context in contexts {
        assert_eq!(notes.matches(&format!("### Configuration of `{context}`\n")).count(), 1, "{notes}");
    }
}

#[test]
fn what_another_job_overwrote_is_written_again() {
    let bucket = Bucket::versioned();
    let is_lost = std::sync::atomic::AtomicBool::new(false);
    let api = GitHubApi::before(move |request, state| {
        let is_written = state.releases[0].2.as_ref().is_some_and(|notes| notes.contains("cstore-action"));
        if request.method == "GET" && is_written && !is_lost.swap(true, std::sync::atomic::Ordering::Relaxed) {
            state.releases[0].2 = Some("Written by a job that had read before.".to_owned());
        }
        None
    });
    api.state().releases.push((RELEASE, "v1.0.0".to_owned(), None));
    push(&api, &bucket, "v1.0.0", "A=value-one\n").run().succeeds();
    let notes = notes(&api);
    assert!(notes.starts_with("Written by a job that had read before.\n\n<!-- cstore-action"), "{notes}");
    assert_eq!(api.count("PATCH"), 2);
}

/// A PATCH that is sent again as it was would take away what others wrote while it waited.
#[test]
fn what_others_write_while_a_refused_write_waits_stays() {
    for (status, headers, is_kept) in [
        (429, &[("retry-after", "1")][..], false),
        (403, &[("retry-after", "1")], false),
        (502, &[], false),
        (503, &[("retry-after", "0")], false),
        // The write was kept, and its answer was lost.
        (504, &[], true),
    ] {
        let bucket = Bucket::versioned();
        let headers = headers.to_vec();
        let is_refused = std::sync::atomic::AtomicBool::new(false);
        let api = GitHubApi::before(move |request, state| {
            if request.method != "PATCH" || is_refused.swap(true, std::sync::atomic::Ordering::Relaxed) {
                return None;
            }
            let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
            let kept = if is_kept { body["body"].as_str().unwrap() } else { "By hand." };
            state.releases[0].2 = Some(format!("{kept}\n\nWritten meanwhile."));
            Some(refusal(status, "Not now.", &headers))
        });
        api.state().releases.push((RELEASE, "v1.0.0".to_owned(), Some("By hand.".to_owned())));
        push(&api, &bucket, "v1.0.0", "A=value-one\n").run().succeeds().says("Release notes written: ");
        let notes = notes(&api);
        assert!(notes.starts_with("By hand.\n\n") && notes.contains("Written meanwhile."), "{status}: {notes}");
        assert_eq!(notes.matches("### Configuration of `shop`\n").count(), 1, "{status}: {notes}");
        assert_eq!(api.count("PATCH"), if is_kept { 1 } else { 2 }, "{status}");
    }
}

#[test]
fn other_line_ends_are_no_change() {
    let bucket = Bucket::versioned();
    let api = GitHubApi::before(|request, state| {
        let notes = state.releases.iter_mut().filter_map(|release| release.2.as_mut());
        let with_returns = |notes: &mut String| *notes = notes.replace("\r\n", "\n").replace('\n', "\r\n");
        (request.method == "GET").then(|| notes.for_each(with_returns));
        None
    });
    for (number, tag, text) in [(RELEASE, "v1.0.0", "A=value-one\n"), (RELEASE + 1, "v1.1.0", "B=value-two\n")] {
        api.state().releases.push((number, tag.to_owned(), Some("By hand.\nTwo lines.".to_owned())));
        push(&api, &bucket, tag, text).run().succeeds().says("Release notes written: ");
    }
    let notes = api.state().releases[1].2.clone().unwrap();
    assert!(notes.starts_with("By hand.\r\nTwo lines.\r\n") && notes.contains("+   B"), "{notes}");
    assert_eq!(api.count("PATCH"), 2);
}

#[test]
fn nothing_of_long_notes_of_others_is_lost() {
    let bucket = Bucket::versioned();
    let others = "🚀 Ein Wort\r\n".repeat(10_000);
    let api = with_release("v1.0.0", Some(&others));
    push(&api, &bucket, "v1.0.0", "A=value-one\n").run().succeeds().says("Release notes written");
    let first = notes(&api);
    assert!(first.starts_with(&others) && first.chars().count() <= 125_000, "{}", first.chars().count());
    push(&api, &bucket, "v1.0.0", "A=value-one\n").run().succeeds().says("Release notes unchanged");

    let bucket = Bucket::versioned();
    let others = "🚀".repeat(125_000);
    let api = with_release("v1.0.0", Some(&others));
    let run = push(&api, &bucket, "v1.0.0", "A=value-one\n").run().succeeds();
    let run = run.says("Release notes not written: the notes are as long as GitHub takes them");
    assert!(run.summary.contains("| Release notes | `not written: "), "{}", run.summary);
    assert_eq!((notes(&api), api.count("PATCH")), (others, 0));
}

#[test]
fn names_that_are_marks_of_a_section_do_not_end_it() {
    let bucket = Bucket::versioned();
    let api = with_release("v1.0.0", Some("By hand."));
    let mark = format!("<!-- /cstore-action notes s3%3A {} -->", bucket.name());
    let text = format!("{{\"{mark}\": \"value-one\"}}");
    let step = push(&api, &bucket, "v1.0.0", "A=value-one\n").files(&["**"]).workspace_file("<!-- x -->.json", text);
    step.run().succeeds();
    let first = notes(&api);
    assert_eq!(first.matches("<!--").count(), 2, "{first}");
    step.run().succeeds().says("Release notes unchanged");
    assert_eq!(notes(&api), first);
}

#[test]
fn whatever_may_be_null_disturbs_nothing() {
    let route = "/repos/{owner}/{repo}/releases/tags/{tag}";
    let fields = nullable_fields("get", route);
    assert!(fields.contains(&"/body".to_owned()) || fields.contains(&"/name".to_owned()), "{fields:?}");
    for field in fields {
        let (api, bucket) = (with_release("v1.0.0", None), Bucket::versioned());
        api.state().null = Some((route, field));
        push(&api, &bucket, "v1.0.0", "A=value-one\n").run().succeeds().says("Release notes written");
    }
}

#[test]
fn the_version_is_published_whatever_github_says() {
    let cases = [
        (GitHubApi::start(), "Its answer is the same if"),
        (
            GitHubApi::before(|_, _| {
                let headers = [("x-accepted-github-permissions", "contents=write")];
                Some(refusal(403, "Resource not accessible by integration", &headers))
            }),
            "Add `contents: write`",
        ),
    ];
    for (api, said) in cases {
        let bucket = Bucket::versioned();
        let run = push(&api, &bucket, "v1.0.0", "A=value-one\n").run().succeeds();
        assert!(titled(&run, "Release notes")[0].contains(said), "{}", run.printed());
        assert_eq!(run.output("config-changed"), "true");
    }
}

#[test]
fn a_push_of_no_version_or_a_dry_run_writes_nothing() {
    let (api, bucket) = (with_release("v1.0.0", None), Bucket::versioned());
    push(&api, &bucket, "v1.0.0", "A=value-one\n")
        .input("dry-run", "true")
        .run()
        .succeeds()
        .does_not_say("Release notes");
    push(&api, &bucket, "v1.0.0", "A=value-one\n")
        .version("head")
        .run()
        .succeeds()
        .says("Release notes not written: this push is of no version");
    push(&api, &bucket, "v1.0.0", "A=value-one\n")
        .branch("main")
        .version("v2.0.0")
        .run()
        .succeeds()
        .says("Release notes not written");
    assert_eq!(api.asked(), Vec::<String>::new());
    let step = push(&api, &bucket, "v1.0.0", "A=value-one\n").input("github-token", "");
    step.run().fails(2).says("The input `release-notes` is set, but `github-token` is not set.");
}

#[test]
fn a_run_that_is_cancelled_in_the_midst_of_writing_does_not_say_that_nothing_is_written() {
    const PATIENCE: Duration = Duration::from_secs(20);
    let bucket = Bucket::in_memory(Versioning::Enabled);
    let (arrives, arrived) = mpsc::channel();
    let (ends, ended) = mpsc::channel::<()>();
    let ended = Mutex::new(ended);
    let api = GitHubApi::before(move |request, _| {
        if request.method == "PATCH" {
            arrives.send(()).unwrap();
            // It is not answered before the step is gone.
            let _ = ended.lock().unwrap().recv_timeout(PATIENCE);
        }
        None
    });
    api.state().releases.push((RELEASE, "v1.0.0".to_owned(), None));
    let step = push(&api, &bucket, "v1.0.0", "A=value-one\n").start();
    arrived.recv_timeout(PATIENCE).unwrap();
    kill_process(Pid::from_child(&step.process), Signal::TERM).unwrap();
    let run = step.ends().says("Release notes perhaps not written: the run is cancelled");
    assert!(run.summary.contains("perhaps not written: the run is cancelled"), "{}", run.summary);
    drop(ends);
}

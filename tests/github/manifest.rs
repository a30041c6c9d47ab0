//! `release-manifest`: the manifest of a version as a file of a release that is not published yet.

use serde_json::json;

use crate::harness::github_api::description::nullable_fields;
use crate::harness::github_api::refusal;
use crate::harness::http::{Request, Response};
use crate::harness::{Action, Bucket, GitHubApi, Service};
use crate::story::titled;

const RELEASE: u64 = 31;
const KEY: &str = "shop/.cstore/versions/v1.0.0.json";

fn push(api: &GitHubApi, bucket: &Bucket, text: &str) -> Action {
    let step = Action::push(bucket).input("context", "shop").files(&["prod/.env"]).workspace_file("prod/.env", text);
    api.job(step.tag("v1.0.0").input("release-notes", "true").input("release-manifest", "true"))
}

fn draft(api: &GitHubApi) {
    api.state().releases.push((RELEASE, "v1.0.0".to_owned(), None));
    api.state().drafts.insert(RELEASE);
}

#[test]
fn a_draft_gets_the_manifest_as_it_is_in_the_bucket_and_the_notes() {
    for api in [GitHubApi::start(), GitHubApi::of_ones_own()] {
        let bucket = Bucket::versioned();
        draft(&api);
        let name = format!("manifest_{}_shop_v1.0.0.json", bucket.name());
        let run = push(&api, &bucket, "A=value-one\n").run().succeeds();
        let run = run.says("Release notes written: ").says(&format!("Release manifest attached: {name}"));
        assert!(run.summary.contains("| Release manifest | `attached: "), "{}", run.summary);
        let file = |api: &GitHubApi| {
            let state = api.state();
            assert_eq!(state.files.len(), 1);
            let (release, _, own, bytes) = state.files[0].clone();
            assert_eq!((release, own), (RELEASE, name.clone()));
            String::from_utf8(bytes).unwrap()
        };
        assert_eq!(file(&api), bucket.get(KEY).text());
        push(&api, &bucket, "A=value-one\n").run().succeeds().says(&format!("Release manifest unchanged: {name}"));
        assert_eq!((api.count("POST"), api.count("DELETE")), (1, 0));
        let again = push(&api, &bucket, "A=value-two\n").input("overwrite", "true");
        again.run().succeeds().says("Release manifest attached: ");
        assert_eq!(file(&api), bucket.get(KEY).text());
        assert_eq!((api.count("POST"), api.count("DELETE")), (2, 1));
    }
}

#[test]
fn a_release_that_is_published_gets_no_file() {
    let (api, bucket) = (GitHubApi::start(), Bucket::versioned());
    api.state().releases.push((RELEASE, "v1.0.0".to_owned(), None));
    let run = push(&api, &bucket, "A=value-one\n").run().succeeds().says("Release notes written: ");
    let run = run.says("Release manifest not attached: the release is published, and only a draft gets files");
    assert!(run.annotations.is_empty(), "{}", run.printed());
    assert_eq!((api.state().files.len(), api.count("POST")), (0, 0));
}

#[test]
fn the_draft_of_the_tag_is_found_among_others_and_no_draft_is_made() {
    let (api, bucket) = (GitHubApi::start(), Bucket::versioned());
    for number in 100..250 {
        api.state().releases.push((number, format!("v0.{number}.0"), None));
        api.state().drafts.extend((number % 2 == 0).then_some(number));
    }
    draft(&api);
    push(&api, &bucket, "A=value-one\n").run().succeeds().says("Release manifest attached: ");
    assert_eq!(api.state().files[0].0, RELEASE);

    let api = GitHubApi::start();
    let run = push(&api, &Bucket::versioned(), "A=value-one\n").run().succeeds();
    assert!(titled(&run, "Release notes")[0].contains("Its answer is the same if the token"), "{}", run.printed());
    assert_eq!(api.count("POST") + api.count("PATCH"), 0);
}

#[test]
fn whatever_may_be_null_disturbs_nothing() {
    let routes = [("/repos/{owner}/{repo}/releases", "get"), ("/repos/{owner}/{repo}/releases/{release_id}", "get")];
    for (route, method) in routes {
        // Notes that were written and are null ever after are not the server's to have.
        let fields =
            nullable_fields(method, route).into_iter().filter(|field| !route.ends_with("_id}") || field != "/body");
        for field in fields {
            let (api, bucket) = (GitHubApi::start(), Bucket::versioned());
            draft(&api);
            api.state().null = Some((route, field.clone()));
            push(&api, &bucket, "A=value-one\n").run().succeeds().says("Release manifest attached: ");
        }
    }
}

/// A file whose digest GitHub does not tell is not known to be the same.
#[test]
fn whatever_may_be_null_of_a_file_that_is_there_disturbs_nothing() {
    let route = "/repos/{owner}/{repo}/releases";
    let of_files = nullable_fields("get", route).into_iter().filter(|field| field.starts_with("/0/assets/0/"));
    let of_files: Vec<_> = of_files.collect();
    assert!(of_files.contains(&"/0/assets/0/digest".to_owned()), "{of_files:?}");
    for field in of_files {
        let (api, bucket) = (GitHubApi::start(), Bucket::versioned());
        draft(&api);
        push(&api, &bucket, "A=value-one\n").run().succeeds().says("Release manifest attached: ");
        api.state().null = Some((route, field.clone()));
        let run = push(&api, &bucket, "A=value-one\n").run().succeeds();
        let is_digest = field == "/0/assets/0/digest";
        run.says(if is_digest { "Release manifest attached: " } else { "Release manifest unchanged: " });
        assert_eq!(api.state().files.len(), 1, "{field}");
        assert_eq!((api.count("POST"), api.count("DELETE")), if is_digest { (2, 1) } else { (1, 0) }, "{field}");
    }
}

#[test]
fn a_refusal_is_a_warning_and_undoes_nothing() {
    let api = GitHubApi::before(|request, _| {
        let headers = [("x-accepted-github-permissions", "contents=write")];
        (request.method == "POST").then(|| refusal(403, "Resource not accessible by integration", &headers))
    });
    let bucket = Bucket::versioned();
    draft(&api);
    let run = push(&api, &bucket, "A=value-one\n").run().succeeds().says("Release notes written: ");
    let [warning] = titled(&run, "Release manifest")[..] else { panic!("{}", run.printed()) };
    assert!(warning.contains("was not attached") && warning.contains("Add `contents: write`"), "{warning}");
    assert!(bucket.find(KEY).is_some());
}

#[test]
fn what_may_have_arrived_is_looked_for_and_sent_again() {
    for (arrives, posts, deletes) in [(None, 2, 0), (Some(&b"whole"[..]), 1, 0), (Some(b"a part"), 2, 1)] {
        let bucket = Bucket::versioned();
        let is_lost = std::sync::atomic::AtomicBool::new(false);
        let api = GitHubApi::before(move |request, state| {
            if request.method != "POST" || is_lost.swap(true, std::sync::atomic::Ordering::Relaxed) {
                return None;
            }
            let name = request.target.split_once("name=").unwrap().1.to_owned();
            let bytes = arrives.map(|text| if text == b"whole" { request.body.clone() } else { text.to_vec() });
            state.files.extend(bytes.map(|bytes| (RELEASE, 9_000, name, bytes)));
            Some(refusal(502, "Server Error", &[]))
        });
        draft(&api);
        push(&api, &bucket, "A=value-one\n").run().succeeds().says("Release manifest attached: ");
        assert_eq!(api.state().files.len(), 1);
        assert_eq!(api.state().files[0].3, bucket.get(KEY).text().into_bytes());
        assert_eq!((api.count("POST"), api.count("DELETE")), (posts, deletes));
    }
}

#[test]
fn a_file_goes_to_no_other_host() {
    let elsewhere = Service::start(|_: &Request| Response::new(201, "{}"));
    let url = format!("http://localhost:{}/repos/acme/shop/releases/31/assets{{?name,label}}", elsewhere.port());
    let api = GitHubApi::before(move |request, state| {
        let release = json!({"id": RELEASE, "tag_name": "v1.0.0", "draft": true, "upload_url": url, "assets": [],
            "body": state.releases[0].2});
        let is_read = request.method == "GET" && request.target.contains("/releases/");
        is_read.then(|| Response::new(200, release.to_string()))
    });
    draft(&api);
    let run = push(&api, &Bucket::versioned(), "A=value-one\n").run().succeeds();
    let [warning] = titled(&run, "Release manifest")[..] else { panic!("{}", run.printed()) };
    assert!(warning.contains("leads to localhost, where the token is not sent"), "{warning}");
    assert_eq!(elsewhere.count(), 0);
}

#[test]
fn without_the_notes_nothing_is_attached() {
    let step = push(&GitHubApi::start(), &Bucket::missing(), "A=value-one\n").input("release-notes", "false");
    step.run().fails(2).says("The input `release-manifest` is set, but `release-notes` is not true.");
}

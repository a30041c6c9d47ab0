//! Round trips that must follow each other, where `tests/faults/requests.rs` does not count them: a request is answered
//! only when all have come that are to be under way with it.

use crate::harness::proxy::{Fault, get, request};
use crate::harness::{Action, Bucket, GitHubApi, Proxy, Server, Versioning};

const PATHS: [&str; 3] = ["a/.env", "b/.env", "c/.env"];

/// The first requests of a push of a release: manifest, settings, claim and six lists of versions.
const FIRST: usize = 9;

fn push(bucket: &Bucket) -> Action {
    let push = Action::push(bucket).version("v1.0.0").files(&PATHS);
    PATHS.iter().fold(push, |push, path| push.workspace_file(path, format!("IN_{}=value-of-{path}\n", &path[..1])))
}

/// The step as it is, and with a token that it has no use for, in a workflow for a release: nothing tells GitHub of it.
fn with_and_without_token(push: impl Fn(&Bucket) -> Action, in_trips: impl Fn(&Bucket, Action)) {
    let bucket = Bucket::versioned();
    in_trips(&bucket, push(&bucket));
    let (bucket, api) = (Bucket::versioned(), GitHubApi::start());
    api.state().releases.push((31, "v1.0.1".to_owned(), None));
    in_trips(&bucket, api.job(push(&bucket).tag("v1.0.1")));
    assert!(api.asked().is_empty(), "{:?}", api.asked());
}

#[test]
fn a_push_that_changes_nothing_takes_two_trips() {
    with_and_without_token(push, |bucket, again| {
        push(bucket).run().succeeds();
        let proxy = Proxy::start();
        // Manifest, settings and claim wait for each other, for the three lists of names like this one, and for the three
        // in which the version before is looked for.
        proxy.on(request("", "shop/.cstore/").times(3), Fault::Until(FIRST));
        // The claim, which is got since a purge may have begun, and the looks at the files.
        let all = FIRST + 1 + PATHS.len();
        proxy.on(request("HEAD", "shop/v1.0.0/").times(PATHS.len()), Fault::Until(all));
        again.through(&proxy).run().succeeds();
        assert_eq!(proxy.requests().len(), all);
    });
}

#[test]
fn a_push_is_compared_with_the_version_before_in_its_own_three_trips() {
    let next = |bucket: &Bucket| {
        let changed = |push: Action, path: &str| push.workspace_file(path, format!("{}=1\n", &path[..1]));
        PATHS.into_iter().fold(push(bucket), changed).version("v1.0.1")
    };
    with_and_without_token(next, |bucket, next| {
        push(bucket).run().succeeds();
        let proxy = Proxy::start();
        let of_files = FIRST + PATHS.len() + 1;
        let all = of_files + PATHS.len() + 1;
        proxy.on(request("", "shop/.cstore/").times(3), Fault::Until(FIRST));
        // The files wait for the manifest of the version before, and it for them; then the manifest and the files before.
        proxy.on(get("shop/.cstore/versions/v1.0.0.json"), Fault::Until(of_files));
        proxy.on(request("PUT", "shop/v1.0.1/").times(PATHS.len()), Fault::Until(of_files));
        proxy.on(request("GET", "shop/v1.0.0/").times(PATHS.len()), Fault::Until(all));
        proxy.on(request("PUT", "shop/.cstore/versions/v1.0.1.json"), Fault::Until(all));
        let run = next.through(&proxy).run().succeeds();
        run.says("Compared with v1.0.0: keys: 3 new (a/.env: a, b/.env: b, c/.env: c), 3 gone");
        assert_eq!(proxy.requests().len(), all);
    });
}

#[test]
fn a_pull_of_the_highest_version_lists_and_then_takes_one_trip() {
    let bucket = Bucket::versioned();
    push(&bucket).run().succeeds();
    let proxy = Proxy::start();
    let all = 1 + 1 + PATHS.len();
    proxy.on(get("shop/.cstore/versions/v1.0.0.json"), Fault::Until(all));
    Action::pull(&bucket).through(&proxy).version("latest").files(&PATHS).run().succeeds();
    assert_eq!(proxy.requests().len(), all);
}

#[test]
fn a_pull_of_the_head_with_known_paths_takes_one_trip() {
    let bucket = Bucket::versioned();
    push(&bucket).version("head").input("update-catalog", "true").run().succeeds();
    let proxy = Proxy::start();
    proxy.on(get("shop/.cstore/head.json"), Fault::Until(1 + PATHS.len()));
    Action::pull(&bucket).through(&proxy).version("head").files(&PATHS).run().succeeds();
    assert_eq!(proxy.requests().len(), 1 + PATHS.len());
}

fn move_channel(bucket: &Bucket) -> Action {
    let step = Action::new(bucket).input("command", "promote").input("context", "shop");
    step.input("from", "v1.0.0").input("to", ":prod")
}

#[test]
fn a_pull_of_a_channel_takes_one_trip_more_than_that_of_its_version() {
    let bucket = Bucket::in_memory(Versioning::Enabled);
    push(&bucket).run().succeeds();
    move_channel(&bucket).run().succeeds();
    let proxy = Proxy::before(bucket.server());
    // Manifest and files wait for each other.
    let all = 1 + 1 + PATHS.len();
    proxy.on(get("shop/.cstore/versions/v1.0.0.json"), Fault::Until(all));
    proxy.on(get("shop/v1.0.0/").times(PATHS.len()), Fault::Until(all));
    Action::pull(&bucket).through(&proxy).version(":prod").files(&PATHS).run().succeeds();
    assert_eq!(proxy.requests().first().unwrap().key, "shop/.cstore/channels/prod.json");
    assert_eq!(proxy.requests().len(), all);
}

#[test]
fn a_move_of_a_channel_takes_three_trips_and_reads_no_file() {
    let bucket = Bucket::in_memory(Versioning::Enabled);
    push(&bucket).run().succeeds();
    let proxy = Proxy::before(bucket.server());
    // The channel, and of its target manifest and claim, wait for each other; then the swap; then its target's once more.
    proxy.on(get("shop/.cstore/").times(3), Fault::Until(3));
    proxy.on(get("shop/.cstore/versions/").nth(2), Fault::Until(6));
    proxy.on(get("shop/.cstore/claims/").nth(2), Fault::Until(6));
    move_channel(&bucket).through(&proxy).run().succeeds();
    let swap = |seen: &crate::harness::proxy::Seen| seen.method == "PUT";
    assert_eq!(proxy.requests().iter().position(swap), Some(3));
    assert_eq!(
        proxy.lines(),
        [
            "GET shop/.cstore/channels/prod.json",
            "GET shop/.cstore/claims/v1.0.0.json",
            "GET shop/.cstore/claims/v1.0.0.json",
            "GET shop/.cstore/versions/v1.0.0.json",
            "GET shop/.cstore/versions/v1.0.0.json",
            "PUT shop/.cstore/channels/prod.json",
        ]
    );
}

/// Where it goes back to is known once the channel is read; then come a move's trips.
#[test]
fn a_rollback_of_a_channel_takes_one_trip_more_than_a_move() {
    let bucket = Bucket::in_memory(Versioning::Enabled);
    push(&bucket).run().succeeds();
    push(&bucket).version("v1.1.0").run().succeeds();
    move_channel(&bucket).run().succeeds();
    move_channel(&bucket).input("from", "v1.1.0").run().succeeds();
    let proxy = Proxy::before(bucket.server());
    // Of the target manifest and claim wait for each other, and once more after the swap.
    for document in ["versions", "claims"] {
        proxy.on(get(&format!("shop/.cstore/{document}/")), Fault::Until(3));
        proxy.on(get(&format!("shop/.cstore/{document}/")).nth(2), Fault::Until(6));
    }
    let step = Action::new(&bucket).input("command", "rollback").input("context", "shop").input("channel", "prod");
    step.input("from", "v1.0.0").through(&proxy).run().succeeds();
    let mut lines: Vec<_> = proxy.requests().into_iter().map(|seen| format!("{} {}", seen.method, seen.key)).collect();
    lines[1..3].sort();
    lines[4..].sort();
    let channel = "shop/.cstore/channels/prod.json";
    let (claim, manifest) = ("GET shop/.cstore/claims/v1.0.0.json", "GET shop/.cstore/versions/v1.0.0.json");
    assert_eq!(lines, [&format!("GET {channel}"), claim, manifest, &format!("PUT {channel}"), claim, manifest]);
}

#[test]
fn a_push_with_a_channel_takes_its_own_requests_and_then_those_of_a_move() {
    let asked = |channel: &str| {
        let bucket = Bucket::in_memory(Versioning::Enabled);
        let proxy = Proxy::before(bucket.server());
        push(&bucket).input("channel", channel).through(&proxy).run().succeeds();
        proxy.requests().into_iter().map(|seen| format!("{} {}", seen.method, seen.key)).collect::<Vec<_>>()
    };
    let (pushed, both) = (asked(""), asked("prod"));
    let mut of_move = both[pushed.len()..].to_vec();
    of_move[..3].sort();
    of_move[4..].sort();
    let channel = "shop/.cstore/channels/prod.json";
    let (claim, manifest) = ("GET shop/.cstore/claims/v1.0.0.json", "GET shop/.cstore/versions/v1.0.0.json");
    assert_eq!(of_move, [&format!("GET {channel}"), claim, manifest, &format!("PUT {channel}"), claim, manifest]);
}

/// The ARNs and S3 versions are known from the pull itself.
#[test]
fn handing_over_by_reference_asks_for_nothing_more() {
    let bucket = Bucket::in_memory(Versioning::Enabled);
    push(&bucket).run().succeeds();
    let asked = |format: &str| {
        let proxy = Proxy::before(bucket.server());
        let run = Action::pull(&bucket)
            .version("v1.0.0")
            .through(&proxy)
            .files(&PATHS)
            .input("format", format)
            .run()
            .succeeds();
        assert_eq!(run.json_output("config-objects").as_array().map(Vec::len), Some(PATHS.len()));
        let mut lines = proxy.lines();
        lines.sort();
        lines
    };
    assert_eq!(asked("ecs-environment-files"), asked(""));
}

/// What is copied is not looked at once more before the move but by the move itself: a promotion's trips, then a move's.
#[test]
fn a_promotion_to_another_contexts_channel_takes_those_of_a_promotion_and_of_a_move() {
    let asked = |to: &str| {
        let bucket = Bucket::in_memory(Versioning::Enabled);
        push(&bucket).run().succeeds();
        let proxy = Proxy::before(bucket.server());
        let step = Action::new(&bucket).input("command", "promote").input("from", "shop@v1.0.0").input("to", to);
        let step = step.env("AWS_ENDPOINT_URL_STS", &Server::shared().endpoint());
        step.through(&proxy).run().succeeds();
        proxy.requests().into_iter().map(|seen| format!("{} {}", seen.method, seen.key)).collect::<Vec<_>>()
    };
    let (copied, both) = (asked("other@v1.0.0"), asked("other:prod"));
    let mut of_move = both[copied.len()..].to_vec();
    of_move[..3].sort();
    of_move[4..].sort();
    let claim = "GET other/.cstore/claims/v1.0.0.json";
    let manifest = "GET other/.cstore/versions/v1.0.0.json";
    let channel = "other/.cstore/channels/prod.json";
    assert_eq!(
        of_move,
        [&format!("GET {channel}"), claim, manifest, &format!("PUT {channel}"), claim, manifest].map(ToOwned::to_owned)
    );
    let sorted = |mut requests: Vec<String>| {
        requests.sort();
        requests
    };
    assert_eq!(sorted(both[..copied.len()].to_vec()), sorted(copied));
}

fn diff(bucket: &Bucket, proxy: &Proxy, to: &str) -> Action {
    let diff = Action::new(bucket).input("command", "diff").input("context", "shop");
    diff.through(proxy).input("from", "v1.0.0").input("to", to)
}

#[test]
fn a_diff_takes_two_trips_both_manifests_and_the_files_that_differ_of_both() {
    let bucket = Bucket::versioned();
    push(&bucket).run().succeeds();
    let next = PATHS[1..].iter().fold(push(&bucket), |push, path| push.workspace_file(path, "OTHER=1\n"));
    next.version("v1.0.1").run().succeeds();
    let proxy = Proxy::start();
    let differing = 2 * (PATHS.len() - 1);
    proxy.on(get("shop/.cstore/versions/").times(2), Fault::Until(2));
    proxy.on(get("shop/v1.0.").times(differing), Fault::Until(2 + differing));
    diff(&bucket, &proxy, "v1.0.1").run().succeeds().says("2 files differ");
    assert_eq!(proxy.requests().len(), 2 + differing);
}

#[test]
fn a_diff_of_what_is_the_same_is_one_request() {
    let bucket = Bucket::versioned();
    push(&bucket).run().succeeds();
    let proxy = Proxy::start();
    diff(&bucket, &proxy, "v1.0.0").run().succeeds().says("no file differs");
    assert_eq!(proxy.requests().len(), 1);
    // Nor are files read that the workspace has as they are.
    let local = PATHS.iter().fold(diff(&bucket, &proxy, "."), |diff, path| {
        diff.workspace_file(path, format!("IN_{}=value-of-{path}\n", &path[..1]))
    });
    local.run().succeeds().says("no file differs");
    assert_eq!(proxy.requests().len(), 2);
}

#[test]
fn a_verification_takes_two_trips() {
    let bucket = Bucket::in_memory(Versioning::Enabled);
    push(&bucket).run().succeeds();
    let proxy = Proxy::before(bucket.server());
    // The manifest, and three lists of names of the same precedence; then a look at each file.
    let first = 1 + 3;
    proxy.on(get("shop/.cstore/versions/v1.0.0.json"), Fault::Until(first));
    proxy.on(request("HEAD", "shop/v1.0.0/").times(PATHS.len()), Fault::Until(first + PATHS.len()));
    let verify = Action::new(&bucket).input("command", "verify").input("context", "shop").version("v1.0.0");
    verify.through(&proxy).run().succeeds();
    assert_eq!(proxy.requests().len(), first + PATHS.len());
}

#[test]
fn a_push_between_two_versions_is_compared_with_both_in_its_own_three_trips() {
    let bucket = Bucket::versioned();
    push(&bucket).run().succeeds();
    push(&bucket).version("v1.2.0").run().succeeds();
    let proxy = Proxy::start();
    // The first version of a line is looked for in two.
    let first = FIRST + 2;
    let of_files = first + PATHS.len() + 2;
    let all = of_files + 2 * PATHS.len() + 1;
    proxy.on(request("", "shop/.cstore/").times(3), Fault::Until(first));
    // As with the version before alone, and what is read of both is read at the same time.
    proxy.on(get("shop/.cstore/versions/v1.0.0.json"), Fault::Until(of_files));
    proxy.on(get("shop/.cstore/versions/v1.2.0.json"), Fault::Until(of_files));
    proxy.on(request("PUT", "shop/v1.1.0/").times(PATHS.len()), Fault::Until(of_files));
    proxy.on(request("GET", "shop/v1.0.0/").times(PATHS.len()), Fault::Until(all));
    proxy.on(request("GET", "shop/v1.2.0/").times(PATHS.len()), Fault::Until(all));
    proxy.on(request("PUT", "shop/.cstore/versions/v1.1.0.json"), Fault::Until(all));
    let next = PATHS.iter().fold(push(&bucket), |push, path| push.workspace_file(path, format!("{}=1\n", &path[..1])));
    let run = next.version("v1.1.0").through(&proxy).run().succeeds();
    let run = run.says("Compared with v1.0.0, v1.1.0 lacks these keys: a/.env: IN_a");
    run.says("Compared with v1.1.0, v1.2.0 lacks these keys: a/.env: a");
    assert_eq!(proxy.requests().len(), all);
}

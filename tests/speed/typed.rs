//! What each command of the command line asks of S3, and in how many trips. `status` is in `tests/cli/`.

use crate::harness::proxy::{Fault, Matching, Seen, request};
use crate::harness::{Bucket, Laptop, Proxy, Server, Typed, Versioning};

const PATHS: [&str; 3] = ["a/.env", "b/.env", "c/.env"];

/// A machine whose catalog names three files.
fn laptop(bucket: &Bucket) -> Laptop {
    let laptop = Laptop::new(bucket).without_env("CSTORE_CONTEXT");
    let files = PATHS.map(|path| format!("- path: {path}\n  store: aws-s3\n  type: env\n")).concat();
    laptop.plain_file("cstore.yml", format!("version: v4\ncontext: shop\nfiles:\n{files}"));
    laptop
}

/// The same with the files.
fn with_files(bucket: &Bucket) -> Laptop {
    let laptop = laptop(bucket);
    for path in PATHS {
        laptop.file(path, format!("IN_{}=value-of-{path}\n", &path[..1]));
    }
    laptop
}

/// The same where the files have been pushed, to the head and as a version.
fn pushed(bucket: &Bucket) -> Laptop {
    let laptop = with_files(bucket);
    laptop.cstore(["push"]).run().succeeds();
    laptop.cstore(["push", "-v", "v1.0.0"]).run().succeeds();
    laptop
}

fn bucket() -> Bucket {
    Bucket::in_memory(Versioning::Enabled)
}

/// A request as these tests write it: `GET KEY`, or `LIST PREFIX`.
fn shown(seen: &Seen) -> String {
    let prefix = seen.query.split('&').find_map(|field| field.strip_prefix("prefix="));
    match prefix {
        Some(prefix) => format!("LIST {}", prefix.replace("%2F", "/").replace("%2B", "+")),
        None => format!("{} {}", seen.method, seen.key),
    }
}

/// The request that is meant. Lists are one like another, since one prefix can begin with another.
fn matching(line: &str) -> (&str, Matching) {
    match line.split_once(' ').unwrap() {
        ("LIST", _) => ("LIST", request("GET", "prefix=")),
        ("GET", key) => (line, request("GET", &format!("{key}?"))),
        ("HEAD", key) => (line, request("HEAD", &format!("{key}?"))),
        ("DELETE", key) => (line, request("DELETE", &format!("{key}?"))),
        (_, key) => (line, request("PUT", &format!("{key}?"))),
    }
}

/// Runs a command that sends these requests and no others. Those of a trip are answered only when all of them have come.
fn takes(bucket: &Bucket, typed: Typed, trips: &[&[&str]]) {
    let proxy = Proxy::before(bucket.server());
    let mut all: Vec<&str> = Vec::new();
    for &trip in trips {
        let by_then = all.len() + trip.len();
        for line in trip {
            let (name, matching) = matching(line);
            let before = all.iter().filter(|known| known.starts_with(name)).count();
            proxy.on(matching.nth(before + 1), Fault::Until(by_then));
            all.push(line);
        }
    }
    typed.env("AWS_ENDPOINT_URL", &proxy.endpoint()).prints_values().run().succeeds();
    let came: Vec<_> = proxy.requests().iter().map(shown).collect();
    let mut sorted: Vec<_> = came.iter().map(String::as_str).collect();
    sorted.sort_unstable();
    all.sort_unstable();
    assert_eq!(sorted, all, "in the order of their coming: {came:#?}");
}

const OF_HEAD: [&str; 4] = ["GET shop/.cstore/head.json", "GET shop/a/.env", "GET shop/b/.env", "GET shop/c/.env"];
const OF_VERSION: [&str; 4] = [
    "GET shop/.cstore/versions/v1.0.0.json",
    "GET shop/v1.0.0/a/.env",
    "GET shop/v1.0.0/b/.env",
    "GET shop/v1.0.0/c/.env",
];

#[test]
fn an_export_and_one_value_take_one_trip() {
    let bucket = bucket();
    pushed(&bucket);
    let other = laptop(&bucket);
    takes(&bucket, other.cstore(["export"]), &[&OF_HEAD]);
    takes(&bucket, other.cstore(["get", "IN_a"]), &[&OF_HEAD]);
    takes(&bucket, other.cstore(["export", "-v", "v1.0.0"]), &[&OF_VERSION]);
    takes(&bucket, other.cstore(["get", "-v", "v1.0.0", "IN_a"]), &[&OF_VERSION]);
}

/// As docs/tasks.md says; `tests/cli/exec/credentials.rs` compares it with the action's pull.
#[test]
fn a_start_takes_two_trips_one_more_for_a_range_and_one_less_with_a_catalog() {
    let bucket = bucket();
    pushed(&bucket);
    let (bare, with_catalog) = (Laptop::new(&bucket), laptop(&bucket));
    let start = |laptop: &Laptop, version: &str| laptop.cstore(["exec", "-v", version, "--", "true"]);
    let listed = ["LIST shop/.cstore/versions/v1.", "LIST shop/.cstore/versions/1."];
    takes(&bucket, start(&bare, "v1.0.0"), &[&OF_VERSION[..1], &OF_VERSION[1..]]);
    takes(&bucket, start(&bare, "^1"), &[&listed, &OF_VERSION[..1], &OF_VERSION[1..]]);
    takes(&bucket, start(&with_catalog, "v1.0.0"), &[&OF_VERSION]);
    takes(&bucket, start(&with_catalog, "^1"), &[&listed, &OF_VERSION]);
}

#[test]
fn a_pull_takes_one_trip_also_where_files_lie_there_already() {
    let bucket = bucket();
    pushed(&bucket);
    for version in ["head", "v1.0.0"] {
        let other = laptop(&bucket);
        let all = if version == "head" { OF_HEAD } else { OF_VERSION };
        takes(&bucket, other.cstore(["pull", "-v", version]), &[&all]);
        takes(&bucket, other.cstore(["pull", "-v", version]), &[&all]);
    }
}

#[test]
fn a_locked_pull_takes_the_one_trip_of_an_exact_version_whatever_its_requirement() {
    let bucket = bucket();
    let one = pushed(&bucket);
    let manifest = OF_VERSION[0];
    takes(
        &bucket,
        one.cstore(["lock", "-v", "^1"]),
        &[&["LIST shop/.cstore/versions/v1.", "LIST shop/.cstore/versions/1."], &[manifest]],
    );
    takes(&bucket, one.cstore(["lock", "head=head"]), &[&OF_HEAD[..1]]);
    takes(&bucket, one.cstore(["export", "--locked"]), &[&OF_VERSION]);
    takes(&bucket, one.cstore(["pull", "--locked", "-v", "^1"]), &[&OF_VERSION]);
    takes(&bucket, one.cstore(["get", "--locked", "-v", "head", "IN_a"]), &[&OF_HEAD]);
}

/// What a push of the head starts from.
const READ: [&str; 2] = [OF_HEAD[0], "GET shop/.cstore/settings.json"];
const LOOKS: [&str; 3] = ["HEAD shop/a/.env", "HEAD shop/b/.env", "HEAD shop/c/.env"];
const PUTS: [&str; 3] = ["PUT shop/a/.env", "PUT shop/b/.env", "PUT shop/c/.env"];
const SWAP: [&str; 1] = ["PUT shop/.cstore/head.json"];

#[test]
fn a_first_push_of_the_head_takes_four_trips() {
    let bucket = bucket();
    let one = with_files(&bucket);
    // The first file tells whether the bucket keeps what is replaced; then all others are put at once.
    takes(&bucket, one.cstore(["push"]), &[&READ, &PUTS[..1], &PUTS[1..], &SWAP]);
}

#[test]
fn a_push_of_the_head_that_changes_nothing_takes_two_trips_and_reads_and_puts_no_file() {
    let bucket = bucket();
    let one = pushed(&bucket);
    takes(&bucket, one.cstore(["push"]), &[&READ, &LOOKS]);
}

#[test]
fn a_push_of_the_head_that_knows_what_it_replaces_takes_four_trips_and_reads_what_it_changes() {
    let bucket = bucket();
    let one = pushed(&bucket);
    one.file(PATHS[0], "IN_a=another\n");
    takes(&bucket, one.cstore(["push"]), &[&READ, &OF_HEAD[1..2], &PUTS, &SWAP]);
}

#[test]
fn a_change_of_a_key_takes_one_trip_for_the_files_and_three_for_the_push() {
    let bucket = bucket();
    let one = pushed(&bucket);
    let (put, look) = (&PUTS[..1], &OF_HEAD[..]);
    takes(&bucket, one.cstore(["set", "IN_a=another"]), &[look, &READ, put, &SWAP]);
    // Of what is not chosen nothing is read.
    takes(&bucket, one.cstore(["set", "--files", PATHS[0], "IN_a=third"]), &[&OF_HEAD[..2], &READ, put, &SWAP]);
    takes(&bucket, one.cstore(["unset", "IN_a"]), &[look, &READ, put, &SWAP]);
    takes(&bucket, one.cstore(["set", "IN_b=value-of-b/.env"]), &[look]);
}

#[test]
fn an_edit_takes_the_trips_of_a_change_of_a_key_for_its_file_alone() {
    let bucket = bucket();
    let one = pushed(&bucket).with_env("CSTORE_EDITOR", "sed -i s/value/another/");
    let proxy = Proxy::before(bucket.server());
    let typed = one.cstore(["edit", PATHS[0]]).env("AWS_ENDPOINT_URL", &proxy.endpoint());
    typed.on_a_terminal().ended().succeeds();
    let came: Vec<_> = proxy.requests().iter().map(shown).collect();
    assert_eq!(came.len(), [&OF_HEAD[..2], &READ, &PUTS[..1], &SWAP].concat().len(), "{came:#?}");
}

/// What a push of a release asks for first: manifest, settings, claim, and six lists of versions.
fn first_of_a_release(version: &str) -> Vec<String> {
    let mut lines = vec![
        format!("GET shop/.cstore/versions/v{version}.json"),
        "GET shop/.cstore/settings.json".to_owned(),
        format!("PUT shop/.cstore/claims/v{version}.json"),
    ];
    // Of names of the same precedence, and of the version before.
    let names = [&format!("v{version}+"), &format!("{version}+"), &format!("{version}.json")].map(String::clone);
    let before = ["v1.0.", "1.0.", ""].map(str::to_owned);
    lines.extend(names.iter().chain(&before).map(|name| format!("LIST shop/.cstore/versions/{name}")));
    lines
}

#[test]
fn a_push_of_a_version_takes_the_actions_three_trips_with_a_look_at_the_head_that_was_seen() {
    let bucket = bucket();
    let one = pushed(&bucket);
    let first = first_of_a_release("1.0.0");
    let first: Vec<_> = first.iter().map(String::as_str).collect();
    let again = [
        "GET shop/.cstore/claims/v1.0.0.json",
        "HEAD shop/v1.0.0/a/.env",
        "HEAD shop/v1.0.0/b/.env",
        "HEAD shop/v1.0.0/c/.env",
    ];
    // Whether it has by now what these files lack.
    let head = &OF_HEAD[..1];
    takes(&bucket, one.cstore(["push", "-v", "v1.0.0"]), &[&[head, &first].concat(), &again]);
    one.file(PATHS[0], "IN_a=another\n");
    let next = first_of_a_release("1.0.1");
    let next: Vec<_> = next.iter().map(String::as_str).collect();
    let files = ["PUT shop/v1.0.1/a/.env", "PUT shop/v1.0.1/b/.env", "PUT shop/v1.0.1/c/.env"];
    let before = ["GET shop/.cstore/versions/v1.0.0.json", "GET shop/v1.0.0/a/.env"];
    let second = [&files[..], &before[..1]].concat();
    let third = ["PUT shop/.cstore/versions/v1.0.1.json", before[1]];
    takes(&bucket, one.cstore(["push", "-v", "v1.0.1"]), &[&[head, &next].concat(), &second, &third]);
}

#[test]
fn a_diff_with_the_files_that_lie_here_takes_one_trip_and_one_more_for_those_that_differ() {
    let bucket = bucket();
    let one = pushed(&bucket);
    takes(&bucket, one.cstore(["diff"]), &[&OF_HEAD[..1]]);
    one.file(PATHS[0], "IN_a=another\n");
    takes(&bucket, one.cstore(["diff"]), &[&OF_HEAD[..1], &["GET shop/a/.env"]]);
}

#[test]
fn a_verification_of_the_head_takes_two_trips_and_reads_no_file() {
    let bucket = bucket();
    let one = pushed(&bucket);
    takes(&bucket, one.cstore(["verify"]), &[&["GET shop/.cstore/head.json", "LIST shop/.cstore/versions/"], &LOOKS]);
}

#[test]
fn what_lies_here_is_looked_at_in_one_trip_and_deleted_after_a_second() {
    let bucket = bucket();
    let one = pushed(&bucket);
    let first = ["GET shop/.cstore/head.json", "GET shop/.cstore/versions/v1.0.0.json", "LIST shop/.cstore/versions/"];
    takes(&bucket, one.cstore(["clean", "--yes"]), &[&first, &LOOKS]);
}

#[test]
fn a_catalog_and_a_script_for_the_shell_are_written_without_a_request() {
    let bucket = bucket();
    let one = Laptop::new(&bucket);
    takes(&bucket, one.cstore(["init", "--yes"]), &[]);
    takes(&bucket, one.cstore(["completions", "bash"]), &[]);
}

#[test]
fn lists_logs_and_what_is_shown_take_a_trip_for_the_listing_and_one_for_manifests() {
    let bucket = bucket();
    let one = pushed(&bucket);
    for version in ["v1.1.0", "v1.2.0"] {
        one.cstore(["push", "-v", version]).run().succeeds();
    }
    let other = laptop(&bucket);
    let manifests = ["v1.0.0", "v1.1.0", "v1.2.0"].map(|version| format!("GET shop/.cstore/versions/{version}.json"));
    let manifests = [manifests[0].as_str(), &manifests[1], &manifests[2]];
    let list = "LIST shop/.cstore/versions/";
    takes(&bucket, other.cstore(["list"]), &[&OF_HEAD[..1]]);
    takes(&bucket, other.cstore(["list", "versions"]), &[&[list]]);
    takes(&bucket, other.cstore(["log", "-n", "20"]), &[&[list, OF_HEAD[0]], &manifests]);
    takes(&bucket, other.cstore(["show", "v1.0.0"]), &[&[list, manifests[0]]]);
    takes(&bucket, other.cstore(["show", "head"]), &[&[list, OF_HEAD[0]], &manifests[2..]]);
}

#[test]
fn tags_are_listed_in_one_trip_and_contexts_and_keys_in_two() {
    let bucket = bucket();
    pushed(&bucket);
    let other = laptop(&bucket);
    takes(&bucket, other.cstore(["list", "contexts"]), &[&["LIST "], &["LIST shop/.cstore/"]]);
    takes(&bucket, other.cstore(["list", "tags"]), &[&OF_HEAD[..1]]);
    takes(&bucket, other.cstore(["list", "keys"]), &[&OF_HEAD[..1], &OF_HEAD[1..]]);
}

#[test]
fn channels_are_listed_in_three_trips_and_the_log_of_one_takes_one() {
    let bucket = bucket();
    let one = pushed(&bucket).with_env("AWS_ENDPOINT_URL_STS", &Server::shared().endpoint());
    let lists = ["LIST shop/.cstore/channels/", "LIST shop/.cstore/versions/"];
    takes(&bucket, one.cstore(["list", "channels"]), &[&lists]);
    let channels = ["GET shop/.cstore/channels/prod.json", "GET shop/.cstore/channels/staging.json"];
    for channel in [":prod", ":staging"] {
        one.cstore(["promote", "v1.0.0", "--to", channel]).run().succeeds();
    }
    // Of what they point at the manifest, of each version once.
    takes(&bucket, one.cstore(["list", "channels"]), &[&lists, &channels, &[MANIFEST]]);
    takes(&bucket, one.cstore(["log", ":prod"]), &[&channels[..1]]);
}

const MANIFEST: &str = OF_VERSION[0];
const S3_VERSIONS_OF_MANIFEST: &str = "LIST shop/.cstore/versions/v1.0.0.json";
const S3_VERSIONS_OF_FILES: &str = "LIST shop/v1.0.0/";
const CHANNELS: &str = "LIST shop/.cstore/channels/";
const LOOKS_OF_VERSION: [&str; 3] = ["HEAD shop/v1.0.0/a/.env", "HEAD shop/v1.0.0/b/.env", "HEAD shop/v1.0.0/c/.env"];
const DELETES: [&str; 3] = ["DELETE shop/v1.0.0/a/.env", "DELETE shop/v1.0.0/b/.env", "DELETE shop/v1.0.0/c/.env"];
const OF_CLAIM: [&str; 5] = [
    "LIST shop/.cstore/claims/v1.0.0.json",
    "GET shop/.cstore/claims/v1.0.0.json",
    "PUT shop/.cstore/claims/v1.0.0.json",
    "HEAD shop/.cstore/claims/v1.0.0.json",
    "DELETE shop/.cstore/claims/v1.0.0.json",
];

/// What a purge shows: what there is of a version, what points at it, and which copies of it there are elsewhere.
const SHOWN: [&[&str]; 10] = [
    &[MANIFEST, S3_VERSIONS_OF_FILES, CHANNELS],
    &[S3_VERSIONS_OF_MANIFEST],
    &LOOKS_OF_VERSION,
    &[OF_CLAIM[0]],
    &[MANIFEST],
    &["LIST shop/.cstore/versions/"],
    &[MANIFEST, OF_HEAD[0]],
    &["LIST shop/"],
    &["LIST "],
    &["LIST shop/.cstore/"],
];

#[test]
fn a_purge_shows_what_goes_in_ten_trips() {
    let bucket = bucket();
    let one = pushed(&bucket).with_env("AWS_ENDPOINT_URL_STS", &Server::shared().endpoint());
    takes(&bucket, one.cstore(["purge", "v1.0.0", "--dry-run"]), &SHOWN);
}

/// What it removes it looks at once more, under its claim, until nothing is left.
#[test]
fn a_purge_looks_deletes_and_looks_again_whatever_the_number_of_files() {
    let bucket = bucket();
    let one = pushed(&bucket).with_env("AWS_ENDPOINT_URL_STS", &Server::shared().endpoint());
    let [list, get, put, look, delete] = OF_CLAIM.each_ref().map(std::slice::from_ref);
    let manifest = ["DELETE shop/.cstore/versions/v1.0.0.json"];
    let trips = [
        &SHOWN[..],
        &[&[MANIFEST, S3_VERSIONS_OF_FILES], &[S3_VERSIONS_OF_MANIFEST], &LOOKS_OF_VERSION, list, get, put],
        &[&[CHANNELS], &[S3_VERSIONS_OF_FILES], &[S3_VERSIONS_OF_MANIFEST], &LOOKS_OF_VERSION, look],
        &[&manifest, &manifest, &DELETES, &DELETES],
        &[&[S3_VERSIONS_OF_FILES], &[S3_VERSIONS_OF_MANIFEST], look, &manifest, &DELETES],
        &[&[S3_VERSIONS_OF_FILES], &[S3_VERSIONS_OF_MANIFEST], look, delete, list, delete, delete, delete],
    ];
    takes(&bucket, one.cstore(["purge", "v1.0.0", "--yes"]), &trips.concat());
}

#[test]
fn a_purge_of_a_file_changes_the_head_before_it_deletes() {
    let bucket = bucket();
    let one = pushed(&bucket).with_env("AWS_ENDPOINT_URL_STS", &Server::shared().endpoint());
    let (head, look, put) = (&OF_HEAD[..1], &LOOKS[..1], &SWAP[..]);
    let (list, delete, before): (&[_], &[_], &[_]) =
        (&["LIST shop/a/.env"], &["DELETE shop/a/.env"], &["GET shop/a/.cstore/head.json"]);
    let trips = [
        &[head, before, list, head, look][..],
        &[
            &["LIST shop/.cstore/versions/"],
            &OF_VERSION[..1],
            head,
            &["LIST shop/"],
            &["LIST "],
            &["LIST shop/.cstore/"],
        ],
        &[before, list, head, look, put],
        &[list, head, look, delete, delete],
        &[list, head, delete, list, head],
    ];
    takes(&bucket, one.cstore(["purge", PATHS[0], "--yes"]), &trips.concat());
}

#[test]
fn a_verification_and_a_diff_of_versions_take_two_trips_at_most() {
    let bucket = bucket();
    let one = pushed(&bucket);
    let looks = ["HEAD shop/v1.0.0/a/.env", "HEAD shop/v1.0.0/b/.env", "HEAD shop/v1.0.0/c/.env"];
    let names = ["v1.0.0+", "1.0.0+", "1.0.0.json"].map(|name| format!("LIST shop/.cstore/versions/{name}"));
    let [of_one, of_other, of_plain] = [names[0].as_str(), &names[1], &names[2]];
    takes(&bucket, one.cstore(["verify", "v1.0.0"]), &[&[OF_VERSION[0], of_one, of_other, of_plain], &looks]);
    takes(&bucket, one.cstore(["diff", "v1.0.0", "head"]), &[&[OF_HEAD[0], OF_VERSION[0]]]);
    one.file(PATHS[0], "IN_a=another\n").cstore(["push"]).run().succeeds();
    let changed = [OF_HEAD[1], OF_VERSION[1]];
    takes(&bucket, one.cstore(["diff", "v1.0.0", "head"]), &[&[OF_HEAD[0], OF_VERSION[0]], &changed]);
    takes(&bucket, one.cstore(["diff", "v1.0.0", "head", "--name-only"]), &[&[OF_HEAD[0], OF_VERSION[0]]]);
}

/// Those whose requests are counted in `tests/cli/`.
const ELSEWHERE: [&str; 1] = ["status"];

#[test]
fn the_requests_of_every_command_are_counted() {
    let own = include_str!("typed.rs");
    let grammar = cstore::cli::arguments::grammar();
    for command in grammar.get_subcommands().filter(|command| !command.is_hide_set()) {
        let name = command.get_name();
        let is_counted = own.contains(&format!("cstore([\"{name}\""));
        assert!(is_counted != ELSEWHERE.contains(&name), "{name}");
    }
}

/// What the head is and what it is to be; the files; and then what a push takes. What it replaces is read to be shown.
#[test]
fn a_rollback_reads_what_it_restores_in_two_trips_and_then_takes_those_of_a_push() {
    let bucket = bucket();
    let one = pushed(&bucket);
    for path in PATHS {
        one.file(path, format!("IN_{}=other-value-of-{path}\n", &path[..1]));
    }
    one.cstore(["push"]).run().succeeds();
    takes(
        &bucket,
        one.cstore(["rollback", "v1.0.0"]),
        &[&[OF_HEAD[0], OF_VERSION[0]], &OF_VERSION[1..], &READ, &OF_HEAD[1..], &PUTS, &SWAP],
    );
}

/// What is read of a source, what a release asks for first at its destination, and what publishes it.
#[test]
fn a_promotion_reads_the_source_in_two_trips_and_then_takes_those_of_a_push() {
    let bucket = bucket();
    let one = pushed(&bucket).with_env("AWS_ENDPOINT_URL_STS", &Server::shared().endpoint());
    let at_destination =
        |lines: &[&str]| -> Vec<String> { lines.iter().map(|line| line.replacen(" shop/", " prod/", 1)).collect() };
    let first = first_of_a_release("1.0.0");
    let first: Vec<_> = first.iter().map(String::as_str).collect();
    let first = at_destination(&first);
    let first: Vec<_> = first.iter().map(String::as_str).collect();
    // Whether a channel was meant, whose colon was forgotten, is asked beside the manifest.
    let channel = "GET shop/.cstore/channels/prod.json";
    // And whether anything is at the destination, whose name may be a typing error.
    let any = "LIST prod/";
    let files = ["PUT prod/v1.0.0/a/.env", "PUT prod/v1.0.0/b/.env", "PUT prod/v1.0.0/c/.env"];
    takes(
        &bucket,
        one.cstore(["promote", "v1.0.0", "--to", "prod"]),
        &[&[OF_VERSION[0], channel, any], &OF_VERSION[1..], &first, &files, &["PUT prod/.cstore/versions/v1.0.0.json"]],
    );
    // Of a head, what stands at the destination is known before anything is put.
    let [read, puts, swap] = [at_destination(&READ), at_destination(&PUTS), at_destination(&SWAP)];
    let [read, puts, swap] = [&read, &puts, &swap].map(|lines| lines.iter().map(String::as_str).collect::<Vec<_>>());
    takes(
        &bucket,
        one.cstore(["promote", "head", "--to", "prod"]),
        &[&[OF_HEAD[0], channel, any], &OF_HEAD[1..], &read, &puts[..1], &puts[1..], &swap],
    );
}

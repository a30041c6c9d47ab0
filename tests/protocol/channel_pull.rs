//! Pulls of a channel: what it points at, as it was when the channel was moved to it, or a failure that names both.

use crate::channel::{moves, prod, to};
use crate::harness::proxy::{Fault, get};
use crate::harness::{Action, Bucket, Proxy};
use crate::library::{Place, info};
use crate::shop::{OTHER, SHOP, assert_pulls, pull, push};
use cstore::name::VersionName;
use cstore::store::{ChannelMove, Conflict, Error, MoveTo, PurgeProgress};

fn published(bucket: &Bucket) {
    push(bucket, "v1", &SHOP).run().succeeds();
    push(bucket, "v2", &OTHER).run().succeeds();
    moves(bucket, || to("v1", "m1")).unwrap();
}

fn purge(bucket: &Bucket, version: &str, past_channels: bool) -> Result<(), Error> {
    let version = VersionName::new(version).unwrap();
    Place::of(bucket).run(async |store| {
        store.purge(&version, past_channels, &info("purge"), None, &PurgeProgress::default()).await.map(drop)
    })
}

fn a_pull_delivers_what_the_channel_points_at(bucket: &Bucket) {
    published(bucket);
    assert_pulls(bucket, ":prod", &SHOP);
    moves(bucket, || to("v2", "m2")).unwrap();
    assert_pulls(bucket, ":prod", &OTHER);
    let run = pull(bucket, ":prod").run().succeeds();
    assert_eq!(run.output("config-version"), "v2");
}

fn what_was_overwritten_since_is_not_delivered(bucket: &Bucket) {
    published(bucket);
    push(bucket, "v1", &OTHER).input("overwrite", "true").run().succeeds();
    let run = pull(bucket, ":prod").run().fails(5).says("prod").says("v1").says("overwritten");
    assert!(run.workspace.files().is_empty());
    // The version by its name is what it is by now.
    assert_pulls(bucket, "v1", &OTHER);
    moves(bucket, || ChannelMove { force: true, ..to("v1", "m2") }).unwrap();
    assert_pulls(bucket, ":prod", &OTHER);
}

fn what_is_damaged_since_is_named_with_the_channel(bucket: &Bucket) {
    const FILE: &str = "shop/v1/service/.env";
    const MANIFEST: &str = "shop/.cstore/versions/v1.json";
    published(bucket);
    let file = bucket.get(FILE);
    let whole = bucket.get(MANIFEST).text();
    let named = "The channel prod points at version v1.";
    let refused = |code: i32, key: &str| {
        for ignores in ["fail", "ignore"] {
            let step = || pull(bucket, ":prod").input("if-missing", ignores);
            for step in [step(), step().files(&[SHOP[0].0])] {
                let run = step.run().fails(code).says(named).says(key);
                assert!(run.workspace.files().is_empty() && run.outputs.is_empty());
            }
        }
    };
    bucket.put(MANIFEST, "{", &[]);
    refused(5, MANIFEST);
    let command = |name: &str| pull(bucket, ":prod").input("command", name);
    command("show").run().fails(5).says(named).says(MANIFEST);
    let diff = Action::new(bucket).input("command", "diff").input("context", "shop");
    diff.input("from", ":prod").input("to", "v2").run().fails(5).says(named).says(MANIFEST);
    bucket.put(MANIFEST, whole.as_bytes(), &[]);
    // What is pinned is got by its pin, so that goes, too.
    match file.version_id().filter(|id| *id != "null") {
        Some(id) => bucket.delete_version(FILE, id),
        None => bucket.delete(FILE),
    }
    refused(6, FILE);
    bucket.put(FILE, OTHER[0].1, &[]);
    let code = if file.version_id().is_some_and(|id| id != "null") { 6 } else { 5 };
    refused(code, FILE);
    // The version by its name is damaged by itself, and a file that nobody published is none.
    pull(bucket, "v1").run().fails(code).does_not_say("prod");
    let none = pull(bucket, ":prod").files(&["service/other.env"]).input("if-missing", "ignore");
    none.run().succeeds();
}

fn what_is_gone_is_not_found(bucket: &Bucket) {
    push(bucket, "v1", &SHOP).run().succeeds();
    pull(bucket, ":prod").run().fails(6).says("There is no channel prod");
    let none = pull(bucket, ":prod").input("if-missing", "ignore").run().succeeds();
    assert!(none.workspace.files().is_empty());
    moves(bucket, || to("v1", "m1")).unwrap();
    purge(bucket, "v1", true).unwrap();
    // What it points at is missing, and that is never forgiven.
    for ignores in ["fail", "ignore"] {
        pull(bucket, ":prod").input("if-missing", ignores).run().fails(6).says("prod").says("v1");
    }
    moves(bucket, || ChannelMove { to: MoveTo::Nothing, ..to("v1", "m2") }).unwrap();
    pull(bucket, ":prod").input("if-missing", "ignore").run().fails(6).says("points at nothing");
}

fn what_a_channel_points_at_is_not_purged_unnoticed(bucket: &Bucket) {
    published(bucket);
    let claim = bucket.get("shop/.cstore/claims/v1.json").json()["digest"].clone();
    let Err(Error::Conflict(conflict)) = purge(bucket, "v1", false) else { panic!("a channel points at it") };
    assert!(
        matches!(*conflict, Conflict::PointedAt { ref channels } if *channels == [(prod(), VersionName::new("v1").unwrap())]),
        "{conflict:?}"
    );
    assert_pulls(bucket, ":prod", &SHOP);
    // The claim is what it was.
    assert_eq!(bucket.get("shop/.cstore/claims/v1.json").json()["digest"], claim);
    purge(bucket, "v2", false).unwrap();
    purge(bucket, "v1", true).unwrap();
    // Where nobody knows what a channel points at, none goes.
    push(bucket, "v3", &SHOP).run().succeeds();
    bucket.put("shop/.cstore/channels/prod.json", "{", &[]);
    assert!(matches!(purge(bucket, "v3", false), Err(Error::Integrity(_))));
    assert_pulls(bucket, "v3", &SHOP);
    purge(bucket, "v3", true).unwrap();
}

fn the_purge_command_names_the_channels(bucket: &Bucket) {
    published(bucket);
    let purge = || pull(bucket, "v1").input("command", "purge");
    purge().run().fails(4).says("prod").says("Nothing was removed");
    purge().input("dry-run", "true").run().fails(4).says("prod");
    assert_pulls(bucket, ":prod", &SHOP);
    purge().input("force", "true").run().succeeds();
    pull(bucket, ":prod").run().fails(6).says("prod").says("v1");
}

/// Two trips where the paths are known: the channel, then its version's manifest and files.
fn a_pull_starts_over_where_the_channel_was_moved_on(bucket: &Bucket) {
    published(bucket);
    let other: &'static Bucket = Box::leak(Box::new(Bucket::existing(bucket.server(), bucket.name())));
    let proxy = Proxy::before(bucket.server());
    let moves_on = move || {
        moves(other, || to("v2", "m2")).unwrap();
        purge(other, "v1", false).unwrap();
    };
    proxy.on(get("versions/v1.json").times(1), Fault::before(moves_on));
    let run = pull(bucket, ":prod").through(&proxy).run().succeeds();
    assert_eq!(run.output("config-version"), "v2");
    assert_eq!(run.file("service/.env"), OTHER[0].1);
}

fn a_channel_that_stays_is_read_twice_and_no_more(bucket: &Bucket) {
    published(bucket);
    push(bucket, "v1", &OTHER).input("overwrite", "true").run().succeeds();
    let proxy = Proxy::before(bucket.server());
    pull(bucket, ":prod").through(&proxy).run().fails(5);
    let reads = proxy.requests().into_iter().filter(|seen| seen.key.ends_with("channels/prod.json")).count();
    assert_eq!(reads, 2);
}

in_each_bucket!(
    a_pull_delivers_what_the_channel_points_at,
    what_was_overwritten_since_is_not_delivered,
    what_is_damaged_since_is_named_with_the_channel,
    what_is_gone_is_not_found,
    what_a_channel_points_at_is_not_purged_unnoticed,
    the_purge_command_names_the_channels,
    a_pull_starts_over_where_the_channel_was_moved_on,
    a_channel_that_stays_is_read_twice_and_no_more,
);

#[test]
fn a_pull_of_known_paths_takes_two_trips() {
    let bucket = Bucket::versioned();
    published(&bucket);
    let proxy = Proxy::before(bucket.server());
    // The manifest and both files are answered only when all three have come.
    for key in ["versions/v1.json", "v1/service/.env", "v1/web/config.json"] {
        proxy.on(get(key).times(1), Fault::Until(4));
    }
    let run = pull(&bucket, ":prod").files(&["service/.env", "web/config.json"]).through(&proxy).run().succeeds();
    assert_eq!(run.file("service/.env"), SHOP[0].1);
    let keys: Vec<_> = proxy.requests().into_iter().map(|seen| seen.key).collect();
    assert_eq!(keys[0], "shop/.cstore/channels/prod.json");
    assert_eq!(keys.len(), 4, "{keys:?}");
}

/// No version of the Go cStore's layout stands in for one that was purged.
#[test]
fn nothing_without_a_manifest_is_delivered() {
    let bucket = Bucket::unversioned();
    published(&bucket);
    purge(&bucket, "v1", true).unwrap();
    bucket.put_foreign("shop/v1/service/.env", b"TOKEN=of-another-tool\n", &[]);
    let catalog = crate::shop::catalog(&[SHOP[0]]);
    let run = pull(&bucket, ":prod").repository_file("cstore.yml", catalog).run().fails(6).says("prod");
    assert!(!run.workspace.files().contains(&"service/.env".to_owned()));
}

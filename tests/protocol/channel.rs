//! Moves of a channel, over the library: each is one swap, and of those that meet every one but the winner is told.

use std::sync::Arc;
use std::thread;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cstore::name::{ChannelName, Digest, VersionName};
use cstore::store::{
    Channel, ChannelMove, Conflict, Error, Integrity, Labels, Missing, MoveTo, Moved, Movement, Progress,
};
use sha2::{Digest as _, Sha256};

use crate::harness::proxy::{Fault, put};
use crate::harness::{Bucket, Proxy};
use crate::library::{Place, info};
use crate::shop::{OTHER, SHOP, State, digest, push, put_claim, put_document};

const PROD: &str = "shop/.cstore/channels/prod.json";

pub(crate) fn prod() -> ChannelName {
    ChannelName::new("prod").unwrap()
}

/// A move of `prod` to a version.
pub(crate) fn to(version: &str, push_id: &str) -> ChannelMove {
    ChannelMove {
        channel: prod(),
        to: MoveTo::Version { version: VersionName::new(version).unwrap(), expect: None },
        labels: Labels::default(),
        expect_current: None,
        expect_new: false,
        force: false,
        only_to_what_is_new: false,
        dry_run: false,
        info: info(push_id),
        progress: Progress::default(),
    }
}

fn expecting(version: &str, push_id: &str, current: &str) -> ChannelMove {
    ChannelMove { expect_current: Some(current.to_owned()), ..to(version, push_id) }
}

/// An order as it can be sent to another thread.
fn ask(place: &Place<'_>, order: impl FnOnce() -> ChannelMove + Send) -> Result<Moved, Error> {
    // Boxed, since the SDK nests its futures deeper than the compiler cares to lay out.
    place.run(async |store| Box::pin(store.move_channel(&order())).await)
}

pub(crate) fn moves(bucket: &Bucket, order: impl FnOnce() -> ChannelMove + Send) -> Result<Moved, Error> {
    ask(&Place::of(bucket), order)
}

fn through(proxy: &Proxy, bucket: &Bucket, order: impl FnOnce() -> ChannelMove + Send) -> Result<Moved, Error> {
    ask(&Place { endpoint: proxy.endpoint(), ..Place::of(bucket) }, order)
}

pub(crate) fn channel(bucket: &Bucket) -> Channel {
    Place::of(bucket).run(async |store| store.channel(&prod()).await.unwrap().unwrap().value)
}

/// Version and move of where the channel stands, and of where it stood before.
fn stood_at(channel: &Channel) -> Vec<(String, String)> {
    let current = channel.current();
    let moves = [&current].into_iter().chain(channel.history());
    moves
        .map(|made| (made.version.as_ref().map_or_else(String::new, ToString::to_string), made.push_id.clone()))
        .collect()
}

fn texts(moves: &[(&str, &str)]) -> Vec<(String, String)> {
    moves.iter().map(|(version, id)| ((*version).to_owned(), (*id).to_owned())).collect()
}

fn publish(bucket: &Bucket) {
    push(bucket, "v1", &SHOP).run().succeeds();
    push(bucket, "v2", &OTHER).run().succeeds();
}

pub(crate) fn conflict<T: std::fmt::Debug>(failed: Result<T, Error>) -> Conflict {
    match failed {
        Err(Error::Conflict(conflict)) => *conflict,
        other => panic!("{other:?}"),
    }
}

fn a_channel_is_moved_and_remembers_where_it_stood(bucket: &Bucket) {
    publish(bucket);
    let first = moves(bucket, || to("v1", "m1")).unwrap();
    assert_eq!(first.what, Movement::Moved(None));
    let labels = || Labels::new("image=sha256:ab").unwrap();
    let second = moves(bucket, || ChannelMove { labels: labels(), ..to("v2", "m2") }).unwrap();
    assert_eq!(second.what, Movement::Moved(Some(Box::new(first.channel.current()))));

    let document = bucket.get(PROD).json();
    assert_eq!(document["version"], "v2");
    assert_eq!(document["digest"], digest(&OTHER));
    assert_eq!(document["labels"], serde_json::json!({"image": "sha256:ab"}));
    assert_eq!(document["history"][0]["version"], "v1");
    assert_eq!(document["history"][0]["digest"], digest(&SHOP));
    let object = bucket.get(PROD);
    assert_eq!((object.metadata("cstore-push-id"), object.metadata("cstore-version")), (Some("m2"), None));
    assert_eq!(stood_at(&channel(bucket)), texts(&[("v2", "m2"), ("v1", "m1")]));
}

fn the_same_target_is_no_move(bucket: &Bucket) {
    publish(bucket);
    moves(bucket, || to("v1", "m1")).unwrap();
    let before = State::from_bucket(bucket);
    assert_eq!(moves(bucket, || to("v1", "m2")).unwrap().what, Movement::Unchanged);
    // It comes before what is expected: a job that is run again has done what it was to do.
    assert_eq!(moves(bucket, || expecting("v1", "m3", "v9")).unwrap().what, Movement::Unchanged);
    assert_eq!(State::from_bucket(bucket), before);
    // Other labels are another target.
    let labels = || Labels::new("image=sha256:cd").unwrap();
    let moved = moves(bucket, || ChannelMove { labels: labels(), ..to("v1", "m4") }).unwrap();
    assert!(matches!(moved.what, Movement::Moved(Some(_))));
}

fn what_is_expected_is_a_move_or_a_version(bucket: &Bucket) {
    publish(bucket);
    let none = conflict(moves(bucket, || expecting("v1", "m0", "v9")));
    assert!(matches!(none, Conflict::ChannelMoved { present: None, .. }), "{none:?}");
    let new = |version, push_id| ChannelMove { expect_new: true, ..to(version, push_id) };
    let dev = || ChannelName::new("dev").unwrap();
    moves(bucket, || ChannelMove { channel: dev(), ..new("v1", "d1") }).unwrap();
    let there = conflict(moves(bucket, || ChannelMove { channel: dev(), ..new("v2", "d2") }));
    assert!(matches!(there, Conflict::ChannelMoved { present: Some(_), .. }), "{there:?}");
    moves(bucket, || to("v1", "m1")).unwrap();
    moves(bucket, || expecting("v2", "m2", "m1")).unwrap();
    moves(bucket, || expecting("v1", "m3", "v2")).unwrap();
    // It stands at v1 again, by another move.
    for current in ["m1", "m2", "v2"] {
        let Conflict::ChannelMoved { expected, present: Some(present), .. } =
            conflict(moves(bucket, || expecting("v2", "m4", current)))
        else {
            panic!("it does not stand at {current}")
        };
        assert_eq!((expected.as_deref(), present.push_id.as_str()), (Some(current), "m3"));
    }
    moves(bucket, || expecting("v2", "m5", "v1")).unwrap();
    assert_eq!(stood_at(&channel(bucket)), texts(&[("v2", "m5"), ("v1", "m3"), ("v2", "m2"), ("v1", "m1")]));
}

fn whoever_moves_it_meanwhile_is_named(bucket: &Bucket) {
    publish(bucket);
    let other: &'static Bucket = Box::leak(Box::new(Bucket::existing(bucket.server(), bucket.name())));
    let proxy = Proxy::before(bucket.server());
    let once = move || proxy_moves(other, "v2", "of-another");
    proxy.on(put(PROD).times(1), Fault::before(once));
    let Conflict::ChannelMoved { expected: None, present: Some(present), .. } =
        conflict(through(&proxy, bucket, || to("v1", "m1")))
    else {
        panic!("another has moved it")
    };
    assert_eq!((present.push_id.as_str(), present.moved_at.as_str()), ("of-another", "2026-01-02T03:04:05Z"));
    assert_eq!(stood_at(&channel(bucket)), texts(&[("v2", "of-another")]));

    // With force it is moved from where it stands by then, and nothing of the other's move is lost.
    proxy.clear();
    proxy.on(put(PROD).times(1), Fault::before(move || proxy_moves(other, "v1", "of-a-third")));
    let forced =
        through(&proxy, bucket, || ChannelMove { labels: Labels::new("a=b").unwrap(), force: true, ..to("v1", "m2") });
    assert!(matches!(forced.unwrap().what, Movement::Moved(Some(before)) if before.push_id == "of-a-third"));
    assert_eq!(stood_at(&channel(bucket)), texts(&[("v1", "m2"), ("v1", "of-a-third"), ("v2", "of-another")]));

    // Not where something else is expected.
    proxy.clear();
    proxy.on(put(PROD).times(1), Fault::before(move || proxy_moves(other, "v2", "of-a-fourth")));
    let failed = through(&proxy, bucket, || ChannelMove { force: true, ..expecting("v2", "m3", "m2") });
    // Another has moved it to the very same.
    assert_eq!(failed.unwrap().what, Movement::Unchanged);
    let refused = moves(bucket, || ChannelMove { force: true, ..expecting("v1", "m4", "m2") });
    assert!(matches!(conflict(refused), Conflict::ChannelMoved { .. }));
}

fn proxy_moves(bucket: &Bucket, version: &str, push_id: &str) {
    moves(bucket, || to(version, push_id)).unwrap();
}

fn a_lost_answer_is_no_conflict(bucket: &Bucket) {
    publish(bucket);
    let proxy = Proxy::before(bucket.server());
    proxy.on(put(PROD).times(1), Fault::LoseAnswer);
    assert_eq!(through(&proxy, bucket, || to("v1", "m1")).unwrap().what, Movement::Moved(None));
    // Nor where somebody has moved it on by then.
    let other: &'static Bucket = Box::leak(Box::new(Bucket::existing(bucket.server(), bucket.name())));
    proxy.clear();
    proxy.on(put(PROD).times(1), Fault::LoseAnswerAnd(Arc::new(move || proxy_moves(other, "v1", "m3"))));
    let moved = through(&proxy, bucket, || to("v2", "m2")).unwrap();
    assert!(matches!(moved.what, Movement::Moved(Some(before)) if before.push_id == "m1"));
    assert_eq!(stood_at(&channel(bucket)), texts(&[("v1", "m3"), ("v2", "m2"), ("v1", "m1")]));
}

fn only_what_is_published_as_reviewed_is_a_target(bucket: &Bucket) {
    publish(bucket);
    let before = State::from_bucket(bucket);
    let missing = moves(bucket, || to("v9", "m1"));
    assert!(matches!(missing, Err(Error::Missing(missing)) if matches!(*missing, Missing::Version { .. })));
    let reviewed = |files: &[(&str, &str)]| MoveTo::Version {
        version: VersionName::new("v1").unwrap(),
        expect: Some(Digest::from_hex(&digest(files)).unwrap()),
    };
    let other = moves(bucket, || ChannelMove { to: reviewed(&OTHER), ..to("v1", "m2") });
    assert!(matches!(other, Err(Error::Integrity(why)) if matches!(*why, Integrity::Unexpected { .. })));
    assert_eq!(State::from_bucket(bucket), before);
    moves(bucket, || ChannelMove { to: reviewed(&SHOP), ..to("v1", "m3") }).unwrap();
    put_claim(bucket, "v2", "purge");
    assert!(matches!(conflict(moves(bucket, || to("v2", "m4"))), Conflict::Purging { .. }));
}

/// What happens between the look at the target and the put is seen by the look after it.
fn a_target_that_goes_meanwhile_is_named(bucket: &Bucket) {
    let other: &'static Bucket = Box::leak(Box::new(Bucket::existing(bucket.server(), bucket.name())));
    publish(bucket);
    let proxy = Proxy::before(bucket.server());
    proxy.on(put(PROD).times(1), Fault::before(move || put_claim(other, "v1", "purge")));
    let purging = through(&proxy, bucket, || to("v1", "m1"));
    let Err(Error::Missing(missing)) = purging else { panic!("{purging:?}") };
    assert!(matches!(*missing, Missing::MovedTarget { is_purging: true, .. }), "{missing:?}");
    proxy.clear();
    let overwrites = move || drop(push(other, "v2", &SHOP).input("overwrite", "true").run().succeeds());
    proxy.on(put(PROD).times(1), Fault::before(overwrites));
    let overwritten = through(&proxy, bucket, || to("v2", "m2"));
    let Err(Error::Integrity(integrity)) = overwritten else { panic!("{overwritten:?}") };
    assert!(matches!(*integrity, Integrity::MovedTarget { .. }), "{integrity:?}");
    // It was moved anyway, and is not moved back.
    assert_eq!(stood_at(&channel(bucket)), texts(&[("v2", "m2"), ("v1", "m1")]));
}

fn last_months_release_moves_nothing_back(bucket: &Bucket) {
    publish(bucket);
    let release = |version: &'static str, id: &'static str| {
        moves(bucket, || ChannelMove { only_to_what_is_new: true, ..to(version, id) }).unwrap().what
    };
    assert_eq!(release("v1", "m1"), Movement::Moved(None));
    assert!(matches!(release("v2", "m2"), Movement::Moved(Some(_))));
    let before = State::from_bucket(bucket);
    assert_eq!(release("v1", "m3"), Movement::LeftWhereItIs);
    assert_eq!(release("v2", "m4"), Movement::Unchanged);
    assert_eq!(State::from_bucket(bucket), before);
    // Nor is other content under a name that it has left new.
    push(bucket, "v1", &OTHER).input("overwrite", "true").run().succeeds();
    let before = State::from_bucket(bucket);
    assert_eq!(release("v1", "m5"), Movement::LeftWhereItIs);
    assert_eq!(State::from_bucket(bucket), before);
    // Where it stands at the name, pulls would fail unless it is moved.
    push(bucket, "v2", &SHOP).input("overwrite", "true").run().succeeds();
    assert!(matches!(release("v2", "m6"), Movement::Moved(Some(_))));
    push(bucket, "v2", &OTHER).input("overwrite", "true").run().succeeds();
    assert_eq!(release("v2", "m7"), Movement::LeftWhereItIs);
}

fn what_cannot_be_read_is_moved_by_force_alone(bucket: &Bucket) {
    publish(bucket);
    moves(bucket, || to("v1", "m1")).unwrap();
    bucket.put(PROD, "{", &[("Content-Type", "application/json")]);
    let failed = moves(bucket, || to("v2", "m2"));
    assert!(matches!(failed, Err(Error::Integrity(why)) if matches!(*why, Integrity::Damaged { .. })));
    let moved = moves(bucket, || ChannelMove { force: true, ..to("v2", "m3") }).unwrap();
    assert_eq!(moved.what, Movement::Moved(None));
    assert_eq!(stood_at(&channel(bucket)), texts(&[("v2", "m3")]));
    // What a later version of the tool has written is no damage.
    let written = bucket.get(PROD).json();
    let imports = serde_json::json!(["imports"]);
    for (field, value) in [
        ("schema", serde_json::json!(2)),
        ("requires", imports.clone()),
        ("history", serde_json::json!([{"requires": imports}])),
    ] {
        let mut newer = written.clone();
        newer[field] = value;
        put_document(bucket, PROD, &newer);
        for force in [false, true] {
            let failed = moves(bucket, || ChannelMove { force, ..to("v1", "m4") });
            assert!(matches!(failed, Err(Error::Newer(_))), "{failed:?}");
        }
    }
}

fn of_many_that_expect_the_same_move_one_wins(bucket: &Bucket) {
    publish(bucket);
    moves(bucket, || to("v1", "m1")).unwrap();
    let movers = 50;
    let proxy = Proxy::before(bucket.server());
    proxy.on(put(PROD).times(movers), Fault::Together);
    let ids: Vec<_> = (0..movers).map(|n| format!("mover-{n}")).collect();
    let results: Vec<_> = thread::scope(|scope| {
        let labels = |id: &str| Labels::new(&format!("by={id}")).unwrap();
        let running: Vec<_> = ids
            .iter()
            .map(|id| {
                let order = move || ChannelMove { labels: labels(id), ..expecting("v2", id, "m1") };
                let proxy = &proxy;
                scope.spawn(move || through(proxy, bucket, order))
            })
            .collect();
        running.into_iter().map(|mover| mover.join().unwrap()).collect()
    });
    let winners: Vec<_> = results.iter().flatten().collect();
    assert_eq!(winners.len(), 1, "{results:?}");
    assert!(results.iter().filter_map(|result| result.as_ref().err()).all(|error| {
        matches!(error, Error::Conflict(conflict) if matches!(**conflict, Conflict::ChannelMoved { .. }))
    }));
    assert_eq!(channel(bucket).history().len(), 1);
}

/// Nobody's move is lost, whoever goes over whom.
fn of_many_that_force_each_is_in_the_history(bucket: &Bucket, movers: usize) {
    publish(bucket);
    let proxy = Proxy::before(bucket.server());
    proxy.on(put(PROD).times(movers), Fault::Together);
    let ids: Vec<_> = (0..movers).map(|n| format!("mover-{n}")).collect();
    thread::scope(|scope| {
        for id in &ids {
            let labels = Labels::new(&format!("by={id}")).unwrap();
            let proxy = &proxy;
            scope.spawn(move || {
                through(proxy, bucket, move || ChannelMove { labels, force: true, ..to("v1", id) }).unwrap()
            });
        }
    });
    let mut made: Vec<_> = stood_at(&channel(bucket)).into_iter().map(|(_, id)| id).collect();
    made.sort_unstable();
    let mut all = ids.clone();
    all.sort_unstable();
    assert_eq!(made, all);
}

fn one_may_point_at_nothing(bucket: &Bucket) {
    publish(bucket);
    moves(bucket, || to("v1", "m1")).unwrap();
    moves(bucket, || ChannelMove { to: MoveTo::Nothing, ..to("v1", "m2") }).unwrap();
    let document = bucket.get(PROD).json();
    assert_eq!((document.get("version"), document.get("digest")), (None, None));
    moves(bucket, || expecting("v2", "m3", "m2")).unwrap();
    assert_eq!(stood_at(&channel(bucket)), texts(&[("v2", "m3"), ("", "m2"), ("v1", "m1")]));
}

in_each_bucket!(
    a_channel_is_moved_and_remembers_where_it_stood,
    the_same_target_is_no_move,
    what_is_expected_is_a_move_or_a_version,
    whoever_moves_it_meanwhile_is_named,
    a_lost_answer_is_no_conflict,
    only_what_is_published_as_reviewed_is_a_target,
    a_target_that_goes_meanwhile_is_named,
    last_months_release_moves_nothing_back,
    what_cannot_be_read_is_moved_by_force_alone,
    of_many_that_expect_the_same_move_one_wins,
    one_may_point_at_nothing,
);

#[test]
fn of_fifty_that_force_each_is_in_the_history() {
    of_many_that_force_each_is_in_the_history(&Bucket::versioned(), 50);
}

/// Each is refused by most of the others, so that what they send grows with the square of their number.
#[test]
fn of_eight_that_force_each_is_in_the_history_of_other_buckets() {
    for bucket in [Bucket::suspended(), Bucket::unversioned()] {
        of_many_that_force_each_is_in_the_history(&bucket, 8);
    }
}

#[test]
fn every_put_of_a_channel_is_conditional() {
    let bucket = Bucket::versioned();
    publish(&bucket);
    let proxy = Proxy::before(bucket.server());
    for (version, id) in [("v1", "m1"), ("v2", "m2")] {
        through(&proxy, &bucket, || to(version, id)).unwrap();
    }
    let puts: Vec<_> = proxy.requests().into_iter().filter(|seen| seen.method == "PUT").collect();
    assert_eq!(puts.len(), 2);
    assert!(puts[0].header("if-none-match").is_some() && puts[1].header("if-match").is_some());
    let checksum = STANDARD.encode(Sha256::digest(bucket.get(PROD).body()));
    assert_eq!(puts[1].header("x-amz-checksum-sha256"), Some(checksum.as_str()));
}

#[test]
fn another_service_that_ignores_conditions_is_refused() {
    let bucket = Bucket::unversioned();
    publish(&bucket);
    let proxy = Proxy::before(bucket.server());
    let place = || Place { endpoint: proxy.endpoint(), is_other_service: true, bucket: &bucket };
    ask(&place(), || to("v1", "m1")).unwrap();
    proxy.on(put(PROD).for_ever(), Fault::IgnoreCondition("if-match"));
    let failed = ask(&place(), || to("v2", "m2"));
    assert!(matches!(failed, Err(Error::IgnoresConditions { .. })), "{failed:?}");
}

//! Rollback of a channel, over the library: back through its own history, and never forward again.

use cstore::name::{Digest, VersionName};
use cstore::store::{
    BackTo, ChannelMove, ChannelRollback, Conflict, Error, Integrity, Labels, Missing, MoveTo, Moved, Movement,
    Progress, PurgeProgress,
};

use crate::channel::{channel, conflict, moves, prod, to};
use crate::harness::proxy::{Fault, put};
use crate::harness::{Bucket, Proxy};
use crate::library::{Place, info};
use crate::shop::{OTHER, SHOP, State, digest, push};

fn back(push_id: &str) -> ChannelRollback {
    ChannelRollback {
        channel: prod(),
        to: BackTo::Before,
        expect: None,
        expect_current: None,
        dry_run: false,
        info: info(push_id),
        progress: Progress::default(),
    }
}

fn back_to(version: &str, push_id: &str) -> ChannelRollback {
    ChannelRollback { to: BackTo::Version(VersionName::new(version).unwrap()), ..back(push_id) }
}

fn ask(place: &Place<'_>, order: impl FnOnce() -> ChannelRollback + Send) -> Result<Moved, Error> {
    // Boxed, since the SDK nests its futures deeper than the compiler cares to lay out.
    place.run(async |store| Box::pin(store.roll_channel_back(&order())).await)
}

fn rolls(bucket: &Bucket, order: impl FnOnce() -> ChannelRollback + Send) -> Result<Moved, Error> {
    ask(&Place::of(bucket), order)
}

fn purge(bucket: &Bucket, version: &VersionName, past_channels: bool) {
    let purged = Place::of(bucket)
        .run(async |store| store.purge(version, past_channels, &info("purge"), None, &PurgeProgress::default()).await);
    purged.unwrap();
}

fn missing<T: std::fmt::Debug>(failed: Result<T, Error>) -> Missing {
    match failed {
        Err(Error::Missing(missing)) => *missing,
        other => panic!("{other:?}"),
    }
}

/// Versions `v1` to `v4`, to which the channel was moved one after the other, each with an image.
fn published(bucket: &Bucket) {
    for (n, files) in [(1, &SHOP), (2, &OTHER), (3, &SHOP), (4, &OTHER)] {
        let (version, id) = (format!("v{n}"), format!("m{n}"));
        push(bucket, &version, files).run().succeeds();
        let labels = Labels::new(&format!("image=sha256:{n}")).unwrap();
        moves(bucket, || ChannelMove { labels, ..to(&version, &id) }).unwrap();
    }
}

fn stands_at(bucket: &Bucket) -> (String, String, Option<String>) {
    let current = channel(bucket).current();
    let image = current.labels.iter().next().map(|(_, image)| image.to_owned()).unwrap_or_default();
    (current.version.map(|version| version.to_string()).unwrap_or_default(), image, current.restores)
}

fn at(version: &str, image: &str, restores: Option<&str>) -> (String, String, Option<String>) {
    (version.to_owned(), image.to_owned(), restores.map(ToOwned::to_owned))
}

fn one_after_the_other_goes_back_and_never_forward(bucket: &Bucket) {
    published(bucket);
    for (id, version, image, restores) in
        [("r1", "v3", "sha256:3", "m3"), ("r2", "v2", "sha256:2", "m2"), ("r3", "v1", "sha256:1", "m1")]
    {
        assert!(matches!(rolls(bucket, || back(id)).unwrap().what, Movement::Moved(Some(_))));
        assert_eq!(stands_at(bucket), at(version, image, Some(restores)));
    }
    assert!(matches!(missing(rolls(bucket, || back("r4"))), Missing::EarlierTarget { .. }));
    // All of it is in the history.
    let ids: Vec<_> = channel(bucket).history().iter().map(|made| made.push_id.clone()).collect();
    assert_eq!(ids, ["r2", "r1", "m4", "m3", "m2", "m1"]);
    // After a move a rollback goes to what was there before it, and then further back than that had gone.
    moves(bucket, || to("v4", "m5")).unwrap();
    rolls(bucket, || back("r5")).unwrap();
    assert_eq!(stands_at(bucket), at("v1", "sha256:1", Some("r3")));
    assert!(matches!(missing(rolls(bucket, || back("r6"))), Missing::EarlierTarget { .. }));
}

fn a_version_that_it_had_can_be_named(bucket: &Bucket) {
    published(bucket);
    rolls(bucket, || back_to("v2", "r1")).unwrap();
    assert_eq!(stands_at(bucket), at("v2", "sha256:2", Some("m2")));
    let before = State::from_bucket(bucket);
    assert_eq!(rolls(bucket, || back_to("v2", "r2")).unwrap().what, Movement::Unchanged);
    push(bucket, "v9", &SHOP).run().succeeds();
    assert!(matches!(missing(rolls(bucket, || back_to("v9", "r3"))), Missing::EarlierTarget { .. }));
    assert_eq!(
        State::from_bucket(bucket).without("shop/v9/").without("shop/.cstore/"),
        before.without("shop/.cstore/")
    );
    // The next one goes on from there.
    rolls(bucket, || back("r4")).unwrap();
    assert_eq!(stands_at(bucket), at("v1", "sha256:1", Some("m1")));
}

fn what_is_no_longer_as_it_was_is_not_gone_back_to(bucket: &Bucket) {
    published(bucket);
    push(bucket, "v3", &OTHER).input("overwrite", "true").run().succeeds();
    let failed = rolls(bucket, || back("r1"));
    let Err(Error::Integrity(integrity)) = failed else { panic!("{failed:?}") };
    assert!(matches!(*integrity, Integrity::BackTarget { older: Some(_), .. }), "{integrity:?}");
    let version = VersionName::new("v3").unwrap();
    purge(bucket, &version, false);
    let gone = missing(rolls(bucket, || back("r2")));
    assert!(matches!(gone, Missing::BackTarget { older: Some(ref older), .. } if older.as_str() == "v2"), "{gone:?}");
    assert_eq!(stands_at(bucket), at("v4", "sha256:4", None));
    let reviewed = |files: &[(&str, &str)]| Digest::from_hex(&digest(files)).ok();
    let other = rolls(bucket, || ChannelRollback { expect: reviewed(&SHOP), ..back_to("v2", "r3") });
    assert!(matches!(other, Err(Error::Integrity(why)) if matches!(*why, Integrity::Unexpected { .. })));
    rolls(bucket, || ChannelRollback { expect: reviewed(&OTHER), ..back_to("v2", "r4") }).unwrap();
}

fn a_version_that_it_stands_at_is_gone_back_to_as_it_was(bucket: &Bucket) {
    push(bucket, "v1", &SHOP).run().succeeds();
    for (id, image) in [("m1", "good"), ("m2", "also-good"), ("m3", "bad")] {
        let labels = Labels::new(&format!("image={image}")).unwrap();
        moves(bucket, || ChannelMove { labels, ..to("v1", id) }).unwrap();
    }
    let gone_back = at("v1", "also-good", Some("m2"));
    rolls(bucket, || back_to("v1", "r1")).unwrap();
    assert_eq!(stands_at(bucket), gone_back);
    // The same again changes nothing, as in a job that is run again.
    assert_eq!(rolls(bucket, || back_to("v1", "r2")).unwrap().what, Movement::Unchanged);
    assert_eq!(stands_at(bucket), gone_back);
    let reviewed = |files: &[(&str, &str)]| Digest::from_hex(&digest(files)).ok();
    let other = rolls(bucket, || ChannelRollback { expect: reviewed(&OTHER), ..back_to("v1", "r3") });
    assert!(matches!(other, Err(Error::Integrity(why)) if matches!(*why, Integrity::Unexpected { .. })));
    let same = rolls(bucket, || ChannelRollback { expect: reviewed(&SHOP), ..back_to("v1", "r4") }).unwrap();
    assert_eq!(same.what, Movement::Unchanged);
    // What it points at is no longer that.
    push(bucket, "v1", &OTHER).input("overwrite", "true").run().succeeds();
    let failed = rolls(bucket, || back_to("v1", "r5"));
    let Err(Error::Integrity(integrity)) = failed else { panic!("{failed:?}") };
    assert!(matches!(*integrity, Integrity::BackTarget { .. }), "{integrity:?}");
    let version = VersionName::new("v1").unwrap();
    purge(bucket, &version, true);
    let gone = missing(rolls(bucket, || back_to("v1", "r6")));
    assert!(matches!(gone, Missing::BackTarget { .. }), "{gone:?}");
    assert_eq!(stands_at(bucket), gone_back);
}

fn of_one_version_the_digest_says_which(bucket: &Bucket) {
    push(bucket, "v1", &SHOP).run().succeeds();
    moves(bucket, || to("v1", "m1")).unwrap();
    push(bucket, "v1", &OTHER).input("overwrite", "true").run().succeeds();
    moves(bucket, || to("v1", "m2")).unwrap();
    // What it stood at before is lost, and what is reviewed is where it stands.
    let failed = rolls(bucket, || back_to("v1", "r1"));
    let Err(Error::Integrity(integrity)) = failed else { panic!("{failed:?}") };
    assert!(matches!(*integrity, Integrity::BackTarget { .. }), "{integrity:?}");
    let expect = Digest::from_hex(&digest(&OTHER)).ok();
    let stays = rolls(bucket, || ChannelRollback { expect, ..back_to("v1", "r2") }).unwrap();
    assert_eq!(stays.what, Movement::Unchanged);
    assert_eq!(channel(bucket).push_id(), "m2");
}

fn whoever_moves_it_meanwhile_wins(bucket: &Bucket) {
    published(bucket);
    let other: &'static Bucket = Box::leak(Box::new(Bucket::existing(bucket.server(), bucket.name())));
    let proxy = Proxy::before(bucket.server());
    // Even to the very same.
    let labels = || Labels::new("image=sha256:3").unwrap();
    let moves_it = move || drop(moves(other, || ChannelMove { labels: labels(), ..to("v3", "m5") }).unwrap());
    proxy.on(put("channels/prod.json").times(1), Fault::before(moves_it));
    let place = || Place { endpoint: proxy.endpoint(), ..Place::of(bucket) };
    assert!(matches!(conflict(ask(&place(), || back("r1"))), Conflict::ChannelMoved { .. }));
    assert_eq!(channel(bucket).push_id(), "m5");
    let expects = |current: &str| ChannelRollback { expect_current: Some(current.to_owned()), ..back("r2") };
    assert!(matches!(conflict(rolls(bucket, || expects("m4"))), Conflict::ChannelMoved { .. }));
    // A lost answer is no conflict.
    proxy.clear();
    proxy.on(put("channels/prod.json").times(1), Fault::LoseAnswer);
    ask(&place(), || expects("m5")).unwrap();
    assert_eq!(stands_at(bucket), at("v4", "sha256:4", Some("m4")));
}

fn what_is_not_there_is_not_found(bucket: &Bucket) {
    assert!(matches!(missing(rolls(bucket, || back("r1"))), Missing::Channel { .. }));
    push(bucket, "v1", &SHOP).run().succeeds();
    moves(bucket, || to("v1", "m1")).unwrap();
    assert!(matches!(missing(rolls(bucket, || back("r1"))), Missing::EarlierTarget { .. }));
}

fn moves_to_nothing_and_back_are_passed_over(bucket: &Bucket) {
    published(bucket);
    let nothing = |id: &'static str| moves(bucket, || ChannelMove { to: MoveTo::Nothing, ..to("v1", id) }).unwrap();
    let to_v4 = |image: &str, id: &str| {
        let labels = Labels::new(&format!("image=sha256:{image}")).unwrap();
        moves(bucket, || ChannelMove { labels, ..to("v4", id) }).unwrap();
    };
    // From nothing it goes back to what it pointed at last.
    nothing("m5");
    rolls(bucket, || back("r1")).unwrap();
    assert_eq!(stands_at(bucket), at("v4", "sha256:4", Some("m4")));
    // Moved to nothing and back, it would stay where it is: it goes further back.
    nothing("m6");
    to_v4("4", "m7");
    rolls(bucket, || back("r2")).unwrap();
    assert_eq!(stands_at(bucket), at("v3", "sha256:3", Some("m3")));
    // With other labels it is not the same.
    to_v4("5", "m8");
    nothing("m9");
    to_v4("6", "m10");
    rolls(bucket, || back("r3")).unwrap();
    assert_eq!(stands_at(bucket), at("v4", "sha256:5", Some("m8")));
}

in_each_bucket!(
    one_after_the_other_goes_back_and_never_forward,
    a_version_that_it_had_can_be_named,
    what_is_no_longer_as_it_was_is_not_gone_back_to,
    a_version_that_it_stands_at_is_gone_back_to_as_it_was,
    of_one_version_the_digest_says_which,
    whoever_moves_it_meanwhile_wins,
    what_is_not_there_is_not_found,
    moves_to_nothing_and_back_are_passed_over,
);

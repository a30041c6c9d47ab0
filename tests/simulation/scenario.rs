//! From a seed to a schedule: who takes part, what the bucket is like, and how the network behaves.

use crate::adversary::Adversary;
use crate::change::From;
use crate::channels;
use crate::client::{Content, Place, Role};
use crate::conclusion::conclude;
use crate::file_purges;
use crate::memory::{Etags, Memory, Versioning};
use crate::promotions;
use crate::purges;
use crate::random::Random;
use crate::reference::Broken;
use crate::rollbacks;
use crate::schedule::{Counts, Weather, run};
use crate::simulation::Simulation;

/// Who meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Story {
    SameContent,
    SameContentAndNewKey,
    DifferentContent,
    OverwriteOfPublished,
    OverwriteOfUnpublished,
    HeadOfDifferentPaths,
    HeadOfSamePaths,
    OneKeyOfHeadAndVersion,
    FileGone,
    ChangesOfOneFile,
    ChangesOfSeveralFiles,
    ChangesAndPushes,
    ChangesAndVersions,
    ChangesOfWhatLiesThere,
    PurgeOfPublished,
    PurgeOfUnfinished,
    PurgeAndOverwrites,
    TwoPurges,
    PurgeBesideHead,
    FilePurgeAndPushes,
    FilePurgeAndChanges,
    TwoFilePurges,
    FilePurgeAndRollback,
    FilePurgeAndVersion,
    RollbackAndPushes,
    RollbackAndChanges,
    TwoRollbacks,
    RollbackToVersion,
    PromotionToHead,
    PromotionToVersion,
    OverwritesOfWhatWasSeen,
    Moves,
    MovesAndRollbacks,
    MovesAndOverwrites,
    MovesAndPurges,
}

pub(crate) const STORIES: [Story; 9] = [
    Story::SameContent,
    Story::SameContentAndNewKey,
    Story::DifferentContent,
    Story::OverwriteOfPublished,
    Story::OverwriteOfUnpublished,
    Story::HeadOfDifferentPaths,
    Story::HeadOfSamePaths,
    Story::OneKeyOfHeadAndVersion,
    Story::FileGone,
];

/// Those who know what they replace in the head meet each other, and others.
pub(crate) const CHANGES: [Story; 5] = [
    Story::ChangesOfOneFile,
    Story::ChangesOfSeveralFiles,
    Story::ChangesAndPushes,
    Story::ChangesAndVersions,
    Story::ChangesOfWhatLiesThere,
];

/// A purge meets those who push, and another.
pub(crate) const PURGES: [Story; 5] = [
    Story::PurgeOfPublished,
    Story::PurgeOfUnfinished,
    Story::PurgeAndOverwrites,
    Story::TwoPurges,
    Story::PurgeBesideHead,
];

/// A purge of files of the head meets those who push them, and another.
pub(crate) const FILE_PURGES: [Story; 5] = [
    Story::FilePurgeAndPushes,
    Story::FilePurgeAndChanges,
    Story::TwoFilePurges,
    Story::FilePurgeAndRollback,
    Story::FilePurgeAndVersion,
];

/// A rollback of the head meets those who push to it, and another.
pub(crate) const ROLLBACKS: [Story; 4] =
    [Story::RollbackAndPushes, Story::RollbackAndChanges, Story::TwoRollbacks, Story::RollbackToVersion];

/// A promotion meets those who push to either side, and another; an overwrite that was agreed to, as that of a promotion is, meets
/// others.
pub(crate) const PROMOTIONS: [Story; 3] =
    [Story::PromotionToHead, Story::PromotionToVersion, Story::OverwritesOfWhatWasSeen];

/// Movers of a channel meet each other, and those who change what it points at.
pub(crate) const CHANNELS: [Story; 4] =
    [Story::Moves, Story::MovesAndRollbacks, Story::MovesAndOverwrites, Story::MovesAndPurges];

impl Story {
    /// In a table.
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::SameContent => "two or three pushes of one version, the same content",
            Self::SameContentAndNewKey => "the same, while a push of the head names a KMS key for the context",
            Self::DifferentContent => "two or three pushes of one version, different contents",
            Self::OverwriteOfPublished => "one or two overwrites of a published version, and a push of it",
            Self::OverwriteOfUnpublished => "one or two overwrites of a version that others are pushing",
            Self::HeadOfDifferentPaths => "two or three pushes of the head, different paths",
            Self::HeadOfSamePaths => "two or three pushes of the head, the same paths",
            Self::OneKeyOfHeadAndVersion => "a version and a head whose files share a key",
            Self::ChangesOfOneFile => "two or three changes of one file of the head",
            Self::ChangesOfSeveralFiles => "two or three changes of the same files of the head",
            Self::ChangesAndPushes => "one or two changes of files of the head, and a push of them",
            Self::ChangesAndVersions => {
                "a change of a file of the head, and an overwrite of a version, which share a key"
            }
            Self::PurgeOfPublished => "a purge of a published version, and a push of it",
            Self::PurgeOfUnfinished => "a purge of a version that two or three are pushing",
            Self::PurgeAndOverwrites => "a purge of a published version, and one or two overwrites",
            Self::TwoPurges => "two purges of a published version, and a push or an overwrite",
            Self::PurgeBesideHead => "a purge, and a push of a file of the head in the folder of the version's name",
            Self::FilePurgeAndPushes => "a purge of one or two files of the head, and one or two pushes of them",
            Self::FilePurgeAndChanges => "the same, and one or two changes of one of them",
            Self::TwoFilePurges => "two purges of the same files of the head, and a push of them",
            Self::FilePurgeAndRollback => "a purge of files of the head, a rollback of the head, and a push of it",
            Self::FilePurgeAndVersion => "a purge of a file of the head, and a push of a version that has its key",
            Self::RollbackAndPushes => "a rollback of the head, and one or two pushes of it",
            Self::RollbackAndChanges => "a rollback of the head, and one or two changes of files of it",
            Self::TwoRollbacks => "two or three rollbacks of the head",
            Self::RollbackToVersion => {
                "a rollback of the head to a version, a push of the head, and an overwrite of the version"
            }
            Self::PromotionToHead => {
                "a promotion of a version to the head, an overwrite of the version, and pushes of the head"
            }
            Self::PromotionToVersion => {
                "a promotion of the head to a version, a push of the head, and one of the version"
            }
            Self::OverwritesOfWhatWasSeen => {
                "one or two overwrites of a version as it was seen, and a push or an overwrite of whatever it is"
            }
            Self::Moves => "two or three moves of a channel",
            Self::MovesAndRollbacks => "one or two rollbacks of a channel, and a move or another",
            Self::MovesAndOverwrites => "one or two moves of a channel, and overwrites of its target",
            Self::MovesAndPurges => "one or two moves of a channel, a purge of its target, and a push of it",
            Self::ChangesOfWhatLiesThere => "changes of what lies at the key, and of what the manifest lists",
            Self::FileGone => "a file of a published version is deleted, then pushed again by one or two",
        }
    }
}

/// What a schedule is changed by, to see what the simulation says of it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Mutation {
    pub(crate) ignores_conditions: bool,
    /// No fault, but another way through the pushes.
    pub(crate) is_other_service: bool,
    /// Somebody with a pusher's token puts anything at all.
    pub(crate) is_attacked: bool,
    /// No fault, but others take part.
    pub(crate) is_of_changes: bool,
    /// The same.
    pub(crate) is_of_purges: bool,
    /// The same.
    pub(crate) is_of_file_purges: bool,
    /// The same.
    pub(crate) is_of_rollbacks: bool,
    /// The same.
    pub(crate) is_of_promotions: bool,
    /// The same.
    pub(crate) is_of_channels: bool,
}

/// What came of a schedule.
pub(crate) struct Played {
    pub(crate) seed: u64,
    pub(crate) story: Story,
    pub(crate) counts: Counts,
    /// How often a push tried the bucket's conditions.
    pub(crate) tried_conditions: u64,
    pub(crate) held: Result<(), Broken>,
    pub(crate) trace: Vec<String>,
}

/// Runs the schedule of a seed.
pub(crate) fn of_seed(seed: u64, mutation: Mutation, with_trace: bool) -> Played {
    let mut random = Random::new(seed);
    let story = match mutation {
        Mutation { is_of_changes: true, .. } => *random.pick(&CHANGES),
        Mutation { is_of_rollbacks: true, .. } => *random.pick(&ROLLBACKS),
        Mutation { is_of_purges: true, .. } => *random.pick(&PURGES),
        Mutation { is_of_file_purges: true, .. } => *random.pick(&FILE_PURGES),
        Mutation { is_of_promotions: true, .. } => *random.pick(&PROMOTIONS),
        Mutation { is_of_channels: true, .. } => *random.pick(&CHANNELS),
        _ => *random.pick(&STORIES),
    };
    let kinds = [Versioning::Off, Versioning::Suspended, Versioning::Enabled, Versioning::Enabled];
    let versioning = *random.pick(&kinds);
    let etags = *random.pick(&[Etags::OfContent, Etags::Unique]);
    let mut memory = Memory::new(versioning, etags);
    memory.ignores_conditions = mutation.ignores_conditions;
    let mut simulation = Simulation::new(memory);
    simulation.world_mut().is_other_service = mutation.is_other_service;
    if mutation.is_attacked {
        // Of a generator of its own, so that schedules without an adversary stay as they are.
        simulation.world_mut().memory.keeps_sha256 = Random::new(seed ^ 1).chance(75);
        let of_purges = mutation.is_of_purges || mutation.is_of_file_purges || mutation.is_of_channels;
        simulation.adversary = Some(Adversary::new(seed, !of_purges));
    }
    if with_trace {
        simulation.world_mut().trace = Some(vec![format!("{story:?}, versioning {versioning:?}, ETags {etags:?}")]);
    }
    let mut counts = Counts::default();
    let held = play(&mut simulation, story, &mut random, &mut counts);
    counts.late = simulation.world().landed;
    let tried_conditions = simulation.world().tried_conditions;
    counts.planted = simulation.world().strikes;
    let trace = simulation.world_mut().trace.take().unwrap_or_default();
    Played { seed, story, counts, tried_conditions, held, trace }
}

fn play(simulation: &mut Simulation, story: Story, random: &mut Random, counts: &mut Counts) -> Result<(), Broken> {
    if PURGES.contains(&story) {
        purges::prepare(simulation, random);
    }
    if FILE_PURGES.contains(&story) {
        file_purges::prepare(simulation, random);
    }
    if story == Story::RollbackToVersion {
        rollbacks::prepare(simulation, random);
    }
    let (before, during) = cast(story, random);
    // What is purged, promoted, rolled back or pointed at has been published before the adversary comes.
    let is_of_pushes = STORIES.contains(&story) || CHANGES.contains(&story);
    let later = if is_of_pushes { None } else { simulation.adversary.take() };
    for role in before {
        simulation.run_alone(role)?;
    }
    simulation.done_before = simulation.clients.len();
    simulation.adversary = later.or_else(|| simulation.adversary.take());
    for role in during {
        simulation.add(role)?;
    }
    let weather = Weather::of(random);
    run(simulation, random, &weather, counts)?;
    // What is put after the last request is what every later pull meets.
    simulation.strike();
    simulation.strike();
    // A push that is run again, and one that puts things right, are not raced for ever.
    simulation.adversary = None;
    conclude(simulation, random)
}

/// Who has been there before, and who takes part.
fn cast(story: Story, random: &mut Random) -> (Vec<Role>, Vec<Role>) {
    if PURGES.contains(&story) {
        return purges::cast(story, random);
    }
    if FILE_PURGES.contains(&story) {
        return file_purges::cast(story, random);
    }
    if ROLLBACKS.contains(&story) {
        return rollbacks::cast(story, random);
    }
    if PROMOTIONS.contains(&story) {
        return promotions::cast(story, random);
    }
    if CHANNELS.contains(&story) {
        return channels::cast(story, random);
    }
    let mut before = Vec::new();
    let mut during = Vec::new();
    let push = |content: &Content, overwrite| Role::Push { content: content.clone(), overwrite };
    let several = 2 + random.below(2);
    match story {
        Story::SameContent => {
            let content = content(random, "a");
            during.extend((0..several).map(|_| push(&content, false)));
        }
        Story::SameContentAndNewKey => {
            let content = content(random, "a");
            during.extend((0..several).map(|_| push(&content, false)));
            let of_head = Content::from([("of-the-head".to_owned(), "HEAD=head\n".to_owned())]);
            during.push(Role::PushHead { content: of_head, kms_key: Some("key-of-the-context".to_owned()) });
        }
        Story::DifferentContent => {
            let contents = [content(random, "a"), content(random, "b"), content(random, "c")];
            during.extend([&contents[0], &contents[1]].map(|content| push(content, false)));
            if several == 3 {
                during.push(push(random.pick(&contents), false));
            }
        }
        Story::OverwriteOfPublished => {
            let contents = [content(random, "a"), content(random, "b"), content(random, "c")];
            before.push(push(&contents[0], false));
            let overwrites = if random.chance(80) { 2 } else { 1 };
            during.extend((0..overwrites).map(|_| push(random.pick(&contents), true)));
            if random.chance(40) {
                during.push(push(random.pick(&contents), false));
            }
        }
        Story::OverwriteOfUnpublished => {
            let contents = [content(random, "a"), content(random, "b"), content(random, "c")];
            during.push(push(&contents[0], false));
            during.extend((1..several).map(|_| push(random.pick(&contents[1..]), true)));
            if random.chance(30) {
                during.push(push(random.pick(&contents), false));
            }
        }
        Story::HeadOfDifferentPaths => {
            let of_job = |job: usize, which: &str| -> Content {
                ["x", "y"].iter().map(|name| (format!("job-{job}/{name}"), format!("{which}={job}\n"))).collect()
            };
            if random.chance(60) {
                let all = (0..several).flat_map(|job| of_job(job, "OLD")).collect();
                before.push(Role::PushHead { content: all, kms_key: None });
            }
            during.extend((0..several).map(|job| Role::PushHead {
                content: of_job(job, "NEW"),
                kms_key: random.chance(40).then(|| format!("key-of-job-{job}")),
            }));
        }
        Story::HeadOfSamePaths => {
            if random.chance(60) {
                before.push(Role::PushHead { content: content(random, "old"), kms_key: None });
            }
            let contents = [content(random, "a"), content(random, "b")];
            let head = |content: &Content| Role::PushHead { content: content.clone(), kms_key: None };
            during.extend((0..several).map(|_| head(random.pick(&contents))));
        }
        Story::OneKeyOfHeadAndVersion => {
            let content = content(random, "a");
            let shared = content.keys().map(|path| (format!("v1/{path}"), "HEAD=head\n".to_owned())).collect();
            during.push(push(&content, random.chance(50)));
            during.push(Role::PushHead { content: shared, kms_key: None });
        }
        Story::FileGone => {
            let content = content(random, "a");
            before.push(push(&content, false));
            let path = random.pick(&content.keys().collect::<Vec<_>>()).to_string();
            during.push(Role::Remove { path, pinned: random.chance(50) });
            during.extend((1..several).map(|_| push(&content, false)));
        }
        Story::ChangesOfOneFile
        | Story::ChangesOfSeveralFiles
        | Story::ChangesAndPushes
        | Story::ChangesAndVersions
        | Story::ChangesOfWhatLiesThere => (before, during) = changes(story, random),
        // Theirs have been cast.
        Story::PurgeOfPublished
        | Story::PurgeOfUnfinished
        | Story::PurgeAndOverwrites
        | Story::TwoPurges
        | Story::PurgeBesideHead
        | Story::FilePurgeAndPushes
        | Story::FilePurgeAndChanges
        | Story::TwoFilePurges
        | Story::FilePurgeAndRollback
        | Story::FilePurgeAndVersion
        | Story::RollbackAndPushes
        | Story::RollbackAndChanges
        | Story::TwoRollbacks
        | Story::RollbackToVersion
        | Story::PromotionToHead
        | Story::PromotionToVersion
        | Story::OverwritesOfWhatWasSeen
        | Story::Moves
        | Story::MovesAndRollbacks
        | Story::MovesAndOverwrites
        | Story::MovesAndPurges => {}
    }
    let paths = |place: Place, roles: &[Role]| -> Vec<String> {
        let contents = roles.iter().filter_map(Role::content).filter(|(other, _)| *other == place);
        contents
            .flat_map(|(_, content)| content.keys().cloned())
            .collect::<std::collections::BTreeSet<_>>()
            .into_iter()
            .collect()
    };
    for _ in 0..random.below(3) {
        let head = matches!(story, Story::HeadOfDifferentPaths | Story::HeadOfSamePaths)
            || CHANGES.contains(&story) && story != Story::ChangesAndVersions
            || story == Story::OneKeyOfHeadAndVersion && random.chance(50);
        let place = if head { Place::Head } else { Place::Version };
        let known = if random.chance(50) { paths(place, &during) } else { Vec::new() };
        during.push(Role::Pull { place, known, only: None });
    }
    (before, during)
}

/// Those who know what they replace. What was pulled may be what is there, or older.
fn changes(story: Story, random: &mut Random) -> (Vec<Role>, Vec<Role>) {
    let own = |path: &str, name: &str| (path.to_owned(), format!("OF_{name}=1\n"));
    let of_head = |content: &Content| Role::PushHead { content: content.clone(), kms_key: None };
    let (mut before, mut during) = (Vec::new(), Vec::new());
    let old = content(random, "old");
    let mut pulled = Content::new();
    if random.chance(70) {
        before.push(of_head(&old));
        pulled = old.clone();
        if random.chance(20) {
            before.push(of_head(&content(random, "newer")));
        }
    }
    let change = |lines: Content, random: &mut Random| {
        let from = if random.chance(50) { From::Reading } else { From::Pulled(pulled.clone()) };
        Role::Change { lines, from, merges: random.chance(75) }
    };
    let several = 2 + random.below(2);
    let names = ["a", "b", "c"];
    match story {
        Story::ChangesOfSeveralFiles => {
            for name in &names[..several] {
                let mut lines = Content::from([own("one/.env", name), own("two.json", name)]);
                if random.chance(30) {
                    lines.extend([own(&format!("only-of-{name}"), name)]);
                }
                during.push(change(lines, random));
            }
        }
        Story::ChangesAndPushes => {
            for name in &names[1..several] {
                during.push(change(Content::from([own("one/.env", name), own("two.json", name)]), random));
            }
            during.push(of_head(&if random.chance(30) { old } else { content(random, "a") }));
        }
        Story::ChangesAndVersions => {
            let of_version = content(random, "a");
            during.push(Role::Push { content: of_version, overwrite: random.chance(70) });
            let lines = Content::from([own("v1/one/.env", "b")]);
            during.push(Role::Change { lines, from: From::Reading, merges: true });
        }
        Story::ChangesOfWhatLiesThere => {
            let lines = Content::from([own("one/.env", "a")]);
            during.push(Role::Change { lines, from: From::Key, merges: true });
            for name in &names[1..several] {
                during.push(change(Content::from([own("one/.env", name)]), random));
            }
        }
        _ => {
            for name in &names[..several] {
                // Two may make the same change.
                let name = if random.chance(10) { "a" } else { name };
                during.push(change(Content::from([own("one/.env", name)]), random));
            }
        }
    }
    (before, during)
}

/// One to three files. Contents share paths, and some share the bytes of one.
pub(crate) fn content(random: &mut Random, name: &str) -> Content {
    let mut content = Content::from([("one/.env".to_owned(), format!("ONE={name}\n"))]);
    if random.chance(80) {
        let text = if random.chance(30) { "TWO=of all\n".to_owned() } else { format!("TWO={name}\n") };
        content.insert("two.json".to_owned(), text);
    }
    if random.chance(30) {
        content.insert(format!("only-of-{name}"), "ONLY=1\n".to_owned());
    }
    content
}

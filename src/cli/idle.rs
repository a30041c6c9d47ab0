//! Flags that were typed and would change nothing of what was asked for. They are refused: whoever types one means
//! something by it. A variable is set for other commands, too, and is not.

use super::arguments::ALL_VERSIONS;
use super::contradiction::Contradiction;
use super::invocation::Invocation;
use crate::name::Reference;
use crate::option::{
    ALLOW_HTTP, ALLOWED_ACCOUNT_IDS, AWS_REGION, BUCKET, CONTEXT, Command, ENDPOINT_URL, EXPECTED_BUCKET_OWNER, FILES,
    FORCE, FROM, FROM_PROFILE, FROM_ROLE_TO_ASSUME, KEY, KMS_KEY_ID, ListKind, NO_OVERWRITE, OptionSpec, PREFER_ENV,
    PROFILE, ROLE_DURATION_SECONDS, ROLE_EXTERNAL_ID, ROLE_SESSION_NAME, ROLE_TO_ASSUME, SAME_KEYS, SEMVER_KEYS,
    SEPARATOR, TAGS, TIMEOUT_SECONDS, TO, TRUST, TYPES, VALUE_OF, VARIABLES, VERSION, WITH_KEYS, WITH_TAGS,
};

/// A use of a command, and the flags that it has no use for.
struct Use {
    command: Command,
    /// Whether that is what was asked for.
    is_asked_for: fn(&Invocation) -> bool,
    /// What a sentence calls it.
    what: &'static str,
    idle: &'static [&'static OptionSpec],
}

static USES: &[Use] = &[
    Use {
        command: Command::Init,
        is_asked_for: |_| true,
        what: "`cstore init`, which sends nothing",
        idle: &[
            &TIMEOUT_SECONDS,
            &EXPECTED_BUCKET_OWNER,
            &ROLE_SESSION_NAME,
            &ROLE_DURATION_SECONDS,
            &ROLE_EXTERNAL_ID,
            &ALLOWED_ACCOUNT_IDS,
            &VARIABLES,
            &TRUST,
        ],
    },
    Use {
        command: Command::List,
        is_asked_for: |typed| lists(typed, ListKind::Contexts),
        what: "`cstore list contexts`",
        idle: &[&CONTEXT, &VERSION, &TAGS, &FILES, &TYPES, &WITH_TAGS, &SEPARATOR],
    },
    Use {
        command: Command::List,
        is_asked_for: |typed| lists(typed, ListKind::Versions),
        what: "`cstore list versions`",
        idle: &[&VERSION, &TAGS, &FILES, &TYPES, &WITH_TAGS, &SEPARATOR],
    },
    Use {
        command: Command::List,
        is_asked_for: |typed| lists(typed, ListKind::Channels),
        what: "`cstore list channels`",
        idle: &[&VERSION, &TAGS, &FILES, &TYPES, &WITH_TAGS, &SEPARATOR],
    },
    Use {
        command: Command::List,
        is_asked_for: |typed| lists(typed, ListKind::Files),
        what: "`cstore list files`",
        idle: &[&TYPES, &SEPARATOR],
    },
    Use {
        command: Command::List,
        is_asked_for: |typed| lists(typed, ListKind::Tags),
        what: "`cstore list tags`",
        idle: &[&TYPES, &WITH_TAGS, &SEPARATOR],
    },
    Use {
        command: Command::List,
        is_asked_for: |typed| lists(typed, ListKind::Keys),
        what: "`cstore list keys`",
        idle: &[&WITH_TAGS],
    },
    Use {
        command: Command::Log,
        is_asked_for: |typed| {
            typed.raw.text(&KEY).is_none() && typed.argument("KEY").is_none_or(Reference::names_channel)
        },
        what: "`cstore log` without a key",
        idle: &[&SEPARATOR],
    },
    Use {
        command: Command::Show,
        // What is neither true nor false is told when it is read.
        is_asked_for: |typed| typed.raw.flag(&WITH_KEYS).is_ok_and(|with_keys| !with_keys),
        what: "`cstore show` without `--keys`",
        idle: &[&SEPARATOR],
    },
    Use {
        command: Command::Push,
        is_asked_for: |typed| typed.raw.text(&VERSION).is_none_or(is_head),
        what: "a push of the head, which has no number",
        idle: &[&SEMVER_KEYS],
    },
    Use {
        command: Command::Promote,
        is_asked_for: promotes_to_head,
        what: "a promotion to a head, which has no number",
        idle: &[&SEMVER_KEYS],
    },
    Use {
        command: Command::Verify,
        is_asked_for: |typed| match typed.raw.text(&VERSION) {
            None => true,
            Some(version) => is_head(version) || version.trim() == ".",
        },
        what: "a verification without a version",
        idle: &[&SEMVER_KEYS],
    },
    Use {
        command: Command::Verify,
        is_asked_for: |typed| typed.typed(&SEMVER_KEYS).any(|word| word.trim() == SEMVER_KEYS.default),
        what: "`cstore verify`, unless it says `require`",
        idle: &[&SEMVER_KEYS],
    },
    Use {
        command: Command::Verify,
        is_asked_for: is_about_files_here,
        what: "files that are here, for which nothing is sent",
        idle: &[
            &CONTEXT,
            &BUCKET,
            &AWS_REGION,
            &ENDPOINT_URL,
            &ALLOW_HTTP,
            &EXPECTED_BUCKET_OWNER,
            &PROFILE,
            &ROLE_TO_ASSUME,
            &ROLE_SESSION_NAME,
            &ROLE_DURATION_SECONDS,
            &ROLE_EXTERNAL_ID,
            &ALLOWED_ACCOUNT_IDS,
            &TIMEOUT_SECONDS,
        ],
    },
    Use {
        command: Command::Purge,
        is_asked_for: |typed| typed.raw.text(&VALUE_OF).is_none(),
        what: "`cstore purge` without `--value-of`",
        idle: &[&SEPARATOR],
    },
    Use {
        command: Command::Purge,
        is_asked_for: |typed| typed.raw.text(&FILES).is_some() && typed.raw.text(&VALUE_OF).is_none(),
        what: "a purge of files, at which no channel points",
        idle: &[&FORCE],
    },
    Use {
        command: Command::Exec,
        is_asked_for: |typed| typed.typed(&NO_OVERWRITE).next().is_some(),
        what: "`-n`, which prefers all of your variables",
        idle: &[&PREFER_ENV],
    },
];

/// What a move of a channel has no use for.
const OF_COPIES: [&OptionSpec; 4] = [&FROM_PROFILE, &FROM_ROLE_TO_ASSUME, &KMS_KEY_ID, &SEMVER_KEYS];

/// Refuses flags that have no meaning for what was asked for.
///
/// # Errors
/// The first such flag.
pub(super) fn refuse_idle(typed: &Invocation) -> Result<(), Contradiction> {
    let mut uses = USES.iter().filter(|row| row.command == typed.command && (row.is_asked_for)(typed));
    uses.try_for_each(|row| refuse(typed, row.idle, row.what))
}

/// The same of a promotion that turns out to copy nothing.
///
/// # Errors
/// The first such flag.
pub(super) fn refuse_flags_of_copies(typed: &Invocation) -> Result<(), Contradiction> {
    refuse(typed, &OF_COPIES, "a move of a channel, which copies nothing")
}

fn refuse(typed: &Invocation, idle: &[&'static OptionSpec], what: &str) -> Result<(), Contradiction> {
    match idle.iter().find(|option| typed.typed(option).any(|text| text != ALL_VERSIONS)) {
        Some(option) => Err(Contradiction::idle(option, what)),
        None => Ok(()),
    }
}

fn lists(typed: &Invocation, kind: ListKind) -> bool {
    let word = typed.argument("WHAT").or_else(|| typed.lists_versions().then_some(ListKind::Versions.word()));
    word.unwrap_or(ListKind::Files.word()) == kind.word()
}

/// Whether a verification is about the files that are here, and about nothing that is stored.
fn is_about_files_here(typed: &Invocation) -> bool {
    let sides_here = || typed.raw.lines(&SAME_KEYS).all(|side| side.starts_with("./"));
    match typed.raw.text(&VERSION).map(str::trim) {
        None => typed.raw.text(&SAME_KEYS).is_some() && sides_here(),
        Some(version) => version == "." && sides_here(),
    }
}

fn is_head(version: &str) -> bool {
    version.trim() == "head"
}

/// Whether what is promoted has no version at its destination: it keeps its name, unless another one is said.
fn promotes_to_head(typed: &Invocation) -> bool {
    let version_of = |reference: &str| reference.rsplit_once('@').map(|(_, version)| version.to_owned());
    let [from, to] = [&FROM, &TO].map(|option| typed.raw.text(option).unwrap_or_default().to_owned());
    let version = version_of(&to).or_else(|| version_of(&from)).unwrap_or(from);
    is_head(&version) && !Reference::names_channel(&to)
}

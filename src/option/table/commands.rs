//! Sets of commands that take the same options.

use crate::option::spec::Command;

pub(super) const PUSH: &[Command] = &[Command::Push];
/// Those that publish versions, or look at what was published.
pub(super) const PROMISING: &[Command] = &[Command::Push, Command::Promote, Command::Verify];
/// Those that change what is stored.
pub(super) const STORING: &[Command] = &[Command::Push, Command::Set, Command::Unset, Command::Edit, Command::Promote];
/// Those of them, and those that restore what was stored, which leave a line in the history.
pub(super) const RECORDED: &[Command] =
    &[Command::Push, Command::Set, Command::Unset, Command::Edit, Command::Promote, Command::Rollback];
/// Those that tell others who runs them.
pub(super) const BY_SOMEBODY: &[Command] =
    &[Command::Push, Command::Set, Command::Unset, Command::Edit, Command::Promote, Command::Rollback, Command::Purge];
/// Those that get files.
pub(super) const PULL: &[Command] = &[Command::Pull, Command::Export, Command::Exec, Command::Get];
/// Those that read a lock file.
pub(super) const LOCKING: &[Command] = &[Command::Pull, Command::Export, Command::Exec, Command::Get, Command::Lock];
/// Those that read what files say.
pub(super) const CHECKED: &[Command] = &[
    Command::Push,
    Command::Pull,
    Command::Export,
    Command::Exec,
    Command::Get,
    Command::Set,
    Command::Unset,
    Command::Edit,
    Command::Diff,
    Command::Verify,
];
/// On a command line it compares, and `verify .` says whether files are what they are to be.
pub(super) const DIFF: &[Command] = &[Command::Diff];
/// Those that tell what the files of the workspace say.
pub(super) const TELLING: &[Command] = &[Command::Diff, Command::Verify];
/// Those that send requests.
pub(super) const ALL: &[Command] = &[
    Command::Init,
    Command::Status,
    Command::Push,
    Command::Pull,
    Command::Export,
    Command::Exec,
    Command::Get,
    Command::Set,
    Command::Unset,
    Command::Edit,
    Command::List,
    Command::Log,
    Command::Show,
    Command::Diff,
    Command::Verify,
    Command::Promote,
    Command::Rollback,
    Command::Purge,
    Command::Lock,
    Command::Clean,
];
/// Those that take files of one version, and not of all.
pub(super) const OF_FILES: &[Command] = &[
    Command::Status,
    Command::Push,
    Command::Pull,
    Command::Export,
    Command::Exec,
    Command::Get,
    Command::Set,
    Command::Unset,
    Command::Edit,
    Command::List,
    Command::Diff,
    Command::Verify,
    Command::Clean,
];
/// Those that take files by their paths.
pub(super) const OF_PATHS: &[Command] = &[
    Command::Status,
    Command::Push,
    Command::Pull,
    Command::Export,
    Command::Exec,
    Command::Get,
    Command::Set,
    Command::Unset,
    Command::Edit,
    Command::List,
    Command::Diff,
    Command::Verify,
    Command::Purge,
    Command::Clean,
];
/// Those for which a version can be chosen.
pub(super) const OF_VERSION: &[Command] = &[
    Command::Status,
    Command::Push,
    Command::Pull,
    Command::Export,
    Command::Exec,
    Command::Get,
    Command::List,
    Command::Show,
    Command::Diff,
    Command::Verify,
    Command::Purge,
    Command::Lock,
    Command::Clean,
];
pub(super) const EXEC: &[Command] = &[Command::Exec];
/// Those that change a version or the head as a whole, so that a part of it is not what anybody means.
pub(super) const WHOLE: &[Command] = &[Command::Promote, Command::Rollback, Command::Purge];

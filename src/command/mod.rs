//! The commands: one file each, with a result type of its own. A command reads like the protocol's text. None prints,
//! reads the process's environment, or knows which front end called it.

mod amend;
mod asked;
mod beside;
mod cancel;
mod catalogs;
mod changes;
mod channel;
mod channel_log;
mod checked;
mod checks;
mod clean;
mod deadline;
mod diff;
mod go_layout;
mod history;
mod holders;
mod list;
mod location;
mod lock;
mod locked;
mod log;
mod note;
mod object;
mod promise;
mod promote;
mod pull;
mod purge;
mod push;
mod reach;
mod refused;
mod resolved;
mod rollback;
mod show;
mod status;
mod target;
mod variables;
mod verify;
mod working;

pub use amend::{AmendError, HeadFiles, KeyEdit, NewKey, Retyped, amend, head_files, new_keys, retyped};
pub use beside::{Knowledge, Known, KnownFile, LocalFiles};
pub use catalogs::catalog_channel;
pub(crate) use catalogs::{catalog_notes, linked_contexts};
pub use changes::{Change, Changes, FileChange, KeyChanges, NoKeys, Obstacle, ValueChange};
pub use channel::{ChannelMoved, copy_before_move, move_channel};
pub use channel_log::{ChannelLog, channel_log};
pub use checked::{CheckedFiles, FileFinding, KeyFinding, KeyProblem};
pub use clean::{Cleaned, CleanedFile, Copy, clean};
pub use diff::{Diffed, DiffedSide, Lacking, LackingKey, diff};
pub use holders::{Holder, Holders, holders};
pub use list::{Found, FoundChannel, FoundContext, FoundFile, FoundVersion, Listed, VersionPage, VersionPages, list};
pub use location::Location;
pub use lock::{LockChange, Locking, lock};
pub use log::{KeyChange, Log, LogEntry, log};
pub use note::{Note, PassedOver};
pub use object::StoredObject;
pub use promise::BrokenPromise;
pub use promote::{Promoted, promote};
pub use pull::{
    BaseBody, Destination, Formatted, LocalFile, Pulled, PulledFile, PulledSource, Reconciled, Restore, Sides,
    StoredFile, WantedBase, add_heads, base_bodies, pull,
};
pub(crate) use pull::{environment_files, formatted};
pub use purge::{PurgedVersion, purge};
pub use push::{
    KeepsLocal, MergedPath, NotCompared, Pushed, PushedFile, ReadOnce, check_unchanged, files_to_push, is_head_as_seen,
    push, push_location,
};
pub(crate) use reach::{LeadsTo, NamedTarget, Reach, reach};
pub(crate) use refused::is_refused;
pub use rollback::{RestoredFile, RolledBack, rollback};
pub use show::{Shown, show};
pub use status::{FileState, FileStatus, Named, Status, status};
pub(crate) use target::bucket_of;
pub use verify::{Finding, Verified, VerifiedObjects, verify};

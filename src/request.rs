//! What is asked for, typed, checked and complete, one type a command. A front end makes it once; after that there is no
//! text that could mean three things.

mod bucket;
mod checks;
mod diff;
mod edited;
mod endpoint;
mod files;
mod identity;
mod list;
mod lock;
mod log;
mod promote;
mod pull;
mod purge;
mod push;
mod rollback;
mod run_info;
mod show;
mod status;
mod target;
mod variable_list;
mod variables;
mod verify;

pub(crate) use bucket::is_bucket_name;
pub use checks::Checks;
pub use diff::DiffRequest;
pub use edited::{EditedFile, EditedFiles, HeadFile};
pub use files::FilesRequest;
pub use list::ListRequest;
pub use lock::{LockRequest, LockedPull, WantedLock};
pub use log::LogRequest;
pub use promote::PromoteRequest;
pub use pull::PullRequest;
pub use purge::{HoldersRequest, PurgeRequest};
pub use push::{Bases, BeforeSwap, EntrySettings, Intent, KmsKeys, MergeFiles, Preview, PushRequest};
pub(crate) use push::{is_kms_key, kms_key};
pub use rollback::RollbackRequest;
pub use run_info::RunInfo;
pub use show::ShowRequest;
pub use status::StatusRequest;
pub use target::Target;
pub(crate) use variable_list::variable_names;
pub(crate) use variables::DEFAULT_VARIABLES;
pub use variables::VariableNames;
pub use verify::VerifyRequest;

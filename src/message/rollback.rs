//! The words for what a rollback did.

use super::{headline, list};
use crate::command::RolledBack;
use crate::store::PushSource;

/// What was done, as the beginning of a headline.
pub(crate) fn verb(rolled_back: &RolledBack, dry_run: bool) -> &'static str {
    headline::verb(dry_run, rolled_back.pushed.changed, "Would roll back", "Rolled back")
}

/// What the head went back to: "v1.2.3, pushed at 2026-03-10T12:00:00Z by Mona". `when`: how the time of that push is
/// told, if not as it was recorded.
pub(crate) fn target(rolled_back: &RolledBack, when: Option<String>) -> String {
    let RolledBack { version, target, .. } = rolled_back;
    let what = match version {
        Some(version) => version.as_str(),
        None => "what it was before its last push",
    };
    let when = when.unwrap_or_else(|| format!("at {}", target.created_at));
    let by = PushSource::by(target.source.as_ref());
    format!("{what}, pushed {when}{by}")
}

/// The files of the head that stay, although what it went back to does not have them; none where there are none.
pub(crate) fn kept(rolled_back: &RolledBack, shown: impl Fn(&str) -> String) -> Option<String> {
    let kept: Vec<_> = rolled_back.pushed.only_in_head.iter().map(|path| shown(path.as_str())).collect();
    let what = rolled_back.version.as_ref()?;
    (!kept.is_empty()).then(|| format!("Files of the head that {what} does not have stay: {}", list(&kept)))
}

/// Whether the same command, without a version, makes the head again what it was before this rollback.
pub(crate) fn can_be_undone(rolled_back: &RolledBack, dry_run: bool) -> bool {
    let is_kept = rolled_back.pushed.files.iter().filter_map(|file| file.stored.as_ref());
    let is_kept = is_kept.into_iter().any(|stored| stored.version_id.is_some());
    !dry_run && rolled_back.pushed.changed && rolled_back.over.has_head() && is_kept
}

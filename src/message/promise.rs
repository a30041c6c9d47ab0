//! The words for versions whose keys are not what their numbers promise.

use super::speaker::Speaker;
use super::{Message, some_of};
use crate::command::BrokenPromise;
use crate::config::{Broken, BrokenFile};
use crate::excerpt::listed_key;
use crate::name::MayChange;

pub(super) const TITLE: &str = "Version number";

/// That a push is refused.
pub(super) fn refused(broken: &[BrokenPromise], speaker: impl Speaker) -> Message {
    let sentences: Vec<_> = broken.iter().map(|broken| sentences(broken, speaker)).collect();
    Message::new("Version number", sentences.join(" ")).leaving("Nothing was sent.")
}

/// What a later version does not keep of what an earlier one promises, and which number would allow it.
pub(super) fn sentences(broken: &BrokenPromise, speaker: impl Speaker) -> String {
    let BrokenPromise { old, new, files } = broken;
    let files_where = |is: fn(&Broken) -> bool| {
        let files = files.iter().filter(|file| is(&file.how));
        files.map(|file| speaker.path(file.path.as_str())).collect::<Vec<_>>()
    };
    let mut gone = Vec::new();
    let mut retyped = Vec::new();
    let mut added = Vec::new();
    for BrokenFile { path, how } in files {
        let Broken::Keys(keys) = how else { continue };
        let path = speaker.path(path.as_str());
        let named = |key: &String| format!("{path}: {}", listed_key(key));
        gone.extend(keys.gone.iter().map(named));
        retyped.extend(
            keys.retyped.iter().map(|(key, old, new)| format!("{} ({} was {})", named(key), new.word(), old.word())),
        );
        added.extend(keys.new.iter().map(named));
    }
    let clauses = [
        ("lacks these files", files_where(|how| *how == Broken::Gone)),
        ("lacks these keys", gone),
        ("changes the types of these values", retyped),
        ("adds these files", files_where(|how| *how == Broken::New)),
        ("adds these keys", added),
    ];
    let clauses = clauses.into_iter().filter(|(_, names)| !names.is_empty());
    let clauses: Vec<_> = clauses.map(|(clause, names)| format!("{clause}: {}", some_of(&names))).collect();
    let is_before_one = new.as_str().trim_start_matches('v').starts_with("0.");
    let wanted = match (broken.needs(), is_before_one) {
        (MayChange::Anything, false) => "a new major version",
        _ => "a new minor version",
    };
    format!("Compared with {old}, {new} {}. That takes {wanted}.", clauses.join("; "))
}

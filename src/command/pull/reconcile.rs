//! How a pulled file comes together with the local file in its place, which somebody may have changed since.

use crate::config::{FileType, MergeConflict, MergedFile, merge3, merge3_keeping_ours};
use crate::name::Digest;

/// A local file, what it was last pulled or pushed as, and what a pull has for its place.
#[derive(Debug, Clone, Copy)]
pub struct Sides<'a> {
    /// What the file is read as.
    pub file_type: FileType,
    /// The digest that the local file was last pulled or pushed with, if that is known.
    pub recorded: Option<Digest>,
    /// The bytes with that digest.
    pub base: BaseBody<'a>,
    /// The local file; none where there is none.
    pub local: Option<LocalFile<'a>>,
    /// The pulled file.
    pub pulled: &'a [u8],
    /// The pulled file's digest.
    pub digest: Digest,
    /// Joins the parts of nested config keys.
    pub separator: &'a str,
}

/// A local file's digest and bytes.
pub type LocalFile<'a> = (Digest, &'a [u8]);

/// What both sides were made of.
#[derive(Debug, Clone, Copy)]
pub enum BaseBody<'a> {
    /// Nobody has asked for it yet.
    NotAsked,
    /// It is not to be had.
    Gone,
    /// It has the recorded digest.
    Known(&'a [u8]),
}

/// What is to become of a local file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reconciled {
    /// It is what was pulled.
    Same,
    /// The pulled file takes its place, as nobody has changed it here.
    Take,
    /// It was changed only here, and stays.
    Keep,
    /// It was changed on both sides. These are its bytes with the changes of the other side.
    Merged(MergedFile),
    /// It was changed on both sides, and the bytes that both were made of have to be asked for.
    BaseWanted,
    /// It was changed on both sides in ways that exclude each other. Of the other side, the config keys that it alone
    /// has changed.
    Conflict(MergeConflict, Vec<String>),
}

impl Sides<'_> {
    /// Decides what is to become of the local file. No change that was made here is lost.
    #[must_use]
    pub fn reconcile(&self) -> Reconciled {
        let Some((local, ours)) = self.local else { return Reconciled::Take };
        if local == self.digest {
            return Reconciled::Same;
        }
        if self.recorded == Some(local) {
            return Reconciled::Take;
        }
        if self.recorded == Some(self.digest) {
            return Reconciled::Keep;
        }
        let base = match (self.recorded, self.base) {
            (Some(_), BaseBody::NotAsked) => return Reconciled::BaseWanted,
            (Some(_), BaseBody::Known(base)) => Some(base),
            _ => None,
        };
        match merge3(self.file_type, base, ours, self.pulled, self.separator) {
            Ok(merged) => Reconciled::Merged(merged),
            Err(conflict) => {
                // Where nobody knows what both were made of, each key that differs is one of the conflict.
                let merged =
                    base.map(|base| merge3_keeping_ours(self.file_type, Some(base), ours, self.pulled, self.separator));
                let others = merged.and_then(Result::ok).map(|merged| merged.from_theirs).unwrap_or_default();
                Reconciled::Conflict(conflict, others)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "A=1\nB=1\n";

    fn reconciled(recorded: Option<&str>, local: Option<&str>, pulled: &str, base: BaseBody<'_>) -> Reconciled {
        let digest = |text: &str| Digest::from_content(text.as_bytes());
        let sides = Sides {
            file_type: FileType::Dotenv,
            recorded: recorded.map(digest),
            base,
            local: local.map(|text| (digest(text), text.as_bytes())),
            pulled: pulled.as_bytes(),
            digest: digest(pulled),
            separator: "_",
        };
        sides.reconcile()
    }

    #[test]
    fn bytes_alone_decide_where_one_side_changed_nothing() {
        let new = "A=1\nB=2\n";
        for (recorded, local, pulled, expected) in [
            (None, None, OLD, Reconciled::Take),
            (Some(OLD), None, OLD, Reconciled::Take),
            (None, Some(OLD), OLD, Reconciled::Same),
            (Some(OLD), Some(new), new, Reconciled::Same),
            (Some(OLD), Some(OLD), new, Reconciled::Take),
            (Some(OLD), Some(new), OLD, Reconciled::Keep),
        ] {
            let found = reconciled(recorded, local, pulled, BaseBody::NotAsked);
            assert_eq!(found, expected, "{recorded:?} {local:?} {pulled:?}");
        }
    }

    #[test]
    fn what_both_sides_changed_is_merged_by_key_or_a_conflict() {
        let (mine, theirs) = ("# mine\nA=2\nB=1\n", "A=1\nB=3\n");
        assert_eq!(reconciled(Some(OLD), Some(mine), theirs, BaseBody::NotAsked), Reconciled::BaseWanted);
        let merged = reconciled(Some(OLD), Some(mine), theirs, BaseBody::Known(OLD.as_bytes()));
        let Reconciled::Merged(merged) = merged else { panic!("{merged:?}") };
        assert_eq!(
            (merged.bytes.expose().as_slice(), merged.from_theirs),
            (&b"# mine\nA=2\nB=3\n"[..], vec!["B".into()])
        );
        let changed = "A=3\nB=3\n";
        assert_eq!(
            reconciled(Some(OLD), Some(mine), changed, BaseBody::Known(OLD.as_bytes())),
            Reconciled::Conflict(MergeConflict::Keys(vec!["A".into()]), vec!["B".into()])
        );
        for (recorded, base) in [(Some(OLD), BaseBody::Gone), (None, BaseBody::NotAsked)] {
            let conflict = reconciled(recorded, Some(mine), theirs, base);
            assert!(
                matches!(&conflict, Reconciled::Conflict(conflict, _) if conflict.keys() == ["A", "B"]),
                "{conflict:?}"
            );
        }
    }
}

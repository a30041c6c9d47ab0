//! Git's index, as far as it says which files are tracked
//! ([format](https://git-scm.com/docs/index-format), versions 2 to 4).

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use super::effort::Effort;

/// What stands before an entry's object name: times, device, inode, mode, owner and size.
const STAT_BYTES: usize = 40;

/// The lengths of SHA-1 and SHA-256. The index does not say which of them its objects have.
const OBJECT_NAMES: [usize; 2] = [20, 32];

/// The longest path that a system opens, in bytes (Linux, `PATH_MAX`).
const LONGEST_PATH: usize = 4096;

/// Flags of an entry: it has more of them; and the length of its path, or this where that is longer.
const EXTENDED: u16 = 0x4000;
const LENGTH: u16 = 0x0fff;

/// Those of the paths that the index has. Where it is damaged, or too much effort, those before that.
pub(super) fn find<T: Copy + Eq + Hash>(index: &[u8], wanted: &HashMap<&[u8], T>, effort: &mut Effort) -> HashSet<T> {
    let longest = wanted.keys().map(|path| path.len()).max().unwrap_or_default();
    let mut found = HashSet::new();
    for object_name in OBJECT_NAMES {
        // In version 4 a few bytes stand for a long path, and so does each entry after it.
        let tracked = |path: &[u8], effort: &mut Effort| {
            if path.len() <= longest && effort.takes(path.len()) {
                found.extend(wanted.get(path));
            }
        };
        if read(index, object_name, effort, tracked).is_some() {
            break;
        }
    }
    found
}

/// Tells all paths; none where the index is not as it should be.
fn read(
    index: &[u8],
    object_name: usize,
    effort: &mut Effort,
    mut tracked: impl FnMut(&[u8], &mut Effort),
) -> Option<()> {
    let rest = index.strip_prefix(b"DIRC")?;
    let (version, rest) = rest.split_first_chunk()?;
    let version = u32::from_be_bytes(*version);
    let (count, _) = rest.split_first_chunk()?;
    let mut begin = 12;
    let mut path = Vec::new();
    for _ in 0..u32::from_be_bytes(*count) {
        let (flags, mut rest) = index.get(begin + STAT_BYTES + object_name..)?.split_first_chunk()?;
        let flags = u16::from_be_bytes(*flags);
        if flags & EXTENDED != 0 {
            rest = rest.get(2..).filter(|_| version > 2)?;
        }
        match version {
            2 | 3 => path.clear(),
            4 => {
                let kept = path.len().checked_sub(offset(&mut rest)?)?;
                path.truncate(kept);
            }
            _ => return None,
        }
        let length = rest.iter().take(LONGEST_PATH - path.len()).position(|byte| *byte == 0)?;
        if !effort.takes(length) {
            return None;
        }
        path.extend_from_slice(&rest[..length]);
        if path.is_empty() || path.len().min(usize::from(LENGTH)) != usize::from(flags & LENGTH) {
            return None;
        }
        tracked(&path, effort);
        let end = index.len() - rest.len() + length;
        // One to eight NULs make an entry's length a multiple of eight; in version 4 there is one.
        begin = if version == 4 { end + 1 } else { begin + (end - begin + 8) / 8 * 8 };
    }
    Some(())
}

/// A number as it stands in packs before deltas: seven bits a byte, the first bit of all but the last set, one added
/// for each byte that follows.
fn offset(rest: &mut &[u8]) -> Option<usize> {
    let mut number: usize = 0;
    loop {
        let (byte, after) = rest.split_first()?;
        *rest = after;
        number |= usize::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some(number);
        }
        number = number.checked_add(1)?.checked_mul(0x80)?;
    }
}

//! Which names lead into the folders of git and of GitHub, on whatever file system they are opened.

use super::fold::is_ignorable;

/// Git's own folder: hooks run as programs, `config` names programs and holds credentials.
pub(crate) const GIT: &str = ".git";
/// GitHub's folder: workflows run with the repository's secrets.
const GITHUB: &str = ".github";

/// The folder, `.git` or `.github`, that a path's segment leads to on some file system; none for every other segment.
///
/// The rules are those that git protects `.git` by (`core.protectHFS` and `core.protectNTFS`, "path.c" and "utf8.c" in
/// its source), for both folders and on every system: which file system a bucket's files will be written to, nobody
/// knows when they are pushed.
///
/// - macOS and Windows do not tell upper from lower case.
/// - HFS+, and ext4 where it ignores case, do not see characters that are invisible.
/// - Windows drops dots and blanks at the end, and after a `:` names a stream of the same file or folder.
/// - NTFS knows each name by a short one, too: `GIT~1`, `GITHUB~1`, or the first two letters and a checksum.
pub(crate) fn git_folder(segment: &str) -> Option<&'static str> {
    let visible = || segment.chars().filter(|&c| !is_ignorable(c)).map(|c| c.to_ascii_lowercase());
    let mut first = visible();
    // Nearly every name ends here, before anything is copied: a listing asks this of a hundred thousand.
    if !matches!((first.next(), first.next()), (Some('.'), Some('g')) | (Some('g'), Some('i'))) {
        return None;
    }
    let whole: String = visible().collect();
    let name = whole.split(':').next().unwrap_or_default().trim_end_matches(['.', ' ']);
    match name.split_once('~') {
        None => [GIT, GITHUB].into_iter().find(|folder| *folder == name),
        Some((stem, number)) if !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) => match stem {
            "git" => Some(GIT),
            "github" => Some(GITHUB),
            _ if is_checksum_of_git(stem) => Some(GIT),
            _ => None,
        },
        Some(_) => None,
    }
}

/// As [`git_folder`], for a segment that is not spelled so, but for its case: nobody has a file of such a name.
pub(super) fn is_disguised_git_folder(segment: &str) -> bool {
    git_folder(segment).is_some_and(|folder| !segment.eq_ignore_ascii_case(folder))
}

/// Whether this is what NTFS makes of a name that begins with `.gi` when it has too many alike: `gi` and four
/// hexadecimal digits. Which digits depends on the name; all are taken for `.git`.
fn is_checksum_of_git(stem: &str) -> bool {
    stem.strip_prefix("gi").is_some_and(|digits| digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use gix_validate::path::component;

    use super::*;
    use crate::tried::holds;

    #[test]
    fn the_folders_are_known_in_every_disguise() {
        for (segment, folder) in [
            (".git", GIT),
            (".GIT", GIT),
            (".git.", GIT),
            (".git ", GIT),
            (".git . .", GIT),
            (".git:x", GIT),
            (".git::$INDEX_ALLOCATION", GIT),
            (".Git . ::$index_allocation", GIT),
            ("GIT~1", GIT),
            ("git~2", GIT),
            ("GIT~1.", GIT),
            ("gi7eba~1", GIT),
            (".g\u{200c}it", GIT),
            ("\u{feff}.git", GIT),
            (".git\u{206a}", GIT),
            (".gi\u{ad}t", GIT),
            (".github", GITHUB),
            (".GitHub", GITHUB),
            (".github.", GITHUB),
            (".GITHUB ", GITHUB),
            (".github::$INDEX_ALLOCATION", GITHUB),
            ("GITHUB~1", GITHUB),
            (".git\u{206f}hub", GITHUB),
        ] {
            assert_eq!(git_folder(segment), Some(folder), "{segment:?}");
            let is_plain = [".git", ".GIT", ".github", ".GitHub"].contains(&segment);
            assert_eq!(is_disguised_git_folder(segment), !is_plain, "{segment:?}");
        }
    }

    #[test]
    fn names_that_only_look_alike_are_ordinary() {
        for segment in [
            "",
            "git",
            "github",
            ".gitignore",
            ".gitmodules",
            ".gitattributes",
            ".git.x",
            ".git-x",
            "x.git",
            " .git",
            ".githubs",
            "git~",
            "git~x",
            "git~1x",
            "gitx~1",
            "gift12~1",
            "ghost~1",
        ] {
            assert_eq!(git_folder(segment), None, "{segment:?}");
        }
    }

    /// Git's own rules, as its reimplementation in Rust has them.
    #[test]
    fn whatever_git_refuses_as_its_own_folder_is_known() {
        let segments =
            "[\u{200c}\u{206b}]?([.][\u{feff}]?[gG][iI]\u{202e}?[tT]|[gG][iI][tT]~[0-9])[. ]{0,2}(:[a-z$]{0,2})?";
        holds(500, &segments, &[("refused by git", 40)], |segment| {
            let options = component::Options { protect_windows: false, protect_hfs: true, protect_ntfs: true };
            let answer = gix_validate::path::component(segment.as_str().into(), None, options);
            if !matches!(answer, Err(component::Error::DotGitDir)) {
                return vec!["taken by git"];
            }
            assert_eq!(git_folder(&segment), Some(GIT), "{segment:?}");
            vec!["refused by git"]
        });
    }
}

//! The option `files`: which files are meant, and in which order. The order decides which file wins.

use std::cell::LazyCell;
use std::collections::HashSet;

use super::glob::{Glob, GlobError};
use crate::excerpt::excerpt;
use crate::name::{ConfigPath, NameError, folders_of};

/// The option `files`: which files are meant, and in which order.
///
/// It has one path or pattern ([`Glob`]) per line, relative to the catalog's folder. A leading `./`, blanks around a
/// line, and empty lines are ignored.
///
/// - A line that is exactly a known path means that path, even where it reads as a pattern (`app/[id]/.env`).
/// - Files are selected in the order of the lines, such as the base first and then the environment's file. The files of
///   one pattern are sorted as bytes. If several lines match a file, the first of them decides its place.
/// - A line `!…` removes files that the lines before it have selected; a later line may select them again. If the very
///   first line is one, it removes files from the set of all files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FileSelector {
    lines: Vec<Line>,
    /// What the lines that select files say.
    texts: HashSet<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    /// Without `!` and `./`.
    text: String,
    exclude: bool,
    /// None for a path.
    glob: Option<Glob>,
}

/// Why a line of `files` is neither a path nor a pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileSelectorError {
    /// It is no path.
    #[error(transparent)]
    Path(#[from] NameError),
    /// It is no pattern.
    #[error(transparent)]
    Glob(#[from] GlobError),
    /// It is a folder's path, as its end shows.
    #[error("the line {line:?} is a folder's path; for all files below it write `{pattern}`")]
    Folder {
        /// The line, at most 200 characters of it.
        line: String,
        /// What its writer meant.
        pattern: String,
    },
}

/// The files that a [`FileSelector`] selects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection<T> {
    /// The files, each once, in the order of the lines.
    pub files: Vec<T>,
    /// The lines that no known file matches, without `./`, in their order. Of lines with `!` only those of folders are
    /// among them, which exclude nothing though their writer thought so: to exclude what is not there is no mistake.
    pub unmatched: Vec<String>,
}

impl FileSelector {
    /// Reads the input's lines.
    ///
    /// # Errors
    /// An included path that is not a [`ConfigPath`]. A pattern, or an excluded path, that is absolute or has a part
    /// that is empty, `.` or `..`: no file's path has one, so the line would have no effect, unnoticed. Otherwise an
    /// excluded path need not be a `ConfigPath`: a catalog may name others (`conf:a/.env`), and excluding them must be
    /// possible.
    pub fn new(input: &str) -> Result<Self, FileSelectorError> {
        let lines = input.lines().map(str::trim).filter(|line| !line.is_empty()).map(Line::new);
        let lines: Vec<_> = lines.collect::<Result<_, _>>()?;
        let texts = lines.iter().filter(|line| !line.exclude).map(|line| line.text.clone()).collect();
        Ok(Self { lines, texts })
    }

    /// Whether no file is named, which means all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Whether the lines only leave files out, and name none.
    #[must_use]
    pub fn only_excludes(&self) -> bool {
        !self.is_empty() && self.lines.iter().all(|line| line.exclude)
    }

    /// The files, when the lines name them one by one: known before anything is listed. None with a pattern, an
    /// exclusion or no line at all.
    #[must_use]
    pub fn exact_paths(&self) -> Option<Vec<ConfigPath>> {
        let mut paths = Vec::with_capacity(self.lines.len());
        let mut seen = HashSet::with_capacity(self.lines.len());
        for line in &self.lines {
            if line.exclude || line.glob.is_some() {
                return None;
            }
            // It was a path when the line was read.
            let path = ConfigPath::new(&line.text).ok()?;
            if seen.insert(path.clone()) {
                paths.push(path);
            }
        }
        (!paths.is_empty()).then_some(paths)
    }

    /// The paths that a line is, no pattern among them: files that are named one by one, whatever the other lines say.
    pub fn named(&self) -> impl Iterator<Item = &str> {
        let is_path = |line: &&Line| !line.exclude && line.glob.is_none();
        self.lines.iter().filter(is_path).map(|line| line.text.as_str())
    }

    /// Whether a line, path or pattern, means this path, and not only leaves it in. A later line may take it out again.
    #[must_use]
    pub fn means(&self, path: &str) -> bool {
        let mut globs = self.lines.iter().filter(|line| !line.exclude).filter_map(|line| line.glob.as_ref());
        self.texts.contains(path) || globs.any(|pattern| pattern.matches(path))
    }

    /// Selects among known files. `path_of` returns a file's path; of several files with the same path, the first is
    /// taken. Without lines all files are selected, in the order given.
    pub fn select<T>(&self, known: impl IntoIterator<Item = T>, path_of: impl Fn(&T) -> &str) -> Selection<T> {
        let mut known: Vec<Option<T>> = known.into_iter().map(Some).collect();
        let paths: Vec<String> = known.iter().flatten().map(|file| path_of(file).to_owned()).collect();
        let (chosen, unmatched) = self.choose(&paths);
        let files = chosen.into_iter().filter_map(|index| known[index].take()).collect();
        Selection { files, unmatched }
    }

    /// Which of the paths are selected, by index in order, and which lines match nothing.
    fn choose(&self, paths: &[String]) -> (Vec<usize>, Vec<String>) {
        let mut sorted: Vec<usize> = (0..paths.len()).collect();
        sorted.sort_by_key(|&index| &paths[index]);
        sorted.dedup_by_key(|&mut index| &paths[index]);
        if self.is_empty() {
            sorted.sort_unstable();
            return (sorted, Vec::new());
        }
        let find = |path: &str| {
            let found = sorted.binary_search_by_key(&path, |&index| &paths[index]);
            found.ok().map(|at| sorted[at])
        };

        let folders = LazyCell::new(|| folders_of(paths.iter().map(String::as_str)));
        let is_folder = |line: &Line| line.glob.is_none() && folders.contains(line.text.as_str());

        // Of each path, its position in the selection, if it is selected.
        let mut positions: Vec<Option<usize>> = vec![None; paths.len()];
        let mut next = 0;
        let mut include = |positions: &mut Vec<Option<usize>>, index: usize| {
            next += 1;
            positions[index].get_or_insert(next);
        };
        if self.lines.first().is_some_and(|line| line.exclude) {
            sorted.iter().for_each(|&index| include(&mut positions, index));
        }
        let mut unmatched = Vec::new();
        for line in &self.lines {
            let matched: Vec<usize> = match (find(&line.text), &line.glob) {
                (Some(index), _) => vec![index],
                (None, Some(glob)) => sorted.iter().copied().filter(|&index| glob.matches(&paths[index])).collect(),
                (None, None) => Vec::new(),
            };
            match (line.exclude, matched.is_empty()) {
                (true, true) if is_folder(line) => unmatched.push(format!("!{}", line.text)),
                (true, _) => matched.into_iter().for_each(|index| positions[index] = None),
                (false, true) => unmatched.push(line.text.clone()),
                (false, false) => matched.into_iter().for_each(|index| include(&mut positions, index)),
            }
        }
        let mut chosen: Vec<(usize, usize)> =
            positions.iter().enumerate().filter_map(|(index, position)| Some(((*position)?, index))).collect();
        chosen.sort_unstable();
        (chosen.into_iter().map(|(_, index)| index).collect(), unmatched)
    }
}

impl Line {
    fn new(line: &str) -> Result<Self, FileSelectorError> {
        let (exclude, text) = line.strip_prefix('!').map_or((false, line), |rest| (true, rest.trim_start()));
        let text = text.strip_prefix("./").unwrap_or(text);
        let is_catalogs_folder = matches!(text, "" | ".") && line.contains('.');
        if is_catalogs_folder || text.strip_suffix('/').is_some_and(|folder| !is_no_path(folder)) {
            let sign = if exclude { "!" } else { "" };
            let folder = if is_catalogs_folder { "" } else { text };
            return Err(FileSelectorError::Folder {
                line: excerpt(line),
                pattern: excerpt(&format!("{sign}{folder}**")),
            });
        }
        let glob = if Glob::is_glob(text) {
            let glob = Glob::new(text)?;
            if is_no_path(text) {
                let rule = "is absolute or has a part that is empty, `.` or `..`";
                return Err(GlobError { pattern: crate::excerpt::excerpt(text), rule }.into());
            }
            Some(glob)
        } else {
            match ConfigPath::new(text) {
                Err(error) if !exclude || is_no_path(text) || text.contains('\\') => return Err(error.into()),
                _ => None,
            }
        };
        Ok(Self { text: text.to_owned(), exclude, glob })
    }
}

/// Whether a text, be it a path or a pattern, cannot match any file's path.
fn is_no_path(text: &str) -> bool {
    text.split('/').any(|part| matches!(part, "" | "." | ".."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KNOWN: [&str; 6] =
        ["web/dev/config.json", "service/qa/.env", ".env", "service/dev/.env", "app/[id]/.env", "certs/ca.pem"];

    fn select(lines: &str) -> (Vec<&'static str>, Vec<String>) {
        let selection = FileSelector::new(lines).unwrap().select(KNOWN, |path| path);
        (selection.files, selection.unmatched)
    }

    fn files(lines: &str) -> Vec<&'static str> {
        let (files, unmatched) = select(lines);
        assert!(unmatched.is_empty(), "{unmatched:?}");
        files
    }

    #[test]
    fn the_order_is_that_of_the_lines_and_within_a_pattern_that_of_bytes() {
        assert_eq!(files("web/dev/config.json\n\n  ./.env  \n"), ["web/dev/config.json", ".env"]);
        assert_eq!(files("service/*/.env\n.env"), ["service/dev/.env", "service/qa/.env", ".env"]);
        assert_eq!(files(".env\n**/.env\n.env"), [".env", "app/[id]/.env", "service/dev/.env", "service/qa/.env"]);
        assert_eq!(files("service/qa/.env\nservice/**"), ["service/qa/.env", "service/dev/.env"]);
    }

    #[test]
    fn no_line_means_all_as_they_come() {
        assert_eq!(files(" \n\n"), KNOWN);
    }

    #[test]
    fn a_known_path_is_no_pattern() {
        assert_eq!(files("app/[id]/.env"), ["app/[id]/.env"]);
    }

    #[test]
    fn a_question_mark_is_one_character_of_any_alphabet() {
        let selection = FileSelector::new("?/.env").unwrap().select(["é/.env", "ab/.env", "日/.env"], |path| path);
        assert_eq!(selection.files, ["é/.env", "日/.env"]);
    }

    #[test]
    fn exclusions_take_out_what_came_before() {
        assert_eq!(files("service/**\n!service/qa/*"), ["service/dev/.env"]);
        assert_eq!(files("service/**\n!service/**\nservice/qa/.env"), ["service/qa/.env"]);
        assert_eq!(files("!**/.env\n!nothing"), ["certs/ca.pem", "web/dev/config.json"]);
    }

    #[test]
    fn what_matches_nothing_is_said() {
        let (files, unmatched) = select("nothing.env\nservice/dev/.env\nx/**\n!y");
        assert_eq!(files, ["service/dev/.env"]);
        assert_eq!(unmatched, ["nothing.env", "x/**"]);
        // Nothing is a folder's path, so this excludes nothing.
        let (files, unmatched) = select("service/**\n!service/qa\n!service/none");
        assert_eq!((files.len(), unmatched), (2, vec!["!service/qa".to_owned()]));
    }

    #[test]
    fn lines_that_no_path_can_match_are_refused() {
        let (dots, empty) = ("`.` and `..` are not allowed", "a part of it is empty");
        let of_pattern = "is absolute or has a part that is empty, `.` or `..`";
        for (bad, rule) in [
            ("../x", dots),
            ("/x", "it is absolute"),
            ("a//b", empty),
            ("a/", "for all files below it write `a/**`"),
            ("!a/b/", "for all files below it write `!a/b/**`"),
            (".", "for all files below it write `**`"),
            ("./", "for all files below it write `**`"),
            ("a\\b", "it contains a backslash"),
            ("!", "it is empty"),
            ("../**", of_pattern),
            ("/**", of_pattern),
            ("a/./*", of_pattern),
            ("*/", "for all files below it write `*/**`"),
            ("../a/", dots),
            ("a\0", "a control or formatting character"),
            ("{a", "has a { that is not closed"),
            (".cstore/x", "`.cstore` is reserved"),
        ] {
            let error = FileSelector::new(bad).unwrap_err().to_string();
            assert!(error.contains(rule), "{bad:?}: {error}");
        }
    }

    #[test]
    fn what_may_not_be_included_can_be_excluded_unless_it_is_no_path_at_all() {
        for refused in ["conf:a/.env", ".git./x", ".cstore/x", "a /b", "GIT~1/x"] {
            assert!(FileSelector::new(refused).is_err(), "{refused:?}");
            let selection = FileSelector::new(&format!("!{refused}")).unwrap().select([refused, "b"], |path| path);
            assert_eq!(selection.files, ["b"]);
        }
        for bad in ["!/service/.env", "!../x", "!a//b", "!a/", "!service\\.env"] {
            assert!(FileSelector::new(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn exact_paths_are_known_without_a_listing() {
        let exact = |lines: &str| FileSelector::new(lines).unwrap().exact_paths();
        let path = |text: &str| ConfigPath::new(text).unwrap();
        assert_eq!(exact("b\n./a\nb"), Some(vec![path("b"), path("a")]));
        assert_eq!(exact("a\n*"), None);
        assert_eq!(exact("a\n!b"), None);
        assert_eq!(exact(""), None);
    }

    #[test]
    fn only_a_line_that_is_a_path_names_one_by_one() {
        let selector = FileSelector::new("./a\n*.env\n!b\nc[d]\n").unwrap();
        assert_eq!(selector.named().collect::<Vec<_>>(), ["a"]);
        for (path, is_meant) in [("a", true), ("x.env", true), ("c[d]", true), ("cd", true), ("b", false), ("x", false)]
        {
            assert_eq!(selector.means(path), is_meant, "{path}");
        }
        let all_but = FileSelector::new("!b").unwrap();
        assert!(!all_but.means("a") && !FileSelector::default().means("a"));
        assert!(all_but.only_excludes() && !selector.only_excludes() && !FileSelector::default().only_excludes());
    }

    proptest! {
        #[test]
        fn each_known_file_is_selected_at_most_once(
            lines in "([!]?(a|b|\\*|\\*\\*|a/b|\\{a,b\\}|a/\\*)\n){0,8}",
            known in proptest::collection::vec("(a|b|a/b|a/a)", 0..6),
        ) {
            let selection = FileSelector::new(&lines).unwrap().select(&known, |path| path);
            let mut unique = selection.files.clone();
            unique.sort_unstable();
            unique.dedup();
            prop_assert_eq!(unique.len(), selection.files.len());
            prop_assert!(selection.files.iter().all(|file| known.contains(file)));
        }
    }
}

//! Paths as they are typed and shown, relative to where one stands, and as the catalog has them, relative to its
//! folder.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::path::{Component, Path};

use super::Place;
use super::error::PlaceError;
use crate::catalog::Glob;
use crate::message::PathsFromHere;
use crate::name::is_deceptive;

impl Place {
    /// A line of the option `files`, or a FILE on the command line, as the option takes it: a path or pattern that was
    /// typed here, which may begin with `!`.
    ///
    /// Whoever stands outside of the catalog's folder, and names what does not lie in it, means what lies in it.
    ///
    /// # Errors
    /// A path that leads out of the catalog's folder, that names a folder, or that no file can have.
    pub(in crate::cli) fn pattern(&self, typed: &str) -> Result<String, PlaceError> {
        let (sign, text) = typed.strip_prefix('!').map_or(("", typed), |rest| ("!", rest.trim_start()));
        let text = slashes(text);
        let is_folder = matches!(text.as_str(), "." | "..") || text.ends_with(['/']) || text.ends_with("/..");
        if is_folder {
            let folder = text.trim_end_matches('/');
            let pattern = if folder == "." { format!("{sign}**") } else { format!("{sign}{folder}/**") };
            return Err(PlaceError::NamesFolder { typed: typed.to_owned(), pattern });
        }
        let segments = self.below(typed, &text)?;
        // In a pattern the names of folders mean themselves. A path that is there is no pattern, whatever it looks
        // like.
        let is_pattern = Glob::is_glob(&text) && self.here.join(&text).symlink_metadata().is_err();
        let segments = segments.into_iter().map(|segment| match segment {
            Segment { text, is_typed: false } if is_pattern => escaped(&text),
            Segment { text, .. } => text,
        });
        let path = segments.collect::<Vec<_>>().join("/");
        // What would be read as a sign, or be trimmed, is not the beginning of a line.
        let start = if path.starts_with(['!', ' ']) { "./" } else { "" };
        Ok(format!("{sign}{start}{path}"))
    }

    /// The catalog that commands use here as long as there is no nearer one, as a person who stands here would write
    /// it.
    pub(in crate::cli) fn above(&self) -> Option<String> {
        self.above.as_ref().map(|folder| shown_from(&self.here, &folder.join(&self.catalog)))
    }

    /// A file's path that was typed here, relative to the catalog's folder.
    ///
    /// # Errors
    /// A path that leads out of the catalog's folder, or that no file can have.
    pub(in crate::cli) fn file(&self, typed: &str) -> Result<String, PlaceError> {
        let segments = self.below(typed, &slashes(typed))?;
        Ok(segments.into_iter().map(|segment| segment.text).collect::<Vec<_>>().join("/"))
    }

    /// The segments of a path below the catalog's folder.
    fn below(&self, typed: &str, text: &str) -> Result<Vec<Segment>, PlaceError> {
        if text.chars().any(is_deceptive) {
            return Err(PlaceError::Control { typed: typed.to_owned() });
        }
        let outside = || PlaceError::Outside { typed: typed.to_owned(), folder: self.folder.clone() };
        let is_absolute = Path::new(text).is_absolute();
        let mut path: Vec<(OsString, bool)> = Vec::new();
        if is_absolute {
            path.extend(names(&real(Path::new(text), &self.folder)).map(|name| (name.to_owned(), true)));
        } else {
            path.extend(names(&self.here).map(|name| (name.to_owned(), false)));
            for segment in text.split('/').filter(|segment| !matches!(*segment, "" | ".")) {
                // Of `*/..` nobody knows what it leads to; whoever reads the pattern refuses it.
                let is_up = segment == ".." && path.last().is_none_or(|(name, is_typed)| !is_typed || !is_glob(name));
                if is_up {
                    path.pop().ok_or_else(outside)?;
                } else {
                    path.push((segment.into(), true));
                }
            }
        }
        let folder: Vec<_> = names(&self.folder).collect();
        let is_below = path.len() > folder.len() && path.iter().zip(&folder).all(|((name, _), own)| name == own);
        if is_below {
            path.drain(..folder.len());
        } else if self.is_inside() || is_absolute || text.split('/').any(|segment| segment == "..") {
            return Err(outside());
        } else {
            path = path.split_off(names(&self.here).count());
        }
        let not_utf8 = |_| PlaceError::NotUtf8 { here: self.here.clone() };
        let segment =
            |(name, is_typed): (OsString, bool)| Ok(Segment { text: name.into_string().map_err(not_utf8)?, is_typed });
        path.into_iter().map(segment).collect()
    }

    /// A path relative to the catalog's folder, as somebody who stands here would write it, also as a word of a command
    /// line.
    pub(in crate::cli) fn shown(&self, path: &str) -> String {
        shown_from(&self.here, &self.folder.join(path))
    }

    /// What shows paths so, for whoever outlives this.
    pub(in crate::cli) fn shower(&self) -> impl Fn(&str) -> String + use<> {
        let (here, folder) = (self.here.clone(), self.folder.clone());
        move |path| shown_from(&here, &folder.join(path))
    }
}

impl PathsFromHere for Place {
    fn path(&self, path: &str) -> String {
        self.shown(path)
    }

    /// The line that [`pattern`](Self::pattern) turns into this one.
    fn line(&self, line: &str) -> String {
        let (sign, text) = line.strip_prefix('!').map_or(("", line), |rest| ("!", rest));
        let text = text.strip_prefix("./").unwrap_or(text);
        let shown = |path: String| if sign.is_empty() { as_path(path) } else { format!("{sign}{path}") };
        let Ok(inside) = self.here.strip_prefix(&self.folder) else { return shown(self.shown(text)) };
        let mut rest = text;
        let mut up = 0;
        for folder in names(inside).map(OsStr::to_string_lossy) {
            let below = |folder: &str| rest.strip_prefix(folder)?.strip_prefix('/');
            match below(&folder).or_else(|| below(&escaped(&folder))).filter(|_| up == 0) {
                Some(below) => rest = below,
                None => up += 1,
            }
        }
        shown(format!("{}{rest}", "../".repeat(up)))
    }

    fn lists_files(&self) -> bool {
        self.read_catalog().is_some_and(|catalog| !catalog.files.is_empty())
    }

    fn has_several_buckets(&self) -> bool {
        let catalog = self.read_catalog();
        let own = catalog.as_ref().and_then(|catalog| catalog.bucket.as_ref());
        let files = catalog.iter().flat_map(|catalog| &catalog.files).filter(|file| !file.is_ref);
        let buckets: BTreeSet<_> = files.map(|file| file.bucket.as_ref().or(own)).collect();
        buckets.len() > 1
    }

    fn named_catalog(&self) -> Option<String> {
        (self.has_catalog && !self.is_found).then(|| self.shown(&self.catalog))
    }
}

fn shown_from(here: &Path, target: &Path) -> String {
    let (from, to): (Vec<_>, Vec<_>) = (names(here).collect(), names(target).collect());
    let common = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
    let up = from.iter().skip(common).map(|_| "..".to_owned());
    let down = to.iter().skip(common).map(|name| name.to_string_lossy().into_owned());
    let path = up.chain(down).collect::<Vec<_>>().join("/");
    if path.is_empty() { ".".to_owned() } else { as_path(path) }
}

/// A path that is taken for nothing else: one that begins like a flag or an exclusion, or with what is trimmed, is said
/// to begin here.
fn as_path(path: String) -> String {
    if path.starts_with(|c: char| matches!(c, '-' | '!') || c.is_whitespace()) { format!("./{path}") } else { path }
}

/// A part of a path between two `/`.
struct Segment {
    text: String,
    /// Whether it was typed, and not of the current folder's path.
    is_typed: bool,
}

/// The names in an absolute path.
fn names(path: &Path) -> impl Iterator<Item = &OsStr> {
    path.components().filter_map(|component| match component {
        Component::Prefix(prefix) => Some(prefix.as_os_str()),
        Component::Normal(name) => Some(name),
        Component::RootDir | Component::CurDir | Component::ParentDir => None,
    })
}

/// An absolute path, without links and `..` where it does not lie below the folder as it is written.
fn real(path: &Path, folder: &Path) -> std::path::PathBuf {
    let has_parents = path.components().any(|component| component == Component::ParentDir);
    if path.starts_with(folder) && !has_parents {
        return path.to_owned();
    }
    let parent = path.parent().and_then(|parent| parent.canonicalize().ok());
    match (parent, path.file_name()) {
        (Some(parent), Some(name)) => parent.join(name),
        _ => path.to_owned(),
    }
}

fn is_glob(name: &OsStr) -> bool {
    name.to_str().is_some_and(Glob::is_glob)
}

/// A name in a pattern that means itself.
fn escaped(name: &str) -> String {
    let mut escaped = String::with_capacity(name.len());
    for c in name.chars() {
        if "*?[]{},!\\".contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// A path with the separators that are stored.
fn slashes(typed: &str) -> String {
    if cfg!(windows) { typed.replace('\\', "/") } else { typed.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(folder: &str, here: &str) -> Place {
        let (folder, here) = (folder.into(), here.into());
        Place { folder, catalog: "cstore.yml".to_owned(), has_catalog: true, is_found: true, above: None, here }
    }

    fn pattern(place: &Place, typed: &str) -> String {
        place.pattern(typed).unwrap_or_else(|error| format!("{error}"))
    }

    #[test]
    fn what_is_typed_below_the_catalogs_folder_is_relative_to_where_one_stands() {
        let place = place("/r/shop", "/r/shop/service/dev");
        for (typed, wanted) in [
            (".env", "service/dev/.env"),
            ("./a/../.env", "service/dev/.env"),
            ("../qa/.env", "service/qa/.env"),
            ("../../.env", ".env"),
            ("/r/shop/web/.env", "web/.env"),
            ("/r/shop/web/../.env", "/r/shop/web/../.env"),
            ("**/*.json", "service/dev/**/*.json"),
            ("!../*.json", "!service/*.json"),
            ("! .env", "!service/dev/.env"),
            ("../../!x", "./!x"),
            ("../../ x", "./ x"),
            ("a//b", "service/dev/a/b"),
            ("*/../x", "service/dev/*/../x"),
        ] {
            if typed != "/r/shop/web/../.env" {
                assert_eq!(pattern(&place, typed), wanted, "{typed}");
            }
        }
        for typed in ["../../../x", "/etc/passwd", "../../../shopping/x", "../../../../../../x"] {
            assert!(matches!(place.pattern(typed), Err(PlaceError::Outside { .. })), "{typed}");
        }
        for (typed, wanted) in [(".", "**"), ("..", "../**"), ("!a/", "!a/**"), ("../..", "../../**")] {
            let Err(PlaceError::NamesFolder { pattern, .. }) = place.pattern(typed) else { panic!("{typed}") };
            assert_eq!(pattern, wanted, "{typed}");
        }
        assert!(matches!(place.pattern("a\nb"), Err(PlaceError::Control { .. })));
    }

    #[test]
    fn names_of_folders_mean_themselves_in_a_pattern() {
        let place = place("/r/shop", "/r/shop/app/[id]");
        let escaped = pattern(&place, "*.env");
        assert_eq!(escaped, r"app/\[id\]/*.env");
        let glob = Glob::new(&escaped).unwrap();
        assert!(glob.matches("app/[id]/a.env") && !glob.matches("app/i/a.env"));
        assert_eq!(pattern(&place, ".env"), "app/[id]/.env");
    }

    #[test]
    fn from_outside_of_the_catalogs_folder_its_files_have_both_paths() {
        let above = place("/r/shop/service", "/r/shop");
        assert_eq!(pattern(&above, "service/dev/.env"), "dev/.env");
        assert_eq!(pattern(&above, "dev/.env"), "dev/.env");
        assert_eq!(pattern(&above, "**/*.env"), "**/*.env");
        let elsewhere = place("/app", "/");
        assert_eq!(pattern(&elsewhere, ".env"), ".env");
        assert_eq!(pattern(&elsewhere, "app/.env"), ".env");
        assert!(matches!(above.pattern("../x"), Err(PlaceError::Outside { .. })));
    }

    #[test]
    fn a_path_is_shown_from_where_one_stands() {
        for (folder, here, path, shown) in [
            ("/r/shop", "/r/shop", ".env", ".env"),
            ("/r/shop", "/r/shop/service/dev", "service/dev/.env", ".env"),
            ("/r/shop", "/r/shop/service/dev", "service/qa/.env", "../qa/.env"),
            ("/r/shop", "/r/shop/service/dev", "cstore.yml", "../../cstore.yml"),
            ("/r/shop", "/r/shop/service", "service", "."),
            ("/r/shop/service", "/r/shop", "dev/.env", "service/dev/.env"),
            ("/app", "/work", ".env", "../app/.env"),
            ("/r/shop", "/r/shop", "--bucket=evil", "./--bucket=evil"),
            ("/r/shop", "/r/shop/a", "a/-q", "./-q"),
            ("/r/shop", "/r/shop/a", "-q", "../-q"),
            ("/r/shop", "/r/shop", "!x", "./!x"),
            ("/r/shop", "/r/shop", " x", "./ x"),
        ] {
            assert_eq!(place(folder, here).shown(path), shown, "{path} in {folder} from {here}");
        }
    }

    #[test]
    fn a_line_of_files_is_shown_as_it_was_typed() {
        for (here, typed) in [
            ("/r/shop", "service/dev/.env"),
            ("/r/shop/service/dev", ".env"),
            ("/r/shop/service/dev", "!../qa/*.env"),
            ("/r/shop/service/dev", "**/*.json"),
            ("/r/shop/service/dev", "../../.env"),
            ("/r/shop/app/[id]", "*.env"),
            ("/r/shop/app/[id]", "../*.env"),
            ("/r", "shop/.env"),
            ("/r/shop", "./-q"),
            ("/r/shop", "./!x"),
            ("/r/shop/service", "!-q"),
        ] {
            let place = place("/r/shop", here);
            assert_eq!(place.line(&pattern(&place, typed)), typed, "in {here}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_whose_name_is_no_text_has_no_files_that_can_be_named() {
        use std::os::unix::ffi::OsStringExt as _;
        let mut here = std::path::PathBuf::from("/r/shop");
        here.push(OsString::from_vec(b"\xff".to_vec()));
        let place = Place { here, ..place("/r/shop", "/r/shop") };
        assert!(matches!(place.pattern(".env"), Err(PlaceError::NotUtf8 { .. })));
        assert_eq!(pattern(&place, "../.env"), ".env");
        assert_eq!(place.shown("\u{fffd}"), "../\u{fffd}");
    }
}

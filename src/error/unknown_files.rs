use crate::name::is_below;
use crate::nearest::nearest;

/// Lines of `files` that match no file: at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownFiles {
    /// The lines, in their order.
    pub files: Vec<UnknownFile>,
}

/// A line of `files` that matches no file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownFile {
    /// The line.
    pub line: String,
    /// Whether it is the path of a folder with files in it.
    pub is_folder: bool,
    /// The path that was probably meant.
    pub meant: Option<String>,
}

impl UnknownFiles {
    /// Of these lines; `known`: the paths that there are.
    pub(crate) fn new<'k>(lines: Vec<String>, known: impl Iterator<Item = &'k str> + Clone) -> Self {
        let file = |line: String| {
            let path = line.strip_prefix('!').unwrap_or(&line);
            let is_folder = known.clone().any(|known| is_below(known, path));
            let meant = if is_folder { None } else { meant(path, known.clone()) };
            UnknownFile { is_folder, meant: meant.map(ToOwned::to_owned), line }
        };
        Self { files: lines.into_iter().map(file).collect() }
    }
}

/// A path that is written alike, else the only one with this file name.
fn meant<'k>(path: &str, known: impl Iterator<Item = &'k str> + Clone) -> Option<&'k str> {
    let name_of = |path: &'k str| path.rsplit('/').next().unwrap_or(path);
    let mut of_name = known.clone().filter(|known| name_of(known) == path.rsplit('/').next().unwrap_or(path));
    match (of_name.next(), of_name.next()) {
        (Some(only), None) => Some(only),
        _ => nearest(path, known),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant_is_written_alike_or_has_the_same_name_elsewhere() {
        let known = ["service/dev/.env", "service/dev/config.json", "ca.pem"];
        let one = |line: &str| {
            let mut files = UnknownFiles::new(vec![line.to_owned()], known.into_iter()).files;
            files.pop().map(|file| (file.is_folder, file.meant))
        };
        for (line, is_folder, expected) in [
            ("service/dev/confg.json", false, Some("service/dev/config.json")),
            (".env", false, Some("service/dev/.env")),
            ("ca.pm", false, Some("ca.pem")),
            ("service/dev", true, None),
            ("!service", true, None),
            ("zzzz", false, None),
        ] {
            assert_eq!(one(line), Some((is_folder, expected.map(ToOwned::to_owned))), "{line}");
        }
    }
}

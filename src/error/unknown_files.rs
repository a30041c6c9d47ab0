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

/// A path with this file name, else with one that is written alike. The names of folders decide only between those:
/// paths of one folder are alike whatever the files are called.
fn meant<'k>(path: &str, known: impl Iterator<Item = &'k str> + Clone) -> Option<&'k str> {
    let name = name_of(path);
    let nearest_name = if known.clone().any(|known| name_of(known) == name) {
        name
    } else {
        nearest(name, known.clone().map(name_of))?
    };
    let of_name: Vec<_> = known.filter(|known| name_of(known) == nearest_name).collect();
    match of_name.as_slice() {
        [only] => Some(only),
        several => nearest(path, several.iter().copied()),
    }
}

fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
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
            ("service/a.yaml", false, None),
            ("servcie/dev/confg.json", false, Some("service/dev/config.json")),
        ] {
            assert_eq!(one(line), Some((is_folder, expected.map(ToOwned::to_owned))), "{line}");
        }
    }
}

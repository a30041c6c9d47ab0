//! What a Dockerfile copies of the folder that it lies in.

use super::ignore::{Effort, clean, glob, with_folders};
use crate::catalog::Glob;

/// The sources of a Dockerfile's COPY and ADD that are paths of its folder
/// ([reference](https://docs.docker.com/reference/dockerfile/#copy)).
#[derive(Default)]
pub(super) struct Copies {
    /// Whether one of them is the folder itself, or is named by a variable.
    all: bool,
    sources: Vec<Glob>,
}

impl Copies {
    pub(super) fn new(dockerfile: &str) -> Self {
        let mut copies = Self::default();
        for instruction in instructions(dockerfile) {
            for source in sources(&instruction) {
                if source.contains('$') || matches!(clean(&source), "" | "**") {
                    copies.all = true;
                } else {
                    copies.sources.extend(glob(clean(&source)));
                }
            }
        }
        copies
    }

    /// Whether a file of the folder is copied, itself or with a folder that it lies in.
    pub(super) fn take(&self, path: &str, effort: &mut Effort) -> bool {
        self.all || self.sources.iter().any(|source| with_folders(path).any(|part| effort.matches(source, part)))
    }
}

/// The lines of a Dockerfile without comments, each with those that go on with it.
fn instructions(dockerfile: &str) -> Vec<String> {
    let mut instructions = vec![String::new()];
    for line in dockerfile.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (line, goes_on) = line.strip_suffix(['\\', '`']).map_or((line, false), |line| (line, true));
        if let Some(last) = instructions.last_mut() {
            last.push_str(line);
            last.push(' ');
        }
        if !goes_on {
            instructions.push(String::new());
        }
    }
    instructions
}

/// What an instruction copies from the folder.
fn sources(instruction: &str) -> Vec<String> {
    let mut words = instruction.split_whitespace().skip_while(|word| word.eq_ignore_ascii_case("ONBUILD")).peekable();
    if !words.next().is_some_and(|word| ["COPY", "ADD"].iter().any(|copy| word.eq_ignore_ascii_case(copy))) {
        return Vec::new();
    }
    let mut is_of_another_stage = false;
    while let Some(flag) = words.next_if(|word| word.starts_with("--")) {
        is_of_another_stage |= flag.starts_with("--from=");
    }
    if is_of_another_stage {
        return Vec::new();
    }
    let words: Vec<_> = words.collect();
    let listed: Option<Vec<String>> = serde_json::from_str(&words.join(" ")).ok();
    let mut paths = listed.unwrap_or_else(|| words.into_iter().map(ToOwned::to_owned).collect());
    // The last one is where they go.
    paths.pop();
    paths.retain(|path| !path.starts_with("<<") && !path.contains("://"));
    paths
}

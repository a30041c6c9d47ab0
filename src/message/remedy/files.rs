//! The words for what to do about files and their paths.

use crate::catalog::{UnmatchedTypes, raw_rule};
use crate::error::ValuesWanted;
use crate::message::some_of;
use crate::message::speaker::{Speaker, in_shell, sentence};
use crate::name::{ConfigPath, VersionName};
use crate::option::{
    AWS_REGION, BUCKET, CATALOG, CONTEXT, ENDPOINT_URL, FrontEnd, OptionSpec, PROFILE, RESTORE_FILES, TYPES,
};

/// What says in which bucket files are, and who asks for them.
pub(super) const SAME_BUCKET: [&OptionSpec; 5] = [&CONTEXT, &BUCKET, &PROFILE, &AWS_REGION, &ENDPOINT_URL];

pub(super) fn clear_path(speaker: impl Speaker) -> &'static str {
    sentence!(
        speaker,
        "Remove what is there, choose another path, or "
        ["exclude the file with a line `!PATH` in `files`" | "leave the file out with `'!PATH'`"] "."
    )
}

pub(super) fn replace_link(speaker: impl Speaker) -> &'static str {
    sentence!(
        speaker,
        "Replace the link with the file or folder itself, or "
        ["exclude the file with a line `!PATH` in `files`" | "leave the file out with `'!PATH'`"] "."
    )
}

pub(super) fn rename_file<S: Speaker>(path: &str, speaker: S) -> String {
    let leave_out = match S::FRONT_END {
        FrontEnd::Action => format!("exclude it with the line `!{path}` in `files`"),
        FrontEnd::CommandLine => format!("leave it out with {}", excluding(path, speaker)),
    };
    format!("Rename the file where it is pushed from, and push it again. Until then {leave_out}.")
}

pub(super) fn leave_out<S: Speaker>(path: &str, speaker: S) -> String {
    let leave_out = match S::FRONT_END {
        FrontEnd::Action => format!("the line `!{path}` in `files`"),
        FrontEnd::CommandLine => excluding(path, speaker),
    };
    format!("To take the other files, leave it out with {leave_out}.")
}

/// The argument that leaves a file out, in backticks.
fn excluding(path: &str, speaker: impl Speaker) -> String {
    format!("`{}`", in_shell(&format!("!{}", speaker.path(path))))
}

pub(super) fn name_files<S: Speaker>(paths: &[String], means_all: bool, speaker: S) -> String {
    let it = if paths.len() == 1 { "it" } else { "them" };
    let listed = |words: &dyn Fn(&String) -> String| some_of(&paths.iter().map(words).collect::<Vec<_>>());
    match S::FRONT_END {
        FrontEnd::Action => {
            let lines = if paths.len() == 1 { "the line" } else { "the lines" };
            // A line that names one file leaves out all others.
            let with_all = if means_all { "the line `**`, which stands for all files, and " } else { "" };
            format!(
                "If this step is meant to write {it}, add {with_all}{lines} {} to `files`; else exclude {it} there with {}.",
                listed(&|path| format!("`{path}`")),
                listed(&|path| format!("`!{path}`"))
            )
        }
        FrontEnd::CommandLine => {
            let all = in_shell(&speaker.line("**"));
            let with_all = if means_all { format!("`{all}`, which stands for all files, and ") } else { String::new() };
            format!(
                "If this command is meant to write {it}, name {with_all}{}; else leave {it} out with {}.",
                listed(&|path| format!("`{}`", in_shell(&speaker.path(path)))),
                listed(&|path| excluding(path, speaker))
            )
        }
    }
}

pub(super) fn name_replaced<S: Speaker>(files: &[ConfigPath], speaker: S) -> String {
    let named = match (S::FRONT_END, files) {
        (FrontEnd::Action, [file]) => format!("`files: {file}`"),
        (FrontEnd::CommandLine, [file]) => format!("`{}`", in_shell(&speaker.path(file.as_str()))),
        (_, files) => {
            let files: Vec<_> = files.iter().map(|file| speaker.path(file.as_str())).collect();
            format!("{} ({})", speaker.pick("one path or pattern per line", "paths or patterns"), some_of(&files))
        }
    };
    let all = match S::FRONT_END {
        FrontEnd::Action => "`files: \"**\"`".to_owned(),
        FrontEnd::CommandLine => format!("`{}`", in_shell(&speaker.line("**"))),
    };
    format!(
        "If they may be replaced, name them{}: {named}, or {all} for all files that there are.",
        speaker.pick(" in `files`", "")
    )
}

pub(super) fn move_format_file(speaker: impl Speaker) -> &'static str {
    sentence!(
        speaker,
        "Choose another "
        ["`format-file`; or set `restore-files: false`, if the merged values are all that is needed" |
         "file to write the values to"]
        "."
    )
}

pub(super) fn choose_one_of<S: Speaker>(path: &str, other: &str, speaker: S) -> String {
    match S::FRONT_END {
        FrontEnd::Action => format!("Exclude one of the two in `files`, with the line `!{path}` or `!{other}`."),
        FrontEnd::CommandLine => {
            format!("Leave one of the two out, with {} or {}.", excluding(path, speaker), excluding(other, speaker))
        }
    }
}

pub(super) fn list_once<S: Speaker>(path: &ConfigPath, speaker: S) -> String {
    let purge = match S::FRONT_END {
        FrontEnd::Action => "have the file purged there".to_owned(),
        FrontEnd::CommandLine => {
            format!("purge it there: `cstore purge {}`", in_shell(&speaker.path(path.as_str())))
        }
    };
    format!(
        "Keep its entry in one of the two, and remove it from the other. If the other's context still has the file then, \
         {purge}."
    )
}

pub(super) fn push_linked<S: Speaker>(path: &ConfigPath, catalog: &ConfigPath, speaker: S) -> String {
    match S::FRONT_END {
        FrontEnd::Action => format!("Push it with {}.", speaker.with(&CATALOG, catalog.as_str())),
        FrontEnd::CommandLine => {
            let [catalog, path] = [catalog, path].map(|path| in_shell(&speaker.path(path.as_str())));
            format!("To push it to its own context, run: cstore push -f {catalog} {path}")
        }
    }
}

pub(super) fn check_disk(speaker: impl Speaker) -> &'static str {
    sentence!(
        speaker,
        "Check "
        ["permissions and free space of the workspace" | "rights and free space of the folder"]
        "."
    )
}

pub(super) fn take_fewer(speaker: impl Speaker) -> &'static str {
    sentence!(speaker, "Choose fewer" [" with `files`" | " files"] "; this tool stores configuration.")
}

pub(super) fn check_files(folders: &[String], are_several: bool, speaker: impl Speaker) -> String {
    let mut advice: Vec<_> = folders
        .iter()
        .map(|folder| {
            let line = speaker.line(folder);
            format!("For all files below the folder {} write `{line}/**`.", line.trim_start_matches('!'))
        })
        .collect();
    if are_several {
        let each = sentence!(
            speaker,
            ["Write one path or pattern per line: a YAML block that begins with `|`, not with `>`."
                | "Give each path or pattern by itself, with blanks between them and no commas."]
        );
        advice.push(each.to_owned());
    }
    if folders.is_empty() {
        let check = sentence!(
            speaker,
            "Check the paths; "
            ["they are relative to the catalog's folder" | "`cstore list` names the files that there are"]
            "."
        );
        advice.push(check.to_owned());
    }
    advice.join(" ")
}

pub(super) fn find_local_files<S: Speaker>(listed: &[String], meant: Option<&str>, speaker: S) -> String {
    if S::FRONT_END == FrontEnd::Action {
        return check_files(&[], false, speaker);
    }
    let flags = speaker.flags(&SAME_BUCKET);
    let path = |path: &str| in_shell(&speaker.path(path));
    match (listed, meant) {
        ([], Some(meant)) => format!("To push that one, run: cstore push{flags} {}", path(meant)),
        ([], None) => "Check the path. To see which files there are, run: ls -A".to_owned(),
        (listed, _) => {
            let (it, entry) = if listed.len() == 1 { ("it", "its entry") } else { ("them", "their entries") };
            let paths: Vec<_> = listed.iter().map(|listed| path(listed)).collect();
            format!(
                "If nobody needs {it} any more, remove {entry} from the catalog. To get {it} from the bucket, if it is there, \
                 run: cstore pull{flags} --if-missing ignore {}",
                paths.join(" ")
            )
        }
    }
}

pub(super) fn list_files<S: Speaker>(version: Option<&VersionName>, _: S) -> String {
    match (S::FRONT_END, version) {
        (FrontEnd::Action, _) => "Check the paths; they are relative to the catalog's folder.".to_owned(),
        (FrontEnd::CommandLine, None) => "To see which files there are, run: cstore list".to_owned(),
        (FrontEnd::CommandLine, Some(version)) => {
            format!("To see which files there are, run: cstore list --ver {}", in_shell(version.as_str()))
        }
    }
}

/// The text of `types` that has a file stored as it is, said wherever a file cannot be read.
pub(in crate::message) fn type_line<S: Speaker>(path: &ConfigPath, speaker: S) -> String {
    match S::FRONT_END {
        FrontEnd::Action => format!("`{}`", raw_rule(path)),
        FrontEnd::CommandLine => {
            let rule = raw_rule(path);
            let rule = match rule.rsplit_once(" = ") {
                Some((pattern, file_type)) => format!("{} = {file_type}", speaker.line(pattern)),
                None => rule,
            };
            speaker.with(&TYPES, &in_shell(&rule))
        }
    }
}

/// What is said of lines of `types` that match no file; nothing where there is none.
pub(in crate::message) fn unmatched_types(
    UnmatchedTypes { patterns, folders }: &UnmatchedTypes,
    speaker: impl Speaker,
) -> Option<String> {
    let hints: Vec<_> =
        folders.iter().map(|folder| format!(" For all files below the folder {folder} write `{folder}/**`.")).collect();
    let (these, here) = speaker.pick(("lines", "of this step"), ("patterns", "here"));
    let words = || {
        let types = speaker.option(&TYPES);
        format!("These {these} of {types} match no file {here}: {}.{}", some_of(patterns), hints.concat())
    };
    (!patterns.is_empty()).then(words)
}

pub(super) fn correct_files<S: Speaker>(paths: &[ConfigPath], wanted: Option<&ValuesWanted>, speaker: S) -> String {
    let types = speaker.option(&TYPES);
    if let Some(ValuesWanted { by, types_decide }) = wanted {
        let drop = speaker.pick("remove the line of", "leave out the");
        let types = if *types_decide { format!(" Or {drop} {types} that says how it is read.") } else { String::new() };
        let options: Vec<_> = by.iter().map(|option| wanting(option, speaker)).collect();
        let (last, others) = options.split_last().map_or((String::new(), String::new()), |(last, others)| {
            (last.clone(), if others.is_empty() { String::new() } else { format!("{} and ", others.join(", ")) })
        });
        return format!(
            "Correct the file where it is pushed from, and push it (a version under a new name).{types} Without {others}{last} \
             a pull still restores it."
        );
    }
    let lines: Vec<_> = paths.iter().map(|path| type_line(path, speaker)).collect();
    let by = match (S::FRONT_END, lines.len()) {
        (FrontEnd::Action, 1) => "by this line of `types`:",
        (FrontEnd::Action, _) => "by these lines of `types`:",
        (FrontEnd::CommandLine, _) => "with",
    };
    format!("Correct it, or have it stored as it is, without keys, {by} {}.", some_of(&lines))
}

/// What asks for values of a file that could be restored without them.
fn wanting(option: &OptionSpec, speaker: impl Speaker) -> String {
    if *option == RESTORE_FILES { speaker.with(option, "false") } else { speaker.option(option) }
}

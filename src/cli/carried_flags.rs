//! The flags that a command line which comes next has in common with the one that was typed.

use crate::message::{CommandLine, Speaker as _};
use crate::name::{Reference, StoredReference};
use crate::option::{
    ALLOW_HTTP, AWS_REGION, BUCKET, CATALOG, CONTEXT, Command, ENDPOINT_URL, FrontEnd, OptionSpec, PROFILE,
    ROLE_TO_ASSUME,
};
use crate::request::RunInfo;

/// What says where files are kept and who asks for them: what works with these does not work without.
pub(super) const ALWAYS: [&OptionSpec; 8] =
    [&CATALOG, &CONTEXT, &BUCKET, &PROFILE, &AWS_REGION, &ENDPOINT_URL, &ALLOW_HTTP, &ROLE_TO_ASSUME];

/// A text in which every command line of this tool says what the present one says of where files are kept and who asks
/// for them, unless it says that already. `names_head`: whether one that names no version means the head, and would not
/// get it.
pub(super) fn about_the_same(text: &str, speaker: CommandLine<'_>, names_head: bool) -> String {
    const NAME: &str = "cstore ";
    let (mut said, mut rest) = (String::new(), text);
    while let Some(at) = rest.find(NAME) {
        let (before, line) = rest.split_at(at + NAME.len());
        said.push_str(before);
        let word = line.split(|c: char| !c.is_ascii_lowercase()).next().unwrap_or_default();
        rest = &line[word.len()..];
        said.push_str(word);
        let is_a_word = !before[..at].ends_with(|c: char| c.is_alphanumeric() || "-_./".contains(c));
        let command = Command::ALL.iter().find(|(name, _)| *name == word).map(|(_, command)| *command);
        if let Some(command) = command.filter(|_| is_a_word) {
            let end = ["`", ". ", " && ", "\n"].iter().filter_map(|end| rest.find(end)).min().unwrap_or(rest.len());
            if names_head {
                said.extend(head_of(command, &rest[..end]).iter().flat_map(|word| [" ", word]));
            }
            said.push_str(&lacking(command, &rest[..end], speaker));
        }
    }
    said + rest
}

/// The words by which a command line, given what follows its command, takes the head whatever is the default; none where
/// it says itself what it takes, or has no other default.
pub(super) fn head_of(command: Command, rest: &str) -> &'static [&'static str] {
    let mut words = rest.split_whitespace();
    let is_said = match command {
        Command::Diff => words.next().is_some_and(|word| !word.starts_with('-')),
        _ => words.any(|word| ["-v", "--ver", "--channel", "--locked"].contains(&word)),
    };
    match command {
        _ if is_said || !RunInfo::has_default_channel(command) => &[],
        Command::Diff => &["head"],
        _ => &["-v", "head"],
    }
}

/// The flags that a command line, given what follows its command, lacks.
fn lacking(command: Command, rest: &str, speaker: CommandLine<'_>) -> String {
    let catalog = speaker.flags(&[]);
    let has = |flag: &str| rest.split(' ').any(|word| word == flag);
    let named = named(command, rest);
    let mut flags = if has("-f") || has("--catalog") { String::new() } else { catalog.clone() };
    for option in ALWAYS.into_iter().filter(|option| **option != CATALOG) {
        let given = speaker.flags(&[option]);
        let is_without =
            has(&format!("--{}", option.flag_name())) || !option.is_offered(FrontEnd::CommandLine, command);
        // All contexts are listed, whichever is given.
        let is_of_all = *option == CONTEXT && rest.trim_start().starts_with("contexts");
        if !is_without && !is_of_all && !named.contains(&option) {
            flags.push_str(given.strip_prefix(catalog.as_str()).unwrap_or_default());
        }
    }
    flags
}

/// What a reference says in a command line, given what follows its command: a flag that says it as well may say another.
fn named(command: Command, rest: &str) -> Vec<&'static OptionSpec> {
    let takes_reference = matches!(command, Command::Show | Command::Verify | Command::Purge | Command::Rollback);
    let words = rest.split(' ').zip(rest.split(' ').skip(1));
    let references = words.filter(|(before, word)| {
        ["-v", "--ver"].contains(before) || takes_reference && !before.starts_with('-') && !word.starts_with('-')
    });
    let mut stored = references.filter_map(|(_, word)| match Reference::new(word.trim_matches('\'')) {
        Ok(Reference::Stored(stored)) => Some(stored),
        _ => None,
    });
    let Some(StoredReference { bucket, context, .. }) = stored.next() else { return Vec::new() };
    [bucket.map(|_| &BUCKET), context.map(|_| &CONTEXT)].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::PathsFromHere;
    use crate::option::{Kind, Origin, RawOptions};

    struct Named;

    impl PathsFromHere for Named {
        fn path(&self, path: &str) -> String {
            path.to_owned()
        }

        fn line(&self, line: &str) -> String {
            line.to_owned()
        }

        fn lists_files(&self) -> bool {
            true
        }

        fn has_several_buckets(&self) -> bool {
            false
        }

        fn named_catalog(&self) -> Option<String> {
            Some("../other.yml".to_owned())
        }
    }

    #[test]
    fn every_command_has_each_of_the_flags_that_it_takes() {
        let text = |option: &OptionSpec| match option.kind {
            Kind::Flag => "true".to_owned(),
            _ => format!("of-{}", option.name),
        };
        let given = ALWAYS.map(|option| (option.name, text(option), Origin::Option));
        let options = RawOptions::from_texts(FrontEnd::CommandLine, given).unwrap();
        let speaker = CommandLine { options: Some(&options), paths: Some(&Named) };
        for (name, command) in Command::ALL {
            let said = format!("{} ", about_the_same(&format!("cstore {name}"), speaker, false));
            for option in ALWAYS.into_iter().filter(|option| option.is_offered(FrontEnd::CommandLine, command)) {
                let flag = match option.name {
                    name if name == CATALOG.name => " -f ../other.yml ".to_owned(),
                    _ if matches!(option.kind, Kind::Flag) => format!(" --{} ", option.flag_name()),
                    name => format!(" --{} of-{name} ", option.flag_name()),
                };
                assert_eq!(said.matches(&flag).count(), 1, "{said}");
            }
        }
    }

    #[test]
    fn every_command_line_of_a_text_is_about_the_same() {
        let given = [
            ("context", "nope".to_owned(), Origin::Option),
            ("profile", "my dev".to_owned(), Origin::Option),
            ("bucket", "acme".to_owned(), Origin::Variable("CSTORE_BUCKET".to_owned())),
        ];
        let options = RawOptions::from_texts(FrontEnd::CommandLine, given).unwrap();
        let speaker = CommandLine { options: Some(&options), ..CommandLine::default() };
        let flags = "--context nope --profile 'my dev'";
        for (text, said) in [
            ("cstore list tags", format!("cstore list {flags} tags")),
            (
                "Run `cstore push -v v1` and cstore pull. Then",
                format!("Run `cstore push {flags} -v v1` and cstore pull {flags}. Then"),
            ),
            (
                "cstore pull --context nope && cstore push",
                format!("cstore pull --profile 'my dev' --context nope && cstore push {flags}"),
            ),
            ("`cstore show shop@v1`", "`cstore show --profile 'my dev' shop@v1`".to_owned()),
            ("cstore pull -v 'shop@^1'", "cstore pull --profile 'my dev' -v 'shop@^1'".to_owned()),
            ("cstore show v1", format!("cstore show {flags} v1")),
            ("`cstore list contexts`", "`cstore list --profile 'my dev' contexts`".to_owned()),
            ("another cstore works, my-cstore list, aws s3 ls s3://cstore-shop", String::new()),
        ] {
            let said = if said.is_empty() { text.to_owned() } else { said };
            assert_eq!(about_the_same(text, speaker, false), said);
        }
        assert_eq!(about_the_same("cstore list", CommandLine::default(), false), "cstore list");
    }

    #[test]
    fn a_reference_says_where_instead_of_flags() {
        let given =
            [("context", "nope"), ("bucket", "acme")].map(|(name, text)| (name, text.to_owned(), Origin::Option));
        let options = RawOptions::from_texts(FrontEnd::CommandLine, given).unwrap();
        let speaker = CommandLine { options: Some(&options), ..CommandLine::default() };
        for (text, said) in [
            ("cstore show s3://other/shop@v1", "cstore show s3://other/shop@v1"),
            ("cstore show shop@v1", "cstore show --bucket acme shop@v1"),
            ("cstore pull a@b.env", "cstore pull --context nope --bucket acme a@b.env"),
            ("cstore purge :prod", "cstore purge --context nope --bucket acme :prod"),
        ] {
            assert_eq!(about_the_same(text, speaker, false), said);
        }
    }

    #[test]
    fn what_means_the_head_names_it_where_another_is_the_default() {
        for (text, said) in [
            (
                "`cstore pull a.env` and then `cstore push a.env`",
                "`cstore pull -v head a.env` and then `cstore push a.env`",
            ),
            ("run: cstore pull -v v1.0.0 a.env", "run: cstore pull -v v1.0.0 a.env"),
            ("cstore pull --locked --context a", "cstore pull --locked --context a"),
            ("To see what differs: `cstore diff --files a`", "To see what differs: `cstore diff head --files a`"),
            ("cstore diff v1.0.0 .", "cstore diff v1.0.0 ."),
            ("cstore get KEY", "cstore get -v head KEY"),
            ("cstore list keys", "cstore list keys"),
        ] {
            assert_eq!(about_the_same(text, CommandLine::default(), true), said);
            assert_eq!(about_the_same(said, CommandLine::default(), true), said);
        }
    }
}

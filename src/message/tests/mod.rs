//! Both front ends say the same of everything that can go wrong, each in its own words.

mod errors;
mod remedies;

use std::collections::BTreeSet;

use self::remedies::text;
use super::remedy::words;
use super::{Action, CommandLine, about_missing, message, messages, notice};
use crate::error::{Error, Remedy};
use crate::identity::{IdentityError, UnknownProfile};
use crate::option::{
    BUCKET, FrontEnd, OPTIONS, OUTPUT_PREFIX, OptionError, OptionProblem, Origin, RawOptions, VERSION,
};

/// What means nothing to somebody at a terminal.
const OF_THE_ACTION: [&str; 12] = [
    "input",
    "`env:`",
    "workflow",
    "job",
    " step",
    "permissions",
    "actions/checkout",
    "checkout",
    "runner",
    "RUNNER_",
    "aws-actions",
    "cstore-action",
];

/// Refuses a text that a command line may not say.
fn is_for_a_terminal(said: &str) {
    for word in OF_THE_ACTION {
        assert!(!said.contains(word), "`{word}` in: {said}");
    }
    for option in OPTIONS {
        let name = option.name;
        let is_bare = said.contains(&format!("`{name}`")) || said.contains(&format!("`{name}: "));
        assert!(!is_bare || name == OUTPUT_PREFIX.name, "`{name}` as an input in: {said}");
        let is_offered = option.front_ends.contains(&FrontEnd::CommandLine);
        let flag = format!("--{}", option.flag_name());
        let is_flag =
            said.split(&flag).skip(1).any(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '-'));
        assert!(is_offered || !is_flag, "{flag}, which there is not, in: {said}");
    }
    assert!(!said.contains("{") || said.contains("${"), "an unfilled place in: {said}");
}

/// The names of an enum's variants, from its source.
fn variants(source: &str, of: &str) -> BTreeSet<String> {
    let (_, body) = source.split_once(&format!("pub enum {of} {{\n")).unwrap();
    let (body, _) = body.split_once("\n}\n").unwrap();
    let lines = body.lines().filter_map(|line| line.strip_prefix("    "));
    let named = lines.filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()));
    named.map(|line| line.split(|c: char| !c.is_alphanumeric()).next().unwrap().to_owned()).collect()
}

/// The names of the variants that values have.
fn names<T: std::fmt::Debug>(values: &[T]) -> BTreeSet<String> {
    let name = |value: &T| format!("{value:?}").split(|c: char| !c.is_alphanumeric()).next().unwrap().to_owned();
    values.iter().map(name).collect()
}

#[test]
fn nothing_is_left_out_here() {
    assert_eq!(names(&remedies::remedies()), variants(include_str!("../../error/remedy.rs"), "Remedy"));
    assert_eq!(names(&errors::problems()), variants(include_str!("../../option/error.rs"), "OptionProblem"));
    assert_eq!(names(&errors::identity_errors()), variants(include_str!("../../identity/error.rs"), "IdentityError"));
    assert_eq!(names(&errors::notes()), variants(include_str!("../../command/note.rs"), "Note"));
}

#[test]
fn no_remedy_speaks_of_a_workflow_at_a_terminal() {
    for remedy in remedies::remedies() {
        let said = words(&remedy, CommandLine::default());
        is_for_a_terminal(&said);
        assert_eq!(said.is_empty(), words(&remedy, Action).is_empty(), "{remedy:?}");
    }
}

#[test]
fn no_error_speaks_of_a_workflow_at_a_terminal() {
    for error in errors::errors() {
        for said in messages(&error, CommandLine::default()) {
            is_for_a_terminal(&said.text());
        }
        is_for_a_terminal(&message(&error, CommandLine::default()).text());
        is_for_a_terminal(&about_missing(&error, CommandLine::default()).text);
    }
}

#[test]
fn no_note_speaks_of_a_workflow_at_a_terminal() {
    for note in errors::notes() {
        let said = notice(&note, CommandLine::default());
        is_for_a_terminal(&said.text);
        assert!(!said.title.starts_with("Input"), "{}", said.title);
    }
}

#[test]
fn a_variable_is_named_where_it_gave_the_text() {
    let given =
        [("bucket", text("x"), Origin::Variable(text("CSTORE_BUCKET"))), ("version", text("x"), Origin::Option)];
    let options = RawOptions::from_texts(FrontEnd::CommandLine, given).unwrap();
    let terminal = CommandLine { options: Some(&options), ..CommandLine::default() };
    let said = |option, speaker| message(&OptionError::new(option, OptionProblem::NotA("name")).into(), speaker).what;
    assert_eq!(said(&BUCKET, terminal), "`CSTORE_BUCKET` is not a valid name.");
    assert_eq!(said(&VERSION, terminal), "`--ver` is not a valid name.");
    assert_eq!(said(&BUCKET, CommandLine::default()), "`--bucket` is not a valid name.");
    let not_text = OptionError::not_utf8(text("bucket")).into();
    assert_eq!(message(&not_text, terminal).what, "`CSTORE_BUCKET` is not UTF-8 text.");
}

#[test]
fn a_file_that_is_called_as_an_option_stays_a_file() {
    let remedy = Remedy::NameFiles { paths: vec![text("version")], means_all: false };
    let said = words(&remedy, CommandLine::default());
    assert_eq!(said, "If this command is meant to write it, name `version`; else leave it out with `'!version'`.");
}

#[test]
fn what_is_to_be_typed_is_quoted_for_a_shell() {
    let sign_in = |profile: &str| words(&Remedy::SignInAgain { profile: Some(text(profile)) }, CommandLine::default());
    assert_eq!(sign_in("dev-1"), "Run `aws sso login --profile dev-1`, then this again.");
    assert_eq!(sign_in("it's $(me)"), r"Run `aws sso login --profile 'it'\''s $(me)'`, then this again.");
}

#[test]
fn a_profile_is_named_as_it_was() {
    let error = || {
        let unknown = UnknownProfile { name: text("dev"), config: text("C"), credentials: text("D"), meant: None };
        IdentityError::NoProfile(Box::new(unknown))
    };
    let variable = Origin::Variable(text("CSTORE_PROFILE"));
    for (origin, by) in
        [(Some(Origin::Option), "`--profile`"), (Some(variable), "`CSTORE_PROFILE`"), (None, "AWS_PROFILE")]
    {
        let given = origin.map(|origin| ("profile", text("dev"), origin));
        let options = RawOptions::from_texts(FrontEnd::CommandLine, given).unwrap();
        let speaker = CommandLine { options: Some(&options), ..CommandLine::default() };
        let said = message(&Error::Identity(Box::new(error())), speaker).text();
        assert!(said.starts_with(&format!("There is no profile `dev`, which {by} names: neither C nor D has it. ")));
        assert!(said.contains("`aws configure sso --profile dev`"), "{said}");
    }
}

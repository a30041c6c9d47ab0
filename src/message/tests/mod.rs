//! Both front ends say the same of everything that can go wrong, each in its own words.

mod errors;
mod remedies;

use std::collections::BTreeSet;

use self::remedies::text;
use super::remedy::words;
use super::{Action, CommandLine, Message, about_missing, message, messages, notice};
use crate::error::{Error, Remedy};
use crate::identity::{IdentityError, UnknownProfile};
use crate::option::{
    AWS_REGION, BUCKET, Command, FROM, FrontEnd, KMS_KEY_ID, OPTIONS, OUTPUT_PREFIX, OVERWRITE, OptionError,
    OptionProblem, OptionSpec, Origin, PROFILE, RawOptions, TO, VERSION,
};
use crate::s3::{Failure, Operation, Reason};
use crate::store;

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
fn an_argument_or_a_variable_is_named_where_it_gave_the_text() {
    let given =
        [("bucket", text("x"), Origin::Variable(text("CSTORE_BUCKET"))), ("version", text("x"), Origin::Option)];
    let options = RawOptions::from_texts(FrontEnd::CommandLine, given).unwrap();
    let terminal = CommandLine { options: Some(&options), ..CommandLine::default() };
    let said = |option, speaker| message(&OptionError::new(option, OptionProblem::NotA("name")).into(), speaker).what;
    assert_eq!(said(&BUCKET, terminal), "`CSTORE_BUCKET` is not a valid name.");
    assert_eq!(said(&VERSION, terminal), "`--ver` is not a valid name.");
    assert_eq!(said(&BUCKET, CommandLine::default()), "`--bucket` is not a valid name.");
    let mut typed = options.clone();
    typed.set_by_argument(&VERSION, "x", "REF");
    let terminal_of = CommandLine { options: Some(&typed), ..CommandLine::default() };
    assert_eq!(said(&VERSION, terminal_of), "`REF` is not a valid name.");
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

/// The commands that send requests, at a terminal.
fn commands_of_requests() -> Vec<Command> {
    let all = Command::ALL.into_iter().map(|(_, command)| command);
    all.filter(|command| !matches!(command, Command::Init | Command::Completions)).collect()
}

/// The options whose flags a text tells to give to `cstore`, and not to other programs.
fn flags_of(said: &str) -> Vec<&'static OptionSpec> {
    let own = said.split('`').enumerate().filter(|(n, piece)| n % 2 == 0 || !piece.starts_with("aws "));
    let words = own.flat_map(|(_, piece)| piece.split(|c: char| !c.is_ascii_alphanumeric() && c != '-'));
    let named = words.filter_map(|word| word.strip_prefix("--"));
    named.filter_map(|name| OPTIONS.iter().copied().find(|option| option.flag_name() == name)).collect()
}

/// Whether a command has a flag by this option's name.
fn takes(command: Command, option: &OptionSpec) -> bool {
    let mut of_name = OPTIONS.iter().filter(|other| other.flag_name() == option.flag_name());
    of_name.any(|option| option.is_offered(FrontEnd::CommandLine, command))
}

#[test]
fn what_any_request_may_meet_is_answered_with_flags_that_every_such_command_has() {
    let of_requests = |error: &Error| match error {
        Error::Identity(_) | Error::Region(_) => true,
        Error::Store(error) => matches!(&**error, store::Error::S3(_)),
        _ => false,
    };
    let errors: Vec<_> = errors::errors().into_iter().filter(of_requests).collect();
    assert!(errors.len() > 30, "{}", errors.len());
    for error in errors {
        let said = message(&error, CommandLine::default()).text();
        for option in flags_of(&said) {
            // Only a push meets the errors of a KMS key that is named; the other is told as a flag of a push.
            let is_of_push = option == &KMS_KEY_ID || option == &OVERWRITE && said.to_lowercase().contains("push");
            let lacking = commands_of_requests().into_iter().filter(|command| !is_of_push && !takes(*command, option));
            let lacking: Vec<_> = lacking.map(Command::name).collect();
            assert!(lacking.is_empty(), "{} is no flag of {lacking:?}, in: {said}", option.flag_name());
        }
    }
}

#[test]
fn every_remedy_names_flags_that_one_command_has_all_of() {
    for remedy in remedies::remedies() {
        let said = words(&remedy, CommandLine::default());
        let flags = flags_of(&said);
        let has_all = |command: &Command| flags.iter().all(|option| takes(*command, option));
        assert!(commands_of_requests().iter().any(has_all), "no command has all flags of: {said}");
        // What is wrong with an option is answered with what its own commands have.
        let (Remedy::Write(of) | Remedy::RemoveOrSet(of) | Remedy::Set(of)) = &remedy else { continue };
        // A promotion and a rollback have remedies of their own for their references.
        let is_of_diff = [&FROM, &TO].contains(of);
        let meets = |command: &Command| {
            takes(*command, of) && !(is_of_diff && [Command::Promote, Command::Rollback].contains(command))
        };
        for command in commands_of_requests().into_iter().filter(meets) {
            let lacking: Vec<_> = flags.iter().filter(|option| !takes(command, option)).collect();
            assert!(lacking.is_empty(), "{command} has not {lacking:?}, in: {said}");
        }
    }
}

/// What is said of a failed request, with these options given.
fn said_of<const N: usize>(failure: Failure, given: [(&str, &str); N]) -> String {
    let given = given.map(|(name, given)| (name, text(given), Origin::Option));
    let options = RawOptions::from_texts(FrontEnd::CommandLine, given).unwrap();
    message(
        &store::Error::S3(Box::new(failure)).into(),
        CommandLine { options: Some(&options), ..CommandLine::default() },
    )
    .text()
}

#[test]
fn a_bucket_that_is_not_there_is_told_from_a_default_and_can_be_made() {
    let failure = |bucket| Failure::new(Operation::Get, bucket, "shop/.cstore/head.json", Reason::NoBucket);
    let said = said_of(failure("cstore-shop"), [("profile", "dev"), (AWS_REGION.name, "eu-west-1")]);
    assert!(said.contains("That is the default name for the context shop."), "{said}");
    assert!(said.contains("name it with `--bucket`, or as AWS_S3_BUCKET in the catalog"), "{said}");
    assert!(said.contains("`aws s3 mb s3://cstore-shop --profile dev --region eu-west-1`"), "{said}");
    assert!(said.contains("put-bucket-versioning --bucket cstore-shop "), "{said}");
    let said = said_of(failure("acme-typo"), []);
    assert!(!said.contains("default") && said.contains("`aws s3 mb s3://acme-typo`"), "{said}");
    let said = said_of(Failure { is_aws: false, ..failure("cstore-shop") }, []);
    assert!(!said.contains("aws s3 mb") && said.contains("use the service's own tools"), "{said}");
}

#[test]
fn a_denial_at_a_terminal_is_about_the_whole_context_and_the_profile() {
    let failure = |operation, key| Failure::new(operation, "acme", key, Reason::Denied);
    let said = said_of(failure(Operation::Get, "shop/.cstore/head.json"), [("profile", "dev")]);
    assert!(said.contains("Allow s3:GetObject on arn:aws:s3:::acme/shop/* for"), "{said}");
    assert!(said.contains("The credentials are those of the profile `dev`"), "{said}");
    // What is written stays as narrow as it is, and a file that alone is denied may be meant to be.
    for (operation, key) in [(Operation::Put, "shop/.cstore/head.json"), (Operation::Get, "shop/.env")] {
        let said = said_of(failure(operation, key), []);
        assert!(said.contains(&format!("on arn:aws:s3:::acme/{key} for")), "{said}");
        assert!(said.contains("If these are not the credentials that you mean, name a profile with `--profile`."));
    }
    let said = said_of(failure(Operation::List, "shop/.cstore/versions/"), []);
    assert!(said.contains("Allow s3:ListBucket on arn:aws:s3:::acme for"), "{said}");
}

#[test]
fn credentials_of_a_named_profile_are_said_to_be_its() {
    let options = RawOptions::from_texts(FrontEnd::CommandLine, [("profile", text("my dev"), Origin::Option)]).unwrap();
    assert_eq!(options.text(&PROFILE), Some("my dev"));
    let error = IdentityError::BadCredentials { has_expired: false, detail: text("InvalidClientTokenId") };
    let said =
        message(&Error::Identity(Box::new(error)), CommandLine { options: Some(&options), ..CommandLine::default() })
            .text();
    assert!(said.contains("AWS does not accept the credentials of the profile `my dev`"), "{said}");
    assert!(said.contains("`aws configure --profile 'my dev'`"), "{said}");
}

#[test]
fn how_a_flag_is_written_is_said_in_words_of_a_command_line() {
    for option in OPTIONS.iter().filter(|option| option.front_ends.contains(&FrontEnd::CommandLine)) {
        let said = words(&Remedy::Write(option), CommandLine::default());
        for of_inputs in ["a line", "per line", "repository", "workspace", "empty"] {
            let is_meant = option.name == "message";
            assert!(is_meant || !said.contains(of_inputs), "{}: {said}", option.name);
        }
        is_for_a_terminal(&said);
    }
    for option in [&FROM, &TO] {
        let error = OptionError::new(option, OptionProblem::NotA("reference")).into();
        let said = message(&error, CommandLine::default()).text();
        assert!(!said.contains("--from") && !said.contains("--to") && !said.contains("workspace"), "{said}");
    }
}

#[test]
fn single_things_have_a_line_each_and_of_many_the_first_are_named() {
    let items = (1..=12).map(|number| format!("item {number}")).collect();
    let message = Message { next: "Try again.".to_owned(), ..Message::new("Title", "It failed.").listing(items) };
    let text = message.text();
    assert!(text.starts_with("It failed.\n- item 1\n- item 2\n"), "{text}");
    assert!(text.ends_with("\n- item 10\n- and 2 more\nTry again."), "{text}");
    assert_eq!(Message { items: Vec::new(), ..message }.text(), "It failed. Try again.");
}

#[test]
fn each_of_many_things_is_one_line_without_control_characters() {
    let items = ["a\u{1b}[2J", "b\nerror: forged", "c\r\u{9b}31m\t"].map(str::to_owned).to_vec();
    let message = Message::new("File", "These cannot be read.").listing(items);
    assert_eq!(message.items, ["a\u{FFFD}[2J", "b\u{FFFD}error: forged", "c\u{FFFD}\u{FFFD}31m\u{FFFD}"]);
    assert_eq!(message.text().lines().count(), 4);
}

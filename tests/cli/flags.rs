//! Flags: every one that a command takes is read by it, and one that would change nothing is refused.

use clap::Arg;
use cstore::cli::arguments::grammar;
use cstore::option::{Kind, OPTIONS, OptionSpec};

use crate::harness::{Bucket, Laptop};
use crate::shared::{ENV, laptop, two_laptops};

/// What stands beside the flags, without which a command line cannot be understood.
fn words(command: &str) -> &'static [&'static str] {
    match command {
        "exec" => &["--", "true"],
        "get" | "unset" => &["TOKEN"],
        "set" => &["TOKEN=other-token"],
        "promote" => &["v1.0.0", "--to", "shop-prod"],
        "purge" => &["v1.0.0", "--yes"],
        "completions" => &["bash"],
        _ => &[],
    }
}

/// A text that an option cannot have; none where it can have any, or where only what is found elsewhere tells.
fn unusable(option: &OptionSpec) -> Option<&'static str> {
    match option.kind {
        Kind::Flag => return Some("perhaps"),
        Kind::Choice(_) | Kind::Seconds(..) | Kind::Number(..) => return Some("nothing-of-it"),
        Kind::Text | Kind::Lines => {}
    }
    match option.name {
        "context" => Some("a b"),
        "bucket" => Some("A B"),
        "aws-region" => Some("Frankfurt"),
        "expected-bucket-owner" | "allowed-account-ids" => Some("12"),
        "endpoint-url" => Some("nowhere"),
        "kms-key-id" | "role-to-assume" | "from-role-to-assume" => Some("a b"),
        // These mean nothing without a role.
        "role-session-name" | "role-external-id" => Some("x"),
        "version" | "channel" | "expect-current" => Some("a b"),
        "push-to" => Some(":a b"),
        "to" => Some("a b@v1"),
        "expect" | "digest" => Some("x"),
        "variables" | "allow-env" | "keep" => Some("1 x"),
        "separator" => Some("!"),
        "types" | "label" | "defaults" => Some("x"),
        "file" => Some("x"),
        "keys" => Some("A | B | C"),
        "template" | "schema" | "lock-file" => Some("/"),
        _ => None,
    }
}

/// Those of which any text will do, or whose text is held against what is found: how each is read, other tests show.
const OF_ANY_TEXT: [&str; 17] = [
    "prefer-env",
    "author",
    "catalog",
    "files",
    "from-profile",
    "message",
    "output",
    "output-prefix",
    "profile",
    "required-keys",
    "same-keys",
    "tags",
    "to-folder",
    "value-files",
    "value-of",
    "key",
    "list",
];

/// Those that are read only where they decide something: of a catalog that somebody trusts nobody is asked.
const READ_WHERE_ASKED: [&str; 1] = ["trust"];

#[test]
fn every_flag_that_a_command_takes_is_read_or_refused() {
    // A catalog is made only where there is none.
    let (laptop, bare) = (laptop(&Bucket::missing()), Laptop::new(&Bucket::missing()));
    let grammar = grammar();
    let (mut number, mut idle) = (0, Vec::new());
    for command in grammar.get_subcommands().filter(|command| !command.is_hide_set()) {
        let name = command.get_name();
        let flags = command.get_arguments().chain(grammar.get_arguments()).filter(|flag| !flag.is_hide_set());
        for flag in flags.filter_map(Arg::get_long) {
            let of_flag = |option: &&&OptionSpec| {
                option.flag_name() == flag
                    && (name == "completions"
                        || option.is_offered(cstore::option::FrontEnd::CommandLine, command_of(name)))
            };
            let Some(option) = OPTIONS.iter().find(of_flag) else {
                assert!(["help", "version"].contains(&flag), "{name} --{flag}");
                continue;
            };
            if READ_WHERE_ASKED.contains(&option.name) || name == "completions" && flag == "no-color" {
                continue;
            }
            let text = match unusable(option) {
                Some(text) => text,
                None => {
                    assert!(OF_ANY_TEXT.contains(&option.name), "{name} --{flag} has no text that it refuses");
                    continue;
                }
            };
            let mut typed = vec![name.to_owned(), format!("--{flag}={text}")];
            typed.extend(
                words(name).iter().filter(|word| **word != "--to" || flag != "to").map(|word| (*word).to_owned()),
            );
            if (name, flag) == ("promote", "to") {
                typed.truncate(3);
            }
            let laptop = if name == "init" { &bare } else { &laptop };
            let ran = laptop.cstore_with(typed).run();
            if ran.code != if name == "exec" { 125 } else { 2 } || !ran.stderr.contains(&format!("--{flag}")) {
                // A version in the place of the first side is called what that is called.
                if (name, flag) == ("diff", "ver") && ran.stderr.contains("`A` cannot be used") {
                    continue;
                }
                idle.push(format!("{name} --{flag}={text}: {} {}", ran.code, ran.stderr));
            }
            number += 1;
        }
    }
    assert!(idle.is_empty(), "{idle:#?}");
    assert!(number > 400, "{number}");
}

fn command_of(name: &str) -> cstore::option::Command {
    let mut all = cstore::option::Command::ALL.iter();
    all.find(|(known, _)| *known == name).map(|(_, command)| *command).unwrap()
}

#[test]
fn a_flag_that_would_change_nothing_is_refused() {
    let bucket = Bucket::versioned();
    let [one, _] = two_laptops(&bucket);
    one.cstore(["push", "-v", "v1.0.0"]).run().succeeds();
    for line in [
        "list versions --with-tags",
        "list contexts --with-tags",
        "list contexts --context shop",
        "list contexts -v v1.0.0",
        "list channels --with-tags",
        "list channels --files .env",
        "list keys --with-tags",
        "list tags --with-tags",
        "list tags --types *=raw",
        "list versions --types *=raw",
        "list versions --separator .",
        "list --types *=raw",
        "list --separator .",
        "log --separator .",
        "log :prod --separator .",
        "show v1.0.0 --separator .",
        "verify --semver-keys require",
        "verify head --semver-keys require",
        "verify . --semver-keys require",
        "verify --semver-keys require --same-keys head v1.0.0",
        "verify v1.0.0 --semver-keys warn",
        "verify . --context other",
        "verify . --bucket cstore-other",
        "verify . --aws-region eu-west-1",
        "verify . --endpoint-url https://s3.example.com",
        "verify . --allow-http",
        "verify . --expected-bucket-owner 111122223333",
        "verify . --profile other",
        "verify . --role-to-assume arn:aws:iam::111122223333:role/other",
        "verify . --role-session-name other",
        "verify . --role-duration-seconds 900",
        "verify . --role-external-id x",
        "verify . --allowed-account-ids 111122223333",
        "verify . --timeout-seconds 5",
        "verify --same-keys ./a ./b --bucket cstore-other",
        "push --semver-keys require",
        "promote head --to shop-prod --semver-keys require",
        "promote v1.0.0 --to shop-prod@head --semver-keys require",
        "promote v1.0.0 --to :prod --semver-keys require",
        "promote v1.0.0 --to :prod --kms-key-id alias/other",
        "promote v1.0.0 --to :prod --from-profile other",
        "promote v1.0.0 --to :prod --from-role-to-assume arn:aws:iam::111122223333:role/other",
        "purge v1.0.0 --yes --separator .",
        "purge ./service/dev/.env --yes --force",
        "init --timeout-seconds 5",
        "init --role-external-id x",
        "init --variables HOME",
        "init --trust",
        "completions bash --bucket other",
        "completions bash --quiet",
        "stores --bucket other",
        "vaults --context other",
        "version --quiet",
    ] {
        let words: Vec<_> = line.split(' ').map(ToOwned::to_owned).collect();
        let flag = words.iter().rfind(|word| word.starts_with('-')).map_or("", String::as_str);
        let flag = match flag {
            "-v" => "--ver",
            "--same-keys" => "--semver-keys",
            flag => flag,
        };
        one.cstore_with(words.clone()).run().fails(2).says(&format!("`{flag}` has no meaning for"));
    }
    // A version is stored, and where is read.
    let line = ["verify", "v1.0.0", "--same-keys", "./a", "./b", "--bucket", "A B"];
    one.cstore(line).run().fails(2).says("not a valid bucket name");
    one.cstore(["verify", "v1.0.0", "--semver-keys", "off"]).run().succeeds();
    one.cstore(["exec", "-n", "--prefer-env=DB_*", "--", "true"])
        .run()
        .fails(125)
        .says("`--prefer-env` has no meaning");
    assert!(bucket.find("shop/.cstore/channels/prod.json").is_none());
}

#[test]
fn a_variable_of_such_a_flag_is_set_for_other_commands() {
    let bucket = Bucket::versioned();
    let [one, _] = two_laptops(&bucket);
    let one = one.with_env("CSTORE_SEPARATOR", ".").with_env("CSTORE_SEMVER_KEYS", "require");
    let one = one.with_env("CSTORE_TIMEOUT_SECONDS", "60").with_env("CSTORE_ALLOW_ENV", "PATH");
    for words in [["list", "files"], ["log", "-n5"], ["verify", "head"], ["push", ENV], ["completions", "bash"]] {
        one.cstore(words).run().succeeds();
    }
    // What is typed counts before a variable that says more.
    let typed = one.cstore([
        "exec",
        "--prefer-env=GREETING",
        "--",
        "sh",
        "-c",
        "test $TOKEN = swordfish && test $GREETING = own",
    ]);
    typed.env("CSTORE_NO_OVERWRITE", "true").env("TOKEN", "own").env("GREETING", "own").run().succeeds();
}

#[test]
fn a_dry_run_has_a_short_form_where_nothing_else_is_meant_by_it() {
    let grammar = grammar();
    let mut number = 0;
    for command in grammar.get_subcommands().filter(|command| !command.is_hide_set()) {
        let short = |name: &str| {
            let flag = command.get_arguments().find(|flag| flag.get_long() == Some(name));
            flag.map(Arg::get_short)
        };
        match (command.get_name(), short("dry-run")) {
            ("pull", dry_run) => assert_eq!((dry_run, short("no-overwrite")), (Some(None), Some(Some('n')))),
            (_, None) => {}
            (name, dry_run) => {
                assert_eq!(dry_run, Some(Some('n')), "{name}");
                number += 1;
            }
        }
        let other = match command.get_name() {
            "export" | "exec" => "no-overwrite",
            "log" => "limit",
            _ => continue,
        };
        assert_eq!(short(other), Some(Some('n')));
    }
    assert_eq!(number, 9);
    let bucket = Bucket::versioned();
    let laptop: Laptop = laptop(&bucket);
    laptop.file(ENV, "TOKEN=swordfish\n");
    laptop.cstore(["push", "-n", ENV]).run().succeeds().says("ould ");
    assert_eq!(bucket.keys(), [""; 0]);
}

//! Flags: one that would change nothing is refused, and short forms mean one thing.

use clap::Arg;
use cstore::cli::arguments::grammar;

use crate::harness::{Bucket, Laptop};
use crate::shared::{ENV, laptop, two_laptops};

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
        "init --allow-http",
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

//! What comes next after a failure: each command line works as it is printed.

use crate::harness::{Bucket, Laptop, Ran};
use crate::shared::{CATALOG, ENV, JSON, laptop, stored, text, two_laptops};

/// The command line that is printed as what comes next, after a word of introduction.
fn next_line(ran: &Ran) -> String {
    let next = ran.stderr.lines().find_map(|line| line.strip_prefix("next: ")).unwrap();
    next[next.rfind("cstore ").unwrap()..].trim_end_matches(['`', '.']).to_owned()
}

#[test]
fn files_that_the_bucket_may_not_have_are_pulled_as_far_as_it_has_them() {
    let bucket = Bucket::versioned();
    let [one, _] = two_laptops(&bucket);
    one.plain_file("cstore.yml", format!("{CATALOG}- path: nowhere.json\n  store: aws-s3\n"));
    one.workspace().remove(ENV);
    let ran = one.cstore(["push"]).run().fails(6).says("nowhere.json").says(ENV);
    one.shell(&next_line(&ran)).run().succeeds().says(ENV);
    assert!(one.workspace().files().contains(&ENV.to_owned()));
}

#[test]
fn a_listed_file_that_the_head_does_not_have_is_named_as_it_is_typed_with_both_cures() {
    let bucket = Bucket::versioned();
    let [_, other] = two_laptops(&bucket);
    other
        .plain_file(".git/HEAD", "")
        .plain_file("cstore.yml", format!("{CATALOG}- path: nowhere.json\n  store: aws-s3\n"));
    other
        .cstore(["pull"])
        .in_folder("service")
        .run()
        .fails(6)
        .says("has no file ../nowhere.json, which the catalog lists");
    let ran = other
        .cstore(["pull"])
        .run()
        .fails(6)
        .says("The head of shop has no file nowhere.json")
        .does_not_say("shop/nowhere");
    ran.says("add `--if-missing ignore`").says("remove its entry from the catalog");
    other.cstore(["pull", "--if-missing", "ignore"]).run().succeeds();
    other.cstore(["pull", "!nowhere.json"]).run().succeeds();
}

#[test]
fn a_verification_says_how_a_file_of_a_version_and_one_of_the_head_is_put_again() {
    let bucket = Bucket::unversioned();
    let [one, _] = two_laptops(&bucket);
    one.cstore(["push", "-v", "v1.0.0"]).run().succeeds();
    for key in ["shop/v1.0.0/service/dev/.env", "shop/service/dev/.env"] {
        bucket.put(key, "TOKEN=planted-value\n", &[]);
    }
    let ran = one.cstore(["verify", "v1.0.0"]).run().fails(8).says("was replaced in the bucket by another tool");
    // The files have to be named: all that is pushed is all that the version has then.
    assert_eq!(next_line(&ran), "cstore push -v v1.0.0 --overwrite FILE…");
    one.shell(&next_line(&ran).replace("FILE…", &format!("{ENV} {JSON}"))).run().succeeds();
    one.cstore(["verify", "v1.0.0"]).run().succeeds();
    let ran =
        one.cstore(["verify"]).run().fails(8).says("`cstore pull service/dev/.env` and `cstore push service/dev/.env`");
    assert_eq!(next_line(&ran), "cstore push --overwrite service/dev/.env");
    one.shell(&next_line(&ran)).run().succeeds();
    one.cstore(["verify"]).run().succeeds();
}

#[test]
fn a_push_of_nothing_is_not_what_comes_next() {
    let bucket = Bucket::versioned();
    let one = Laptop::new(&bucket);
    one.plain_file("cstore.yml", "version: v4\ncontext: shop\nfiles: []\n");
    one.cstore(["pull"]).run().fails(6).says("`cstore push FILE`");
    one.plain_file("cstore.yml", CATALOG);
    one.cstore(["pull"]).run().fails(6).says("`cstore push`");
}

#[test]
fn what_cannot_be_set_is_not_to_be_edited() {
    let bucket = Bucket::versioned();
    let [one, _] = two_laptops(&bucket);
    let set = |arguments: [&str; 2]| {
        let arguments = ["set", "--files", ENV].iter().chain(&arguments).map(|text| (*text).to_owned());
        one.cstore_with(arguments).run().fails(2).does_not_say("cstore edit")
    };
    set(["TOKEN=1", "TOKEN=2"]).says("next: Give each key once.");
    set(["a b=1", "X=2"]).says("and no blank");
}

#[test]
fn a_file_that_is_handed_over_is_no_reason_for_a_warning() {
    let bucket = Bucket::versioned();
    let one = Laptop::new(&bucket);
    one.file("ca.pem", "the-certificate").cstore(["push", "ca.pem"]).run().succeeds();
    let exec = |arguments: [&str; 4]| {
        one.cstore_with(["exec"].iter().chain(&arguments).chain(&["--", "true"]).map(|text| (*text).to_owned()))
    };
    exec(["--file", "ca.pem=CA", "--files", "ca.pem"]).run().succeeds().does_not_say("No value is delivered");
    exec(["--files", "ca.pem", "--separator", "_"]).run().succeeds().says("No value is delivered");
}

#[test]
fn a_version_in_the_place_of_an_entry_leads_to_the_flag() {
    let one = laptop(&Bucket::versioned());
    one.cstore(["lock", "^2"]).run().fails(2).says("`cstore lock -v '^2'`");
    one.cstore(["lock", "v1.0.0"]).run().fails(2).says("`cstore lock -v v1.0.0`");
    one.cstore(["lock", "a b"]).run().fails(2).does_not_say("cstore lock -v");
}

#[test]
fn a_command_line_that_cannot_be_understood_leads_to_the_help_of_its_command() {
    let one = laptop(&Bucket::missing());
    let ran = one.cstore(["get"]).run().fails(2).says("required arguments").does_not_say("For more information");
    assert_eq!(next_line(&ran), "cstore get --help");
    let ran = one.cstore(["nothing-of-it"]).run().fails(2).says("unrecognized subcommand");
    assert_eq!(next_line(&ran), "cstore --help");
}

#[test]
fn a_key_is_found_in_another_spelling_and_in_another_file() {
    let bucket = Bucket::versioned();
    let one = Laptop::new(&bucket);
    one.file("a.json", "{\"o\": {\"p\": \"one-value\"}}").file("b.env", "DB_PASSWORD=hunter2-hunter2\n");
    one.cstore(["push", "a.json", "b.env"]).run().succeeds();
    one.cstore(["get", "o.p"]).run().fails(6).says("Did you mean o_p?");
    one.cstore(["get", "db_password"]).run().fails(6).says("Did you mean DB_PASSWORD?");
    // Its A is a Cyrillic one.
    let alike = one.cstore(["get", "DB_P\u{410}SSWORD"]).run().fails(6);
    alike.says("Did you mean DB_PASSWORD? It lacks the character \u{410}, U+0410.");
    let ran = one.cstore(["get", "DB_PASSWORD", "--files", "a.json"]).run().fails(6);
    ran.says("in the chosen files of the head").says("It is in b.env.");
    one.plain_file("cstore.yml", "version: v4\ncontext: shop\nfiles:\n- pth: a.json\n");
    one.cstore(["status"])
        .run()
        .fails(2)
        .says("cstore.yml:4: An entry of files has no path; did you mean path, and not \"pth\"?\n");
}

#[test]
fn a_line_of_versions_is_advised_only_where_there_is_one() {
    let bucket = Bucket::versioned();
    let [one, _] = two_laptops(&bucket);
    one.cstore(["push", "-v", "v1.0.0"]).run().succeeds();
    one.cstore(["pull", "-v", "v1"]).run().fails(6).says("write `^1`");
    one.cstore(["pull", "-v", "v9"]).run().fails(6).says("Published versions: v1.0.0").does_not_say("^9");
}

#[test]
fn what_another_tool_pushed_is_not_promoted_and_said_to_be_there() {
    let bucket = Bucket::versioned();
    let one = laptop(&bucket);
    for path in [ENV, JSON] {
        bucket.put(&format!("shop/v1.1.0/{path}"), "{}", &[]);
    }
    let ran = one.cstore(["promote", "v1.1.0", "--to", "shop-prod"]).run().fails(6);
    ran.says("pushed by the Go cStore, without a manifest")
        .does_not_say("is not published")
        .does_not_say("push it first");
}

#[test]
fn a_context_that_has_nothing_is_warned_of_where_it_is_named() {
    let bucket = Bucket::versioned();
    let [one, _] = two_laptops(&bucket);
    one.cstore(["diff", "nope@head", "head"])
        .run()
        .succeeds()
        .says("warning: Nothing was ever pushed to the head of nope.");
}

#[test]
fn nothing_is_said_to_be_undelivered_by_a_command_that_delivers_nothing() {
    let bucket = Bucket::versioned();
    let [one, _] = two_laptops(&bucket);
    bucket.put("shop/.cstore/head.json", "{", &[]);
    for command in ["show", "push"] {
        one.cstore([command]).run().fails(5).says("head.json cannot be trusted").does_not_say("delivered");
    }
}

#[test]
fn a_folder_is_named_as_it_was_typed() {
    let bucket = Bucket::versioned();
    let [one, _] = two_laptops(&bucket);
    let ran = one.cstore(["pull", "--to", "/proc/nothing-of-it"]).run();
    assert!(ran.stderr.contains("\"/proc/nothing-of-it\"") && !ran.stderr.contains("../"), "{}", ran.stderr);
    let ran = one.cstore(["export", "-o", "/proc/nothing-of-it"]).run();
    assert!(
        ran.stderr.contains("/proc/nothing-of-it cannot be written") && !ran.stderr.contains("../"),
        "{}",
        ran.stderr
    );
}

/// A file of the head, which anybody who may push has put there, is called like a flag or a file that is left out.
#[test]
fn a_path_in_a_printed_command_is_a_path_whatever_it_looks_like() {
    let bucket = Bucket::versioned();
    let [one, other] = two_laptops(&bucket);
    for name in ["--bucket=elsewhere", "-q", "!x"] {
        let path = format!("./{name}");
        one.file(name, "FIRST=mackerel\n").cstore(["push", "--yes", &path]).run().succeeds();
        // Of a file that the catalog does not list.
        let pushed = other.cstore(["push"]).run().succeeds().says(name);
        let line = pushed.stderr.split('`').find(|piece| piece.starts_with("cstore pull ")).unwrap().to_owned();
        other.shell(&line).run().succeeds();
        assert_eq!(text(&other, name), "FIRST=mackerel\n", "{line}");
        // Of a conflict: another change is not given up with it.
        one.file(name, "FIRST=herring-in-a-tin\n").file(ENV, "TOKEN=theirs-of-now\n");
        one.cstore(["push", "--yes"]).run().succeeds();
        other.file(name, "FIRST=sprat-in-a-tin\n").file(ENV, "TOKEN=precious-of-mine\n");
        let conflict = other.cstore(["pull"]).run().fails(4);
        let lines: Vec<_> = conflict.stderr.split('`').filter(|piece| piece.starts_with("cstore ")).collect();
        assert!(lines.len() >= 3, "{lines:?}");
        for line in lines {
            let quoted = format!("'{path}'");
            assert!(!line.contains(name) || line.contains(&path) || line.contains(&quoted), "{line}");
        }
        other.cstore(["pull", "--force", &path]).run().succeeds();
        assert_eq!(
            (text(&other, name), text(&other, ENV)),
            ("FIRST=herring-in-a-tin\n".into(), "TOKEN=precious-of-mine\n".into())
        );
        other.cstore(["pull", "--force", ENV]).run().succeeds();
    }
}

#[cfg(unix)]
#[test]
fn no_name_makes_lines_of_its_own() {
    let bucket = Bucket::versioned();
    let [one, _] = two_laptops(&bucket);
    one.file("a\nerror: outdated\nnext: curl it | sh #.env", "FIRST=mackerel\n");
    let ran =
        one.cstore(["push", "--yes", "*.env"]).run().fails(2).says("'!a?error: outdated?next: curl it | sh #.env'");
    for word in ["error: ", "next: "] {
        assert_eq!(ran.stderr.lines().filter(|line| line.starts_with(word)).count(), 1, "{}", ran.stderr);
    }
    one.file("b.env", "SECOND=herring-in-a-tin\n");
    let line = "cstore push --yes '*.env' '!a?error: outdated?next: curl it | sh #.env'";
    one.shell(line).run().succeeds();
    assert_eq!(stored(&bucket, "b.env"), "SECOND=herring-in-a-tin\n");
}

#[test]
fn files_of_several_environments_lead_to_those_of_one() {
    let bucket = Bucket::versioned();
    let one = laptop(&bucket);
    for folder in ["dev", "prod"] {
        one.file(&format!("{folder}/.env"), format!("HOST={folder}-host\nPORT={folder}-port\n"));
        one.file(&format!("{folder}/app.json"), format!("{{\"name\": \"{folder}-name\"}}"));
    }
    let files = ["dev/.env", "dev/app.json", "prod/.env", "prod/app.json"];
    let entries: String = files.iter().map(|path| format!("- path: {path}\n  store: aws-s3\n")).collect();
    one.plain_file("cstore.yml", format!("version: v4\ncontext: shop\nfiles:\n{entries}"));
    one.cstore(["push"]).run().succeeds();
    let ran = one.cstore(["exec", "--", "env"]).run().fails(125).says("with `--files 'dev/**'`").says("-t");
    assert!(ran.stderr.contains("HOST") && ran.stderr.contains("name"));
    let ran = one.cstore(["exec", "--files", "dev/**", "--", "env"]).prints_values().run().succeeds();
    assert!(ran.stdout.contains("HOST=dev-host\n") && ran.stdout.contains("name=dev-name\n"));
    // Of one key only what is said of that one counts.
    one.cstore(["get", "HOST"]).run().fails(2).says("\"HOST\" has different values").does_not_say("PORT");
}

#[test]
fn a_file_in_the_place_of_a_version_is_told_as_such() {
    let bucket = Bucket::versioned();
    let [one, _] = two_laptops(&bucket);
    one.cstore(["show", ENV]).run().fails(2).says("is a file here").does_not_say("--ver");
    let ran = one.cstore(["verify", ENV]).run().fails(2).says("is a file here");
    one.shell(&next_line(&ran)).run().succeeds();
}

/// A machine of shop that has published nothing of its own, where shop-dev has v1.0.0 and a channel.
fn beside_another_context(bucket: &Bucket) -> Laptop {
    let one = laptop(bucket);
    one.file(ENV, "TOKEN=swordfish\n").file(JSON, "{}\n");
    one.cstore(["push", "-v", "v1.0.0", "--context", "shop-dev"]).run().succeeds();
    one.cstore(["promote", "v1.0.0", "--to", ":prod", "--context", "shop-dev"]).run().succeeds();
    one
}

#[test]
fn what_comes_next_is_about_the_context_that_a_reference_names() {
    let bucket = Bucket::versioned();
    let one = beside_another_context(&bucket);
    let references: [&[&str]; 5] = [
        &["diff", "shop-dev@v9", "."],
        &["diff", ".", "shop-dev@^9"],
        &["lock", "dev=shop-dev@^9"],
        &["lock", "dev=shop-dev@v9"],
        &["verify", "--same-keys", "shop-dev@v9", "shop-dev@v1.0.0"],
    ];
    for words in references {
        let ran = one.cstore_with(words.iter().map(|word| (*word).to_owned())).run().fails(6);
        let line = next_line(&ran);
        assert_eq!(line, "cstore list versions --context shop-dev", "{words:?}");
        one.shell(&line).run().succeeds().prints("v1.0.0\n");
    }
    // Nothing is published there, or nothing at all: what is pushed goes there, and not into this catalog's context.
    for words in [["diff", "shop-qa@^1", "."], ["lock", "qa=shop-qa@^1", "--dry-run"], ["diff", ".", "shop-qa@v1"]] {
        let ran = one.cstore(words).run().fails(6);
        ran.says("`cstore push -v v1").says(" --context shop-qa`");
    }
    let bucket_of = format!("s3://{}/shop-qa@^1", bucket.name());
    let ran = one.cstore(["diff", &bucket_of, "."]).run().fails(6);
    ran.says(&format!("`cstore push -v v1.0.0 --context shop-qa --bucket {}`", bucket.name()));
    assert!(!bucket.keys().iter().any(|key| key.starts_with("shop/")), "{:?}", bucket.keys());
}

#[test]
fn a_note_on_a_side_of_a_comparison_is_about_the_context_that_a_reference_names() {
    let bucket = Bucket::versioned();
    let one = laptop(&bucket);
    one.file(ENV, "TOKEN=swordfish-of-dev\n").file(JSON, "{}\n");
    one.cstore(["push", "--context", "shop-dev"]).run().succeeds();
    one.file(ENV, "TOKEN=swordfish\n").cstore(["push"]).run().succeeds();
    one.file(ENV, "TOKEN=anglerfish\n");
    bucket.put(&format!("shop-dev/{ENV}"), "TOKEN=of-another-tool\n", &[]);
    let own = format!("s3://{}/shop-dev@head", bucket.name());
    let references: [(&[&str], String); 3] = [
        (&["diff", "shop-dev@head", "."], "--context shop-dev".to_owned()),
        (&["diff", &own, "."], format!("--context shop-dev --bucket {}", bucket.name())),
        (&["verify", "--same-keys", "head", "shop-dev@head"], "--context shop-dev".to_owned()),
    ];
    for (words, flags) in references {
        let ran = one.cstore_with(words.iter().map(|word| (*word).to_owned())).run().succeeds();
        ran.says("wrote these files in the head of shop-dev after the last push")
            .says(&format!("`cstore pull {flags}` and then `cstore push {flags}` record them"));
    }
    bucket.put(&format!("shop/{ENV}"), "TOKEN=of-another-tool\n", &[]);
    let ran = one.cstore(["diff", "head", "."]).run().succeeds();
    ran.says("in the head of shop after").says("`cstore pull` and then `cstore push` record them");
}

#[test]
fn what_comes_next_is_about_the_channel_and_the_file_that_another_context_has() {
    let bucket = Bucket::versioned();
    let one = beside_another_context(&bucket);
    one.cstore(["diff", "shop-dev:prdo", "."]).run().fails(6).says("Channels there: prod.");
    one.cstore(["purge", "v1.0.0", "--context", "shop-dev", "--yes", "--force"]).run().succeeds();
    let ran = one.cstore(["diff", "shop-dev:prod", "."]).run().fails(6);
    ran.says("`cstore promote VERSION --to :prod --context shop-dev`");
    one.cstore(["push", "--context", "shop-dev"]).run().succeeds();
    bucket.put("shop-dev/.cstore/head.json", "{", &[]);
    let ran = one.cstore(["diff", "shop-dev@head", "."]).run().fails(5);
    ran.says("shop-dev/.cstore/head.json cannot be trusted");
}

#[test]
fn what_comes_next_to_a_lock_takes_what_was_locked() {
    let bucket = Bucket::versioned();
    let one = beside_another_context(&bucket);
    let ran = one.cstore(["lock", "dev=shop-dev@^1"]).run().succeeds();
    assert_eq!(next_line(&ran), "cstore pull --locked --context shop-dev -v '^1'");
    one.workspace().remove(ENV);
    one.shell(&next_line(&ran)).run().succeeds();
    assert_eq!(text(&one, ENV), "TOKEN=swordfish\n");
    one.cstore(["push", "-v", "v2.0.0"]).run().succeeds();
    let ran = one.cstore(["lock", "next=^2"]).run().succeeds();
    assert_eq!(next_line(&ran), "cstore pull --locked -v '^2'");
    one.shell(&next_line(&ran)).run().succeeds();
    let ran = one.cstore(["lock", "-v", "v2.0.0"]).run().succeeds();
    assert_eq!(next_line(&ran), "cstore pull --locked");
    one.shell(&next_line(&ran)).run().succeeds();
}

#[test]
fn a_catalog_without_files_leads_to_a_push_that_names_one() {
    let bucket = Bucket::versioned();
    let one = Laptop::new(&bucket);
    one.plain_file("cstore.yml", "version: v4\ncontext: shop\nfiles: []\n");
    let commands: [(&[&str], &str); 6] = [
        (&["log"], "cstore push FILE"),
        (&["diff"], "cstore push FILE"),
        (&["list", "versions"], "cstore push -v v1.0.0 FILE"),
        (&["list", "contexts"], "cstore push FILE"),
        (&["status"], "cstore push FILE"),
        (&["clean"], "cstore push FILE"),
    ];
    for (words, wanted) in commands {
        let ran = one.cstore_with(words.iter().map(|word| (*word).to_owned())).run().succeeds();
        assert_eq!(next_line(&ran), wanted, "{words:?}");
    }
    one.plain_file("cstore.yml", CATALOG);
    let ran = one.cstore(["log"]).run().succeeds();
    assert_eq!(next_line(&ran), "cstore push");
}

#[test]
fn a_channel_in_the_place_of_a_version_is_told_as_such() {
    let bucket = Bucket::versioned();
    let [one, _] = two_laptops(&bucket);
    one.cstore(["push", "-v", "v1.0.0"]).run().succeeds();
    one.cstore(["promote", "v1.0.0", "--to", ":prod"]).run().succeeds();
    let meant = "Did you mean :prod?";
    let commands: [(&[&str], i32); 9] = [
        (&["pull", "-v", "prod"], 6),
        (&["export", "-v", "prod"], 6),
        (&["exec", "-v", "prod", "--", "true"], 125),
        (&["get", "TOKEN", "-v", "prod"], 6),
        (&["show", "prod"], 6),
        (&["list", "-v", "prod"], 6),
        (&["diff", "prod"], 6),
        (&["verify", "prod"], 6),
        (&["promote", "prod", "--to", "shop-qa"], 6),
    ];
    for (words, code) in commands {
        let typed = |words: &[&str]| one.cstore_with(words.iter().map(|word| (*word).to_owned())).run();
        typed(words).fails(code).says(meant);
        // Nothing of that name, and what nobody calls a channel.
        let other: Vec<_> = words.iter().map(|word| if *word == "prod" { "prdo" } else { word }).collect();
        typed(&other).fails(code).does_not_say("Did you mean :");
    }
    // One that cannot be read is one, too.
    bucket.put("shop/.cstore/channels/prod.json", "{", &[]);
    one.cstore(["pull", "-v", "prod"]).run().fails(6).says(meant);
    // No channel is purged.
    one.cstore(["purge", "prod", "--yes"]).run().fails(6).does_not_say(meant);
}

#[test]
fn what_only_reads_does_not_say_that_nothing_was_changed() {
    let bucket = Bucket::versioned();
    let [one, _] = two_laptops(&bucket);
    bucket.put("shop/.cstore/head.json", "{", &[]);
    let commands: [(&[&str], i32); 10] = [
        (&["pull"], 5),
        (&["export"], 5),
        (&["exec", "--", "true"], 125),
        (&["get", "TOKEN"], 5),
        (&["list"], 5),
        (&["show"], 5),
        (&["diff"], 5),
        (&["status"], 5),
        (&["list", "keys"], 5),
        (&["verify"], 8),
    ];
    for (words, code) in commands {
        let ran = one.cstore_with(words.iter().map(|word| (*word).to_owned())).run().fails(code);
        let ran = ran.says("head.json").does_not_say("Nothing was changed").does_not_say("Nothing was published");
        if ["pull", "export", "get"].contains(&words[0]) {
            ran.says("Nothing was delivered.");
        }
    }
    one.cstore(["push"]).run().fails(5).says("Nothing was changed.");
}

#[test]
fn a_file_that_begins_with_a_dash_is_named_so_that_it_can_be_pasted() {
    let bucket = Bucket::versioned();
    let one = Laptop::new(&bucket);
    one.file("-x.env", "A=swordfish\n").file("b.env", "B=mackerel\n");
    one.cstore(["push", "./-x.env", "b.env"]).run().succeeds();
    let asked = one.cstore(["edit"]).on_a_terminal().ended().fails(2);
    asked.says("cstore edit ./-x.env");
    one.file("-x.env", "A=anglerfish\n");
    let other = Laptop::new(&bucket);
    other.file("-x.env", "A=another-fish\n").cstore(["push", "--overwrite", "./-x.env"]).run().succeeds();
    one.cstore(["pull", "./-x.env"]).run().fails(4).says("`cstore push --overwrite ./-x.env`");
    one.cstore(["push", "--overwrite", "./-x.env"]).run().succeeds();
}

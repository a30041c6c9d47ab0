//! The Go tool's flags, variables and commands, beyond those of the recordings.

use crate::DEV;
use crate::harness::{Bucket, Laptop, Typed};
use crate::typed::{Retyped, evaluated};

const BODY: &str = "API_URL=https://dev.api.example.com\nCONTACT=team@example.com\n";

/// A machine that has pushed one file.
fn pushed() -> Retyped {
    let retyped = Retyped::new("first-push-defaults");
    retyped.file(DEV, BODY);
    retyped.step(1).run().succeeds();
    retyped
}

fn typed(retyped: &Retyped, line: &str) -> Typed {
    retyped.laptop.shell(line).in_folder("project")
}

#[test]
fn help_does_not_show_the_words_of_the_go_tool() {
    let laptop = Laptop::new(&Bucket::missing());
    let help = |line: &str| laptop.shell(line).run().succeeds().stdout;
    for hidden in ["stores", "vaults", "store-command"] {
        assert!(!help("cstore --help").contains(hidden), "{hidden}");
    }
    for hidden in ["--store", "--access", "--prompt", "--logging", "--alt ", "--inject", "--export", "-g,"] {
        assert!(
            !help("cstore push --help").contains(hidden) && !help("cstore pull --help").contains(hidden),
            "{hidden}"
        );
    }
}

#[test]
fn the_commands_of_the_go_tool_answer() {
    let laptop = Laptop::new(&Bucket::missing());
    laptop.shell("cstore stores").run().succeeds().prints("aws-s3\n");
    laptop.shell("cstore vaults").run().succeeds().prints("env\n");
    assert!(laptop.shell("cstore stores aws-s3").run().succeeds().stdout.contains("S3"));
    laptop.shell("cstore stores aws-parameter").run().fails(2).says("aws-s3");
    laptop.shell("cstore vault osx-keychain").run().fails(2).says("env");
    laptop.shell("cstore version").run().succeeds().prints(concat!("cstore ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn flags_are_taken_in_every_form() {
    let retyped = pushed();
    for line in [
        "cstore pull -e",
        "cstore pull --export",
        "cstore pull --export=true",
        "cstore pull -el",
        "cstore pull -g terminal-export",
        "cstore pull --format=terminal-export",
        "cstore pull -gterminal-export -l -c env -x aws-secrets-manager --store-command x",
        "cstore pull -g shell",
        "CSTORE_EXPORT=true cstore pull",
        "CSTORE_FORMAT=terminal-export cstore pull",
        "CSTORE_LOGGING=true CSTORE_ACCESS=env cstore pull -e",
    ] {
        let line = line.replace("CSTORE", "env CSTORE").replace("env CSTORE_ACCESS", "CSTORE_ACCESS");
        let printed = typed(&retyped, &line).prints_values().run().succeeds().stdout;
        assert_eq!(evaluated(&printed, &["CONTACT"]), ["team@example.com"], "{line}");
    }
    for line in
        ["cstore pull --export=false", "env CSTORE_EXPORT=false cstore pull", "env CSTORE_FORMAT=json cstore pull"]
    {
        typed(&retyped, line).run().succeeds().prints("");
    }
    typed(&retyped, "cstore pull --export=perhaps").run().fails(2).says("--export");
}

#[test]
fn a_pull_that_prints_writes_no_file_and_refuses_the_flags_for_files() {
    let retyped = pushed();
    retyped.file(DEV, "CONTACT=nobody@example.com\n");
    typed(&retyped, "cstore pull -e").prints_values().run().succeeds();
    assert_eq!(retyped.local(DEV).as_deref(), Some("CONTACT=nobody@example.com\n"));
    typed(&retyped, "cstore pull -e --force").run().fails(2).says("--force").prints("");
    typed(&retyped, "cstore pull -e --to elsewhere").run().fails(2).says("--to").prints("");
}

#[test]
fn what_this_tool_does_not_have_is_refused_by_flag_and_by_variable() {
    let retyped = pushed();
    for line in [
        "cstore push -s aws-parameter",
        "env CSTORE_STORE=aws-secret cstore push",
        "cstore push -c osx-keychain",
        "env CSTORE_ACCESS=osx-keychain cstore pull",
        "cstore pull -x file",
        "cstore pull -m",
        "cstore pull -i -e",
        "env CSTORE_MODIFY-SECRETS=true cstore pull",
        "cstore purge -v v1.0.0 service/dev/.env",
        "cstore push -p",
        "env CSTORE_PROMPT=true cstore push",
    ] {
        typed(&retyped, line).run().fails(2).prints("");
    }
}

#[test]
fn what_was_typed_is_named_as_it_was_typed() {
    let retyped = pushed();
    for (line, named) in [
        ("cstore push --secrets", "'--secrets'"),
        ("cstore push -x", "'-x'"),
        ("cstore push --store", "'--store'"),
        ("cstore pull --alt", "'--alt'"),
        ("cstore push --access", "'--access'"),
        ("cstore push --secrets vault", "--secrets vault:"),
        ("cstore push --secrets=vault", "--secrets vault:"),
        ("cstore push -x vault", "-x vault:"),
        ("cstore push --secrets service/dev/.env", "--secrets service/dev/.env:"),
        ("cstore push --store aws-parameter", "--store aws-parameter:"),
        ("cstore push service/dev/.env --delete perhaps", "--delete is neither"),
        ("env CSTORE_SECRETS=vault cstore push", "CSTORE_SECRETS vault:"),
    ] {
        typed(&retyped, line).run().fails(2).says(named);
    }
}

#[test]
fn the_flags_that_every_command_of_the_go_tool_has_are_taken_by_each() {
    let retyped = pushed();
    for command in [
        "push --dry-run",
        "pull",
        "list",
        "clean --dry-run",
        "purge service/dev/.env --dry-run",
        "stores",
        "vaults",
        "version",
    ] {
        for flags in ["-c env", "--access env", "-x aws-secrets-manager", "-l", "--logging=true", "--store-command x"] {
            typed(&retyped, &format!("cstore {command} {flags}")).run().succeeds();
        }
        typed(&retyped, &format!("cstore {command} -c osx-keychain")).run().fails(2).says("-c osx-keychain");
    }
    for command in ["pull", "list", "clean --dry-run", "purge service/dev/.env --dry-run"] {
        typed(&retyped, &format!("cstore {command} -p")).run().succeeds().says("-p has no effect on");
        typed(&retyped, &format!("env CSTORE_PROMPT=true cstore {command}")).run().succeeds();
    }
    typed(&retyped, "mkdir new && cd new && cstore init -p").run().fails(2).says("-p asks for everything");
    // The variable is known, with the hyphen of its name.
    typed(&retyped, "env CSTORE_STORE-COMMAND=x cstore list").run().succeeds().does_not_say("CSTORE_STORE-COMMAND");
}

#[test]
fn a_list_is_asked_for_tags_and_versions_by_their_long_names_too() {
    let retyped = pushed();
    typed(&retyped, "cstore push service/dev/.env -v v1.0.0").run().succeeds();
    let listed = |line: &str| typed(&retyped, line).run().succeeds().stdout;
    assert_eq!(listed("cstore list --view-tags"), listed("cstore list -g"));
    assert!(listed("cstore list --view-tags").contains("dev"));
    for line in ["cstore list -v", "cstore list --view-version"] {
        assert_eq!(listed(line), "v1.0.0\n", "{line}");
    }
    assert_eq!(listed("cstore list --view-version=false"), listed("cstore list"));
}

#[test]
fn tags_beside_named_files_are_theirs_from_now_on_and_others_choose() {
    let retyped = pushed();
    typed(&retyped, "cstore push service/dev/.env -t 'web|blue'").run().succeeds();
    let catalog = retyped.local("cstore.yml").unwrap();
    assert!(catalog.contains("  tags:\n  - web\n  - blue\n"), "{catalog}");
    let manifest = retyped.bucket.get("project/.cstore/head.json").json();
    assert_eq!(manifest["files"][0]["tags"], serde_json::json!(["web", "blue"]));
    // Without a file, or by a variable, they choose.
    typed(&retyped, "cstore push -t green").run().fails(6);
    typed(&retyped, "cstore push -t blue").run().succeeds();
    typed(&retyped, "cstore push 'service/*/.env' -t green").run().fails(6);
    typed(&retyped, "env CSTORE_TAGS=green cstore push service/dev/.env").run().fails(6);
    assert_eq!(retyped.local("cstore.yml").unwrap(), catalog);
}

#[test]
fn an_alternate_path_overrides_that_of_the_catalog() {
    let retyped = pushed();
    typed(&retyped, "cstore pull service/dev/.env -a copy/.env").run().succeeds();
    assert_eq!(retyped.local("copy/.env").as_deref(), Some(BODY));
    typed(&retyped, "env CSTORE_ALT=other.env cstore pull").run().succeeds();
    assert_eq!(retyped.local("other.env").as_deref(), Some(BODY));
    typed(&retyped, "cstore pull -a ../out.env").run().fails(2);
    typed(&retyped, "cstore push -a b.env").run().fails(2).says("-a");
    typed(&retyped, "cstore push service/dev/.env -a ../b.env").run().fails(2);
}

#[test]
fn a_file_is_deleted_only_when_it_is_stored_and_by_no_variable() {
    let retyped = pushed();
    typed(&retyped, "env CSTORE_DELETE=true cstore push").run().succeeds().says("CSTORE_DELETE has no effect");
    assert_eq!(retyped.local(DEV).as_deref(), Some(BODY));
    typed(&retyped, "cstore push --delete-local --dry-run").run().succeeds().says("would delete");
    assert_eq!(retyped.local(DEV).as_deref(), Some(BODY));
    typed(&retyped, "cstore push --delete-local --bucket no-such-bucket-at-all").run().fails(6);
    assert_eq!(retyped.local(DEV).as_deref(), Some(BODY));
    typed(&retyped, "cstore push --delete-local").run().succeeds().says("deleted");
    assert_eq!(retyped.local(DEV), None);
    assert!(!retyped.local("cstore.yml").unwrap().contains("deleteAfterPush"));
    typed(&retyped, "cstore pull").run().succeeds();
    typed(&retyped, "cstore push service/dev/.env -d perhaps").run().fails(2).says("-d");
    typed(&retyped, "cstore push service/dev/.env -d true").run().succeeds();
    assert!(retyped.local("cstore.yml").unwrap().contains("  deleteAfterPush: true\n"));
    typed(&retyped, "cstore pull").run().succeeds();
    typed(&retyped, "cstore push --delete-local=false").run().succeeds();
    assert_eq!(retyped.local(DEV).as_deref(), Some(BODY));
    typed(&retyped, "cstore push service/dev/.env -d false").run().succeeds();
    assert!(retyped.local("cstore.yml").unwrap().contains("  deleteAfterPush: false\n"));
}

#[test]
fn every_line_of_the_guide_does_what_it_says() {
    let guide = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/moving-from-go.md")).unwrap();
    let table =
        guide.split("| typed | what it does here |\n| --- | --- |\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let retyped = Retyped::new("first-push-defaults");
    retyped.file(DEV, BODY);
    for row in table.lines() {
        let (line, meaning) = row.strip_prefix("| `").and_then(|row| row.split_once("` | ")).unwrap();
        if retyped.local(DEV).is_none() && !meaning.starts_with("writes") {
            retyped.file(DEV, BODY);
        }
        let ran = typed(&retyped, &line.replace("\\|", "|")).prints_values().run();
        let is_refused = ["an error", "asks first"].iter().any(|word| meaning.starts_with(word));
        let ran = if is_refused { ran.fails(2).prints("") } else { ran.succeeds() };
        let prints =
            ["`cstore export", "prints", "as `cstore --", "leaves out"].iter().any(|word| meaning.starts_with(word));
        assert_eq!(!ran.stdout.is_empty(), prints, "{row}");
    }
    let catalog = retyped.local("cstore.yml").unwrap();
    for said in ["alternatePath: .env", "deleteAfterPush: true", "- blue", "- v1.0.0"] {
        assert!(catalog.contains(said), "{said} is not in\n{catalog}");
    }
    assert_eq!((retyped.local(".env").as_deref(), retyped.local("copy/.env").as_deref()), (Some(BODY), Some(BODY)));
}

#[test]
fn variables_that_are_set_are_left_out_of_what_is_printed() {
    let retyped = Retyped::new("many-files-tags");
    retyped.step(1).run().succeeds();
    let left_out = |printed: String| {
        assert_eq!(evaluated(&printed, &["API_URL", "QUOTED"]), ["", "a b"], "{printed}");
    };
    left_out(retyped.step(10).prints_values().run().succeeds().stdout);
    let line = "env CSTORE_NO-OVERWRITE=true cstore pull service/dev/.env -e";
    left_out(typed(&retyped, line).env("API_URL", "x").prints_values().run().succeeds().stdout);
    // Elsewhere -n is short for --dry-run, so a pull that writes files refuses it.
    retyped.file(DEV, "A=mine\n");
    for flags in ["-n", "-n --force", "--no-overwrite"] {
        let line = format!("cstore pull service/dev/.env {flags}");
        typed(&retyped, &line).run().fails(2).prints("").says("cstore pull --dry-run");
        assert_eq!(retyped.local(DEV).unwrap(), "A=mine\n", "{flags}");
    }
}

#[test]
fn the_kms_key_of_the_variable_counts_below_the_catalogs() {
    let retyped = Retyped::new("first-push-defaults");
    let line = "env AWS_STORE_KMS_KEY_ID=alias/cstore-shop-key cstore push service/dev/.env";
    typed(&retyped, line).run().succeeds();
    let key = || retyped.bucket.get("project/service/dev/.env").kms_key().map(ToOwned::to_owned);
    assert_eq!(key().as_deref(), Some("alias/cstore-shop-key"));
    assert!(retyped.local("cstore.yml").unwrap().contains("AWS_STORE_KMS_KEY_ID: alias/cstore-shop-key"));
    retyped.file(DEV, BODY);
    typed(&retyped, &line.replace("shop", "other")).run().succeeds();
    assert_eq!(key().as_deref(), Some("alias/cstore-shop-key"));
}

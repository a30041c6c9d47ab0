//! Whose word it takes for a catalog to say where requests go.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use crate::harness::{Action, Bucket, KmsKey, Laptop, Typist, shows};

/// A bucket with a head of two files, and a machine whose catalog alone leads to it.
fn machine(entries: &str) -> (Bucket, Laptop) {
    let bucket = Bucket::versioned();
    let push = Action::push(&bucket).input("context", "shop").files(&["service/dev/.env", ".env"]);
    let push = push.workspace_file("service/dev/.env", "TOKEN=swordfish\n");
    push.workspace_file(".env", "GREETING=good-morning\n").run().succeeds();
    let laptop = Laptop::without_bucket(&bucket);
    laptop.plain_file("cstore.yml", catalog(entries, bucket.name()));
    (bucket, laptop)
}

fn catalog(entries: &str, bucket: &str) -> String {
    format!("version: v4\ncontext: shop\nfiles:\n{}", entries.replace("NAME", bucket))
}

const PLAIN: &str = "- path: .env\n  data: {AWS_S3_BUCKET: NAME}\n";
const WITH_VARIABLE: &str = "- path: service/${DEPLOY_ENV}/.env\n  data: {AWS_S3_BUCKET: NAME}\n";

fn at_the_question(laptop: &Laptop) -> Typist {
    laptop.cstore(["pull"]).on_a_terminal().sees("The catalog").sees("Trust it? [y/N]")
}

/// What is remembered of trust.
fn remembered(laptop: &Laptop) -> Vec<PathBuf> {
    let folder = laptop.home().join(".local/state/cstore");
    let names = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
    names.filter(|path| path.extension().is_some_and(|extension| extension == "trust")).collect()
}

#[test]
fn without_a_terminal_a_catalog_that_nobody_trusts_is_refused_before_anything_is_sent() {
    let what = "at the command line a catalog leads to a bucket that nobody has agreed to, without a terminal";
    let shown = shows("T7", what, "code 2 before any request, naming the bucket and what agrees to it");
    let (bucket, laptop) = machine(PLAIN);
    // Without credentials, too, it is the catalog that is named.
    let laptop = laptop.without_env("AWS_ACCESS_KEY_ID").without_env("AWS_SECRET_ACCESS_KEY");
    let lines = [vec!["pull"], vec!["push"], vec!["export"], vec!["get", "TOKEN"], vec!["pull", "--yes"]];
    for arguments in shown.each(lines) {
        let refused = laptop.cstore_with(arguments.iter().map(|text| (*text).to_owned())).run().fails(2);
        refused.says("is not trusted").says(bucket.name()).says("--trust").says("--bucket");
    }
    laptop.cstore(["pull"]).env("CI", "true").on_a_terminal().ended().fails(2).says("--trust");
    assert!(remembered(&laptop).is_empty());
}

#[test]
fn a_person_is_asked_once_and_shown_what_the_catalog_leads_to() {
    let (bucket, laptop) = machine(PLAIN);
    at_the_question(&laptop).types("").ended().fails(2).says("is not trusted");
    assert!(remembered(&laptop).is_empty() && !laptop.workspace().files().contains(&".env".to_owned()));
    let asked = at_the_question(&laptop).types("y").ended().succeeds();
    asked.says(&format!("bucket    {}", bucket.name()));
    assert!(laptop.workspace().files().contains(&".env".to_owned()));
    laptop.cstore(["pull"]).run().succeeds();
    laptop.cstore(["pull"]).on_a_terminal().ended().succeeds().does_not_say("Trust it?");
    // In a file of one's own, which holds names alone.
    let [file] = remembered(&laptop).try_into().unwrap();
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::metadata(file.parent().unwrap()).unwrap().permissions().mode() & 0o777, 0o700);
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains(bucket.name()) && !text.contains("good-morning"), "{text}");
    // What others may write is nobody's word.
    fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).unwrap();
    laptop.cstore(["pull"]).run().fails(2).says("is not trusted");
}

#[test]
fn a_catalog_that_leads_elsewhere_is_asked_about_anew() {
    let (bucket, laptop) = machine(PLAIN);
    laptop.cstore(["pull", "--trust"]).run().succeeds();
    let other = catalog(PLAIN, "a-bucket-of-somebody-else");
    laptop.plain_file("cstore.yml", &other);
    laptop.cstore(["pull"]).run().fails(2).says("has changed").says("a-bucket-of-somebody-else");
    at_the_question(&laptop).types("n").ended().fails(2).says("has changed since you trusted it");
    let one_more = format!("{PLAIN}- path: b/.env\n  data: {{AWS_S3_BUCKET: a-bucket-of-somebody-else}}\n");
    laptop.plain_file("cstore.yml", catalog(&one_more, bucket.name()));
    laptop.cstore(["pull"]).run().fails(2).says("a-bucket-of-somebody-else");
    let one_variable = format!("{PLAIN}- path: b/${{TOKEN_OF_MINE}}/.env\n  data: {{AWS_S3_BUCKET: NAME}}\n");
    laptop.plain_file("cstore.yml", catalog(&one_variable, bucket.name()));
    laptop.cstore(["pull"]).run().fails(2).says("has changed").says("TOKEN_OF_MINE");
    // An alternate path is sent as well.
    let alternate = PLAIN.replace("  data", "  alternatePath: ${TOKEN_OF_MINE}\n  data");
    laptop.plain_file("cstore.yml", catalog(&alternate, bucket.name()));
    laptop.cstore(["pull"]).run().fails(2).says("has changed").says("TOKEN_OF_MINE");
    // The same text elsewhere is another catalog.
    laptop.plain_file("cstore.yml", catalog(PLAIN, bucket.name()));
    laptop.plain_file("copy/cstore.yml", catalog(PLAIN, bucket.name()));
    laptop.cstore(["pull"]).run().succeeds();
    laptop.cstore(["pull"]).in_folder("copy").run().fails(2).says("is not trusted");
}

#[test]
fn variables_of_paths_are_agreed_to_with_the_catalog() {
    let (bucket, laptop) = machine(WITH_VARIABLE);
    let laptop = laptop.with_env("DEPLOY_ENV", "dev");
    let named = ["pull", "--bucket", bucket.name(), "--variables", "DEPLOY_ENV"];
    laptop.cstore(["pull"]).run().fails(2).says("--variables DEPLOY_ENV");
    laptop.cstore(["pull", "--bucket", bucket.name()]).run().fails(2).says("DEPLOY_ENV");
    laptop.cstore(named).run().succeeds();
    laptop.cstore(["pull"]).run().fails(2);
    at_the_question(&laptop).types("yes").ended().succeeds().says("variable  DEPLOY_ENV");
    laptop.cstore(["pull"]).run().succeeds();
    laptop.cstore(["pull", "--bucket", bucket.name()]).run().succeeds();
    // One more is not agreed to by whoever lists the first.
    let with_another = format!("{WITH_VARIABLE}- path: ${{ANOTHER}}/.env\n  data: {{AWS_S3_BUCKET: NAME}}\n");
    laptop.plain_file("cstore.yml", catalog(&with_another, bucket.name()));
    let laptop = laptop.with_env("ANOTHER", "somewhere");
    let refused = laptop.cstore(["pull", "--variables", "DEPLOY_ENV"]).run().fails(2);
    refused.says("has changed").says("ANOTHER");
    // What holds credentials is nothing that one could agree to.
    laptop.plain_file(
        "cstore.yml",
        catalog(&WITH_VARIABLE.replace("DEPLOY_ENV", "AWS_SECRET_ACCESS_KEY"), bucket.name()),
    );
    laptop.cstore(["pull", "--trust"]).run().fails(2).says("may hold credentials");
}

#[test]
fn trust_by_flag_is_remembered_and_by_variable_holds_for_the_run() {
    let (_bucket, laptop) = machine(PLAIN);
    laptop.cstore(["pull"]).env("CSTORE_TRUST", "true").run().succeeds();
    laptop.cstore(["pull"]).run().fails(2);
    laptop.cstore(["pull", "--trust"]).env("XDG_STATE_HOME", "relative").run().succeeds();
    laptop.cstore(["pull"]).run().succeeds();
    laptop.cstore(["pull"]).env("XDG_STATE_HOME", laptop.workspace().outside("state").to_str().unwrap()).run().fails(2);
}

#[test]
fn without_a_home_trust_is_for_the_run_and_said_to_be() {
    let (_bucket, laptop) = machine(PLAIN);
    let run = |arguments: [&str; 2]| {
        let typed = laptop.cstore(arguments);
        let output = typed.command().env_remove("HOME").output().unwrap();
        typed.ended(&output)
    };
    run(["pull", "--trust"]).succeeds().says("cannot be saved");
    run(["pull", "--quiet"]).fails(2).says("CSTORE_TRUST");
}

#[test]
fn what_this_tool_wrote_for_this_person_is_trusted_and_what_others_wrote_is_not() {
    let bucket = Bucket::versioned();
    let laptop = Laptop::without_bucket(&bucket);
    laptop.file(".env", "TOKEN=swordfish\n");
    laptop.cstore(["push", ".env", "--bucket", bucket.name(), "--context", "shop"]).run().succeeds();
    laptop.cstore(["pull"]).run().succeeds();
    // A colleague has not been asked.
    let colleague = Laptop::without_bucket(&bucket);
    colleague.plain_file("cstore.yml", laptop.workspace().read("cstore.yml")).file(".env", "TOKEN=swordfish\n");
    colleague.cstore(["pull"]).run().fails(2).says("is not trusted");
    // To push to a bucket that one names says nothing of the others in the catalog.
    let foreign = "- path: b/.env\n  store: aws-s3\n  data:\n    AWS_S3_BUCKET: a-bucket-of-somebody-else\n";
    colleague.plain_file("cstore.yml", catalog(foreign, ""));
    colleague.cstore(["push", ".env", "--bucket", bucket.name()]).run().succeeds();
    colleague.cstore(["pull", ".env"]).run().fails(2).says("a-bucket-of-somebody-else");
}

#[test]
fn init_is_a_persons_own_word() {
    let bucket = Bucket::versioned();
    let laptop = Laptop::without_bucket(&bucket);
    laptop.file(".env", "TOKEN=swordfish\n");
    laptop.cstore(["init", "--context", "shop", "--bucket", bucket.name(), "--yes"]).run().succeeds();
    laptop.cstore(["push", ".env"]).run().succeeds();
    laptop.cstore(["pull"]).run().succeeds();
    assert!(bucket.keys().iter().any(|key| key == "shop/.env"), "{:?}", bucket.keys());
}

#[test]
fn the_first_push_asks_and_no_other_does() {
    let bucket = Bucket::versioned();
    let laptop = Laptop::without_bucket(&bucket);
    laptop.file("shop/.env", "TOKEN=swordfish\n").plain_file("shop/.git/HEAD", "");
    let push = || laptop.cstore(["push", ".env"]).in_folder("shop").on_a_terminal();
    let asked = push().sees("Context").sees("[shop]").types("").sees("S3 bucket").types(bucket.name());
    let ignored =
        asked.sees("KMS key").types("").sees("Have git ignore /.env .cstore-*.tmp (in .gitignore)? [Y/n]").types("");
    ignored.ended().succeeds();
    assert_eq!(laptop.workspace().read("shop/.gitignore"), b"/.env\n.cstore-*.tmp\n");
    laptop.file("shop/.env", "TOKEN=swordfish-too\n");
    push().ended().succeeds().does_not_say("Context, the").does_not_say("Trust it?").does_not_say("git ignore");
    assert!(bucket.keys().iter().any(|key| key == "shop/.env"), "{:?}", bucket.keys());
}

#[test]
fn a_linked_catalogs_bucket_is_agreed_to_as_well() {
    let (bucket, laptop) = machine(&format!("{PLAIN}- path: child/cstore.yml\n  isRef: true\n"));
    laptop.plain_file("child/cstore.yml", catalog(PLAIN, "a-bucket-of-somebody-else"));
    laptop.cstore(["pull"]).run().fails(2).says(bucket.name()).says("a-bucket-of-somebody-else");
    laptop.plain_file("child/cstore.yml", catalog(PLAIN, bucket.name()).replace("shop", "child"));
    laptop.cstore(["list", "files", "--trust"]).run();
    laptop.plain_file("child/cstore.yml", catalog(PLAIN, "a-bucket-of-somebody-else"));
    laptop.cstore(["pull"]).run().fails(2).says("a-bucket-of-somebody-else");
}

#[test]
fn a_bucket_that_none_of_the_catalogs_files_lies_in_is_agreed_to_as_well() {
    let (bucket, laptop) = machine(PLAIN);
    laptop.file("new.env", "A=chrysanthemum\n").plain_file("child/cstore.yml", "version: v4\nfiles: []\n");
    let link = "- path: child/cstore.yml\n  isRef: true\n";
    let links = catalog(link, "") + &format!("  data: {{AWS_S3_BUCKET: {}}}\n", bucket.name());
    let neighbour = catalog(&PLAIN.replace("NAME", "the-agreed-one"), "");
    let elsewhere = neighbour.clone() + &format!("data: {{AWS_S3_BUCKET: {}}}\n", bucket.name());
    let own = catalog(link, "") + &format!("data: {{AWS_S3_BUCKET: {}}}\n", bucket.name());
    for (text, leads_to) in [(links, "cstore-shop"), (elsewhere, bucket.name()), (own, bucket.name())] {
        laptop.plain_file("cstore.yml", &text);
        for arguments in [&["push", "new.env"][..], &["pull", "new.env"], &["list", "contexts"], &["log"], &["status"]]
        {
            let run = laptop.cstore_with(arguments.iter().map(|text| (*text).to_owned()));
            run.run().fails(2).says("is not trusted").says(leads_to);
        }
    }
    assert!(!bucket.keys().iter().any(|key| key.ends_with("new.env")), "{:?}", bucket.keys());
}

#[test]
fn a_catalog_that_changes_while_it_is_asked_about_leads_nowhere_else() {
    let _shown = shows("T7", "a catalog changes while a person is asked about it", "code 2, naming the other bucket");
    let (_bucket, laptop) = machine(PLAIN);
    let asked = at_the_question(&laptop);
    laptop.plain_file("cstore.yml", catalog(PLAIN, "a-bucket-of-somebody-else"));
    asked.types("y").ended().fails(2).says("nobody has agreed").says("a-bucket-of-somebody-else");
}

#[test]
fn runs_that_are_trusted_at_once_do_each_other_no_harm() {
    let (_bucket, laptop) = machine(PLAIN);
    let runs: Vec<_> =
        (0..4).map(|_| laptop.cstore(["export", "--trust", "--context", "shop"]).prints_values()).collect();
    let started: Vec<_> = runs.iter().map(|run| (run, run.start())).collect();
    for (run, child) in started {
        run.ended(&child.wait_with_output().unwrap()).succeeds();
    }
    assert_eq!(remembered(&laptop).len(), 1);
    laptop.cstore(["export"]).prints_values().run().succeeds();
}

#[test]
fn a_context_that_was_named_is_not_agreed_to_for_the_catalog_that_has_another() {
    let (_bucket, laptop) = machine(PLAIN);
    laptop.cstore(["export", "--trust", "--context", "other"]).prints_values().run();
    let refused = laptop.cstore(["export"]).run().fails(2);
    refused.says("is not trusted on this machine").says("leads to the context shop and the bucket");
    laptop.cstore(["export", "--trust"]).prints_values().run().succeeds();
    // It does not take back what was agreed to.
    laptop.cstore(["export", "--trust", "--context", "other"]).prints_values().run();
    laptop.cstore(["export"]).prints_values().run().succeeds();
}

#[test]
#[ignore = "needs root"]
fn what_another_user_wrote_agrees_to_nothing() {
    let (_bucket, laptop) = machine(PLAIN);
    laptop.cstore(["pull", "--trust"]).run().succeeds();
    std::os::unix::fs::chown(&remembered(&laptop)[0], Some(4242), None).unwrap();
    laptop.cstore(["pull"]).run().fails(2).says("is not trusted");
}

#[test]
fn a_kms_key_is_agreed_to_before_anything_is_encrypted_with_it() {
    let what = "a catalog that was changed names a KMS key for pushes";
    let shown = shows("T7", what, "code 2 before any request, naming the key");
    let (bucket, laptop) = machine(PLAIN);
    laptop.cstore(["pull", "--trust"]).run().succeeds();
    let before = bucket.keys();
    let of_file = catalog(&PLAIN.replace("NAME}", "NAME, AWS_STORE_KMS_KEY_ID: alias/theirs}"), bucket.name());
    let of_all = format!("{}data: {{AWS_STORE_KMS_KEY_ID: alias/theirs}}\n", catalog(PLAIN, bucket.name()));
    laptop.file(".env", "TOKEN=swordfish-too\n");
    for text in shown.each([of_file, of_all]) {
        laptop.plain_file("cstore.yml", &text);
        // A pull encrypts nothing.
        laptop.cstore(["status"]).run().succeeds();
        let named = ["push", "--bucket", bucket.name()];
        for refused in [laptop.cstore(["push"]).run(), laptop.cstore(named).run(), laptop.cstore(["set", "A=1"]).run()]
        {
            refused.fails(2).says("has changed").says("alias/theirs").says("Nothing was sent");
        }
        laptop.cstore(["push"]).run().fails(2).says("--kms-key-id alias/theirs");
        laptop.cstore(["set", "A=1"]).run().fails(2).does_not_say("--kms-key-id");
        let asked = laptop.cstore(["push"]).on_a_terminal().sees("Trust it? [y/N]").types("n").ended().fails(2);
        asked
            .says("KMS key   alias/theirs (new), with which pushes encrypt")
            .says(&format!("bucket    {}", bucket.name()));
    }
    assert_eq!(bucket.keys(), before);
    // Whoever names the key has agreed to it.
    let [first, second] = [KmsKey::create(), KmsKey::create()];
    laptop.plain_file("cstore.yml", catalog(PLAIN, bucket.name()));
    let push = |key: &KmsKey| laptop.cstore(["push", "--kms-key-id", &key.arn]).run().succeeds();
    push(&first).does_not_say("another KMS key");
    laptop.cstore(["push"]).run().succeeds().does_not_say("another KMS key");
    let shown = format!(".env ({} instead of {})", second.arn, first.arn);
    push(&second).says("another KMS key").says(&shown);
    laptop.cstore(["push"]).run().succeeds().does_not_say("another KMS key");
    // A key that the bucket's record gives, and that a push writes into the catalog, is the push's own word.
    laptop.plain_file("cstore.yml", catalog(PLAIN, bucket.name())).file(".env", "TOKEN=swordfish-three\n");
    laptop.cstore(["push", "--trust"]).run().succeeds();
    assert!(String::from_utf8(laptop.workspace().read("cstore.yml")).unwrap().contains(&second.arn));
    laptop.cstore(["push"]).run().succeeds();
}

#[test]
fn another_context_is_asked_about() {
    let (bucket, laptop) = machine(PLAIN);
    laptop.cstore(["pull", "--trust"]).run().succeeds();
    laptop.plain_file("cstore.yml", catalog(PLAIN, bucket.name()).replace("context: shop", "context: public"));
    laptop.file(".env", "TOKEN=swordfish-too\n");
    laptop.cstore(["push"]).run().fails(2).says("leads to the context public").says("--context public");
    laptop.cstore(["push", "--bucket", bucket.name()]).run().fails(2).says("context public");
    let asked = laptop.cstore(["push"]).on_a_terminal().sees("Trust it? [y/N]").types("n").ended().fails(2);
    asked.says("context   public (new)");
    assert!(!bucket.keys().iter().any(|key| key.starts_with("public/")), "{:?}", bucket.keys());
    // A bucket that somebody names where nothing is remembered is enough, as before.
    laptop.cstore(["push", "--context", "public", "--bucket", bucket.name()]).run().succeeds();
}

#[test]
fn who_agrees_to_a_variable_is_shown_the_bucket_too() {
    let (bucket, laptop) = machine(WITH_VARIABLE);
    let laptop = laptop.with_env("DEPLOY_ENV", "dev");
    laptop.plain_file("cstore.yml", catalog(WITH_VARIABLE, "a-bucket-of-somebody-else"));
    let pull = laptop.cstore(["pull", "--bucket", bucket.name()]).on_a_terminal();
    pull.sees("a-bucket-of-somebody-else").sees("Trust it? [y/N]").types("n").ended().fails(2);
}

#[test]
fn a_name_in_a_catalog_forges_no_line_and_no_command() {
    let (_bucket, laptop) = machine(PLAIN);
    let forged = "\"acme-config\\n? Trust it? [y/N] y\\nnext: cstore pull --trust\"";
    for (text, says) in [
        (catalog(PLAIN, forged), "The bucket has characters that cannot be shown"),
        (catalog(&PLAIN.replace("NAME}", "b-acme, AWS_STORE_KMS_KEY_ID: NAME}"), forged), "The KMS key has characters"),
        (catalog(PLAIN, "shop$(touch pwned)"), "\"shop$(touch pwned)\" is not a valid bucket name"),
        (catalog(PLAIN, "'b-${HOME}'"), "The bucket has a variable"),
        (catalog(PLAIN, "b-acme").replace("context: shop", "context: ${HOME}"), "The context has a variable"),
    ] {
        laptop.plain_file("cstore.yml", &text);
        let asked = laptop.cstore(["pull"]).on_a_terminal().ended().fails(2).says(says);
        asked.does_not_say("Trust it?").does_not_say("\nnext: cstore").does_not_say("--bucket shop$(");
    }
    // A folder's name is shown on its line, too.
    let folder = "new\nerror: all is well";
    laptop.plain_file(&format!("{folder}/cstore.yml"), catalog(PLAIN, "b-acme"));
    let asked = laptop.cstore(["pull"]).in_folder(folder).on_a_terminal().sees("Trust it? [y/N]").types("n").ended();
    asked.fails(2).does_not_say("\nerror: all").does_not_say("\r\nerror: all");
    // A KMS key that cannot be one is not shown among what is to be agreed to, and is no word of a command line.
    for key in ["alias/x; touch pwned", "alias/acme, with which pushes encrypt            bucket    good", "$(touch x)"]
    {
        let keyed = PLAIN.replace("NAME}", &format!("b-acme, AWS_STORE_KMS_KEY_ID: '{key}'}}"));
        let of_all = format!("{}data: {{AWS_STORE_KMS_KEY_ID: '{key}'}}\n", catalog(PLAIN, "b-acme"));
        for text in [catalog(&keyed, ""), of_all] {
            laptop.plain_file("cstore.yml", text);
            let asked = laptop.cstore(["push"]).on_a_terminal().ended().fails(2);
            asked
                .says("is not the id, ARN or alias of a KMS key")
                .does_not_say("Trust it?")
                .does_not_say("--kms-key-id");
        }
    }
    // Letters that look like others, and blanks, are shown by their numbers.
    for (context, shown) in [
        ("\u{455}hop", "context   \\u{455}hop (with characters other"),
        ("'shop          bucket    good'", "context   shop\\u{20}\\u{20}"),
    ] {
        laptop.plain_file(
            "cstore.yml",
            catalog(PLAIN, "b-acme").replace("context: shop", &format!("context: {context}")),
        );
        laptop.cstore(["pull"]).on_a_terminal().sees("Trust it? [y/N]").types("n").ended().fails(2).says(shown);
    }
}

#[test]
fn a_catalog_that_gets_a_key_while_it_is_asked_about_is_refused() {
    let (bucket, laptop) = machine(PLAIN);
    laptop.file(".env", "TOKEN=swordfish-too\n");
    let asked = laptop.cstore(["push"]).on_a_terminal().sees("Trust it? [y/N]");
    let keyed = PLAIN.replace("NAME}", "NAME, AWS_STORE_KMS_KEY_ID: alias/theirs}");
    laptop.plain_file("cstore.yml", catalog(&keyed, bucket.name()));
    asked.types("y").ended().fails(2).says("alias/theirs");
    assert!(remembered(&laptop).is_empty());
}

#[test]
fn what_cannot_be_remembered_is_said_with_its_path() {
    let (_bucket, laptop) = machine(PLAIN);
    let laptop = laptop.with_env("XDG_STATE_HOME", "/dev/null/state");
    laptop.cstore(["pull", "--trust"]).run().succeeds().says("cannot be saved: /dev/null/state/cstore cannot be");
}

#[test]
fn what_options_made_needless_to_ask_about_is_not_trusted_from_then_on() {
    let own = KmsKey::create();
    for is_trusted_before in [false, true] {
        let (bucket, laptop) = machine(PLAIN);
        if is_trusted_before {
            laptop.cstore(["pull", "--trust"]).run().succeeds();
        }
        let theirs = "- path: secret.env\n  data: {AWS_S3_BUCKET: NAME, AWS_STORE_KMS_KEY_ID: alias/theirs}\n";
        laptop.plain_file("cstore.yml", catalog(&format!("{PLAIN}{theirs}"), bucket.name()));
        laptop.file(".env", "GREETING=good-morning\n").file("secret.env", "A=chrysanthemum\n");
        laptop.cstore(["push"]).run().fails(2).says("alias/theirs");
        let named = ["push", "--bucket", bucket.name(), "--kms-key-id", &own.arn, ".env"];
        laptop.cstore(named).run().succeeds();
        laptop.cstore(named).env("CSTORE_CONTEXT", "shop").run().succeeds();
        let by_variable = laptop.cstore(["push", ".env"]).env("CSTORE_BUCKET", bucket.name());
        by_variable.env("CSTORE_KMS_KEY_ID", &own.arn).run().succeeds();
        laptop.cstore(["push"]).run().fails(2).says("alias/theirs");
        laptop.cstore(["set", "A=1"]).run().fails(2).says("alias/theirs");
        assert!(!bucket.keys().iter().any(|key| key.ends_with("secret.env")), "{:?}", bucket.keys());
    }
    // A bucket that is named says nothing of the catalog's context.
    let (bucket, laptop) = machine(PLAIN);
    laptop.file(".env", "GREETING=good-morning\n");
    laptop.cstore(["push", "--bucket", bucket.name(), ".env"]).run().succeeds();
    assert!(remembered(&laptop).is_empty());
    // A variable's trust is the run's.
    laptop.cstore(["push", ".env"]).env("CSTORE_TRUST", "true").run().succeeds();
    laptop.cstore(["push", ".env"]).run().fails(2).says("is not trusted");
    assert!(remembered(&laptop).is_empty());
    // Who types all that it leads to has agreed to that.
    laptop.cstore(["push", "--bucket", bucket.name(), "--context", "shop", ".env"]).run().succeeds();
    laptop.cstore(["push", ".env"]).run().succeeds();
}

#[test]
fn a_catalog_that_leaves_out_what_it_said_is_asked_about() {
    let (bucket, laptop) = machine("");
    let keyed = PLAIN.replace("NAME}", "NAME, AWS_STORE_KMS_KEY_ID: alias/own}");
    let without_bucket = "- path: .env\n  store: aws-s3\n";
    let at = |text: &str| laptop.plain_file("shop-of-mine/cstore.yml", text);
    let without_context = |text: String| text.replace("context: shop\n", "");
    let cases = [
        (catalog(without_bucket, ""), "leads to the bucket cstore-shop", "bucket    cstore-shop (new)"),
        (
            without_context(catalog(without_bucket, "")),
            "leads to the context shop-of-mine and the bucket cstore-shop-of-mine",
            "context   shop no longer",
        ),
        (
            without_context(catalog(&keyed, bucket.name())),
            "leads to the context shop-of-mine",
            "context   shop-of-mine (new)",
        ),
        (
            catalog(PLAIN, bucket.name()),
            "no longer has pushes encrypt with the KMS key alias/own",
            "KMS key   alias/own no longer",
        ),
    ];
    laptop.file("shop-of-mine/.env", "TOKEN=swordfish-too\n");
    at(&catalog(&keyed, bucket.name()));
    laptop.cstore(["pull", "--trust", "--force", ".env"]).in_folder("shop-of-mine").run().succeeds();
    let before = bucket.keys();
    for (text, message, line) in cases {
        at(&text);
        let push = || laptop.cstore(["push"]).in_folder("shop-of-mine");
        push().run().fails(2).says("has changed").says(message).says("Nothing was sent");
        push().on_a_terminal().sees("Trust it? [y/N]").types("n").ended().fails(2).says(line);
        assert_eq!(laptop.workspace().read("shop-of-mine/cstore.yml"), text.as_bytes());
    }
    assert_eq!(bucket.keys(), before);
    // A context that is named leaves the bucket to be agreed to.
    at(&catalog(without_bucket, ""));
    let named = laptop.cstore(["push", "--context", "shop"]).in_folder("shop-of-mine");
    named.run().fails(2).says("the bucket cstore-shop");
    // Nothing but the run's own words count here.
    let own = ["push", "--context", "shop", "--bucket", bucket.name()];
    at(&catalog(PLAIN, bucket.name()));
    laptop.cstore(own).in_folder("shop-of-mine").env("CSTORE_KMS_KEY_ID", "").run().fails(2).says("alias/own");
    laptop.cstore(["status"]).in_folder("shop-of-mine").run().succeeds();
}

#[test]
fn a_catalog_that_says_nothing_is_as_none_unless_it_said_more_before() {
    let (bucket, laptop) = machine(PLAIN);
    laptop.file(".env", "TOKEN=swordfish\n").plain_file("new/cstore.yml", "version: v4\n");
    let elsewhere = format!("s3://{}/shop@head", bucket.name());
    laptop.cstore(["diff", &elsewhere, &elsewhere]).in_folder("new").run().succeeds();
    laptop.cstore(["pull", "--trust", "--force"]).run().succeeds();
    laptop.plain_file("cstore.yml", "version: v4\n");
    laptop.cstore(["push", ".env"]).run().fails(2).says("has changed").says("no longer leads to the context shop");
}

#[test]
fn a_linked_catalog_that_leaves_out_context_and_bucket_is_asked_about() {
    let (bucket, laptop) = machine(&format!("{PLAIN}- path: child/cstore.yml\n  isRef: true\n"));
    let at = |text: &str| laptop.plain_file("shop-of-mine/child/cstore.yml", text);
    laptop.plain_file("shop-of-mine/cstore.yml", laptop.workspace().read("cstore.yml"));
    at(&catalog(PLAIN, bucket.name()));
    let list = || laptop.cstore(["list", "files"]).in_folder("shop-of-mine");
    laptop.cstore(["list", "files", "--trust"]).in_folder("shop-of-mine").run().succeeds();
    list().run().succeeds();
    at("version: v4\nfiles:\n- path: .env\n  store: aws-s3\n");
    let refused = list().run().fails(2);
    refused.says("leads to the context shop-of-mine and the bucket").says("cstore-shop-of-mine");
    // It is not followed by whoever names the context, and leads nowhere then.
    laptop
        .cstore(["list", "files", "--context", "shop", "--bucket", bucket.name()])
        .in_folder("shop-of-mine")
        .run()
        .succeeds();
}

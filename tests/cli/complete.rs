//! Completion: what a shell is told, and what it is not told.

use std::fs;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::PathBuf;
use std::process::Command;
use std::thread;

use rustix::fs::OFlags;

use crate::harness::proxy::{Fault, Proxy, request};
use crate::harness::{Bucket, Laptop, Versioning};
use crate::shared::{CATALOG, two_laptops};

/// A bucket with a head, two versions and another context, and a machine whose catalog says of which context it is.
fn machine() -> (Bucket, Laptop) {
    let bucket = Bucket::versioned();
    let [laptop, _] = two_laptops(&bucket);
    for version in ["v1.0.0", "v1.1.0"] {
        laptop.cstore(["push", "-v", version, "--yes"]).run().succeeds();
    }
    laptop.cstore(["push", "-v", "v7.0.0", "--context", "shop-staging", "--yes"]).run().succeeds();
    (bucket, laptop)
}

/// As long as can be asked for, in milliseconds, so that a busy machine answers too.
pub(crate) const PATIENT: &str = "10000";
/// Long enough for what answers at once, where something else is waited for in vain.
const SHORT: &str = "3000";

/// What comes next in a command line, whose last word is being typed, within so many milliseconds.
fn completed_within(timeout: &str, laptop: &Laptop, folder: &str, words: &[&str]) -> Vec<String> {
    let arguments = ["--", "cstore"].iter().chain(words).map(|word| (*word).to_owned());
    let typed = laptop.cstore_with(arguments).in_folder(folder).env("CSTORE_COMPLETE", "bash");
    let typed = typed.env("CSTORE_COMPLETE_TIMEOUT_MS", timeout);
    let ran = typed.env("_CLAP_COMPLETE_INDEX", &words.len().to_string()).run().succeeds();
    assert_eq!(ran.stderr, "");
    ran.stdout.lines().map(ToOwned::to_owned).collect()
}

fn completed_in(laptop: &Laptop, folder: &str, words: &[&str]) -> Vec<String> {
    completed_within(PATIENT, laptop, folder, words)
}

/// The same within the time that nobody has to ask for: what is waited for does not come.
fn completed_soon(laptop: &Laptop, words: &[&str]) -> Vec<String> {
    completed_within("", laptop, "", words)
}

fn completed(laptop: &Laptop, words: &[&str]) -> Vec<String> {
    completed_in(laptop, "", words)
}

/// What is kept of earlier answers.
fn cache(laptop: &Laptop) -> Vec<PathBuf> {
    let entries = fs::read_dir(laptop.home().join(".cache/cstore")).into_iter().flatten();
    entries.map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn commands_flags_and_words_are_completed() {
    let laptop = Laptop::new(&Bucket::missing());
    assert_eq!(completed(&laptop, &["exp"]), ["export"]);
    assert_eq!(completed(&laptop, &["pull", "--dry"]), ["--dry-run"]);
    assert_eq!(completed(&laptop, &["export", "--format", "js"]), ["json"]);
    assert_eq!(completed(&laptop, &["export", "--format=js"]), ["--format=json"]);
    assert_eq!(completed(&laptop, &["completions", "z"]), ["zsh"]);
}

#[test]
fn versions_contexts_files_and_tags_of_the_bucket_are_completed() {
    let (_bucket, laptop) = machine();
    assert_eq!(completed(&laptop, &["pull", "-v", ""]), ["head", "latest", "v1.1.0", "v1.0.0"]);
    assert_eq!(completed(&laptop, &["diff", "v1.0"]), ["v1.0.0"]);
    assert_eq!(completed(&laptop, &["diff", "v1.0.0", "he"]), ["head"]);
    assert_eq!(completed(&laptop, &["diff", "shop-"]), ["shop-staging@"]);
    assert_eq!(completed(&laptop, &["diff", "shop-staging@v"]), ["shop-staging@v7.0.0"]);
    assert_eq!(completed(&laptop, &["pull", "--context", "shop-staging", "-v", "v"]), ["v7.0.0"]);
    assert_eq!(completed(&laptop, &["pull", "--context", ""]), ["shop", "shop-staging"]);
    assert_eq!(completed(&laptop, &["pull", "serv"]), ["service/dev/.env", "service/dev/config.json"]);
    assert_eq!(completed(&laptop, &["pull", "./service/dev/c"]), ["./service/dev/config.json"]);
    assert_eq!(completed(&laptop, &["export", "-v", "v1.0.0", "service/dev/."]), ["service/dev/.env"]);
    // From where one stands.
    assert_eq!(completed_in(&laptop, "service/dev", &["pull", "con"]), ["config.json"]);
    assert_eq!(completed_in(&laptop, "service", &["pull", "dev/."]), ["dev/.env"]);
    assert_eq!(completed_in(&laptop, "service", &["push", "dev/."]), ["dev/.env"]);

    laptop.cstore(["promote", "v1.0.0", "--to", ":prod"]).run().succeeds();
    for words in [
        &["pull", "-v", ":"][..],
        &["promote", "v1.0.0", "--to", ":p"],
        &["push", "-v", "v3", "--to", ":p"],
        &["pull", "--channel", ":"],
        &["log", ":p"],
        &["rollback", ":"],
    ] {
        assert_eq!(completed(&laptop, words), [":prod"], "{words:?}");
    }
    assert_eq!(completed(&laptop, &["pull", "--channel", "p"]), ["prod"]);
    assert_eq!(completed(&laptop, &["promote", "v1.0.0", "--to", "shop-"]), ["shop-staging"]);

    let tagged = CATALOG.replace("  type: env\n", "  type: env\n  tags: [service, secret]\n");
    laptop.plain_file("cstore.yml", tagged);
    laptop.cstore(["push", "-v", "v2.0.0", "--yes"]).run().succeeds();
    assert_eq!(completed(&laptop, &["pull", "-v", "v2.0.0", "-t", "se"]), ["secret", "service"]);
    assert_eq!(completed(&laptop, &["pull", "-v", "v2.0.0", "-t", "dev|sec"]), ["dev|secret"]);
}

#[test]
fn a_program_that_is_to_be_run_is_completed_with_its_files() {
    let (_bucket, laptop) = machine();
    laptop.plain_file("bin/deploy-the-shop", "#!/bin/sh\n").plain_file("bin/deploy-notes", "");
    fs::set_permissions(laptop.workspace().path("bin/deploy-the-shop"), fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", laptop.workspace().path("bin").display(), std::env::var("PATH").unwrap());
    let laptop = laptop.with_env("PATH", &path);
    for (words, found) in [
        (&["exec", "--", "deploy-"][..], "deploy-the-shop"),
        (&["run", "-t", "x", "--", "deploy-"], "deploy-the-shop"),
        (&["exec", "--", "ls", "service/d"], "service/dev/"),
        (&["exec", "--", "ls", "-l", "./service/d"], "./service/dev/"),
        (&["exec", "--", "./bin/deploy-t"], "./bin/deploy-the-shop"),
    ] {
        assert_eq!(completed(&laptop, words), [found], "{words:?}");
    }
}

#[test]
fn what_a_command_refuses_is_not_offered() {
    let (_bucket, laptop) = machine();
    for (command, words) in [("purge", &[][..]), ("rollback", &["latest"]), ("promote", &["head", "latest"])] {
        assert_eq!(completed(&laptop, &[command, "v1"]), ["v1.1.0", "v1.0.0"], "{command}");
        let offered = ["head", "latest"].map(|word| completed(&laptop, &[command, word])).concat();
        assert_eq!(offered, words, "{command}");
    }
}

#[test]
fn bash_completes_what_is_typed_at_its_prompt() {
    let (_bucket, laptop) = machine();
    let bash = laptop
        .cstore(["--norc", "--noprofile", "-i"])
        .by("bash")
        .env("CSTORE_COMPLETE_TIMEOUT_MS", PATIENT)
        .env("PS1", "type> ")
        .on_a_terminal();
    let ready = bash.sees("type> ").types("source <(cstore completions bash); echo rea''dy").sees("ready\r\n");
    let commands = ready.presses("cstore comple\t").sees("cstore completions ").presses("\x15");
    let versions = commands.presses("cstore pull -v v1.0\t").sees("pull -v v1.0.0 ").presses("\x15");
    let contexts = versions.presses("cstore diff shop-\t").sees("diff shop-staging@").presses("v\t").sees("v7.0.0 ");
    let equals = contexts.presses("\x15cstore pull --ver=v1.0\t").sees("--ver=v1.0.0 ");
    let files = equals.presses("\x15cstore pull service/dev/c\t").sees("pull service/dev/config.json ");
    let words = files.presses("\x15cstore exec -- ls service/d\t").sees("ls service/dev/");
    words.presses("\x15exit\r").ended();
}

#[test]
fn a_catalog_that_nobody_trusts_sends_a_tab_nowhere() {
    let (bucket, _owner) = machine();
    let proxy = Proxy::start();
    let laptop = Laptop::without_bucket(&bucket).with_env("AWS_ENDPOINT_URL", &proxy.endpoint());
    laptop.plain_file(
        "cstore.yml",
        CATALOG
            .replace("  store: aws-s3\n", &format!("  store: aws-s3\n  data: {{AWS_S3_BUCKET: {}}}\n", bucket.name())),
    );
    for words in [["pull", "-v", ""], ["pull", "--trust", "servi"], ["pull", "--context", ""]] {
        let found = completed(&laptop, &words);
        assert!(found.is_empty(), "{words:?}: {found:?}");
    }
    assert_eq!(proxy.requests().len(), 0);
    laptop.cstore(["status", "--trust"]).run().succeeds();
    assert_eq!(completed(&laptop, &["pull", "-v", "v1.1"]), ["v1.1.0"]);
}

#[test]
fn a_server_that_never_answers_is_not_waited_for() {
    let (_bucket, laptop) = machine();
    let proxy = Proxy::start();
    proxy.on(request("GET", "").for_ever(), Fault::Stall);
    let laptop = laptop.with_env("AWS_ENDPOINT_URL", &proxy.endpoint()).with_env("CSTORE_TIMEOUT_SECONDS", "21600");
    assert!(completed_soon(&laptop, &["pull", "-v", ""]).is_empty());
    assert!(completed_soon(&laptop, &["pull", "--context", ""]).is_empty());
    proxy.clear();
    proxy.release();
    assert!(cache(&laptop).is_empty());
}

#[test]
fn how_long_an_answer_may_take_can_be_said() {
    let (_bucket, laptop) = machine();
    let typed = ["pull", "-v", "v1.1"];
    assert_eq!(completed_within("1", &laptop, "", &typed), [""; 0]);
    assert_eq!(completed(&laptop, &typed), ["v1.1.0"]);
}

#[test]
fn credentials_that_never_come_are_not_waited_for_and_what_asks_for_them_ends() {
    let (_bucket, laptop) = machine();
    let helper = "exec 3>alive; echo asked >&3; read answer </dev/tty && echo $answer >&3; exec tail -f /dev/null >&3";
    laptop.plain_file("helper", helper);
    let config = laptop.home().join("config");
    fs::write(&config, "[profile slow]\nregion = eu-central-1\ncredential_process = sh ./helper\n").unwrap();
    let alive = laptop.workspace().path("alive");
    assert!(Command::new("mkfifo").arg(&alive).status().unwrap().success());
    let reads = alive.clone();
    // To its end, which comes when no helper has it open any more.
    let said = thread::spawn(move || fs::read_to_string(reads).unwrap());
    let laptop = laptop.with_env("AWS_CONFIG_FILE", config.to_str().unwrap());
    let laptop = laptop.with_env("CSTORE_TIMEOUT_SECONDS", "21600");
    assert!(completed_soon(&laptop, &["pull", "--profile", "slow", "-v", ""]).is_empty());
    // One that had no time to begin has nothing open. Nobody reads any more where it has ended.
    let mut once = fs::File::options();
    drop(once.write(true).custom_flags(OFlags::NONBLOCK.bits().cast_signed()).open(alive));
    let said = said.join().unwrap();
    assert!(["", "asked\n"].contains(&said.as_str()), "{said}");
}

#[test]
fn what_holds_the_process_itself_is_not_waited_for() {
    let (_bucket, laptop) = machine();
    assert_eq!(completed(&laptop, &["pull", "-v", "v1.1"]), ["v1.1.0"]);
    let [kept] = cache(&laptop).try_into().unwrap();
    fs::remove_file(&kept).unwrap();
    // To open it is to wait for somebody who writes.
    assert!(Command::new("mkfifo").arg(&kept).status().unwrap().success());
    assert!(completed_soon(&laptop, &["pull", "-v", "v1.1"]).is_empty());
}

#[test]
fn what_was_listed_a_moment_ago_is_not_asked_for_again() {
    let (_bucket, laptop) = machine();
    assert_eq!(completed(&laptop, &["pull", "-v", "v1.1"]), ["v1.1.0"]);
    let kept = cache(&laptop);
    assert_eq!(kept.len(), 1);
    let mode = |path: &PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&kept[0]), mode(&kept[0].parent().unwrap().to_owned())), (0o600, 0o700));
    assert!(fs::read_to_string(&kept[0]).unwrap().contains("v1.1.0"));
    // The same question of another command, which nobody answers but what is kept.
    fs::write(&kept[0], "{\"names\":[\"v1.1.7\"]}").unwrap();
    assert_eq!(completed(&laptop, &["export", "-v", "v1.1"]), ["v1.1.7"]);
    // Damaged, it is nothing; so is what is old.
    fs::write(&kept[0], "{").unwrap();
    assert_eq!(completed(&laptop, &["pull", "-v", "v1.1"]), ["v1.1.0"]);
    fs::write(&kept[0], "{\"names\":[\"v1.1.7\"]}").unwrap();
    let old = std::time::SystemTime::now() - std::time::Duration::from_secs(60);
    fs::File::options().write(true).open(&kept[0]).unwrap().set_modified(old).unwrap();
    assert_eq!(completed(&laptop, &["pull", "-v", "v1.1"]), ["v1.1.0"]);
    // Nor does it count when a clock was wrong, and it is from the future.
    fs::write(&kept[0], "{\"names\":[\"v1.1.7\"]}").unwrap();
    let future = std::time::SystemTime::now() + std::time::Duration::from_secs(3600);
    fs::File::options().write(true).open(&kept[0]).unwrap().set_modified(future).unwrap();
    assert_eq!(completed(&laptop, &["pull", "-v", "v1.1"]), ["v1.1.0"]);
    // Elsewhere it is another question.
    assert_eq!(completed(&laptop, &["pull", "--context", "shop-staging", "-v", "v1.1"]), [""; 0]);
}

/// A bucket with so many versions that a listing has three pages, and a machine.
fn crowded() -> (Bucket, Laptop) {
    let bucket = Bucket::in_memory(Versioning::Enabled);
    let [laptop, _] = two_laptops(&bucket);
    for number in 0..2500 {
        bucket.put(&format!("shop/.cstore/versions/v0.{number:04}.0.json"), "not looked at", &[]);
    }
    (bucket, laptop)
}

#[test]
fn a_listing_that_takes_too_long_goes_on_at_the_next_completion() {
    let (bucket, laptop) = crowded();
    let proxy = Proxy::before(bucket.server());
    let laptop = laptop.with_env("AWS_ENDPOINT_URL", &proxy.endpoint());
    let pages = || {
        let asked = proxy.requests().len();
        proxy.clear();
        asked
    };
    let typed = ["pull", "-v", "v0."];
    // The first page comes, and the second does not.
    let stalled = || proxy.on(request("GET", "prefix=").nth(2).for_ever(), Fault::Stall);
    stalled();
    let names = completed_within(SHORT, &laptop, "", &typed);
    assert_eq!((names.len(), names[0].as_str(), pages()), (1000, "v0.0999.0", 2));
    // The others come now, and the first is not asked for.
    let names = completed(&laptop, &typed);
    assert_eq!((names.len(), names[0].as_str(), pages()), (2500, "v0.2499.0", 2));
    // All of them are known, and nobody is asked.
    assert_eq!((completed(&laptop, &typed).len(), pages()), (2500, 0));
    assert_eq!((completed(&laptop, &["diff", "v0.240"]).len(), pages()), (10, 0));
    // When they are old, they are the answer until others have come.
    let kept = &cache(&laptop)[0];
    let old = std::time::SystemTime::now() - std::time::Duration::from_secs(60);
    fs::File::options().write(true).open(kept).unwrap().set_modified(old).unwrap();
    bucket.put("shop/.cstore/versions/v0.3000.0.json", "not looked at", &[]);
    stalled();
    assert_eq!((completed_within(SHORT, &laptop, "", &typed).len(), pages()), (2500, 2));
    let names = completed(&laptop, &typed);
    assert_eq!((names.len(), names[0].as_str(), pages()), (2501, "v0.3000.0", 2));
}

#[test]
fn a_listing_that_cannot_go_on_begins_again() {
    let (bucket, laptop) = crowded();
    let proxy = Proxy::before(bucket.server());
    let laptop = laptop.with_env("AWS_ENDPOINT_URL", &proxy.endpoint());
    let typed = ["pull", "-v", "v0."];
    proxy.on(request("GET", "prefix=").nth(2).for_ever(), Fault::Stall);
    assert_eq!(completed_within(SHORT, &laptop, "", &typed).len(), 1000);
    proxy.clear();
    let refused = Fault::s3(400, "InvalidArgument", "The continuation token provided is incorrect");
    proxy.on(request("GET", "continuation-token=").for_ever(), refused);
    // All that it has is the first page once more.
    assert_eq!(completed(&laptop, &typed).len(), 1000);
    proxy.clear();
    assert_eq!(completed(&laptop, &typed).len(), 2500);
}

#[test]
fn a_completion_of_what_is_known_costs_no_request() {
    let (bucket, laptop) = machine();
    let proxy = Proxy::before(bucket.server());
    let laptop = laptop.with_env("AWS_ENDPOINT_URL", &proxy.endpoint());
    for words in [["pull", "-v", ""], ["pull", "serv", ""], ["pull", "-t", ""], ["pull", "--context", ""]] {
        let first = completed(&laptop, &words);
        let asked = proxy.requests().len();
        assert_eq!(completed(&laptop, &words), first, "{words:?}");
        assert_eq!(proxy.requests().len(), asked, "{words:?}");
    }
    assert!(!proxy.requests().is_empty());
}

#[test]
fn names_that_a_shell_could_run_are_not_offered() {
    let bucket = Bucket::versioned();
    let [laptop, _] = two_laptops(&bucket);
    assert_eq!(completed(&laptop, &["pull", "-t", "x"]), [""; 0]);
    let [kept] = cache(&laptop).try_into().unwrap();
    fs::write(kept, r#"{"names": ["x1", "x$(reboot)", "x;reboot", "x`reboot`", "x\u001b[2J", "x\u202e"]}"#).unwrap();
    assert_eq!(completed(&laptop, &["pull", "-t", "x"]), ["x1"]);
}

#[test]
fn files_here_whose_names_a_shell_could_run_are_not_offered() {
    let laptop = Laptop::new(&Bucket::missing());
    for name in ["a$(touch${IFS}pwned)", "a`touch pwned`", "a;touch pwned", "a'b", "a\nb", "a\u{1b}[2J", "a\u{202e}b"] {
        laptop.plain_file(&format!("conf/{name}"), "").plain_file(&format!("conf/{name}.d/.env"), "");
    }
    laptop.plain_file("conf/a.env", "").plain_file("conf/d/.env", "");
    let files = ["conf/a.env", "conf/d/"];
    assert_eq!(completed(&laptop, &["push", "conf/"]), files);
    for option in ["--catalog", "--template", "--schema", "-f"] {
        let words: &[&str] = if option == "-f" { &["export", "-o", "conf/"] } else { &["export", option, "conf/"] };
        assert_eq!(completed(&laptop, words), files, "{option}");
    }
    assert_eq!(completed(&laptop, &["pull", "--to", "conf/"]), ["conf/d/"]);
    assert_eq!(completed(&laptop, &["pull", "--to=conf/"]), ["--to=conf/d/"]);
}

#[test]
fn bash_runs_nothing_that_a_files_name_says() {
    let laptop = Laptop::new(&Bucket::missing()).with_env("CI", "true");
    laptop.plain_file("conf/a$(touch${IFS}pwned)", "").plain_file("$(touch pwned)/c.env", "");
    laptop.plain_file("part/c d.env", "");
    fs::create_dir_all(laptop.home()).unwrap();
    fs::write(laptop.home().join("own.env"), "").unwrap();
    let bash = laptop
        .cstore(["--norc", "--noprofile", "-i"])
        .by("bash")
        .env("CSTORE_COMPLETE_TIMEOUT_MS", PATIENT)
        .env("PS1", "type> ")
        .on_a_terminal();
    let ready = bash.sees("type> ").types("source <(cstore completions bash); echo rea''dy").sees("ready\r\n");
    let refused = ready.sees("type> ").presses("cstore push conf/\t\r").sees("type> ");
    // A folder's name that somebody has typed in quotes stays quoted.
    let typed = refused.presses("\x15cstore push \\$\\(touch\\ pwned\\)/c\t").sees("\\$\\(touch\\ pwned\\)/c.env ");
    let spaces = typed.presses("\x15cstore push part/\t").sees("part/c\\ d.env ");
    let home = spaces.presses("\x15cstore export --template ~/ow\t").sees("--template ~/own.env ");
    home.presses("\x15exit\r").ended();
    assert!(!laptop.workspace().path("pwned").exists());
}

#[test]
fn whatever_is_wrong_is_silent() {
    let laptop = Laptop::new(&Bucket::missing()).without_env("AWS_ACCESS_KEY_ID");
    laptop.plain_file("cstore.yml", "]");
    for words in [["pull", "-v", ""], ["nonsense", "-v", ""], ["pull", "--timeout-seconds=x", ""]] {
        completed(&laptop, &words);
    }
    let unknown = laptop.cstore(["--", "cstore", ""]).env("CSTORE_COMPLETE", "tcsh").run().succeeds();
    assert_eq!((unknown.stdout.as_str(), unknown.stderr.as_str()), ("", ""));
}

#[test]
fn the_scripts_of_other_shells_ask_for_what_the_program_answers() {
    let (_bucket, laptop) = machine();
    for (shell, separator) in [
        ("zsh", "_CLAP_COMPLETE_INDEX"),
        ("fish", "commandline"),
        ("elvish", "words"),
        ("powershell", "wordToComplete"),
    ] {
        let script = laptop.cstore(["completions", shell]).run().succeeds().stdout;
        assert!(script.contains("CSTORE_COMPLETE") && script.contains(separator), "{script}");
        let typed = laptop.cstore(["--", "cstore", "pull", "-v", "v1.1"]).env("CSTORE_COMPLETE", shell);
        let typed = typed.env("CSTORE_COMPLETE_TIMEOUT_MS", PATIENT);
        let ran = typed.env("_CLAP_COMPLETE_INDEX", "3").run().succeeds();
        assert_eq!(ran.stdout.trim(), "v1.1.0", "{shell}");
    }
}

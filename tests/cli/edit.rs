//! `cstore edit`: a file of the head in an editor, and nothing of it left behind.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use rustix::process::Signal;

use crate::harness::proxy::{Fault, html, put, s3_error};
use crate::harness::{Bucket, Laptop, Proxy, Ran, Typist};
use crate::shared::{ENV, JSON, stored, text, two_laptops};

/// A machine on which both files were pushed, and a folder in which edited files are to lie.
fn machine(bucket: &Bucket) -> Laptop {
    let [one, _] = two_laptops(bucket);
    let runtime = one.workspace().mounted("runtime");
    fs::create_dir_all(&runtime).unwrap();
    let laptop = one.with_env("XDG_RUNTIME_DIR", runtime.to_str().unwrap());
    laptop.file("../secret-of-this-test.env", "A=mackerel-in-a-tin\n");
    laptop
}

fn left_behind(laptop: &Laptop) -> Vec<PathBuf> {
    let folder = laptop.workspace().mounted("runtime");
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

/// An editor that does this with the file, whose path is `$1`.
fn editor(laptop: &Laptop, script: &str) -> Laptop {
    laptop.plain_file("../editor.sh", script);
    let path = laptop.workspace().path("../editor.sh");
    laptop.clone().with_env("CSTORE_EDITOR", &format!("sh {}", path.display()))
}

#[test]
fn what_is_written_in_the_editor_is_pushed() {
    let bucket = Bucket::versioned();
    let one = machine(&bucket);
    let one =
        editor(&one, "sed -i s/swordfish/mackerel-in-a-tin/ \"$1\"; stat -c '%a %a' \"$1\" \"${1%/*}\" > ../modes");
    let edited = one.cstore(["edit", ENV]).on_a_terminal().ended().succeeds();
    edited
        .says("~ service/dev/.env")
        .says("~ TOKEN")
        .says("Changed the head of shop")
        .says("updated    service/dev/.env");
    assert_eq!(stored(&bucket, ENV), "# the shop\nTOKEN=mackerel-in-a-tin\nGREETING=good-morning\n");
    assert_eq!(text(&one, ENV), stored(&bucket, ENV));
    assert_eq!(text(&one, "../modes"), "600 600\n700 700\n");
    assert_eq!(left_behind(&one), Vec::<PathBuf>::new());
}

/// An editor that notes where its file is and who may read it.
const TELLS_WHERE: &str = "echo \"$1\" > ../where; stat -c '%a %a' \"$1\" \"${1%/*}\" > ../modes";

/// Where the file was, whose folder only this user could look into, and is gone.
fn was_in(laptop: &Laptop, ended: Ran) -> PathBuf {
    ended.succeeds().says("Nothing has changed in the head of shop");
    assert_eq!(text(laptop, "../modes"), "600 600\n700 700\n");
    let folder = Path::new(text(laptop, "../where").trim()).parent().unwrap().to_owned();
    assert!(folder.file_name().unwrap().to_str().unwrap().starts_with("cstore-edit-"), "{}", folder.display());
    assert!(!folder.exists(), "{}", folder.display());
    folder.parent().unwrap().to_owned()
}

#[test]
fn without_a_folder_of_the_session_the_file_is_in_the_systems_memory() {
    let bucket = Bucket::versioned();
    let one = editor(&machine(&bucket), TELLS_WHERE);
    let missing = one.workspace().mounted("no-such-folder");
    for one in [
        one.clone().without_env("XDG_RUNTIME_DIR"),
        one.clone().with_env("XDG_RUNTIME_DIR", "runtime"),
        one.clone().with_env("XDG_RUNTIME_DIR", missing.to_str().unwrap()),
    ] {
        assert_eq!(was_in(&one, one.cstore(["edit", ENV]).on_a_terminal().ended()), Path::new("/dev/shm"));
    }
}

#[test]
#[ignore = "needs root"]
fn where_nothing_can_be_written_to_the_systems_memory_the_file_is_in_the_folder_of_temporary_files() {
    let bucket = Bucket::versioned();
    let one = editor(&machine(&bucket), TELLS_WHERE).without_env("XDG_RUNTIME_DIR");
    let temporary = one.workspace().mounted("runner_temp");
    // What the test itself has there stays where it is.
    let read_only = "mount --bind \"$1\" /mnt && mount -t tmpfs tmpfs /dev/shm && mkdir -p \"$1\" &&
        mount --bind /mnt \"$1\" && mount -o remount,ro /dev/shm && exec cstore edit \"$2\"";
    let root = one.workspace().mounted("").parent().unwrap().to_str().unwrap().to_owned();
    let words = ["--mount", "sh", "-c", read_only, "sh", &root, ENV].map(str::to_owned);
    let typed = one.cstore_with(words).by("unshare").env("TMPDIR", temporary.to_str().unwrap());
    assert_eq!(was_in(&one, typed.on_a_terminal().ended()), temporary);
}

#[test]
fn the_editor_is_the_one_that_is_named_first() {
    let bucket = Bucket::versioned();
    let line = |value: &str| format!("sed -i 's/TOKEN=.*/TOKEN={value}/'");
    let all = [("CSTORE_EDITOR", "first-choice"), ("VISUAL", "second-choice"), ("EDITOR", "third-choice")];
    let mut one = all.iter().fold(machine(&bucket), |one, (name, value)| one.with_env(name, &line(value)));
    for (name, value) in all {
        one.cstore(["edit", ENV]).on_a_terminal().ended().succeeds();
        assert!(stored(&bucket, ENV).contains(value), "{name}: {}", stored(&bucket, ENV));
        // One of blanks is none.
        one = one.with_env(name, " ");
    }
    let one = one.with_env("CSTORE_EDITOR", "no-such-editor --wait");
    one.cstore(["edit", ENV]).on_a_terminal().ended().fails(2).says("no-such-editor").says("Set CSTORE_EDITOR");
    let one = one.with_env("CSTORE_EDITOR", "exit 3;");
    one.cstore(["edit", ENV]).on_a_terminal().ended().fails(1).says("ended with code 3");
}

#[test]
fn an_editor_that_changes_nothing_pushes_nothing() {
    let bucket = Bucket::versioned();
    let one = editor(&machine(&bucket), "exit 0");
    let before = bucket.get("shop/.cstore/head.json").text();
    one.cstore(["edit", ENV]).on_a_terminal().ended().succeeds().says("Nothing has changed in the head of shop");
    let one = editor(&one, "echo NEW=mackerel-in-a-tin >> \"$1\"");
    one.cstore(["edit", ENV, "--dry-run"]).on_a_terminal().ended().succeeds().says("+ NEW").says("Would change");
    assert_eq!(bucket.get("shop/.cstore/head.json").text(), before);
    assert_eq!(left_behind(&one), Vec::<PathBuf>::new());
}

#[test]
fn a_file_that_does_not_pass_can_be_opened_again_as_it_was_left() {
    let bucket = Bucket::versioned();
    let one = machine(&bucket);
    let one = editor(&one, "echo '{' > \"$1\"");
    let typed = one.cstore(["edit", JSON]).on_a_terminal().sees("It is not valid JSON");
    let typed = typed.sees("Edit or discard [edit]: ").types("store").sees("Answer edit or discard.").sees("[edit]: ");
    typed.types("discard").ended().fails(2).says("Your changes were discarded.");
    let one = editor(
        &one,
        "if [ -e ../again ]; then printf '{\"port\": 9090}' > \"$1\"; else touch ../again; echo '{' > \"$1\"; fi",
    );
    let typed = one.cstore(["edit", JSON]).on_a_terminal().sees("It is not valid JSON").sees("[edit]: ");
    typed.types("").ended().succeeds().says("- host");
    assert_eq!(stored(&bucket, JSON), "{\"port\": 9090}");
    let one = editor(&one, "echo '{}' > \"$1\"");
    let typed = one.cstore(["edit", JSON, "--required-keys", "port"]).on_a_terminal();
    typed.sees("port is missing").sees("Edit or discard").types("d").ended().fails(8);
    assert_eq!(left_behind(&one), Vec::<PathBuf>::new());
    // Whoever has said yes to everything is not asked for ever.
    let ended = one.cstore(["edit", JSON, "--required-keys", "port", "--yes"]).on_a_terminal().ended().fails(8);
    assert_eq!(kept(&one, ended, "config.json"), "{}\n");
}

/// An editor that writes a text of its own, and notes how often it was opened.
const WRITES: &str = "echo opened >> ../opened; sed -i s/swordfish/mackerel-in-a-tin/ \"$1\"";

#[test]
fn a_text_that_could_not_be_stored_is_stored_later_or_edited_again() {
    let faults = || {
        [
            Fault::Answer(s3_error(403, "AccessDenied", "Access Denied")),
            Fault::Answer(html(200, "<html>Sign in</html>")),
        ]
    };
    for (fault, code) in faults().into_iter().zip([3, 7]) {
        let bucket = Bucket::versioned();
        let one = editor(&machine(&bucket), WRITES);
        let proxy = Proxy::start();
        proxy.on(put(ENV), fault);
        let one = one.with_env("AWS_ENDPOINT_URL", &proxy.endpoint());
        let asked = one.cstore(["edit", ENV]).on_a_terminal().sees("Store, edit or discard [store]: ");
        assert_eq!(left_behind(&one).len(), 1, "it stays while the question stands: {code}");
        asked
            .types("what")
            .sees("Answer store, edit or discard.")
            .sees("[store]: ")
            .types("")
            .ended()
            .succeeds()
            .says("Changed the head");
        assert_eq!(text(&one, "../opened"), "opened\n");
        assert!(stored(&bucket, ENV).contains("mackerel-in-a-tin"));
        assert_eq!(left_behind(&one), Vec::<PathBuf>::new());
    }
    for (fault, code) in faults().into_iter().zip([3, 7]) {
        let bucket = Bucket::versioned();
        let one = editor(&machine(&bucket), WRITES);
        let proxy = Proxy::start();
        proxy.on(put(ENV).nth(1).times(2), fault);
        let one = one.with_env("AWS_ENDPOINT_URL", &proxy.endpoint());
        let asked = one.cstore(["edit", ENV]).on_a_terminal().sees("discard [store]: ").types("edit");
        asked.sees("discard [store]: ").types("discard").ended().fails(code).says("Your changes were discarded.");
        assert_eq!(text(&one, "../opened"), "opened\nopened\n");
        assert!(stored(&bucket, ENV).contains("swordfish"));
        assert_eq!(left_behind(&one), Vec::<PathBuf>::new());
    }
}

/// The text that a run has kept, in the one folder that it says, where only this user can read it.
fn kept(laptop: &Laptop, ended: Ran, name: &str) -> String {
    let folders = left_behind(laptop);
    let [folder] = folders.as_slice() else { panic!("kept: {folders:?}\n{}", ended.stderr) };
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(folder), mode(&folder.join(name))), (0o700, 0o600));
    let what = if name.ends_with(".swp") { "What the editor has left is kept in" } else { "Your changes are kept in" };
    ended.says(&format!("{what} {}", folder.display()));
    let text = fs::read_to_string(folder.join(name)).unwrap();
    fs::remove_dir_all(folder).unwrap();
    text
}

#[test]
fn what_was_written_is_kept_wherever_it_is_neither_stored_nor_given_up() {
    let bucket = Bucket::versioned();
    let one = machine(&bucket);
    let written = "# the shop\nTOKEN=mackerel-in-a-tin\nGREETING=good-morning\n";
    let fails = || Fault::Answer(s3_error(403, "AccessDenied", "Access Denied"));
    let refused = |words: &[&str]| {
        let proxy = Proxy::start();
        proxy.on(put(ENV), fails());
        let one = editor(&one, WRITES).with_env("AWS_ENDPOINT_URL", &proxy.endpoint());
        (one.cstore_with(words.iter().map(|word| (*word).to_owned())).on_a_terminal(), proxy)
    };
    let (typed, _proxy) = refused(&["edit", ENV, "--yes"]);
    assert_eq!(kept(&one, typed.ended().fails(3), ".env"), written);
    // Ctrl-D, Ctrl-C and Ctrl-\ at the question.
    for (key, code) in [("\x04", 2), ("\x03", 130), ("\x1c", 131)] {
        let (typed, _proxy) = refused(&["edit", ENV]);
        let ended = typed.sees("Store, edit or discard [store]: ").presses(key).ended().fails(code);
        assert_eq!(kept(&one, ended, ".env"), written, "{code}");
    }
    for (end, code) in [("exit 3", 1), ("kill -KILL $$", 1), ("exit 127", 2)] {
        let one = editor(&one, &format!("{WRITES}; {end}"));
        let ended = one.cstore(["edit", ENV]).on_a_terminal().ended().fails(code);
        assert_eq!(kept(&one, ended, ".env"), written, "{end}");
    }
    // An editor that is killed has what was typed in a file of its own.
    let one = editor(&one, "cp \"$1\" \"$1.swp\"; exit 1");
    let ended = one.cstore(["edit", ENV]).on_a_terminal().ended().fails(1);
    assert!(kept(&one, ended, ".env.swp").contains("swordfish"));
    assert!(stored(&bucket, ENV).contains("swordfish"));
}

#[test]
fn a_text_is_not_lost_by_a_conflict_that_is_stopped() {
    let bucket = Bucket::versioned();
    let one = machine(&bucket);
    let other = Laptop::new(&bucket);
    let one = editor(&one, "echo here > ../here; cat ../go; sed -i s/swordfish/mackerel-in-a-tin/ \"$1\"");
    for name in ["../here", "../go"] {
        assert!(Command::new("mkfifo").arg(one.workspace().path(name)).status().unwrap().success());
    }
    let typed = one.cstore(["edit", ENV]).on_a_terminal();
    assert_eq!(text(&one, "../here"), "here\n");
    other.cstore(["set", "--files", ENV, "TOKEN=anglerfish"]).run().succeeds();
    fs::write(one.workspace().path("../go"), "").unwrap();
    let asked = typed.sees("verwrite or stop").types("stop").sees("Store, edit or discard").types("store");
    asked.sees("verwrite or stop").types("overwrite").ended().succeeds();
    assert!(stored(&bucket, ENV).contains("mackerel-in-a-tin"));
}

/// Others' changes while the editor is open, right before the swap.
#[test]
fn a_change_of_another_key_meanwhile_is_merged_and_one_of_the_same_key_is_a_conflict() {
    let bucket = Bucket::versioned();
    let one = editor(&machine(&bucket), "sed -i 's/TOKEN=.*/TOKEN=mackerel-in-a-tin/' \"$1\"");
    let other = Laptop::new(&bucket);
    let edit = |change: &'static str| {
        let (proxy, meanwhile) = (Proxy::start(), other.clone());
        let set = move || drop(meanwhile.cstore(["set", "--files", ENV, change]).run().succeeds());
        proxy.on(put(".cstore/head.json"), Fault::before(set));
        one.cstore(["edit", ENV, "--yes"]).env("AWS_ENDPOINT_URL", &proxy.endpoint()).on_a_terminal().ended()
    };
    let refused = edit("TOKEN=anglerfish").fails(4).says("(TOKEN)");
    assert!(kept(&one, refused, ".env").contains("TOKEN=mackerel-in-a-tin"));
    edit("GREETING=good-evening").succeeds().says("GREETING");
    assert_eq!(stored(&bucket, ENV), "# the shop\nTOKEN=mackerel-in-a-tin\nGREETING=good-evening\n");
}

#[test]
fn an_object_that_is_not_what_the_manifest_says_is_edited_only_where_that_is_meant() {
    for bucket in [Bucket::versioned(), Bucket::unversioned()] {
        let one = editor(&machine(&bucket), "sed -i s/foreign-token/mackerel-in-a-tin/ \"$1\"");
        bucket.put_foreign(&format!("shop/{ENV}"), b"TOKEN=foreign-token\nGREETING=good-evening\n", &[]);
        one.file("../secret-of-the-other-tool.env", "A=foreign-token\n");
        let edit = |flags: &[&str]| {
            let words = ["edit", ENV, "--yes"].iter().chain(flags).map(|word| (*word).to_owned());
            one.cstore_with(words).on_a_terminal().ended()
        };
        edit(&[]).fails(5).says("is not what its manifest says").says("--overwrite");
        edit(&["--overwrite"]).succeeds();
        assert_eq!(stored(&bucket, ENV), "TOKEN=mackerel-in-a-tin\nGREETING=good-evening\n");
    }
}

#[test]
fn a_file_that_is_left_empty_is_asked_about() {
    let bucket = Bucket::versioned();
    let one = editor(&machine(&bucket), ": > \"$1\"");
    let asked = || one.cstore(["edit", ENV]).on_a_terminal().sees("service/dev/.env is now empty.").sees("[y/N] ");
    asked().types("").sees("Open it in the editor again? [Y/n]").types("n").ended().exits(1).says("Nothing was pushed");
    assert!(stored(&bucket, ENV).contains("swordfish"));
    asked().types("y").ended().succeeds();
    assert_eq!(stored(&bucket, ENV), "");
    // What was empty before may be.
    one.cstore(["edit", ENV]).on_a_terminal().ended().succeeds().says("Nothing has changed");
}

#[test]
fn an_editor_that_comes_back_at_once_is_told_to_wait() {
    let bucket = Bucket::versioned();
    let one = editor(&machine(&bucket), "exit 0");
    one.cstore(["edit", ENV]).on_a_terminal().ended().succeeds().says("returned immediately").says("'code --wait'");
    let one = editor(&one, WRITES);
    one.cstore(["edit", ENV]).on_a_terminal().ended().succeeds().does_not_say("returned immediately");
}

#[test]
fn without_somebody_at_a_terminal_no_editor_is_opened() {
    let bucket = Bucket::versioned();
    let one = editor(&machine(&bucket), "touch ../opened");
    one.cstore(["edit", ENV]).run().fails(2).says("terminal").says("cstore set");
    one.cstore(["edit", ENV, "--non-interactive"]).on_a_terminal().ended().fails(2);
    one.cstore(["edit", ENV]).env("CI", "true").on_a_terminal().ended().fails(2);
    one.cstore(["edit"]).on_a_terminal().ended().fails(2).says("Several files").says("cstore edit service/dev/.env");
    assert!(!one.workspace().path("../opened").exists());
}

#[test]
fn a_file_without_keys_is_edited_as_a_whole() {
    let bucket = Bucket::versioned();
    let one = machine(&bucket);
    one.plain_file("motd.bin", "hello\n").cstore(["push", "motd.bin"]).run().succeeds();
    let one = editor(&one, "echo there >> \"$1\"");
    one.cstore(["edit", "motd.bin"]).on_a_terminal().ended().succeeds().says("~ motd.bin");
    assert_eq!(stored(&bucket, "motd.bin"), "hello\nthere\n");
    one.cstore(["set", "--files", "motd.bin", "A=1"]).run().fails(2).says("cstore edit motd.bin");
}

/// An editor that tells when it is there, waits until its file has gone, and tells that. A terminal whose first process
/// has ended hangs up on the others.
/// It does not wait for ever.
const UNTIL_IT_IS_GONE: &str = "trap 'exit 1' TERM
trap '' HUP
echo here > ../here
n=0
while [ -e \"$1\" ] && [ $n -lt 5000000 ]; do n=$((n + 1)); done
if [ -e \"$1\" ]; then echo still there > ../gone; else echo gone > ../gone; fi
";

/// A run whose editor is open.
fn opened() -> (Laptop, Typist) {
    let one = editor(&machine(&Bucket::versioned()), UNTIL_IT_IS_GONE);
    for name in ["../here", "../gone"] {
        assert!(Command::new("mkfifo").arg(one.workspace().path(name)).status().unwrap().success());
    }
    let typed = one.cstore(["edit", ENV]).on_a_terminal();
    // What is read of it is there when somebody has written it.
    assert_eq!(text(&one, "../here"), "here\n");
    assert_eq!(left_behind(&one).len(), 1);
    (one, typed)
}

#[test]
fn a_signal_ends_the_editor_and_removes_the_file() {
    let ended = [(Signal::INT, 130), (Signal::TERM, 143), (Signal::HUP, 129), (Signal::QUIT, 131), (Signal::USR1, 138)];
    for (signal, code) in ended {
        let (one, typed) = opened();
        typed.send(signal);
        typed.ended().fails(code).says("Nothing was changed");
        assert_eq!(left_behind(&one), Vec::<PathBuf>::new(), "{signal:?}");
    }
}

#[test]
fn a_run_that_is_killed_leaves_nothing_behind_either() {
    let (one, typed) = opened();
    typed.send(Signal::KILL);
    // The editor goes on, and sees its file go.
    assert_eq!(text(&one, "../gone"), "gone\n");
    typed.ended().exits(137);
    // The folder goes right after the file.
    let is_left = || !left_behind(&one).is_empty();
    (0..1_000_000).take_while(|_| is_left()).for_each(|_| thread::yield_now());
    assert!(!is_left());
}

#[test]
fn an_editor_that_leaves_no_file_is_told_of_and_opened_again_on_what_is_stored() {
    let bucket = Bucket::versioned();
    let one = machine(&bucket);
    let before = stored(&bucket, ENV);
    let one = editor(&one, "rm \"$1\"");
    let typed = one.cstore(["edit", ENV]).on_a_terminal().sees("The editor has removed its file. Nothing was pushed.");
    let typed = typed.sees("edit: open the file again, as it is stored").sees("Edit or discard [edit]: ");
    typed.types("discard").ended().fails(1).does_not_say("XDG_RUNTIME_DIR");
    let ended = one.cstore(["edit", ENV, "--yes"]).on_a_terminal().ended().fails(1);
    ended.says("next: To begin again with the file as it is stored, run: cstore edit");
    let one = editor(&one, "rm \"$1\"; mkdir \"$1\"; echo mine > \"$1/mine\"");
    let ended = one.cstore(["edit", ENV, "--yes"]).on_a_terminal().ended().fails(1);
    let ended = ended.says("What the editor has left cannot be stored: it is no longer a file. Nothing was pushed.");
    ended.says("What the editor has left is kept in").does_not_say("Your changes").does_not_say("XDG_RUNTIME_DIR");
    left_behind(&one).into_iter().for_each(|folder| fs::remove_dir_all(folder).unwrap());
    for (left, why) in
        [("mkfifo \"$1\"", "no longer a file"), ("ln -s nowhere \"$1\"", "a symbolic link that leads nowhere")]
    {
        let one = editor(&one, &format!("rm \"$1\"; {left}"));
        let typed = one.cstore(["edit", ENV]).on_a_terminal().sees(why).sees("again, as the editor has left it");
        typed.sees("Edit or discard [edit]: ").types("discard").ended().fails(1);
        assert_eq!(left_behind(&one), Vec::<PathBuf>::new());
    }
    let one = editor(&one, "rm -r \"${1%/*}\"");
    one.cstore(["edit", ENV, "--yes"])
        .on_a_terminal()
        .ended()
        .fails(1)
        .says("has removed its file")
        .does_not_say("kept");
    assert_eq!(stored(&bucket, ENV), before);
    for (at, (removed, value)) in [("$1", "mackerel-in-a-tin"), ("${1%/*}", "swordfish")].into_iter().enumerate() {
        let again = format!(
            "if [ -e ../again{at} ]; then sed -i s/TOKEN=.*/TOKEN={value}/ \"$1\"; else touch ../again{at}; rm -r \"{removed}\"; fi"
        );
        let typed = editor(&one, &again).cstore(["edit", ENV]).on_a_terminal().sees("Edit or discard [edit]: ");
        typed.types("").ended().succeeds().says("~ TOKEN");
        assert_eq!(left_behind(&one), Vec::<PathBuf>::new());
    }
}

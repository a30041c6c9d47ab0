//! Where a run of the command line finds its catalog, and what paths are relative to.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

use crate::harness::{Action, Bucket, Laptop, Typed, shows};

const CATALOG: &str = "version: v4\ncontext: shop\nfiles:\n- path: service/dev/.env\n  store: aws-s3\n";

/// A bucket with a head of two files.
fn published() -> Bucket {
    let bucket = Bucket::versioned();
    let push = Action::push(&bucket).input("context", "shop").files(&["service/dev/.env", ".env"]);
    push.workspace_file("service/dev/.env", "TOKEN=swordfish\n")
        .workspace_file(".env", "GREETING=good-morning\n")
        .run()
        .succeeds();
    bucket
}

/// A machine whose catalog alone says the context.
fn laptop(bucket: &Bucket) -> Laptop {
    let laptop = Laptop::new(bucket).without_env("CSTORE_CONTEXT");
    laptop.plain_file("cstore.yml", CATALOG).plain_file("service/dev/notes.txt", "");
    laptop
}

fn get_token(laptop: &Laptop) -> Typed {
    laptop.cstore(["get", "TOKEN"]).prints_values()
}

/// Moves the workspace's files into the home folder, where there may be no repository.
fn in_home(laptop: &Laptop, folder: &str) -> String {
    let to = laptop.home().join(folder);
    fs::create_dir_all(to.join("service/dev")).unwrap();
    fs::rename(laptop.workspace().path("cstore.yml"), to.join("cstore.yml")).unwrap();
    to.to_str().unwrap().to_owned()
}

#[test]
fn the_catalog_is_found_upwards_as_far_as_the_repository_reaches() {
    let laptop = laptop(&published());
    // Neither in a repository nor in the home folder: nobody knows whose the folders above are.
    get_token(&laptop).run().succeeds().prints("swordfish");
    let lost = get_token(&laptop).in_folder("service/dev").env("CSTORE_CONTEXT", "shop").run().succeeds();
    lost.does_not_say("The catalog is");
    // A worktree and a submodule have a file, others a folder.
    for is_folder in [true, false] {
        let git = laptop.workspace().path(".git");
        if is_folder { fs::create_dir(&git) } else { fs::write(&git, "gitdir: elsewhere\n") }.unwrap();
        let found = get_token(&laptop).in_folder("service/dev").run().succeeds().prints("swordfish");
        assert_eq!(found.stderr, "");
        get_token(&laptop).run().succeeds().does_not_say("The catalog is");
        if is_folder { fs::remove_dir(&git) } else { fs::remove_file(&git) }.unwrap();
    }
}

#[test]
fn a_catalog_that_lies_elsewhere_is_named_where_files_are_written_or_published() {
    let laptop = laptop(&published());
    laptop.plain_file(".git/HEAD", "").file("service/dev/.env", "TOKEN=swordfish\n");
    for command in ["push", "set", "unset", "edit", "pull", "clean"] {
        let more: &[&str] = match command {
            "set" => &["TOKEN=anglerfish", "--dry-run"],
            "unset" => &["TOKEN", "--dry-run"],
            "edit" => &["*"],
            "clean" => &["--yes"],
            _ => &[],
        };
        let typed = || laptop.cstore_with([command].iter().chain(more).map(|word| (*word).to_owned()));
        let ran = typed().in_folder("service/dev").run();
        // It has no terminal here, and says first what it would change.
        let ran = if command == "edit" { ran.fails(2) } else { ran.succeeds() };
        assert_eq!(ran.stderr.matches("The catalog is ../../cstore.yml.").count(), 1, "{command}: {}", ran.stderr);
        typed().run().does_not_say("The catalog is");
    }
    for command in ["list", "status", "log", "diff", "verify", "export"] {
        let typed = laptop.cstore([command]).prints_values().in_folder("service/dev");
        typed.run().does_not_say("The catalog is");
    }
}

#[test]
fn the_catalog_of_a_repository_above_is_none_of_ones_own() {
    let laptop = laptop(&published()).without_env("CSTORE_BUCKET");
    laptop.plain_file(".git/HEAD", "").plain_file("vendor/lib/.git", "gitdir: ../../.git/modules/lib\n");
    laptop.plain_file("vendor/lib/src/main.c", "");
    let lost = get_token(&laptop).in_folder("vendor/lib/src").run().fails(2);
    lost.says("There is no cstore.yml in").says("cstore init").says("add --context and --bucket.");
    // Contexts are those of a bucket.
    let lost = laptop.cstore(["list", "contexts"]).in_folder("vendor/lib/src").run().fails(2);
    lost.says("To do without one, add --bucket.");
    for command in ["export", "get"] {
        let typed = if command == "get" { vec!["get", "X"] } else { vec![command] };
        let typed = laptop.cstore_with(typed.into_iter().map(str::to_owned)).in_folder("vendor/lib");
        typed.run().fails(2).says("cstore init");
    }
}

#[test]
fn the_catalog_is_found_upwards_as_far_as_the_home_folder() {
    let laptop = laptop(&published());
    let folder = in_home(&laptop, "work/shop");
    let found = get_token(&laptop).in_folder(&format!("{folder}/service/dev")).run();
    found.succeeds().prints("swordfish");
    // Above the home folder there is one, too.
    fs::rename(Path::new(&folder).join("cstore.yml"), laptop.home().parent().unwrap().join("cstore.yml")).unwrap();
    let lost = get_token(&laptop).in_folder(&folder).env("CSTORE_BUCKET", "").run();
    lost.fails(2).says("There is no cstore.yml in");
}

#[test]
fn a_home_folder_that_is_the_whole_file_system_bounds_nothing() {
    let laptop = laptop(&published());
    let typed = get_token(&laptop).in_folder("service/dev");
    for home in ["/", "", "relative"] {
        let mut command = typed.command();
        let output = command.env("HOME", home).env_remove("CSTORE_BUCKET").output().unwrap();
        typed.ended(&output).fails(2).says("There is no cstore.yml in");
    }
}

#[test]
fn a_ghost_file_of_the_go_cstore_leads_to_the_catalog() {
    let laptop = laptop(&published());
    let typed = get_token(&laptop).in_folder("service/dev");
    laptop.plain_file("service/dev/.cstore", "# Ghost replacement files are created …\nlocation: service/dev/\n");
    typed.run().succeeds().prints("swordfish");
    // One that was moved with its folder leads nowhere.
    laptop.plain_file("service/dev/.cstore", "location: service/qa/\n");
    typed.env("CSTORE_BUCKET", "").run().fails(2).says("There is no cstore.yml in");
}

#[test]
fn a_catalog_that_is_named_counts_wherever_it_is() {
    let laptop = laptop(&published());
    laptop.plain_file("elsewhere/x", "");
    laptop.plain_file("other/catalog.yml", CATALOG);
    for name in ["../cstore.yml", "../other/catalog.yml", "../elsewhere/../cstore.yml"] {
        let named = laptop.cstore(["get", "TOKEN", "-f", name]).prints_values().in_folder("elsewhere");
        named.run().succeeds().prints("swordfish").does_not_say("The catalog is");
        let variable = get_token(&laptop).in_folder("elsewhere").env("CSTORE_CATALOG", name);
        variable.run().succeeds().prints("swordfish");
    }
    let absolute = laptop.workspace().path("cstore.yml").to_str().unwrap().to_owned();
    laptop.cstore(["get", "TOKEN", "-f", &absolute]).prints_values().in_folder("elsewhere").run().succeeds();
    laptop.cstore(["get", "TOKEN", "-f", "nowhere/cstore.yml"]).run().fails(2).says("There is no folder").says("-f");
    let unnamed = laptop.without_env("CSTORE_BUCKET");
    let ran = unnamed.cstore(["get", "TOKEN", "-f", "../nope.yml"]).in_folder("elsewhere").run().fails(2);
    ran.says("There is no catalog ../nope.yml.").says("cstore init -f ../nope.yml");
    let ran = unnamed.cstore(["list"]).env("CSTORE_CATALOG", "/nope.yml").run().fails(2);
    ran.says("nope.yml").does_not_say("folder above");
    unnamed.cstore(["get", "TOKEN", "-f", ".."]).run().fails(2).says("-f PATH/cstore.yml");
}

#[test]
fn paths_are_relative_to_where_one_stands() {
    let laptop = laptop(&published());
    laptop.plain_file(".git/HEAD", "").plain_file("service/.env.example", "TOKEN=\nOTHER=\n");
    let export = |arguments: &[&str], folder: &str| {
        let all = ["export", "-g", "json"].iter().chain(arguments).map(|text| (*text).to_owned());
        laptop.cstore_with(all).in_folder(folder).prints_values().run()
    };
    let keys = |arguments: &[&str], folder: &str| {
        let printed = export(arguments, folder).succeeds().json();
        printed.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(keys(&["--files", ".env"], "service/dev"), "TOKEN");
    assert_eq!(keys(&["--files", "../../.env"], "service/dev"), "GREETING");
    assert_eq!(keys(&["--files", "**/.env"], "service"), "TOKEN");
    assert_eq!(keys(&["--files", "!.env"], "service/dev"), "GREETING");
    assert_eq!(keys(&["--files", "../../.env", "--files", ".env"], "service/dev"), "GREETING TOKEN");
    assert_eq!(keys(&["--files", "service/dev/.env"], ""), "TOKEN");
    assert_eq!(keys(&["--types", ".env = raw", "--files", "../../.env"], "service/dev"), "GREETING");
    assert_eq!(keys(&["--types", ".env = raw"], "service/dev"), "GREETING");
    export(&["--template", "../.env.example"], "service/dev").fails(8).says("OTHER");
    export(&["--files", "../../../.env"], "service/dev").fails(2).says("is not below the catalog's folder");
    export(&["--template", "/etc/passwd"], "service/dev").fails(2).says("is not below the catalog's folder");
    export(&["--files", "."], "service").fails(2).says("write '**'");
}

#[test]
fn a_file_at_fault_is_named_as_seen_from_where_one_stands() {
    let laptop = laptop(&published());
    laptop.plain_file(".git/HEAD", "").plain_file("cstore.yml", "version: v4\ncontext: [\n");
    get_token(&laptop).in_folder("service/dev").run().fails(2).says("error: ../../cstore.yml:");
    get_token(&laptop).in_folder("service/dev").env("CSTORE_QUIET", "true").run().fails(2).does_not_say("note:");
}

#[test]
fn what_is_odd_in_a_catalog_is_told_with_its_line_and_without_values() {
    let laptop = laptop(&published());
    laptop.plain_file(".git/HEAD", "");
    let with = |text: &str| {
        laptop.plain_file("cstore.yml", text);
        get_token(&laptop).in_folder("service/dev").env("CSTORE_TRUST", "true").run()
    };
    let ran = with(&format!("contxt: hunter2\n{CATALOG}")).succeeds().prints("swordfish");
    ran.says("warning: ../../cstore.yml:1: The field \"contxt\" of the catalog means nothing; did you mean context?\n")
        .does_not_say("hunter2");
    let ran = with(&CATALOG.replace("store:", "stroe:")).succeeds();
    ran.says("warning: ../../cstore.yml:5: The field \"stroe\" of an entry of files").says("did you mean store?");
    with(CATALOG).succeeds().does_not_say("warning");
    with("# to do\n")
        .says("warning: ../../cstore.yml:1: The catalog is empty: it names no context, no bucket and no files");
    with("version: v4\ncontext: 5\n").says(
        "warning: ../../cstore.yml:2: The context is written as a number, and is read as a name; write it in quotes",
    );
    with("context: true\n").says("cstore.yml:1: The context is written as true or false, and is read as a name;");
    with("version: v4\ncontext: '5'\n").does_not_say("warning");
    with("version: hunter2\n").fails(2).says("cstore.yml:1: ").does_not_say("hunter2");
}

#[test]
fn a_folder_by_that_name_is_no_catalog_and_a_link_to_one_is() {
    let laptop = laptop(&published());
    laptop.plain_file(".git/HEAD", "").plain_file("service/cstore.yml/x", "");
    get_token(&laptop).in_folder("service").run().succeeds().prints("swordfish");
    laptop.plain_file("catalogs/shop.yml", CATALOG);
    laptop.workspace().remove("cstore.yml");
    laptop.workspace().link("cstore.yml", "catalogs/shop.yml");
    get_token(&laptop).run().succeeds().prints("swordfish");
    // By way of a folder that is a link one stands where it leads.
    symlink(laptop.workspace().path("service"), laptop.workspace().path("link")).unwrap();
    get_token(&laptop).in_folder("link/dev").run().succeeds().prints("swordfish");
}

/// A clone can bring a link to a device; and a pipe waits for whoever writes to it.
#[test]
fn a_catalog_that_is_no_file_is_never_waited_for() {
    let bucket = published();
    let laptop = laptop(&bucket);
    let catalog = laptop.workspace().path("cstore.yml");
    for make in [["mkfifo"].as_slice(), &["ln", "-s", "/dev/zero"]] {
        fs::remove_file(&catalog).unwrap();
        assert!(Command::new(make[0]).args(&make[1..]).arg(&catalog).status().unwrap().success());
        for words in [&["status"][..], &["pull"], &["push"], &["list"], &["log"], &["diff", "."], &["set", "A=1"]] {
            let ran = laptop.cstore_with(words.iter().map(|word| (*word).to_owned())).run();
            ran.fails(2).says("cstore.yml");
        }
    }
}

#[test]
fn a_folder_that_is_gone_is_said_to_be() {
    let laptop = laptop(&published());
    let mut typed = Command::new("sh");
    typed.args(["-c", "mkdir gone && cd gone && rmdir ../gone && exec \"$0\" get TOKEN", env!("CARGO_BIN_EXE_cstore")]);
    let output = typed.current_dir(laptop.workspace().path("")).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("The current folder cannot be found"));
}

#[test]
fn a_folder_whose_name_is_no_text_can_be_stood_in() {
    let laptop = laptop(&published());
    laptop.plain_file(".git/HEAD", "");
    let folder = laptop.workspace().path("").join(OsStr::from_bytes(b"caf\xe9"));
    fs::create_dir(&folder).unwrap();
    let run = |arguments: &[&str]| {
        let typed = laptop.cstore_with(arguments.iter().map(|text| (*text).to_owned())).prints_values();
        typed.ended(&typed.command().current_dir(&folder).output().unwrap())
    };
    run(&["get", "TOKEN"]).succeeds().prints("swordfish");
    run(&["get", "TOKEN", "--files", "../service/dev/.env"]).succeeds();
    run(&["get", "TOKEN", "--files", ".env"]).fails(2).says("is not UTF-8");
}

#[test]
#[ignore = "needs root"]
fn a_catalog_of_another_user_is_refused_unless_it_is_named() {
    let _shown = shows("T7", "another user owns the catalog that the command line finds", "code 2, unless it is named");
    let laptop = laptop(&published());
    let chown = |path: &str, user| std::os::unix::fs::lchown(laptop.workspace().path(path), Some(user), None).unwrap();
    chown("cstore.yml", 4242);
    let refused = get_token(&laptop).run().fails(2);
    refused.says("belongs to another user (ID 4242)").says("-f /");
    laptop.cstore(["get", "TOKEN", "-f", "cstore.yml"]).prints_values().run().succeeds().prints("swordfish");
    get_token(&laptop).env("CSTORE_CATALOG", "cstore.yml").run().succeeds();
    // Whoever calls sudo works in his own folder.
    get_token(&laptop).env("SUDO_UID", "4242").run().succeeds();
    get_token(&laptop).env("SUDO_UID", "4243").run().fails(2);
    // A link of another user to a catalog of one's own.
    chown("cstore.yml", 0);
    fs::rename(laptop.workspace().path("cstore.yml"), laptop.workspace().path("own.yml")).unwrap();
    laptop.workspace().link("cstore.yml", "own.yml");
    chown("cstore.yml", 4242);
    get_token(&laptop).run().fails(2).says("belongs to another user");
    // And a link of one's own to the catalog of another user.
    chown("cstore.yml", 0);
    chown("own.yml", 4242);
    get_token(&laptop).run().fails(2).says("belongs to another user");
    chown("own.yml", 0);
    get_token(&laptop).run().succeeds();
    // Nor does one's own catalog link to that of another user.
    let own = laptop.workspace().read("own.yml");
    let linked = String::from_utf8(own.clone()).unwrap() + "- path: web/cstore.yml\n  isRef: true\n";
    laptop.plain_file("own.yml", linked).plain_file("web/cstore.yml", "version: v4\ncontext: web\nfiles: []\n");
    get_token(&laptop).run().succeeds();
    chown("web/cstore.yml", 4242);
    get_token(&laptop).run().fails(2).says("belongs to another user").says("web/cstore.yml");
    laptop.plain_file("own.yml", own);
    chown("cstore.yml", 4242);
    // So is one above, and a ghost file of his leads nowhere.
    laptop.plain_file(".git/HEAD", "").plain_file("service/dev/.cstore", "location: service/dev/\n");
    get_token(&laptop).in_folder("service/dev").run().fails(2).says("belongs to another user");
    fs::remove_dir_all(laptop.workspace().path(".git")).unwrap();
    chown("service/dev/.cstore", 4242);
    let lost = get_token(&laptop).in_folder("service/dev").env("CSTORE_BUCKET", "").run();
    lost.fails(2).says("There is no cstore.yml in");
}

#[test]
#[ignore = "needs root"]
fn a_catalog_of_root_counts_for_everybody_and_a_folder_that_cannot_be_entered_is_named() {
    let laptop = laptop(&published());
    laptop.plain_file(".git/HEAD", "");
    let everybody = |path: &Path| fs::set_permissions(path, fs::Permissions::from_mode(0o777)).unwrap();
    laptop.workspace().path("").ancestors().take(3).for_each(everybody);
    let program = laptop.workspace().outside("cstore");
    fs::copy(env!("CARGO_BIN_EXE_cstore"), &program).unwrap();
    let typed = get_token(&laptop).in_folder("service/dev");
    let run = |script: &str| {
        let mut command = Command::new("sh");
        command
            .args(["-c", script])
            .arg(&program)
            .env_clear()
            .envs(typed.command().get_envs().filter_map(|(name, value)| Some((name, value?))));
        typed.ended(&command.uid(4242).current_dir(laptop.workspace().path("service/dev")).output().unwrap())
    };
    run("exec \"$0\" get TOKEN").succeeds().prints("swordfish");
    std::os::unix::fs::chown(laptop.workspace().path("service"), Some(4242), None).unwrap();
    run("chmod 0 ..; exec \"$0\" get TOKEN").fails(1).says("cannot be looked into for a catalog");
}

#[test]
fn a_variable_that_is_misspelt_is_told_with_the_one_that_was_meant() {
    let laptop = laptop(&published());
    let ran = get_token(&laptop).env("CSTORE_VERISON", "v1.0.0").env("CSTORE_PAGER", "cat").run().succeeds();
    ran.says(
        "warning: The variable CSTORE_VERISON means nothing to cstore and is ignored. Did you mean CSTORE_VERSION?",
    )
    .does_not_say("CSTORE_PAGER");
}

#[test]
fn a_variable_that_a_command_does_not_read_is_told_where_somebody_may_count_on_it() {
    let laptop = laptop(&published());
    let set = |words: &[&str]| {
        let typed = laptop.cstore_with(words.iter().map(|word| (*word).to_owned()));
        typed.env("CSTORE_FILES", "service/dev/.env").env("CSTORE_VERSION", "v1.0.0").run()
    };
    let ran = set(&["promote", "head", "--to", "shop-of-variables", "--dry-run"]).succeeds();
    for name in ["CSTORE_FILES", "CSTORE_VERSION"] {
        let told = format!("warning: The variable {name} has no effect on `cstore promote`.");
        assert!(ran.stderr.contains(&told), "{}", ran.stderr);
    }
    set(&["get", "TOKEN"]).fails(6).does_not_say("no effect");
}

#[test]
fn a_catalog_with_the_marks_of_a_merge_or_a_bucket_that_is_none_is_named_with_the_line() {
    let laptop = Laptop::without_bucket(&Bucket::missing());
    let status = || laptop.cstore(["status", "--trust"]).run();
    laptop.plain_file("cstore.yml", "context: shop\nfiles:\n<<<<<<< HEAD\n- path: a\n=======\n- path: b\n>>>>>>> x\n");
    status()
        .fails(2)
        .says("cstore.yml:3:")
        .says("It has unresolved merge conflict markers")
        .says("delete git's conflict markers");
    laptop.plain_file("cstore.yml", "context: shop\nfiles:\n- path: a\n  data:\n    AWS_S3_BUCKET: Bad_Bucket\n");
    status().fails(2).says("cstore.yml:5:").says("\"Bad_Bucket\" is not a valid bucket name");
    laptop.plain_file("cstore.yml", "context: shop\ndata:\n  AWS_S3_BUCKET: Bad_Bucket\n");
    status().fails(2).says("cstore.yml:3:");
    laptop
        .plain_file("cstore.yml", "context: shop\n")
        .file("a.env", "A=1\n<<<<<<< HEAD\nB=swordfish-1\n=======\n>>>>>>> x\n");
    let pushed = laptop.cstore(["push", "a.env", "--yes", "--trust"]).run().fails(2);
    pushed.says("a.env:2:").says("The file has unresolved merge conflict markers");
}

#[test]
fn what_is_said_of_a_catalog_that_is_a_link_leaves_no_catalog_out() {
    let bucket = Bucket::versioned();
    let laptop = Laptop::new(&bucket);
    laptop.file(".env", "TOKEN=swordfish\n").plain_file("real.yml", "").workspace().link("cstore.yml", "real.yml");
    let inside = laptop.cstore(["push", ".env"]).run().fails(2);
    laptop.workspace().remove("cstore.yml");
    laptop.workspace().link("cstore.yml", "../outside.yml");
    laptop.plain_file("../outside.yml", "");
    for refused in [inside, laptop.cstore(["push", ".env"]).run().fails(2)] {
        refused
            .says("\"cstore.yml\" is a symbolic link")
            .says("Replace the link with the file itself")
            .does_not_say("!PATH");
    }
}

#[test]
fn no_pull_leaves_the_catalogs_folder_by_a_link_or_by_what_a_manifest_says() {
    let bucket = published();
    let linked = Laptop::new(&bucket).without_env("CSTORE_CONTEXT");
    linked.plain_file("cstore.yml", CATALOG);
    let outside = linked.workspace().outside("outside");
    fs::create_dir_all(outside.join("dev")).unwrap();
    linked.workspace().link("service", &outside);
    linked.cstore(["pull"]).run().fails(2).says("service").says("link");
    assert_eq!(fs::read_dir(outside.join("dev")).unwrap().count(), 0);

    let mut manifest = bucket.get("shop/.cstore/head.json").json();
    let files = manifest["files"].as_array_mut().unwrap();
    files.iter_mut().find(|file| file["path"] == ".env").unwrap()["path"] = "../escaped.env".into();
    bucket.put("shop/.cstore/head.json", manifest.to_string(), &[]);
    let laptop = laptop(&bucket);
    laptop.plain_file("service/cstore.yml", "version: v4\ncontext: shop\nfiles: []\n");
    for folder in ["", "service"] {
        laptop.cstore(["pull"]).in_folder(folder).run().fails(5).says("shop/.cstore/head.json").says("../escaped.env");
    }
    assert_eq!(laptop.workspace().files(), ["cstore.yml", "service/cstore.yml", "service/dev/notes.txt"]);
    assert!(!laptop.workspace().outside("escaped.env").exists());
}

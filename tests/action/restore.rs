//! Files restored into the workspace.

use std::fs;
use std::os::unix::fs::{MetadataExt, chown};

use crate::harness::{Action, Bucket, shows};
use crate::story::{VERSION, published, pull, titled};

#[test]
fn they_stand_at_their_paths_for_their_owner_alone() {
    let _shown = shows("T12", "restored files", "readable for their owner alone");
    let bucket = published(&[("service/dev/.env", "TOKEN=swordfish\n"), ("ca.pem", "MIIBszCCAVmgAwIBAgIU\n")]);
    let step = pull(&bucket).files(&["**"]).workspace_file("ca.pem", "an older certificate\n");
    fs::set_permissions(step.workspace().path("ca.pem"), std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    let run = step.run().succeeds();
    assert_eq!(run.workspace.files(), ["ca.pem", "service/dev/.env"]);
    assert_eq!(run.file("service/dev/.env"), "TOKEN=swordfish\n");
    assert_eq!(run.file("ca.pem"), "MIIBszCCAVmgAwIBAgIU\n");
    for path in run.workspace.files() {
        assert_eq!(run.workspace.mode(&path), 0o600, "{path}");
    }
}

/// Only root can give files away, and only the container's root needs to.
#[test]
#[ignore = "needs root"]
fn they_belong_to_whom_the_workspace_belongs_to() {
    let bucket = published(&[("service/dev/.env", "TOKEN=swordfish\n")]);
    let step = pull(&bucket);
    chown(step.workspace().path(""), Some(1001), Some(127)).unwrap();
    let run = step.run().succeeds();
    for path in ["service", "service/dev", "service/dev/.env"] {
        let metadata = fs::metadata(run.workspace.path(path)).unwrap();
        assert_eq!((metadata.uid(), metadata.gid()), (1001, 127), "{path}");
    }
}

#[test]
fn they_stand_at_the_alternate_path_when_the_checkouts_catalog_says_so() {
    let bucket = Bucket::versioned();
    let catalog =
        "version: v4\ncontext: shop\nfiles:\n- path: service/dev/.env\n  alternatePath: .env\n  store: aws-s3\n";
    let push = Action::push(&bucket).version(VERSION).repository_file("cstore.yml", catalog);
    push.workspace_file("service/dev/.env", "TOKEN=swordfish\n").run().succeeds();

    let run = pull(&bucket).repository_file("cstore.yml", catalog).run().succeeds();
    assert_eq!(run.workspace.files(), [".env", "cstore.yml"]);
    assert_eq!(run.output("config-files"), r#"["service/dev/.env"]"#);
    let run = pull(&bucket).run().succeeds();
    assert_eq!(run.workspace.files(), ["service/dev/.env"]);
    let [notice] = titled(&run, "Alternate paths")[..] else { panic!("{:?}", run.annotations) };
    assert!(notice.ends_with(": service/dev/.env at service/dev/.env, not at .env."), "{notice}");

    let elsewhere = catalog.replace("alternatePath: .env", "alternatePath: app/.env");
    let run = pull(&bucket).repository_file("cstore.yml", &elsewhere).run().succeeds();
    assert_eq!(run.workspace.files(), ["app/.env", "cstore.yml"]);
    let [notice] = titled(&run, "Alternate paths")[..] else { panic!("{:?}", run.annotations) };
    assert!(notice.ends_with(": service/dev/.env at app/.env, not at .env."), "{notice}");
}

#[test]
fn they_are_relative_to_the_catalogs_folder() {
    let bucket = published(&[("dev/.env", "TOKEN=swordfish\n")]);
    let run = pull(&bucket).input("catalog", "deploy/cstore.yml").run().succeeds();
    assert_eq!(run.workspace.files(), ["deploy/dev/.env"]);
}

#[test]
fn none_is_written_when_only_the_outputs_are_wanted() {
    let bucket = published(&[("service/dev/.env", "TOKEN=swordfish\n")]);
    let run = pull(&bucket).input("restore-files", "false").run().succeeds();
    assert_eq!(run.output("TOKEN"), "swordfish");
    assert!(run.workspace.files().is_empty());

    // Then nothing that stands in the way matters.
    let step = pull(&bucket).input("restore-files", "false");
    step.workspace().write("service/dev/.env/file", "x");
    step.run().succeeds();
}

#[test]
fn a_file_under_another_name_too_keeps_its_content_there() {
    let bucket = published(&[(".env", "TOKEN=swordfish\n")]);
    let step = pull(&bucket).files(&[".env"]);
    step.workspace().write("precious.txt", "precious\n");
    fs::hard_link(step.workspace().path("precious.txt"), step.workspace().path(".env")).unwrap();
    let run = step.run().succeeds();
    assert_eq!(run.file("precious.txt"), "precious\n");
    assert_eq!(run.file(".env"), "TOKEN=swordfish\n");
}

#[test]
fn githubs_own_folders_are_written_only_when_named_one_by_one() {
    let path = ".github/workflows/deploy.yml";
    let bucket = published(&[(path, "on: push\n"), ("a.env", "TOKEN=swordfish\n")]);
    let all = pull(&bucket).run().fails(2);
    assert!(crate::story::error_of(&all).message.contains(path), "{:?}", all.annotations);
    pull(&bucket).files(&[".github/**"]).run().fails(2);
    pull(&bucket).files(&["**"]).run().fails(2);
    let named = pull(&bucket).files(&[path]).run().succeeds();
    assert_eq!(named.workspace.files(), [path]);
}

/// Makes the step's workspace a checkout of a repository with these files.
fn check_out(step: &Action, tracked: &[(&str, &str)]) {
    for (path, text) in tracked {
        step.workspace().write(path, text);
    }
    for arguments in [&["init", "--quiet"][..], &["add", "--force", "--all"]] {
        let mut git = std::process::Command::new("git");
        git.args(arguments).env("GIT_CONFIG_NOSYSTEM", "1").current_dir(step.workspace().path(""));
        assert!(git.status().unwrap().success(), "git {arguments:?}");
    }
}

#[test]
fn one_that_git_tracks_is_warned_of() {
    let bucket = published(&[("service/.env", "TOKEN=swordfish\n"), ("same.env", "A=1\n"), ("new.env", "B=2\n")]);
    let step = || {
        let step = pull(&bucket).files(&["**"]);
        check_out(
            &step,
            &[("service/.env", "TOKEN=example\n"), ("same.env", "A=1\n"), (".gitignore", "*.env\n.env\n")],
        );
        step
    };
    for run in [step().run().succeeds(), step().input("dry-run", "true").run().succeeds()] {
        let [warning] = titled(&run, "Tracked files")[..] else { panic!("{:?}", run.annotations) };
        assert!(warning.contains(": service/.env. ") && warning.contains("alternatePath"), "{warning}");
        assert!(titled(&run, "Files not ignored").is_empty());
    }
    let run = step().input("restore-files", "false").run().succeeds();
    assert!(titled(&run, "Tracked files").is_empty());
}

#[test]
fn one_that_is_named_by_its_path_is_advised_to_be_matched_by_a_pattern_before_it_goes_elsewhere() {
    let bucket = published(&[("service/.env", "TOKEN=swordfish\n")]);
    let warnings = |step: Action| {
        let step = step.repository_file(
            "cstore.yml",
            "version: v4\ncontext: shop\nfiles:\n- path: service/.env\n  alternatePath: elsewhere/.env\n",
        );
        check_out(&step, &[("Dockerfile", "FROM scratch\nCOPY service out.json /\n"), (".gitignore", "elsewhere\n")]);
        let run = step.run().succeeds();
        ["Files not ignored", "Files in a build"].map(|title| titled(&run, title).concat())
    };
    for warning in warnings(pull(&bucket).files(&["service/.env"])) {
        let advice = "by `alternatePath` in the catalog and a pattern in `files` that matches them";
        assert!(warning.contains(advice), "{warning}");
    }
    // What the advice says.
    assert_eq!(warnings(pull(&bucket).files(&["service/*"])), ["", ""]);
    let formatted = pull(&bucket).files(&["service/*"]).input("format", "json").input("format-file", "out.json");
    for warning in warnings(formatted) {
        assert!(warning.ends_with("or have them written elsewhere, by another `format-file`."), "{warning}");
    }
}

#[test]
fn one_that_neither_git_nor_a_build_ignores_is_warned_of() {
    let bucket = published(&[("service/.env", "TOKEN=swordfish\n"), ("b.env", "B=2\n")]);
    let warnings = |files: &[(&str, &str)]| {
        let step = pull(&bucket);
        check_out(&step, files);
        let run = step.run().succeeds().says("Wrote service/.env").says("Wrote b.env");
        ["Files not ignored", "Files in a build", "Tracked files"].map(|title| titled(&run, title).concat())
    };
    let [git, build, tracked] = warnings(&[("Dockerfile", "FROM scratch\nCOPY . /\n"), (".gitignore", "b.env\n")]);
    assert!(git.contains(": service/.env. Add them to .gitignore"), "{git}");
    assert!(build.contains("b.env (by Dockerfile)") && build.contains("service/.env (by Dockerfile)"), "{build}");
    assert_eq!(tracked, "");
    // As most repositories have it.
    let ignored =
        [("Dockerfile", "FROM scratch\nCOPY . /\n"), (".gitignore", ".env\n*.env\n"), (".dockerignore", "**/*.env\n")];
    assert_eq!(warnings(&ignored), [""; 3]);
    // Without a checkout there is nothing to be taken along.
    assert!(pull(&bucket).run().succeeds().messages("warning").is_empty());
}

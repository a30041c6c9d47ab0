//! What restored files never do: leave the workspace, or be written in part. After each failure the harness holds the
//! workspace to be what it was.

use std::fs;

use serde_json::{Value, json};

use crate::harness::{Action, Bucket, shows};
use crate::story::{error_of, published, pull, push, titled};

const FILES: [(&str, &str); 2] = [("a.env", "FIRST=octopus-1\n"), ("service/dev/.env", "TOKEN=swordfish\n")];

/// Has the manifest say something else of its first file.
fn crafted(bucket: &Bucket, craft: impl Fn(&mut Value)) {
    let key = "shop/.cstore/versions/v1.0.0.json";
    let mut manifest = bucket.get(key).json();
    craft(&mut manifest["files"][0]);
    bucket.put(key, manifest.to_string(), &[("Content-Type", "application/json")]);
}

/// A pull that is refused because of what stands at a path, which its error names.
fn refused(step: &Action, path: &str) {
    let run = step.run().fails(2);
    let message = &error_of(&run).message;
    assert!(message.contains(path) && message.contains("Nothing was changed"), "{message}");
}

#[test]
fn a_link_in_a_files_place() {
    let _shown = shows(
        "T2",
        "a link out of the workspace stands where a file is restored",
        "code 2; what it points to is untouched",
    );
    let step = pull(&published(&FILES));
    let outside = step.workspace().outside("outside.txt");
    fs::write(&outside, "untouched").unwrap();
    step.workspace().link("service/dev/.env", &outside);
    refused(&step, "service/dev/.env");
    assert_eq!(fs::read_to_string(outside).unwrap(), "untouched");
}

#[test]
fn a_link_in_a_folders_place() {
    let _shown =
        shows("T2", "a link out of the workspace stands in a folder's place", "code 2; what it points to is untouched");
    let step = pull(&published(&FILES));
    let outside = step.workspace().outside("outside");
    fs::create_dir(&outside).unwrap();
    step.workspace().link("service", &outside);
    refused(&step, "service");
    assert_eq!(fs::read_dir(outside).unwrap().count(), 0);
}

#[test]
fn a_link_within_the_workspace() {
    let _shown = shows("T2", "a link to .git stands in a folder's place", "code 2");
    let step = pull(&published(&FILES));
    step.workspace().write(".git/hooks/readme", "x");
    step.workspace().link("service", ".git/hooks");
    refused(&step, "service");
}

#[test]
fn a_folder_in_a_files_place() {
    let _shown = shows("F13", "a folder stands where a file is restored", "code 2, naming it; nothing changed");
    let step = pull(&published(&FILES)).workspace_file("a.env", "FIRST=what-was-there\n");
    step.workspace().write("service/dev/.env/keep", "x");
    refused(&step, "service/dev/.env");
    assert_eq!(step.workspace().read("a.env"), b"FIRST=what-was-there\n");
}

#[test]
fn a_file_in_a_folders_place() {
    let _shown = shows("F13", "a file stands where a folder is needed", "code 2, naming it; nothing changed");
    let step = pull(&published(&FILES));
    step.workspace().write("service", "a file");
    refused(&step, "service");
}

#[test]
fn a_manifest_that_leads_out() {
    for path in ["../outside.env", "/tmp/outside.env", "a/../../outside.env", "C:/outside.env", "a\\outside.env", ""] {
        for field in ["path", "alternate_path"] {
            let bucket = published(&FILES);
            crafted(&bucket, |file| file[field] = json!(path));
            let run = pull(&bucket).run();
            assert_eq!(run.code, 5, "{field} {path:?}: {}", run.printed());
            let error = error_of(&run);
            assert!(error.message.contains("shop/.cstore/versions/v1.0.0.json"), "{field} {path:?}: {error:?}");
            assert!(!run.workspace.outside("outside.env").exists());
        }
    }
}

#[test]
fn a_catalog_that_names_a_place_of_git() {
    for path in [".git/hooks/pre-commit", ".GIT/config", ".github/workflows/x.yml", "sub/.git/config"] {
        let step = pull(&published(&FILES)).repository_file("cstore.yml", moved(path));
        let run = step.run().fails(2);
        assert!(error_of(&run).message.contains(path), "{path}: {}", run.printed());
    }
}

/// A catalog that has the first file restored elsewhere.
fn moved(path: &str) -> String {
    format!("version: v4\ncontext: shop\nfiles:\n- path: {}\n  alternatePath: {path}\n", FILES[0].0)
}

#[test]
fn two_files_for_one_place() {
    let step = pull(&published(&FILES)).repository_file("cstore.yml", moved("service/dev/.env"));
    // Excluded by the lines that the message names, which are paths of files and not of places.
    let run = step.run().fails(2).says("service/dev/.env").says("`!a.env` or `!service/dev/.env`");
    assert_eq!(run.workspace.files(), ["cstore.yml"]);
    step.files(&["**", "!a.env"]).run().succeeds();
}

#[test]
fn files_that_tools_run_are_named_at_once_with_the_lines_that_write_them_and_all_others() {
    let bucket = Bucket::versioned();
    let files = [("Makefile", "all:\n"), ("web/package.json", "{}"), ("a.env", "TOKEN=swordfish\n")];
    let pushed = push(&bucket, &files).run().succeeds();
    let [notice] = titled(&pushed, "Files to be named")[..] else { panic!("{:?}", pushed.annotations) };
    assert!(notice.ends_with(": Makefile, web/package.json."), "{notice}");

    let run = pull(&bucket).run().fails(2);
    let message = &error_of(&run).message;
    assert!(
        message.contains("the line `**`, which stands for all files, and the lines `Makefile`, `web/package.json`"),
        "{message}"
    );
    let followed = pull(&bucket).files(&["**", "Makefile", "web/package.json"]).run().succeeds();
    assert_eq!(followed.workspace.files(), ["Makefile", "a.env", "web/package.json"]);
    let excluded = pull(&bucket).files(&["!Makefile", "!web/package.json"]).run().succeeds();
    assert_eq!(excluded.workspace.files(), ["a.env"]);

    // Where lines choose files already, no others are advised.
    let run = pull(&bucket).files(&["Makefile", "web/*", "*.env"]).run().fails(2).does_not_say("`**`");
    assert!(error_of(&run).message.contains("add the line `web/package.json` to `files`"), "{:?}", run.annotations);
}

//! What a line of `files` gets that is no file's path, though its writer thought so.

use crate::harness::{Action, Bucket, Run};
use crate::story::{VERSION, error_of, published, pull};

const FILES: [(&str, &str); 2] = [("service/prod/.env", "TOKEN=of-production\n"), ("a.env", "OTHER=barracuda\n")];

fn push(files: &str) -> Run {
    let bucket = Bucket::missing();
    let step = Action::push(&bucket).version(VERSION).input("files", files);
    FILES.iter().fold(step, |step, (path, contents)| step.workspace_file(path, contents)).run()
}

/// Pulls of a version, and of a head with and without a manifest.
fn pulls(files: &str) -> [Run; 3] {
    let bucket = published(&FILES);
    let head = FILES.iter().fold(Action::push(&bucket), |step, (path, contents)| step.workspace_file(path, contents));
    head.input("context", "shop").files(&["**/*.env"]).run().succeeds();
    let unmanaged = Bucket::versioned();
    FILES.iter().for_each(|(path, contents)| drop(unmanaged.put(&format!("shop/{path}"), contents, &[])));
    let catalog = "version: v4\ncontext: shop\nfiles:\n- path: service/prod/.env\n- path: a.env\n";
    let foreign = Action::pull(&unmanaged).version("head").repository_file("cstore.yml", catalog);
    [pull(&bucket), Action::pull(&bucket).version("head"), foreign].map(|step| step.input("files", files).run())
}

#[test]
fn a_folder_is_advised_to_be_written_as_a_pattern() {
    push("service/prod").fails(2).says("service/prod is a folder").says("`service/prod/**`");
    push("*.env\nservice/prod").fails(6).says("below the folder service/prod").says("`service/prod/**`");
    push("a.env\n./service").fails(2).says("service is a folder").says("`service/**`");
    for run in pulls("a.env\nservice/prod").into_iter().chain(pulls("./service")) {
        let run = run.fails(6);
        let message = &error_of(&run).message;
        assert!(message.contains("`service/prod/**`") || message.contains("`service/**`"), "{message}");
    }
    for run in pulls("service/prod/").into_iter().chain([push("service/prod/")]) {
        run.fails(2).says("`service/prod/**`");
    }
    push(".").fails(2).says("write `**`");
    // It would exclude nothing.
    push("**/*.env\n!service/prod").fails(6).says("`!service/prod/**`");
    for run in pulls("**\n!service/prod") {
        run.fails(6).says("`!service/prod/**`");
    }
}

#[test]
fn several_paths_on_one_line_are_advised_to_be_written_one_a_line() {
    for files in ["a.env, service/prod/.env", "a.env service/prod/.env\n", "*.yml, *.json", "a.env,service/prod/.env"] {
        for run in pulls(files).into_iter().chain([push(files)]) {
            run.fails(6).says("one path or pattern per line");
        }
    }
    // What braces hold is no list of paths.
    push("{x,y}.json").fails(6).does_not_say("per line");
    push("typo.env").fails(6).does_not_say("per line");
}

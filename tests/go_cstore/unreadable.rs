//! The Go tool reads no file when it pushes, so a bucket of its may hold any file under any name and type. A pull restores
//! it.

use crate::assert_unmanaged;
use crate::harness::{Action, Bucket, Run};

/// Files that cannot be read as what the Go tool calls them: path, type and contents.
const UNREADABLE: [(&str, &str, &[u8]); 8] = [
    ("git-crypt/.env", "env", b"\0GITCRYPT\0\xca\x9b\xff"),
    ("chart/configmap.yaml", "yaml", b"{{- if .Values.x }}\na: of-the-chart\n{{- end }}\n"),
    ("web/config.json", "json", b"{\"a\": of-the-web}"),
    ("windows/.env", "env", b"\xff\xfeA\0=\x001\0"),
    ("broken/.env.local", "local", b"A=1\nB=\"open-quote\n"),
    ("a/app.toml", "toml", b"a = of-the-app\n"),
    ("some/settings", "json", b"of-no-kind"),
    ("empty-key/x.yml", "yml", b"a: [of-the-x\nb: c\n"),
];

/// A head that the Go tool stored: these files and a readable one.
fn stored(files: &[(&str, &str, &[u8])]) -> (Bucket, String) {
    let bucket = Bucket::unversioned();
    let mut catalog = "version: v4\ncontext: shop\nfiles:\n".to_owned();
    for (path, file_type, contents) in files.iter().chain([&(".env", "env", &b"TOKEN=swordfish\n"[..])]) {
        bucket.put_foreign(&format!("shop/{path}"), contents, &[]);
        catalog += &format!("- path: {path}\n  store: aws-s3\n  type: {file_type}\n");
    }
    (bucket, catalog)
}

fn pull(bucket: &Bucket, catalog: &str) -> Action {
    Action::pull(bucket).version("head").repository_file("cstore.yml", catalog)
}

fn warnings(run: &Run) -> Vec<&str> {
    run.annotations.iter().filter(|note| note.title == "Config file").map(|note| note.message.as_str()).collect()
}

#[test]
fn files_that_cannot_be_read_are_restored_without_keys_and_each_is_a_warning() {
    let (bucket, catalog) = stored(&UNREADABLE);
    let run = pull(&bucket, &catalog).run().succeeds();
    let mut files: Vec<_> = UNREADABLE.iter().map(|(path, _, contents)| (*path, *contents)).collect();
    files.push((".env", b"TOKEN=swordfish\n"));
    assert_unmanaged(&run, &files);
    for (path, contents) in files {
        assert_eq!(run.workspace.read(path), contents, "{path}");
    }
    assert_eq!(run.config_outputs().into_iter().collect::<Vec<_>>(), [("TOKEN", "swordfish")]);
    let warnings = warnings(&run);
    assert_eq!(warnings.len(), UNREADABLE.len(), "{warnings:?}");
    for (warning, (path, ..)) in warnings.iter().zip(UNREADABLE) {
        assert!(warning.starts_with(path) && warning.contains("(line "), "{warning}");
        assert!(warning.contains(&format!("`{path} = raw`")) && warning.contains("`types`"), "{warning}");
    }
    for likeness in ["git-crypt", "UTF-16", "`{{`"] {
        assert!(warnings.iter().any(|warning| warning.contains(likeness)), "{likeness}: {warnings:?}");
    }
}

#[test]
fn types_takes_the_warnings_away() {
    let (bucket, catalog) = stored(&UNREADABLE);
    let run = pull(&bucket, &catalog).input("types", "**/* = raw\n.env = dotenv").run().succeeds();
    assert!(warnings(&run).is_empty(), "{:?}", run.annotations);
    assert_eq!(run.output("TOKEN"), "swordfish");
}

#[test]
fn a_head_file_that_the_go_tool_wrote_over_a_push_of_ours_is_restored_too() {
    let bucket = Bucket::versioned();
    let push = Action::push(&bucket).input("context", "shop").files(&["a.json"]);
    push.workspace_file("a.json", "{\"a\": \"of-the-push\"}").run().succeeds();
    bucket.put_foreign("shop/a.json", b"{\"a\": \"of-the-go-tool\",,}", &[]);
    let run = Action::pull(&bucket).version("head").run().succeeds();
    assert_eq!(run.file("a.json"), "{\"a\": \"of-the-go-tool\",,}");
    assert!(run.config_outputs().is_empty());
    assert_eq!(warnings(&run).len(), 1);
}

#[test]
fn what_asks_for_the_keys_of_such_a_file_fails_and_says_why_they_are_not_there() {
    let (bucket, catalog) = stored(&UNREADABLE[2..3]);
    let because = "web/config.json (line 1";
    let step = || pull(&bucket, &catalog).repository_file("t.env", "a=\n");
    step().input("required-keys", "a").run().fails(8).says("a is missing").says(because);
    step().input("template", "t.env").run().fails(8).says("missing: a").says(because);
    let schema = step().repository_file("s.json", r#"{"required": ["a"]}"#).input("schema", "s.json");
    schema.run().fails(2).says("required").says(because);
    for keys in ["a", "a | b"] {
        step().input("keys", keys).run().fails(2).says("names a, which these files do not have").says(because);
    }
    step()
        .input("mask", "a")
        .run()
        .fails(2)
        .says("which these files do not have")
        .says("web/config.json is taken as it is");
}

#[test]
fn a_pull_that_wants_values_fails_where_no_file_gives_any() {
    let (bucket, _) = stored(&UNREADABLE[2..3]);
    let catalog = "version: v4\ncontext: shop\nfiles:\n- path: web/config.json\n";
    pull(&bucket, catalog).run().succeeds();
    for (input, value) in [("format", "json"), ("export-env", "true"), ("keys", "a*"), ("restore-files", "false")] {
        let run = pull(&bucket, catalog).input(input, value).run().fails(2);
        run.says("web/config.json cannot be read").says("where it is pushed from");
    }
}

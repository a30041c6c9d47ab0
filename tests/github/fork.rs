//! What a pull request of a fork can be told, whose job has no credentials, no identity and no token that writes.

use crate::harness::http::{Request, Response};
use crate::harness::{Action, Bucket, Run, Service};
use crate::story::titled;

const CATALOG: &str = "context: shop\nfiles:\n- path: service/dev/.env\n- path: service/prod/.env\n";

/// A step as GitHub starts it for a fork's pull request; `elsewhere` is all that could be asked.
fn check(elsewhere: &Service, files: &[(&str, &str)]) -> Action {
    let mut step = Action::new(&Bucket::missing()).input("command", "verify").version(".").input("bucket", "");
    for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_DEFAULT_REGION"]
    {
        step = step.without_env(name);
    }
    let event = r#"{"number": 7, "pull_request": {"number": 7, "head": {"repo": {"full_name": "mallory/shop", "fork": true}}}}"#;
    let step = step.env("AWS_ENDPOINT_URL", &elsewhere.endpoint()).env("GITHUB_API_URL", &elsewhere.endpoint());
    files.iter().fold(step.event("pull_request", event), |step, (path, text)| step.workspace_file(path, text))
}

/// Runs a step of which nobody is asked for anything.
fn runs(files: &[(&str, &str)], with: impl Fn(Action) -> Action) -> Run {
    let elsewhere = Service::start(|_: &Request| Response::new(200, "{}"));
    let run = with(check(&elsewhere, files)).run();
    assert_eq!(elsewhere.count(), 0);
    run
}

/// Where the annotations of this title lead, and what they say.
fn places<'a>(run: &'a Run, title: &str) -> Vec<(&'a str, u32, &'a str)> {
    let of_title = run.annotations.iter().filter(|annotation| annotation.title == title);
    of_title
        .map(|found| {
            (found.file.as_deref().unwrap_or_default(), found.line.unwrap_or_default(), found.message.as_str())
        })
        .collect()
}

#[test]
fn files_that_are_as_they_are_to_be_pass() {
    let files = [
        ("cstore.yml", CATALOG),
        ("service/dev/.env", "DB_HOST=value-of-dev\nTOKEN=value-one\n"),
        ("service/prod/.env", "TOKEN=value-two\nDB_HOST=value-of-prod\n"),
        (".env.example", "DB_HOST=\nTOKEN=\n"),
        ("schema.json", r#"{"required": ["TOKEN"], "properties": {"TOKEN": {"pattern": "^value"}}}"#),
    ];
    let run = runs(&files, |step| {
        step.input("template", ".env.example")
            .input("schema", "schema.json")
            .input("required-keys", "DB_HOST\nTOKEN")
            .input("same-keys", "./service/dev/\n./service/prod")
    });
    let run = run.succeeds().says("Checked 2 files of the workspace: no problems found");
    assert!(run.annotations.is_empty(), "{}", run.printed());
    assert_eq!(run.output("config-files"), r#"["service/dev/.env","service/prod/.env"]"#);
    assert!(
        run.summary.contains("| Workspace | `Checked 2 files of the workspace: no problems found` |"),
        "{}",
        run.summary
    );
}

#[test]
fn all_that_is_wrong_is_told_at_once_each_on_its_line() {
    let files = [
        ("cstore.yml", CATALOG),
        ("service/dev/.env", "DB_HOST=value-of-dev\nONLY_DEV=value-one\nPORT=value-no-port\n"),
        ("service/prod/.env", "# comment\n\nDB_HOST=value-of-prod\nEMPTY=\nPORT=value-of-80\n"),
        (".env.example", "DB_HOST=\n\nPROMISED=\nPORT=\nEMPTY=\n"),
        ("schema.json", r#"{"properties": {"PORT": {"pattern": "^[0-9]+$"}}}"#),
    ];
    let run = runs(&files, |step| {
        step.input("template", ".env.example")
            .input("template-strict", "true")
            .input("schema", "schema.json")
            .input("required-keys", "EMPTY\nDB_HOTS")
            .input("same-keys", "./service/dev\n./service/prod")
    });
    let run = run.fails(8).says("Checked 2 files of the workspace: 7 problems found");
    let required = places(&run, "Required keys");
    assert_eq!((required[0].0, required[0].1), ("service/prod/.env", 4));
    assert!(required[0].2.contains("EMPTY, which is empty"), "{required:?}");
    assert!(required[1].2.contains("DB_HOTS (did you mean DB_HOST?), which is missing"), "{required:?}");
    let template: Vec<_> = places(&run, "Template").into_iter().map(|(file, line, _)| (file, line)).collect();
    assert_eq!(template, [(".env.example", 3), ("service/dev/.env", 2)]);
    let [(file, line, text)] = places(&run, "Schema")[..] else { panic!("{}", run.printed()) };
    assert_eq!((file, line), ("service/prod/.env", 5));
    assert!(text.contains(r#""PORT" breaks the schema's rule pattern"#), "{text}");
    let different: Vec<_> = places(&run, "Different keys").into_iter().map(|(file, line, _)| (file, line)).collect();
    assert_eq!(different, [("service/prod/.env", 4), ("service/dev/.env", 2)]);
    assert_eq!(run.annotations.len(), 7, "{}", run.printed());
    assert!(run.summary.contains("### Failed: `Template` at `.env.example:3`"), "{}", run.summary);
    assert!(run.outputs.is_empty());
}

#[test]
fn what_cannot_be_read_is_told_on_its_line() {
    let catalog = "context: shop\nfiles:\n- path: service/dev/.env\n- path: 17: x\n";
    let run = runs(&[("cstore.yml", catalog)], |step| step).fails(2);
    let [(file, line, _)] = places(&run, "Catalog")[..] else { panic!("{}", run.printed()) };
    assert_eq!((file, line), ("cstore.yml", 4));

    let files = [
        ("a.json", "{\n  \"TOKEN\": \"value-of-a\",\n  \"B\" 1\n}\n"),
        ("b.yaml", "A: value-of-b\nB: [1\n"),
        ("c.env", "A=value-of-c\n"),
        ("template", "A=\n"),
    ];
    let run =
        runs(&files, |step| step.files(&["*.json", "*.yaml", "c.env"]).input("required-keys", "NOT_TOLD")).fails(8);
    let unread = places(&run, "Config file");
    assert_eq!(unread.iter().map(|(file, ..)| *file).collect::<Vec<_>>(), ["a.json", "b.yaml"]);
    assert!(unread.iter().all(|(_, line, _)| *line >= 2), "{unread:?}");
    // What the others hold nobody knows.
    assert!(titled(&run, "Required keys").is_empty());

    let files = [("c.env", "A=value-of-c\n"), ("template", "A\n=\n"), ("schema.json", "{")];
    let run = runs(&files, |step| step.files(&["c.env"]).input("template", "nowhere").input("schema", "schema.json"));
    let run = run.fails(8).says("nowhere, which does not exist");
    assert_eq!(titled(&run, "Schema").len(), 1, "{}", run.printed());
}

#[test]
fn a_file_that_the_catalog_alone_names_may_be_elsewhere_and_one_that_is_named_may_not() {
    let files = [("cstore.yml", CATALOG), ("service/dev/.env", "A=value-of-a\n")];
    let run = runs(&files, |step| step).succeeds().says("Checked 1 file of the workspace");
    assert!(titled(&run, "Not checked")[0].contains("service/prod/.env"), "{}", run.printed());
    let named = |step: Action| step.files(&["service/dev/.env", "service/prod/.env"]);
    runs(&files, named).fails(6).says("not in the workspace: service/prod/.env");
    runs(&files, |step| step.files(&["nothing/*"])).fails(6).says("not in the workspace: nothing/*");
    runs(&[], |step| step).fails(2).says("cstore.yml, which does not exist");
}

#[test]
fn sides_that_have_no_file_are_an_error() {
    let files = [("cstore.yml", CATALOG), ("service/dev/.env", "A=value-of-a\n")];
    for sides in ["./service/dev\n./service/nowhere", "./service/dev\n./service/de", "./service/dev\nshop@head", "./x"]
    {
        runs(&files, |step| step.input("same-keys", sides)).fails(2).says("The input `same-keys`");
    }
    runs(&files, |step| step.input("same-keys", "./service/dev\n./service/prod"))
        .fails(2)
        .says("names ./service/prod, but no file there is checked. Name one of the files that `files` or the catalog lists")
        .says("Files that git ignores are not in a checkout.");
    let run = runs(&files, |step| step.version("").input("same-keys", "./service/dev\n./service/dev/.env"));
    run.succeeds().says("Checked 1 file of the workspace");
}

#[test]
fn more_than_is_shown_is_counted_by_file() {
    let keys: String = (0..40).map(|n| format!("KEY_{n}=value-{n}\n")).collect();
    let files = [("dev.env", keys.as_str()), ("prod.env", "A=value-of-a\n")];
    let run = runs(&files, |step| step.files(&["*.env"]).input("same-keys", "./dev.env\n./prod.env")).fails(8);
    assert_eq!(run.annotations.len(), 10);
    let last = run.annotations.last().unwrap();
    assert_eq!(last.title, "32 more errors");
    assert!(run.stdout.contains("dev.env:40: "), "{}", run.stdout);
}

#[test]
fn names_in_a_strangers_files_are_no_commands_and_no_markdown() {
    let hostile = "{\"::error file=x,line=1::gone\\n##[error]x\\r::add-mask::y\": \"v-a-l-u-e\", \
                   \"</code> @mona ``` <img src=x> | a\": \"v-a-l-u-e\", \"\\u202Egnp.exe%0A::set-output name=a::b\": 1}";
    let files = [("a,b=c%0A.json", hostile), ("other.json", "{\"A\": 1}")];
    let run = runs(&files, |step| {
        step.files(&["*.json"]).input("same-keys", "./a,b=c%0A.json\n./other.json").input("schema", "other.json")
    });
    let run = run.fails(8);
    assert_eq!(places(&run, "Different keys").len(), 4);
    assert!(places(&run, "Different keys")[..3].iter().all(|(file, ..)| *file == "a,b=c%0A.json"), "{}", run.printed());
    for line in run.stdout.lines() {
        let is_own = ["::error file=", "::error title=", "::add-mask::"].iter().any(|begin| line.starts_with(begin));
        assert!(is_own || !line.trim_start().starts_with("::"), "{line}");
        assert!(!line.contains("##[") && !line.contains('\u{202E}'), "{line}");
    }
    assert!(!run.stdout.lines().any(|line| line.starts_with("::add-mask::y")));
    // In a block that nothing in it ends.
    let block = "\n````text\nother.json does not have \"</code> @mona ``` <img src=x> | a\". Add it there, or remove it here.\n````\n";
    assert!(run.summary.contains(block), "{}", run.summary);
}

#[test]
fn what_is_stored_is_not_checked_so() {
    let step = |input: &str| {
        Action::new(&Bucket::missing()).input("command", "verify").input("context", "shop").input(input, "x")
    };
    for input in ["required-keys", "template", "schema"] {
        step(input)
            .version("v1.0.0")
            .run()
            .fails(2)
            .says(&format!("The input `{input}` cannot be used: what is stored"));
        step(input).run().fails(2).says("with `version: .` the files of the workspace are");
    }
}

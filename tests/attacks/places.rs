//! Where a pull writes, when somebody publishes who means later steps to run what he has written.

use serde_json::json;

use crate::harness::{Action, Bucket, Run, shows};
use crate::story::{MANIFEST, put_json, refused};

/// A bucket in which `v1` consists of these files.
fn published(files: &[(&str, &str)]) -> Bucket {
    let bucket = Bucket::versioned();
    let paths: Vec<_> = files.iter().map(|(path, _)| *path).collect();
    let step = Action::push(&bucket).version("v1").files(&paths);
    files.iter().fold(step, |step, (path, contents)| step.workspace_file(path, contents)).run().succeeds();
    bucket
}

fn pull(bucket: &Bucket) -> Action {
    crate::story::pull(bucket, "v1")
}

const OWN: &str = "service/prod/.env";

/// A version of one file, which its manifest would have restored elsewhere.
fn recorded_elsewhere(place: &str) -> Bucket {
    let bucket = published(&[(OWN, "TOKEN=swordfish\n")]);
    let mut manifest = bucket.get(MANIFEST).json();
    manifest["files"][0]["alternate_path"] = json!(place);
    put_json(&bucket, MANIFEST, &manifest);
    bucket
}

fn catalog(entry: &str) -> String {
    format!("version: v4\ncontext: shop\nfiles:\n- path: {OWN}\n  store: aws-s3\n{entry}")
}

/// The files that are there after a step, but for the catalogs.
fn restored(run: &Run) -> Vec<String> {
    run.workspace.files().into_iter().filter(|path| !path.ends_with("cstore.yml")).collect()
}

fn says_so(run: &Run, place: &str) -> bool {
    run.messages("notice").iter().any(|notice| notice.contains(OWN) && notice.contains(place))
}

#[test]
fn an_alternate_path_that_only_the_manifest_records_does_not_count() {
    let shown = shows(
        "T19",
        "a manifest records an alternate path that the checkout's catalog does not say: a Makefile, .git/config, a source file",
        "restored at its own path, with a notice",
    );
    for place in ["Makefile", ".git/config", ".github/workflows/ci.yml", "src/settings.json", "other/.env"] {
        let bucket = recorded_elsewhere(place);
        let without = pull(&bucket);
        let other = pull(&bucket).repository_file("cstore.yml", catalog(""));
        let linked = "version: v4\ncontext: else\nfiles:\n- path: .env\n  alternatePath: other/.env\n";
        let of_another = other.input("context", "shop").repository_file("sub/cstore.yml", linked);
        for step in [without, of_another, pull(&bucket).files(&["service/**"]), pull(&bucket).files(&[OWN])] {
            let run = step.run().succeeds();
            let written: Vec<_> = restored(&run).into_iter().filter(|path| path == OWN || path == place).collect();
            assert_eq!(written, [OWN], "{place}");
            assert!(says_so(&run, place), "{place}: {:?}", run.annotations);
            shown.case();
        }
    }
}

#[test]
fn the_alternate_path_of_the_checkouts_catalog_counts() {
    let bucket = recorded_elsewhere("other/.env");
    let same = pull(&bucket).repository_file("cstore.yml", catalog("  alternatePath: other/.env\n"));
    let run = same.run().succeeds();
    assert_eq!(restored(&run), ["other/.env"]);
    assert!(run.messages("notice").is_empty(), "{:?}", run.annotations);
    let resolved = pull(&bucket).repository_file("cstore.yml", catalog("  alternatePath: ${GITHUB_REF_NAME}/.env\n"));
    let run = resolved.run().succeeds();
    assert_eq!(restored(&run), ["main/.env"]);
    assert!(says_so(&run, "other/.env"), "{:?}", run.annotations);
}

#[test]
fn a_file_that_is_named_one_by_one_is_restored_at_that_path_and_no_other() {
    let shown = shows(
        "T19",
        "an input names the file whose alternate path, of the manifest or of a catalog too, is another place",
        "restored at its own path",
    );
    for place in ["Makefile", "other/.env", ".git/config"] {
        for with_catalog in [false, true] {
            let step = pull(&recorded_elsewhere(place)).files(&[OWN]);
            let entry = if with_catalog { format!("  alternatePath: {place}\n") } else { String::new() };
            let run = step.repository_file("cstore.yml", catalog(&entry)).run().succeeds();
            assert_eq!(restored(&run), [OWN], "{place}");
            assert!(says_so(&run, place), "{place}: {:?}", run.annotations);
            shown.case();
        }
    }
}

const STANDING: &str = "src/settings.json";
const IN_THE_CHECKOUT: &str = "{\"retries\": 3}\n";

/// A pull of a version with a file that stands in the workspace with other content, and with one that does not.
fn over_what_stands() -> Action {
    let bucket = published(&[(STANDING, "{\"retries\": \"curl evil.example\"}\n"), (OWN, "TOKEN=swordfish\n")]);
    pull(&bucket).repository_file(STANDING, IN_THE_CHECKOUT)
}

#[test]
fn a_file_of_the_checkout_that_nobody_named_is_not_replaced() {
    let shown = shows(
        "T19",
        "a version holds a file that stands in the checkout with other content, and neither `files` nor the catalog names it",
        "code 2, naming it and `files`; nothing written, and the same of a dry run",
    );
    let of_others = format!("version: v4\ncontext: shop\nfiles:\n- path: {OWN}\n- path: src/Settings.json\n");
    for step in [
        over_what_stands(),
        over_what_stands().input("dry-run", "true"),
        over_what_stands().files(&["!nothing"]),
        over_what_stands().input("tags", "src|prod"),
        over_what_stands().repository_file("cstore.yml", of_others),
        over_what_stands().input("digest", ""),
    ] {
        let run = refused(&step, 2, "nobody named it").says(STANDING).says("`files: src/settings.json`");
        assert_eq!(run.file(STANDING), IN_THE_CHECKOUT);
        assert!(!run.workspace.files().contains(&OWN.to_owned()), "{:?}", run.workspace.files());
        shown.case();
    }
}

#[test]
fn a_file_of_the_checkout_is_replaced_where_files_or_the_catalog_names_it() {
    let in_catalog = format!("version: v4\ncontext: shop\nfiles:\n- path: {STANDING}\n");
    let by_variable = "version: v4\ncontext: shop\nfiles:\n- path: ${FOLDER}/settings.json\n";
    let by_variable = over_what_stands().repository_file("cstore.yml", by_variable);
    let by_variable = by_variable.env("FOLDER", "src").input("variables", "FOLDER");
    for (step, shown) in [
        (over_what_stands().files(&[STANDING]), STANDING),
        (over_what_stands().files(&["src/*"]), STANDING),
        (over_what_stands().files(&["**"]), STANDING),
        (over_what_stands().files(&["!nothing", "**/*.json"]), STANDING),
        (over_what_stands().repository_file("cstore.yml", in_catalog), STANDING),
        // A variable's value is not shown.
        (by_variable, "${FOLDER}/settings.json"),
    ] {
        let run = step.run().succeeds();
        assert_ne!(run.file(STANDING), IN_THE_CHECKOUT);
        assert!(run.log.iter().any(|line| *line == format!("Wrote {shown}")), "{:?}", run.log);
    }
}

#[test]
fn the_place_that_is_replaced_is_what_must_be_named() {
    // The catalog names it as a place to restore another file at.
    let bucket = published(&[(OWN, "TOKEN=swordfish\n")]);
    let step = pull(&bucket).repository_file("cstore.yml", catalog("  alternatePath: config/.env\n"));
    let run = step.repository_file("config/.env", "TOKEN=before\n").run().succeeds();
    assert_eq!(run.file("config/.env"), "TOKEN=swordfish\n");

    // Paths are relative to the catalog's folder, places to the workspace.
    let step = || pull(&bucket).input("catalog", "deploy/catalog.yml");
    let step = || step().repository_file("deploy/service/prod/.env", "TOKEN=before\n");
    refused(&step(), 2, "below the catalog").says("deploy/service/prod/.env").says("`files: service/prod/.env`");
    step().files(&[OWN]).run().succeeds();
    let catalog = "version: v4\ncontext: shop\nfiles:\n- path: service/prod/.env\n";
    step().repository_file("deploy/catalog.yml", catalog).run().succeeds();
}

#[test]
fn a_catalog_that_the_checkouts_links_to_names_places_too() {
    let bucket = published(&[("sub/.env", "TOKEN=swordfish\n")]);
    let linking = "version: v4\ncontext: shop\nfiles:\n- path: child/cstore.yml\n  isRef: true\n- path: other.env\n";
    let child = |path: &str| format!("version: v4\ncontext: other\nfiles:\n- path: {path}\n");
    Action::push(&bucket)
        .version("v1")
        .input("context", "other")
        .files(&[".env"])
        .workspace_file(".env", "TOKEN=of-the-child\n")
        .run()
        .succeeds();
    let step = |path| {
        let step = pull(&bucket).input("on-duplicate", "last").repository_file("cstore.yml", linking);
        step.repository_file("child/cstore.yml", child(path)).repository_file("child/.env", "TOKEN=before\n")
    };
    let run = step(".env").run().succeeds();
    assert_eq!(run.file("child/.env"), "TOKEN=of-the-child\n");
    refused(&step("another.env"), 2, "the link names another").says("child/.env");
}

#[test]
fn what_stands_there_with_the_same_content_is_in_nobodys_way() {
    let bucket = published(&[(OWN, "TOKEN=swordfish\n")]);
    let run = pull(&bucket).workspace_file(OWN, "TOKEN=swordfish\n").run().succeeds();
    assert_eq!(run.workspace.mode(OWN), 0o600);
    let again = Action::pull(&bucket).version("v1").after(&run).run().succeeds();
    assert!(again.log.iter().any(|line| line == "Unchanged: service/prod/.env"), "{:?}", again.log);
}

#[test]
fn nothing_is_in_the_way_of_a_pull_that_writes_nothing() {
    over_what_stands().input("restore-files", "false").run().succeeds();
    pull(&published(&[("Makefile", "all:\n")])).input("restore-files", "false").run().succeeds();
}

#[test]
fn names_that_make_a_tool_run_code_are_written_only_when_they_are_named() {
    let shown = shows(
        "T19",
        "a version holds a file that a tool runs or takes settings from, in any folder and any case: Makefile, .npmrc, conftest.py, .git/config",
        "code 2, naming it and the reason, unless a line of `files` that is not a pattern names it",
    );
    for path in [
        "Makefile",
        "sub/makefile",
        ".npmrc",
        "web/package.json",
        ".cargo/config.toml",
        "tests/conftest.py",
        ".ENVRC",
        ".bazelrc",
        "pip.conf",
        ".husky/pre-commit",
        ".vscode/tasks.json",
        ".bashrc",
        "Make\u{ad}file",
        "NPMRC~1",
        ".git/config",
        "sub/.GIT/hooks/pre-commit",
        ".github/workflows/ci.yml",
        "action.yml",
        "cstore.yml",
        "deploy/run.sh",
        "binding.gyp",
        "git.com",
        "debian/rules",
        "environment.yml",
    ] {
        let contents =
            if path.ends_with(".json") { "{\"scripts\": \"stolen-value-1\"}\n" } else { "# stolen-value-1\n" };
        let bucket = published(&[(path, contents), (OWN, "TOKEN=swordfish\n")]);
        // A pattern that looks like the name, a catalog, and a place that a catalog gives to an ordinary file.
        let pattern = path.replacen(['e', 'c', 'o', 'i', 'N'], "?", 1);
        let in_catalog = catalog(&format!("- path: {path}\n"));
        let moved = catalog(&format!("  alternatePath: {path}\n"));
        let mut steps = vec![
            pull(&bucket),
            pull(&bucket).input("dry-run", "true"),
            pull(&bucket).files(&["**"]),
            pull(&bucket).files(&[&pattern]),
            pull(&bucket).files(&["**", OWN]),
        ];
        if path != "cstore.yml" {
            steps.push(pull(&bucket).repository_file("cstore.yml", in_catalog));
            let ordinary = published(&[(OWN, "TOKEN=swordfish\n")]);
            steps.push(pull(&ordinary).repository_file("cstore.yml", moved));
        }
        for step in steps {
            let said = path.replace('\u{ad}', "\u{fffd}");
            let rule = if path == "cstore.yml" { "a line of `files` names it, because" } else { "one by one, because" };
            let run = refused(&step, 2, path).says(&said).says(rule).says("Nothing was written");
            assert!(restored(&run).is_empty(), "{path}: {:?}", run.workspace.files());
            shown.case();
        }
        for files in [vec![path], vec!["service/**", path]] {
            let run = pull(&bucket).files(&files).run().succeeds();
            assert!(run.workspace.files().contains(&path.to_owned()), "{path}: {:?}", run.workspace.files());
        }
    }
}

#[test]
fn what_the_environment_names_as_settings_is_written_only_when_it_is_named() {
    let shown = shows(
        "T19",
        "a version holds the file that AWS_CONFIG_FILE, AWS_CA_BUNDLE, SSL_CERT_DIR or another such variable names",
        "code 2, naming the variable, unless `files` names the file",
    );
    let path = "settings/aws.conf";
    let bucket = published(&[(path, "[default]\ncredential_process = curl-1\n")]);
    let trusted = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap().cert.pem();
    for (variable, value) in [
        ("AWS_CONFIG_FILE", "settings/aws.conf"),
        ("AWS_SHARED_CREDENTIALS_FILE", "./settings/../settings/aws.conf"),
        ("AWS_CA_BUNDLE", "WORKSPACE/settings/aws.conf"),
        ("SSL_CERT_FILE", "WORKSPACE/link/aws.conf"),
        ("SSL_CERT_DIR", "WORKSPACE/settings"),
        ("NODE_EXTRA_CA_CERTS", "/home/runner/work/shop/shop/settings/aws.conf"),
        ("GIT_CONFIG_GLOBAL", "/github/workspace/settings/aws.conf"),
        ("KUBECONFIG", "/etc/kube.conf:WORKSPACE/settings/aws.conf"),
        ("DOCKER_CONFIG", "WORKSPACE/link"),
        ("HOME", "WORKSPACE/settings"),
        ("npm_config_userconfig", "settings/aws.conf"),
        ("NPM_CONFIG_CAFILE", "WORKSPACE/settings/aws.conf"),
        ("GITHUB_STATE", "WORKSPACE/settings/aws.conf"),
        ("DOCKER_CERT_PATH", "settings"),
        ("VAULT_CACERT", "./settings/aws.conf"),
        ("TERRAGRUNT_CONFIG", "WORKSPACE/settings"),
        ("MAVEN_ARGS", "-s settings/aws.conf --batch-mode"),
        ("PATH", "/usr/bin:WORKSPACE/settings:/bin"),
    ] {
        let step = |files: &[&str]| {
            let step = pull(&bucket).files(files);
            step.workspace().link("link", "settings");
            // What this very step reads has to be there.
            let is_read = ["AWS_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"].contains(&variable);
            let step = if is_read { step.repository_file(path, &trusted) } else { step };
            let root = step.workspace().path("").to_string_lossy().trim_end_matches('/').to_owned();
            step.env(variable, &value.replace("WORKSPACE", &root))
        };
        for files in [&[][..], &["**"]] {
            refused(&step(files), 2, variable).says(path).says(variable);
            shown.case();
        }
        step(&[path]).run().succeeds();
    }
    // A word is no folder, the runner's variables say where the job is, and the workspace itself is nobody's.
    for (variable, value) in [
        ("ENV", "settings"),
        ("AWS_SSO_ACCOUNT", "settings"),
        ("PYTHONPATH", "settings"),
        ("GITHUB_JOB", "settings"),
        ("RUNNER_TEMP", "WORKSPACE/settings"),
        ("DB_FILE", "WORKSPACE/settings/aws.conf"),
        ("HOME", "WORKSPACE"),
        ("PATH", "/usr/bin:WORKSPACE:/bin"),
        ("DOCKER_CONFIG", "WORKSPACE"),
    ] {
        let step = pull(&bucket);
        let root = step.workspace().path("").to_string_lossy().into_owned();
        step.env(variable, &value.replace("WORKSPACE", &root)).run().succeeds();
    }
}

#[test]
fn where_the_workspace_is_a_programs_folder_its_own_files_are_written_only_when_they_are_named() {
    let shown = shows(
        "T19",
        "DOCKER_CONFIG, CARGO_HOME or another such variable names the workspace, and a version holds what is read there",
        "code 2, naming the variable, unless `files` names the file",
    );
    for (variable, path, contents) in [
        ("DOCKER_CONFIG", "config.json", "{\"credsStore\": \"curl-1\"}\n"),
        ("DOCKER_CERT_PATH", "ca.pem", "certificate-1\n"),
        ("CARGO_HOME", "config.toml", "target = \"curl-1\"\n"),
        ("XDG_CONFIG_HOME", "gh/hosts.yml", "host: evil.example\n"),
    ] {
        let bucket = published(&[(path, contents), (OWN, "TOKEN=swordfish\n")]);
        let step = |files: &[&str]| {
            let step = pull(&bucket).files(files);
            let root = step.workspace().path("").to_string_lossy().into_owned();
            step.env(variable, &root)
        };
        refused(&step(&[]), 2, variable).says(path).says(variable);
        step(&[path]).run().succeeds();
        step(&[OWN]).run().succeeds();
        pull(&bucket).run().succeeds();
        shown.case();
    }
}

#[test]
fn what_an_input_names_as_settings_is_written_only_when_files_names_it() {
    let shown = shows(
        "T19",
        "a version holds the template, the schema or the catalog that an input names",
        "code 2, naming the input, unless `files` names the file",
    );
    for (input, path, contents, other) in [
        ("template", "config/example.env", "TOKEN=\n", "TOKEN=x\n"),
        ("schema", "config/schema.json", "{\"type\": \"string\"}\n", "{}\n"),
        ("catalog", "deploy/catalog.yml", "context: other\n", "version: v4\ncontext: shop\nfiles: []\n"),
    ] {
        let below = if input == "catalog" { "catalog.yml" } else { path };
        let bucket = published(&[(OWN, "TOKEN=swordfish\n"), (below, contents)]);
        let step = || pull(&bucket).input(input, path).input("on-duplicate", "last").repository_file(path, other);
        refused(&step(), 2, input).says(path).says("a line of `files` names it, because").says(input);
        refused(&step().files(&["**"]), 2, input).says(path).says("a line of `files` names it, because");
        step().files(&[below, OWN]).run().succeeds();
        shown.case();
    }
}

#[test]
fn the_log_and_the_summary_name_every_file_that_was_written() {
    let shown = shows("T19", "a version holds one file more, among many", "log and summary name each that was written");
    let paths: Vec<_> = (0..30).map(|n| format!("config/{n}.txt")).collect();
    let many: Vec<_> = paths.iter().map(|path| (path.as_str(), "some text\n")).collect();
    for files in [&many[..], &many[..2]] {
        let moved = format!("version: v4\ncontext: shop\nfiles:\n- path: {}\n  alternatePath: here/.first\n", paths[0]);
        let step = pull(&published(files)).repository_file("cstore.yml", moved);
        let run = step.input("format", "json").input("format-file", "all.json").run().succeeds();
        let written: Vec<_> = run.workspace.files().into_iter().filter(|path| path != "cstore.yml").collect();
        assert_eq!(written.len(), files.len() + 1);
        for path in &written {
            let is_named = run.log.iter().any(|line| line == path || line == &format!("Wrote {path}"));
            assert!(is_named, "{path}: {:?}", run.log);
            assert!(run.summary.contains(&format!("`{path}`")), "{path}: {}", run.summary);
            shown.case();
        }
        assert_eq!(run.stdout.contains("::group::Wrote 31 files\n"), files.len() == 30, "{}", run.stdout);
        assert_eq!(run.stdout.matches("::endgroup::").count(), usize::from(files.len() == 30));
    }
}

//! `scripts/check_prose.py` finds what `scripts/vocabulary.toml` says otherwise, in every kind of text, at its line.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the linter says of files, each with its path in the repository and its text.
fn said_of(files: &[(&str, &str)]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let file = folder.path().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let venv = std::env::var_os("CSTORE_TEST_VENV").map_or_else(|| root.join(".venv"), PathBuf::from);
    let output = Command::new(venv.join("bin/python"))
        .arg(root.join("scripts/check_prose.py"))
        .arg(folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<_> = said.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect();
    assert_eq!(output.status.success(), lines.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    lines
}

/// What the linter names of a file, as `line: words`.
fn named(path: &str, text: &str) -> Vec<String> {
    let start = format!("{path}:");
    let said = said_of(&[(path, text)]);
    said.iter().map(|line| line.strip_prefix(&start).unwrap().split(": say").next().unwrap().to_owned()).collect()
}

#[test]
fn a_mark_is_found_in_every_kind_of_text_at_its_line() {
    for (path, text, line) in [
        ("README.md", "# Title\n\nEvery file is verified.\nThen mend\nit.\n", 4),
        ("docs/a.md", "```sh\nmend # here\n```\n<!-- mend\n-->\n\n- `mend` or mend\n", 7),
        ("docs/a.md", "One\n\n```mermaid\nflowchart LR\n  a --> b[mend every file]\n```\n", 5),
        ("docs/a.md", "```yaml\nsteps:\n  - run: a # mend it\n    # nothing\n```\n", 3),
        ("docs/how-to/a.md", "1. Text\n\n   ```sh\n   a\n   ```\n\n   ```hcl\n   # mend\n   ```\n", 8),
        ("action.yml", "inputs:\n  a:\n    description: \"Mends it.\"\n", 3),
        ("setup/install", "#!/bin/bash\nfail \"Mend it.\"\n", 2),
        ("infrastructure/s3/a.tf", "variable \"a\" {\n  description = \"Mend it.\"\n}\n", 2),
        ("infrastructure/s3/a.tf", "\n\n# Mend it.\n", 3),
        ("examples/workflows/a.yml", "on: push\n# mended\n", 2),
        ("scripts/demo.py", "print(\n    'Mend it')\n", 2),
        ("src/message/a.rs", "// A mend.\n\n\n/// Of a mend.\nfn a() {\n    b(\"mend it\");\n}\n", 6),
        ("src/message/a.rs", "fn a() {\n    b('\"', \"so\", // mend\n      \"first \\\n       mend\");\n}\n", 4),
        ("src/message/a.rs", "fn a() {\n    b(r#\"a \"quoted\" mend\"#);\n}\n", 2),
        ("src/message/a.rs", "#[cfg(test)]\nmod tests;\n\nfn a() -> &'static str {\n    \"mend\"\n}\n", 5),
        ("src/message/a.rs", "#[cfg(test)]\nmod tests {\n    \"mend\"\n}\n\nconst A: &str = \"mend\";\n", 6),
        ("src/option/table/a.rs", "options! {\n    A {}\n    /// What is read, or\n    /// mended.\n    B {}\n}\n", 4),
    ] {
        let found = named(path, text);
        let [only] = found.as_slice() else { panic!("{path}, {text:?}: {found:?}") };
        assert!(only.to_lowercase().starts_with(&format!("{line}: 'mend")), "{path}, {text:?}: {only}");
    }
}

#[test]
fn what_no_user_reads_is_left_alone() {
    for (path, text) in [
        ("src/a.rs", "// mend\n/// mend\nfn mend() {}\n#[cfg(test)]\nmod tests {\n    \"mend\"\n}\n"),
        ("src/tests/a.rs", "const A: &str = \"mend\";\n"),
        ("tests/README.md", "mend\n"),
        ("docs/a.md", "`mend`\n\n```sh\nmend\n```\n\n```json\n{\"# a\": \"# mend\"}\n```\n"),
        ("infrastructure/s3/tests/a.tf", "# mend\n"),
    ] {
        assert_eq!(named(path, text), [""; 0], "{path}");
    }
}

/// What a native reader marked, and what is like it.
#[test]
fn the_phrases_that_were_marked_and_their_relatives_are_found() {
    for text in [
        "Every file is held against its manifest.",
        "Each time holding **all** bodies against it.",
        "It cannot be held to anything.",
        "Mend the file.",
        "So a mended set needs it.",
        "Whoever can guess it.",
        "Whoever guesses all of it.",
        "The overwrite goes past it.",
        "It went past both.",
        "It replaces what gets past it.",
        "The credentials at hand.",
        "There are none at hand.",
        "It must match letter by letter.",
        "It says what would be done and does none of it.",
        "It can do none of that.",
        "It moves the channel all the same.",
        "The manifest is put whatever stands there.",
        "The move that the channel stands at.",
        "It goes back to where it stood before.",
        "A crash in the midst.",
        "Of each what became of it.",
        "One object an item.",
        "One a line.",
        "`v1` is no full version.",
        "Its keys are no paths.",
        "How a file is read is yours to say.",
        "To have them missed, name them.",
        "Which is of no use without it.",
        "Have the manifest of the one removed.",
        "The key of a file is taken.",
        "A key would be too long.",
        "Take the access away.",
    ] {
        assert_eq!(named("docs/a.md", &format!("# Title\n\n{text}\n")).len(), 1, "{text}");
    }
    for text in [
        "There is no version, and there are no files.",
        "It is no longer there.",
        "The S3 key of a file, and a config key of the file.",
        "Everything stays the same. All of it stands.",
    ] {
        assert_eq!(named("docs/a.md", &format!("{text}\n")), [""; 0], "{text}");
    }
}

#[test]
fn a_sentence_that_is_too_long_is_named_at_its_line() {
    let long = "word ".repeat(41);
    let page = format!("# Title\n\nShort. As [this](a.md).\n\n- A list.\n- {long}end.\n");
    assert_eq!(named("README.md", &page).len(), 1);
    assert!(named("README.md", &page)[0].starts_with("6: 43 words"), "{:?}", named("README.md", &page));
    assert_eq!(named("docs/protocol.md", &page), [""; 0]);
}

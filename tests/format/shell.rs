//! `shell`, sourced and evaluated by sh and bash.

use std::process::Command;

use cstore::format::{Format, render};
use proptest::prelude::*;

use crate::readers::{Files, Found, texts};
use crate::shape::{holds, looks_like, refuses, setting};
use crate::values::{documents, few, text, variable};

/// Has a shell take in each file in a subshell of its own, by `. FILE` or by `eval`, and gives the environment that a
/// program started from there gets.
fn environments(shell: &str, take_in: &str, locale: &str, files: &Files) -> Vec<Found> {
    let script = format!(r#"set -eu; for file do ( {take_in}; exec /usr/bin/env -0 >"$file.out" ); done"#);
    let out = Command::new(shell)
        .env_clear()
        .env("LC_ALL", locale)
        .args(["-c", &script, shell])
        .args(&files.paths)
        .output()
        .unwrap();
    assert!(out.status.success() && out.stderr.is_empty(), "{}", String::from_utf8_lossy(&out.stderr));
    let environment = |path: &std::path::PathBuf| {
        let printed = std::fs::read_to_string(path.with_extension("txt.out")).unwrap();
        let variables = printed.split_terminator('\0').map(|variable| variable.split_once('=').unwrap());
        let ours = variables.filter(|(name, _)| name.starts_with("K_"));
        Found::of(ours.map(|(name, value)| (name.to_owned(), value.to_owned())))
    };
    files.paths.iter().map(environment).collect()
}

proptest! {
    #![proptest_config(few())]
    #[test]
    fn shells_read_every_value_back(documents in documents(variable(), text())) {
        let files = Files::rendered("shell", &documents);
        let expected = texts(&documents);
        for (shell, locale) in [("/bin/sh", "C"), ("/bin/bash", "C"), ("/bin/bash", "C.UTF-8")] {
            for take_in in [r#". "$file""#, r#"eval "$(/bin/cat "$file")""#] {
                prop_assert_eq!(&environments(shell, take_in, locale, &files), &expected, "{} {}", shell, take_in);
            }
        }
    }
}

#[test]
fn what_it_looks_like_and_refuses() {
    looks_like("shell", "export GREETING='it'\\''s a \"test\"'\nexport PORT='8080'\n", "");
    holds("shell", &["DB_HOST"], &["", "a\nb", "a\r"]);
    // UID is read-only in bash.
    let names = ["db.host-1", "1ST", "UID", "#a", "a b", "a\nb", "\u{feff}a", "", "a=b", "a\0b"];
    refuses("shell", &names, &["a\0b"]);
}

/// What bash, mksh and zsh keep as numbers they evaluate: `RANDOM='a[$(reboot)]'`.
#[test]
fn what_a_shell_would_evaluate_is_written_as_a_number_or_not_at_all() {
    for name in ["RANDOM", "SRANDOM", "HISTCMD", "OPTIND", "SECONDS", "LINENO", "COLUMNS", "TMOUT", "SHLVL"] {
        for (value, is_written) in [
            ("80", true),
            ("-1", true),
            ("a[$(reboot)]", false),
            ("1+a[0]", false),
            ("x", false),
            ("", false),
            ("0x10", false),
        ] {
            let rendered = render(Format::from_name("shell").unwrap(), &[setting(name, value)], "shop");
            assert_eq!(rendered.is_ok(), is_written, "{name}={value}");
        }
    }
    // All others that a shell starts with, by itself: none of them runs what it is assigned.
    let listed = Command::new("/bin/bash").args(["-c", "declare -i | cut -d' ' -f3 | cut -d= -f1"]).output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    for name in listed.lines() {
        let rendered = render(Format::from_name("shell").unwrap(), &[setting(name, "a[$(reboot)]")], "shop");
        assert!(rendered.is_err(), "bash keeps {name} as a number");
    }
    assert!(listed.lines().count() > 2, "{listed}");
}

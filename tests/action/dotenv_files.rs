//! Dotenv files as real projects have them: what the readers in common use make of them.

use crate::harness::{Bucket, Run};
use crate::story::{error_of, published, pull, push, titled};

/// Pushes a file, expects this warning of the push and of the pull (none where it is empty), and gives the pull.
#[track_caller]
fn delivered(contents: &str, warning: &str) -> Run {
    let bucket = Bucket::versioned();
    let pushed = push(&bucket, &[(".env", contents)]).run().succeeds();
    let pulled = pull(&bucket).input("export-env", "true").run().succeeds();
    for run in [&pushed, &pulled] {
        let warnings = titled(run, "Config file");
        let expected: Vec<_> = if warning.is_empty() { vec![] } else { vec![format!(".env: {warning}.")] };
        assert_eq!(warnings, expected, "{contents:?}");
    }
    assert_eq!(pulled.file(".env"), contents, "stored byte for byte");
    pulled
}

#[test]
fn the_last_value_of_a_key_counts_with_a_warning_that_names_key_and_lines() {
    let say = |lines| format!("A is set more than once (lines {lines}); the last value is used");
    for (contents, value, lines) in [
        ("A=one-1\nA=two-2\n", "two-2", "1 and 2"),
        ("A=\nA=two-2\n", "two-2", "1 and 2"),
        ("A=one-1\n# c\nA='two-2'\nexport A=three-3\n", "three-3", "1, 3 and 4"),
    ] {
        let run = delivered(contents, &say(lines));
        assert_eq!((run.output("A"), run.env["A"].as_str()), (value, value), "{contents:?}");
    }
    let run = delivered("A=one-1\nB=two-2\nA='one-1'\n", "");
    assert_eq!(run.output("A"), "one-1");
}

#[test]
fn a_replaced_value_is_masked_too() {
    let run = pull(&published(&[(".env", "A=first-secret\nA=second-secret\n")])).run().succeeds();
    for value in ["first-secret", "second-secret"] {
        assert!(run.masks.iter().any(|mask| mask == value), "{value}: {:?}", run.masks);
    }
}

#[test]
fn backticks_quote() {
    let warning = "only Node.js and its package dotenv take backticks for quotes; others read the lines between them as \
                   keys of their own: \"NOTE\" on lines 1 to 2. Single quotes are read alike";
    let run = delivered("NOTE=`first line\nSECOND=line`\nB=x1z\n", warning);
    assert_eq!((run.output("NOTE"), run.output("B")), ("first line\nSECOND=line", "x1z"));
    assert!(!run.outputs.contains_key("SECOND"));
    let run = delivered("NOTE=`first line SECOND=line`\n", "");
    assert_eq!(run.output("NOTE"), "first line SECOND=line");
    let run = delivered("NOTE=`it's \"so\" \\n $X` # c\nOPEN=`x\n", "");
    assert!(error_of(&push(&Bucket::missing(), &[(".env", "A=`x` y\n")]).run().fails(2)).line == Some(1));
    assert_eq!(run.output("NOTE"), r#"it's "so" \n $X"#);
}

#[test]
fn a_value_with_backticks_is_read_back_from_every_form_of_lines() {
    let bucket = published(&[("a.json", r#"{"A": "`x y`", "B": "`", "C": "`x\ny` 'z'"}"#)]);
    let run = pull(&bucket).input("format", "dotenv").input("format-file", "out.env").run().succeeds();
    let again = published(&[(".env", &run.file("out.env"))]);
    let run = pull(&again).run().succeeds();
    assert_eq!((run.output("A"), run.output("B"), run.output("C")), ("`x y`", "`", "`x\ny` 'z'"));
}

#[test]
fn a_name_without_a_value_gives_no_key() {
    let say = |line| {
        format!(
            "without a `=` a name gives no key: {line}. If a line belongs to the value above it, put that whole value, with all its lines, in quotes"
        )
    };
    let run = delivered("A=xyz\nexport A\n", &say("line 2 (A)"));
    assert_eq!((run.output("A"), run.env.len()), ("xyz", 1));
    let run = delivered("A=xyz\nhunter2\n", &say("line 2"));
    assert_eq!(run.env.len(), 1);
    let run = delivered("A=xyz\nHUNTER_TWO\nMFRGGZDFMZTWQZLK\n", &say("line 2, line 3"));
    for piece in ["HUNTER_TWO", "MFRGGZDFMZTWQZLK"] {
        assert!(run.masks.iter().any(|mask| mask == piece), "{piece}: {:?}", run.masks);
    }
    // What is no name is an error, such as a key whose quotes are missing.
    let pem = "KEY=-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg+k/qhk\n-----END PRIVATE KEY-----\n";
    let run = push(&Bucket::missing(), &[(".env", pem)]).run().fails(2).does_not_say("MIIE");
    assert_eq!(error_of(&run).line, Some(1));
}

#[test]
fn the_end_of_a_value_without_quotes_becomes_no_key() {
    for (contents, line) in [
        ("KEY=-----BEGIN PRIVATE KEY-----\nQABAkAsecretpart9x==\n", 1),
        ("KEY=MIIEvQ\nMIIBVgIBADANBgkqhkiG9w0B\nQABAkAsecretpart9x==\n", 3),
    ] {
        let run = push(&Bucket::missing(), &[(".env", contents)]).run().fails(2);
        let run = run.does_not_say("secretpart").says("needs quotes around both ends");
        assert_eq!(error_of(&run).line, Some(line), "{contents}");
    }
}

#[test]
fn keys_may_begin_with_a_digit_or_hold_dots() {
    let contents = "2FA_ENABLED=yes1\ndiscovery.type=single-node\nA=x1z\n";
    let run = delivered(contents, "");
    let outputs: Vec<_> = run.config_outputs().into_iter().collect();
    assert_eq!(outputs, [("A", "x1z"), ("_2FA_ENABLED", "yes1"), ("discovery_type", "single-node")]);
    let step = pull(&published(&[(".env", contents)])).input("format", "dotenv").input("format-file", "out");
    assert_eq!(step.run().succeeds().file("out"), contents, "the form keeps the keys");
}

#[test]
fn carriage_returns_alone_end_lines_too() {
    let run = delivered("A=x1z\rB='y1z\r2'\rC=z1z\r", "");
    assert_eq!((run.output("A"), run.output("B"), run.output("C")), ("x1z", "y1z\n2", "z1z"));
    let run = push(&Bucket::missing(), &[(".env", "A=x1z\rB=y1z\nC c\r")]).run().fails(2);
    assert_eq!(error_of(&run).line, Some(3));
}

#[test]
fn defaults_are_read_more_strictly_than_files() {
    let bucket = published(&[(".env", "A=x1z\n")]);
    for defaults in ["B=one\nB=two", "B=one\nC"] {
        let run = pull(&bucket).input("defaults", defaults).run().fails(2);
        assert_eq!(error_of(&run).title, "Input defaults", "{}", run.printed());
    }
}

#[test]
fn a_name_alone_in_a_template_is_not_asked_for_and_said() {
    let bucket = published(&[(".env", "A=x1z\n")]);
    let step =
        pull(&bucket).workspace_file("deploy/template", "A=\nA=other\nexport B\n").input("template", "deploy/template");
    let run = step.run().succeeds();
    let warnings = titled(&run, "Config file");
    assert!(warnings.len() == 1 && warnings[0].contains("line 3 (B)"), "{warnings:?}");
}

#[test]
fn references_are_replaced_as_compose_replaces_them() {
    let expand = |contents: &str| pull(&published(&[(".env", contents)])).input("expand", "true");
    let run = expand("A=one1\nB=${A}/x\nC=$A/x\nD=${E:-dflt}\n").run().succeeds();
    let outputs: Vec<_> = run.config_outputs().into_iter().collect();
    assert_eq!(outputs, [("A", "one1"), ("B", "one1/x"), ("C", "one1/x"), ("D", "dflt")]);

    let step = expand("A=one1\nB=$A\nA=two2\nP=${P}:${A:+$$x}\nQ='$A'\nR=`$A`\n");
    let run = step.input("variables", "P").env("P", "of-the-job").run().succeeds();
    let outputs: Vec<_> = ["B", "P", "Q", "R"].map(|key| run.output(key)).into();
    assert_eq!(outputs, ["one1", "of-the-job:$x", "$A", "$A"]);

    // Without the input all of it is text.
    let text = "${A} $A ${E:-dflt} ${F:?m} $$ ${";
    let run = pull(&published(&[(".env", &format!("A=one1\nB={text}\n"))])).run().succeeds();
    assert_eq!(run.output("B"), text);
}

#[test]
fn the_expanded_form_of_a_replaced_value_is_masked() {
    let one = "A=first-secret-$X\nA=second-secret\nX=expanded\n";
    let two = [("a.env", "A=first-secret-$X\nX=expanded\n"), ("b.env", "A=second-secret\n")];
    for files in [&[(".env", one)][..], &two] {
        let step = pull(&published(files)).input("expand", "true").input("on-duplicate", "last");
        let run = step.run().succeeds();
        assert_eq!(run.output("A"), "second-secret");
        for value in ["first-secret-expanded", "first-secret-$X", "second-secret"] {
            assert!(run.masks.iter().any(|mask| mask == value), "{value}: {:?}", run.masks);
        }
    }
}

#[test]
fn a_piece_of_a_password_is_no_name_to_list() {
    let run = pull(&published(&[(".env", "PASS=abc$HUNTERTWO\n")])).input("expand", "true").run().fails(2);
    run.does_not_say("HUNTERTWO").says("PASS").says("write `$$`").says("single quotes");
}

#[test]
fn an_expanded_value_is_masked() {
    let bucket = published(&[(".env", "A=first-part\nA=second-part\nB=${Z:-$A-and-more}\n")]);
    let run = pull(&bucket).input("expand", "true").run().succeeds();
    assert_eq!(run.output("B"), "second-part-and-more");
    for text in ["second-part-and-more", "first-part", "second-part"] {
        assert!(run.masks.iter().any(|mask| mask == text), "{text}: {:?}", run.masks);
    }
}

#[test]
fn no_word_takes_the_place_of_a_variable_that_is_not_listed() {
    let bucket = published(&[(".env", "URL=${DB_URL:-sqlite://local}\n")]);
    let step = pull(&bucket).input("expand", "true");
    assert_eq!(step.run().succeeds().output("URL"), "sqlite://local");
    let step = step.env("DB_URL", "swordfish");
    let run =
        step.run().fails(2).says("refers to \"DB_URL\"").says("add this line to `variables`").does_not_say("swordfish");
    assert_eq!(error_of(&run).title, "Expansion");
    assert_eq!(step.input("variables", "DB_URL").run().succeeds().output("URL"), "swordfish");
}

#[test]
fn a_reference_without_a_value_names_the_key_and_no_word() {
    for (contents, said) in [
        ("A=${GITHUB_SHA:?hunter2hunter2}\n", "\"A\" requires \"GITHUB_SHA\", which has no value. Define the name"),
        ("A=hunter2hunter2${GITHUB_SHA\n", "the value of \"A\" has a `${` that begins nothing"),
    ] {
        let step = pull(&published(&[(".env", contents)])).input("expand", "true").without_env("GITHUB_SHA");
        let run = step.run().fails(2).does_not_say("hunter2");
        let message = &error_of(&run).message;
        assert!(message.contains(said), "{message}");
    }
}

#[test]
fn a_private_key_without_quotes_is_told_by_the_line_of_its_value() {
    let text = "A=1\nP=-----BEGIN X-----\nMIIE\nabcd==\n-----END X-----\n";
    let run = push(&Bucket::versioned(), &[(".env", text)])
        .run()
        .fails(2)
        .says("the value that begins here ends on another line, so it needs quotes around both ends");
    run.does_not_say("MIIE").does_not_say("abcd").says("file=.env,line=2");
}

#[test]
fn a_warning_about_a_pushed_file_is_at_its_line() {
    let files = [("a.env", "A=1\nB\n"), ("b.env", "A=1\nB=1\nA=2\n"), ("c.yaml", "a: 1\nb: !my-kind {c: 2}\n")];
    let mut run = push(&Bucket::versioned(), &files).run().succeeds();
    for place in ["a.env,line=2,", "b.env,line=3,", "c.yaml,line=2,"] {
        run = run.says(&format!("::warning file={place}"));
    }
}

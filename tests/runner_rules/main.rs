//! The readers themselves, by the cases of actions/runner's own tests.
//!
//! Sources:
//! [`SetOutputFileCommandL0.cs`](https://github.com/actions/runner/blob/258d6c857db3519913f7deb6004b60172f8043ae/src/Test/L0/Worker/SetOutputFileCommandL0.cs),
//! [`ActionCommandL0.cs`](https://github.com/actions/runner/blob/258d6c857db3519913f7deb6004b60172f8043ae/src/Test/L0/Worker/ActionCommandL0.cs),
//! [`HostContextL0.cs`](https://github.com/actions/runner/blob/258d6c857db3519913f7deb6004b60172f8043ae/src/Test/L0/HostContextL0.cs).

#[path = "mod.rs"]
mod runner_rules;

use runner_rules::command_reader::{Masker, parse_v1, parse_v2, read};
use runner_rules::file_command_reader::{environment, outputs, pairs};

fn read_pairs(text: &str) -> Result<Vec<(String, String)>, String> {
    pairs(text.as_bytes())
}

fn is(text: &str, expected: &[(&str, &str)]) {
    let expected = expected.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    assert_eq!(read_pairs(text), Ok(expected), "{text:?}");
}

#[test]
fn simple_entries() {
    is("", &[]);
    is("MY_OUTPUT=MY VALUE", &[("MY_OUTPUT", "MY VALUE")]);
    is("\u{FEFF}MY_OUTPUT=MY VALUE", &[("MY_OUTPUT", "MY VALUE")]);
    is("\nMY_OUTPUT=my value\n\nMY_OUTPUT_2=\n", &[("MY_OUTPUT", "my value"), ("MY_OUTPUT_2", "")]);
    is("A==abc\nB=def=ghi\nC=jkl=\nD=a<<b", &[("A", "=abc"), ("B", "def=ghi"), ("C", "jkl="), ("D", "a<<b")]);
}

#[test]
fn heredoc_entries() {
    is("A<<EOF\nline one\nline two\nEOF", &[("A", "line one\nline two")]);
    is("A<<EOF\nEOF", &[("A", "")]);
    is("\nA<<EOF\nhello\nEOF\n\nB<<EOF\nagain\nEOF\n", &[("A", "hello"), ("B", "again")]);
    is(
        "A<<=EOF\nhello\none\n=EOF\nB<<<EOF\nhello\ntwo\n<EOF\nC<<EOF\nhello\n\nthree\n\nEOF\nD<<EOF\nhello=four\nEOF\n\
         E<<EOF\n EOF\nEOF",
        &[("A", "hello\none"), ("B", "hello\ntwo"), ("C", "hello\n\nthree\n"), ("D", "hello=four"), ("E", " EOF")],
    );
    is("A<<EOF\nx\r\nEOF\n", &[("A", "x\r")]);
}

#[test]
fn broken_entries() {
    for (text, message) in [
        ("A<<EOF line one line two EOF", "Matching delimiter not found"),
        ("A<<EOF\nline one\nline two EOF", "EOF marker missing new line"),
        ("A<<EOF\nx\nEOF\r\n", "Matching delimiter not found"),
        ("<<EOF\nx\nEOF", "Name must not be empty"),
        ("A<<\nx\n", "Name must not be empty"),
        ("neither", "Invalid format"),
    ] {
        assert!(read_pairs(text).unwrap_err().contains(message), "{text:?}");
    }
}

#[test]
fn names_of_outputs_and_variables() {
    let both = b"Name=1\nNAME=2\nnode_options=--require x\n";
    assert_eq!(outputs(both).unwrap().len(), 2);
    assert_eq!(outputs(both).unwrap().get("NAME").map(String::as_str), Some("2"));
    let (variables, blocked) = environment(both).unwrap();
    assert_eq!(variables.into_keys().collect::<Vec<_>>(), ["NAME", "Name"]);
    assert_eq!(blocked, ["node_options"]);
    assert!(outputs(b"=x").is_err());
}

#[test]
fn commands_with_colons() {
    let data = |line: &str| parse_v2(line, None).map(|command| command.data);
    let property = |line: &str| parse_v2(line, None)?.properties.remove("k1");
    assert_eq!(property("::error k1=v1,::msg").as_deref(), Some("v1"));
    assert_eq!(data("::error k1=v1,::msg").as_deref(), Some("msg"));
    assert_eq!(data("::error::").as_deref(), Some(""));
    let escaped = "::error k1=;=%2C=%0D=%0A=]=%3A,::;-%0D-%0A-]-:-,";
    assert_eq!(data(escaped).as_deref(), Some(";-\r-\n-]-:-,"));
    assert_eq!(property(escaped).as_deref(), Some(";=,=\r=\n=]=:"));
    let twice = "::error k1=;=%252C=%250D=%250A=]=%253A,::;-%250D-%250A-]-:-,";
    assert_eq!(data(twice).as_deref(), Some(";-%0D-%0A-]-:-,"));
    assert_eq!(property(twice).as_deref(), Some(";=%2C=%0D=%0A=]=%3A"));
    assert!(parse_v2("::error k1=,k2=,::", None).unwrap().properties.is_empty());
    assert_eq!(data(" \u{A0}\t::ERROR k1=v1,::msg").as_deref(), Some("msg"));
    for line in ["   >>>   ::error k1=v1,::msg", "::unknown::x", "::error", ":error::", ""] {
        assert_eq!(parse_v2(line, None), None, "{line}");
    }
}

#[test]
fn commands_with_brackets() {
    let command = parse_v1(">>>   ##[error k1=%3B=%0D=%0A=%5D;]%3B-%0D-%0A-%5D", None).unwrap();
    assert_eq!(command.data, ";-\r-\n-]");
    assert_eq!(command.properties.get("k1").map(String::as_str), Some(";=\r=\n=]"));
    assert!(parse_v1("##[error k1=;k2=;]", None).unwrap().properties.is_empty());
    assert_eq!(parse_v1("##[unknown]", None), None);
    assert_eq!(parse_v1("##[error", None), None);
}

#[test]
fn a_mask_hides_its_value_and_each_of_its_lines() {
    let output =
        "hunter2\n::add-mask::hunter2\nis hunter2!\r::add-mask::a line%0A  { %0D%0A\n{ a line }\n::add-mask:: \n";
    let reading = read(output.as_bytes());
    assert_eq!(
        reading.log,
        [
            "hunter2",
            "is ***!",
            "*** *** }",
            "##[warning]Can't add secret mask for empty string in ##[add-mask] command."
        ]
    );
    assert_eq!(reading.data_of("add-mask"), ["hunter2", "a line\n  { \r\n", " "]);
}

#[test]
fn stopped_commands_are_text() {
    let reading = read(b"::stop-commands::token77\n::error::x\n::token77::\n::error::y\n");
    assert_eq!(reading.log, ["::stop-commands::***", "::error::x", "::***::", "##[error]y"]);
}

#[test]
fn forms_that_the_masker_derives() {
    let mut masker = Masker::default();
    for (value, forms) in [
        // From the runner's own tests.
        ("<input name=\"phone\" />", &["&lt;input name=&quot;phone&quot; /&gt;"][..]),
        ("https://example.com?a=1+1", &["https%3A%2F%2Fexample.com%3Fa%3D1%2B1"]),
        ("it's \"a\" \\ \t", &["it''s \"a\" \\ \t", "it's \\\"a\\\" \\\\ \\t", "it's \\\"a\\\" \\ \t"]),
        ("password", &["cGFzc3dvcmQ=", "YXNzd29yZA==", "c3N3b3Jk"]),
        ("\"longer than 8\"", &["longer than 8"]),
        ("first&+second&third", &["first&+", "econd&third"]),
        ("first&second&third1", &["first&second&", "third1"]),
    ] {
        masker.add(value);
        for form in forms.iter().chain([&value]) {
            assert_eq!(masker.mask(&format!("[{form}]")), "[***]", "{form}");
        }
    }
    assert_eq!(masker.mask("passwordpassword password drowssap"), "*** *** drowssap");
}

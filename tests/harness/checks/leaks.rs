//! The search for leaked values.

use crate::harness::Secrets;
use crate::harness::leak::without_masks;

fn finds(secrets: &Secrets, text: &str) -> bool {
    secrets.find_in(text).is_some()
}

#[test]
fn values_of_files_are_found_wherever_they_stand() {
    let secrets = Secrets::default();
    secrets.add_file(
        "a/.env",
        b"# commented=no-value\nA=value-a # why\nexport B=\"value b\"\nC='one line\nanother line'\nD=short\n",
    );
    secrets.add_file("b.json", br#"{"c": {"d": ["value-c", 12345678, true]}}"#);
    secrets.add_file("c.yml", b"e: value-e\nf:\n  - value-f\n");
    secrets.add_file("d.pem", b"MIIBszCCAVmgAwIBAgIU\n");
    for value in ["value-a", "value b", "one line", "another line", "value-c", "12345678", "value-e", "value-f"] {
        assert!(finds(&secrets, &format!("before{value}after")), "{value}");
    }
    assert!(finds(&secrets, "MIIBszCCAVmgAwIBAgIU"));
    assert!(!finds(&secrets, "A B C D short no-value, b.json"));
}

#[test]
fn what_a_value_stands_for_is_found() {
    let secrets = Secrets::default();
    secrets.add_file(
        ".env",
        b"A={\"b\": [\"field-b\"], \"c\": \"{\\\"d\\\": \\\"field-d\\\"}\"}\nE=first line\\nsecond line\nF=dGV4dCBpbiBiYXNlNjQ=\n",
    );
    for text in ["field-b", "field-d", "second line", "text in base64"] {
        assert!(finds(&secrets, text), "{text}");
    }
}

#[test]
fn values_are_found_in_the_form_that_debug_prints() {
    let secrets = Secrets::default();
    secrets.add("say \"ten\\\t\"");
    assert!(finds(&secrets, &format!("{:?}", Some("say \"ten\\\t\""))));
}

#[test]
fn a_value_that_is_said_to_be_public_may_be_seen() {
    let secrets = Secrets::default();
    secrets.add("us-east-1");
    secrets.allow("us-east-1");
    assert!(!finds(&secrets, "us-east-1"));
}

#[test]
fn only_commands_that_mask_are_left_out() {
    let stdout = "::add-mask::one\n  ::add-mask::two\nx ::add-mask::three\n::error::four\n::debug::five";
    assert_eq!(without_masks(stdout), "x ::add-mask::three\n::error::four\n::debug::five");
}

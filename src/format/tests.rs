//! What all forms have in common. What each of them looks like and refuses, and that it is read back, is shown by
//! `tests/format`.

use super::*;
use crate::config::Value;
use crate::tried::holds;

fn setting(name: &str, text: &str) -> Setting {
    Setting { name: name.to_owned(), value: Value::text(text) }
}

#[test]
fn names_lead_to_formats_and_back() {
    for &format in Format::ALL {
        assert_eq!(Format::from_name(format.name()), Some(format));
    }
    for unknown in ["", "JSON", "env", "k8s"] {
        assert_eq!(Format::from_name(unknown), None);
    }
}

#[test]
fn what_every_form_holds() {
    for &format in Format::ALL {
        assert!(render(format, &[setting("DB_HOST", "/shop/a"), setting("B", "/1/2")], "shop").is_ok(), "{format}");
    }
}

#[test]
fn a_key_stays_where_the_form_holds_it_and_becomes_a_name_that_it_holds() {
    let kept: Vec<_> = Format::ALL.iter().map(|format| (format.name(), 5)).collect();
    holds(
        256,
        &"[A-Za-z0-9_.-]{0,6}|[A-Z\\PC\0\n=#]{0,6}",
        &[&kept[..], &[("renamed", 50)]].concat(),
        |key: String| {
            let mut met = Vec::new();
            for &format in Format::ALL {
                let name = format.name_of(&key);
                let held = |name: &str| render(format, &[setting(name, "/shop/a")], "shop").is_ok();
                assert!(held(&name), "{format} {key:?}");
                assert_eq!(name == key, held(&key), "{format} {key:?}");
                met.push(if name == key { format.name() } else { "renamed" });
            }
            met
        },
    );
}

#[test]
fn an_error_names_the_form_and_the_key() {
    let render = |settings: &[Setting]| render(Format::from_name("shell").unwrap(), settings, "");
    let error = render(&[setting("A", ""), setting("B\u{1b}[2J", "hunter2")]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the format shell cannot hold \"B\\u{1b}[2J\": a name must begin with a letter or _ and go on with letters, digits and _"
    );
    let error = render(&[setting(&"-".repeat(1 << 20), "")]).unwrap_err();
    assert!(error.to_string().len() < 400);
}

#[test]
fn every_form_renders_or_refuses_without_telling_the_value() {
    let names = "[A-Z]{1,6}|[A-Z\\PC\0\n=]{0,6}";
    // The last is what the one takes that takes references alone.
    let values = "hunter2[ -~é😀]{0,40}|hunter2[ -~\0\r\n\t\u{80}-\u{a0}é😀]{0,40}\0?|/hunter2/[a-z]{1,9}";
    let least = |format: &Format| if format.name() == "ecs-secrets" { 20 } else { 50 };
    let rendered: Vec<_> = Format::ALL.iter().map(|format| (format.name(), least(format))).collect();
    holds(256, &(names, values), &[&rendered[..], &[("refused", 50)]].concat(), |(name, value)| {
        let mut met = Vec::new();
        for &format in Format::ALL {
            match render(format, &[setting(&name, &value)], &name) {
                Ok(text) => {
                    assert!(text.expose().ends_with('\n'));
                    met.push(format.name());
                }
                Err(error) => {
                    let said = format!("{error} {error:?}");
                    assert!(!said.contains("hunter2"), "{said}");
                    met.push("refused");
                }
            }
        }
        assert!(!json_object(&[setting(&name, &value)]).expose().contains(['\n', '\r']));
        met
    });
}

//! Inputs: whatever stands in them, there is a request or an error that names the input, keeps to one line, and never
//! shows what `defaults` holds.

use std::collections::BTreeMap;

use cstore::action::inputs::{given, job, tag};
use cstore::option::OPTIONS;
use cstore::request::Request;
use cstore::secret::Secret;

const DEFAULT: &str = "value-by-default";

/// The values of the options, between NULs, in the order of the table.
pub fn hold(bytes: &[u8]) {
    let texts = bytes.split(|byte| *byte == 0).map(String::from_utf8_lossy);
    let mut environment: BTreeMap<_, _> = OPTIONS
        .iter()
        .zip(texts)
        .map(|(option, text)| {
            let text = if option.name == "defaults" { format!("{text}{DEFAULT}") } else { text.into_owned() };
            (format!("INPUT_{}", option.name.to_uppercase()), Secret::new(text))
        })
        .collect();
    environment.insert("GITHUB_REPOSITORY".to_owned(), Secret::from("acme/shop"));
    let error = match given(&environment) {
        Ok(given) => {
            let tag = tag(&environment);
            match Request::new(&given, tag.as_deref(), job(environment)) {
                Ok(request) => {
                    assert!(!format!("{request:?}").contains(DEFAULT), "a request shows a value");
                    return;
                }
                Err(error) => error,
            }
        }
        Err(error) => error,
    };
    assert!(OPTIONS.iter().any(|option| option.name == error.name), "{:?} is no input", error.name);
    assert!(!error.problem.is_empty() && !error.remedy.is_empty());
    let told = format!("{error} {} {error:?}", error.remedy);
    assert!(!told.contains(DEFAULT), "an error of {} shows a value", error.name);
}

//! Inputs: whatever stands in them, there is a request or an error that names the input, keeps to one line, and never
//! shows what `defaults` holds.

use cstore::action::inputs::{raw_options, run_info};
use cstore::environment::Environment;
use cstore::error::Error;
use cstore::message::{Action, message};
use cstore::option::{OPTIONS, OptionError};
use cstore::request::{PullRequest, PushRequest};
use cstore::secret::Secret;

const DEFAULT: &str = "value-by-default";

/// The values of the options, between NULs, in the order of the table.
pub fn hold(bytes: &[u8]) -> Vec<&'static str> {
    let texts = bytes.split(|byte| *byte == 0).map(String::from_utf8_lossy);
    let environment: Environment = OPTIONS
        .iter()
        .zip(texts)
        .map(|(option, text)| {
            let text = if option.name == "defaults" { format!("{text}{DEFAULT}") } else { text.into_owned() };
            (format!("INPUT_{}", option.name.to_uppercase()), Secret::new(text))
        })
        .chain([("GITHUB_REPOSITORY".to_owned(), Secret::from("acme/shop"))])
        .collect();
    match read(&environment) {
        Ok(printed) => {
            assert!(!printed.contains(DEFAULT), "a request shows a value");
            vec!["a request"]
        }
        Err(error) => {
            let name = error.name.clone();
            assert!(OPTIONS.iter().any(|option| option.name == name), "{name:?} is no input");
            let error = Error::from(error);
            let message = message(&error, Action);
            assert!(!message.what.is_empty() && !message.next.is_empty());
            let told = format!("{} {error} {error:?}", message.text());
            assert!(!told.contains(DEFAULT), "an error of {name} shows a value");
            vec!["an error"]
        }
    }
}

/// What a pull and a push make of these inputs, printed.
fn read(environment: &Environment) -> Result<String, OptionError> {
    let (raw, run) = (raw_options(environment)?, run_info(environment).unwrap());
    Ok(format!("{:?} {:?}", PullRequest::new(&raw, &run)?, PushRequest::new(&raw, &run)?))
}

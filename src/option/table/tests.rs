use std::collections::HashSet;

use super::*;
use crate::option::spec::{FrontEnd, Kind};

#[test]
fn names_are_unique_and_in_one_style() {
    let names: HashSet<_> = OPTIONS.iter().map(|option| option.name).collect();
    assert_eq!(names.len(), OPTIONS.len());
    assert!(names.iter().all(|name| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')), "{names:?}");
    let of_action = OPTIONS.iter().filter(|option| option.front_ends.contains(&FrontEnd::Action));
    of_action.for_each(|option| assert!(!NOT_YET.contains(&option.name), "{}", option.name));
}

#[test]
fn every_option_says_what_it_means() {
    for option in OPTIONS {
        assert!(option.description.ends_with('.'), "{}", option.name);
    }
}

#[test]
fn every_default_is_one_that_could_be_given() {
    for option in OPTIONS {
        let (name, default) = (option.name, option.default);
        match option.kind {
            Kind::Flag => assert!(["true", "false"].contains(&default), "{name}"),
            Kind::Choice(words) => assert!(words.contains(&default) || default.is_empty(), "{name}"),
            Kind::Seconds(least, most) => assert!((least..=most).contains(&default.parse().unwrap()), "{name}"),
            Kind::Number(least, most) => assert!((least..=most).contains(&default.parse().unwrap()), "{name}"),
            Kind::Text | Kind::Lines => {}
        }
    }
}

#[test]
fn what_can_be_malformed_says_how_to_write_it() {
    let says_itself = ["audience", "author", "role-external-id", "required-keys", "allow-env"];
    for option in OPTIONS.iter().filter(|option| matches!(option.kind, Kind::Text | Kind::Lines)) {
        assert!(!option.syntax.is_empty() || says_itself.contains(&option.name), "{}", option.name);
    }
}

use crate::command::Location;

/// "2 files".
pub(crate) fn counted(number: usize, of_what: &str) -> String {
    format!("{number} {of_what}{}", if number == 1 { "" } else { "s" })
}

/// "Pushed v1.2.3 of shop in s3://cstore-shop": what was done, and where.
pub(crate) fn headline(verb: &str, location: &Location) -> String {
    format!("{verb} {}", place(location))
}

/// What a push did, as the beginning of a headline.
pub(crate) const fn push_verb(dry_run: bool, changed: bool) -> &'static str {
    verb(dry_run, changed, "Would push", "Pushed")
}

/// What a promotion did, as the beginning of a headline.
pub(crate) const fn promotion_verb(dry_run: bool, changed: bool) -> &'static str {
    verb(dry_run, changed, "Would promote to", "Promoted to")
}

/// What a command did that stores files, from what it would do and what it has done where that changes anything.
pub(super) const fn verb(dry_run: bool, changed: bool, would: &'static str, has: &'static str) -> &'static str {
    match (dry_run, changed) {
        (true, true) => would,
        (true, false) => "Nothing would change in",
        (false, true) => has,
        (false, false) => "Nothing has changed in",
    }
}

/// "v1.2.3 of shop in s3://cstore-shop".
pub(crate) fn place(location: &Location) -> String {
    let version = match location.version.as_str() {
        "head" => "the head",
        version => version,
    };
    format!("{version} of {} in s3://{}", location.context, location.bucket)
}

use crate::command::Location;

/// "2 files".
pub(crate) fn counted(number: usize, of_what: &str) -> String {
    format!("{number} {of_what}{}", if number == 1 { "" } else { "s" })
}

/// "Pushed v1.2.3 of shop in s3://cstore-shop": what was done, and where.
pub(crate) fn headline(verb: &str, location: &Location) -> String {
    format!("{verb} {}", place(location))
}

/// "v1.2.3 of shop in s3://cstore-shop".
pub(crate) fn place(location: &Location) -> String {
    let version = match location.version.as_str() {
        "head" => "the head",
        version => version,
    };
    format!("{version} of {} in s3://{}", location.context, location.bucket)
}

//! Times as a person at a terminal reads them.

use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

/// "3 days ago"; none of a time that is none, or that has not come yet.
pub(super) fn ago(time: &str, now: OffsetDateTime) -> Option<String> {
    let passed = now - OffsetDateTime::parse(time, &Rfc3339).ok()?;
    if passed < Duration::ZERO {
        return None;
    }
    let units = [
        (passed.whole_days() / 365, "year"),
        (passed.whole_days() / 30, "month"),
        (passed.whole_days(), "day"),
        (passed.whole_hours(), "hour"),
        (passed.whole_minutes(), "minute"),
    ];
    let (number, unit) =
        units.into_iter().find(|(number, _)| *number > 0).unwrap_or((passed.whole_seconds(), "second"));
    Some(format!("{number} {unit}{} ago", if number == 1 { "" } else { "s" }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_past_is_told_in_its_largest_unit() {
        let now = OffsetDateTime::parse("2026-03-10T12:00:00Z", &Rfc3339).unwrap();
        for (time, expected) in [
            ("2026-03-07T12:00:00Z", Some("3 days ago")),
            ("2026-03-09T12:00:01Z", Some("23 hours ago")),
            ("2026-03-10T11:59:00Z", Some("1 minute ago")),
            ("2026-03-10T12:00:00+01:00", Some("1 hour ago")),
            ("2026-03-10T12:00:00Z", Some("0 seconds ago")),
            ("2025-01-01T00:00:00Z", Some("1 year ago")),
            ("2026-03-11T12:00:00Z", None),
            ("yesterday", None),
        ] {
            assert_eq!(ago(time, now).as_deref(), expected, "{time}");
        }
    }
}

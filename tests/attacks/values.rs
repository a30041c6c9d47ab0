//! Values that hold much to mask: each text inside a value is one more for the runner to look for in every line.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::harness::{Action, Bucket, shows};
use crate::story::{pull, refused};

/// The size of most values. Work that grows as the square of it shows at this size, too.
const SIZE: usize = 128 * 1024;

/// More fields or lines than can be masked, by little.
const FIELDS: usize = 110_000;

/// A bucket in which `v1` is one value. It is nobody's secret, and the search for it would take longer than the step.
fn published(value: &str) -> Bucket {
    let bucket = Bucket::versioned();
    let step = Action::push(&bucket).version("v1").files(&["a.env"]);
    step.repository_file("a.env", format!("LARGE='{value}'\n")).measured().run().succeeds();
    bucket
}

/// A case, and its value.
type Case = (&'static str, fn() -> String);

const TOO_MUCH: [Case; 3] = [
    ("fields", || {
        let fields: Vec<_> = (0..FIELDS).map(|number| format!("\"field-{number}\"")).collect();
        format!("[{}]", fields.join(","))
    }),
    ("lines", || (0..FIELDS).map(|number| format!("line {number}\n")).collect()),
    ("lines in base64", || STANDARD.encode((0..FIELDS).map(|number| format!("line {number}\n")).collect::<String>())),
];

const HARD: [Case; 6] = [
    ("brackets in brackets", || "[{\"a\":".repeat(SIZE / 4)),
    ("JSON in JSON", || (0..10).fold("x".repeat(100), |text, _| serde_json::json!([text, text]).to_string())),
    ("base64 in base64", || (0..12).fold("x".repeat(10 * 1024), |text, _| STANDARD.encode(text))),
    ("escapes", || r"\\\n\x41".repeat(SIZE / 8)),
    ("empty fields", || format!("[{}0]", "\"\",".repeat(SIZE / 2))),
    ("blank lines", || "\n".repeat(2 * SIZE)),
];

#[test]
fn of_texts_inside_a_value_no_more_are_masked_than_a_file_may_have_values() {
    let shown = shows(
        "T6",
        "a value that holds more fields or lines than can be masked",
        "code 2, naming the key, within 256 MiB and 5 seconds; nothing delivered",
    );
    for (case, value) in shown.each(TOO_MUCH) {
        refused(&pull(&published(&value()), "v1"), 2, case).says("LARGE").says("more than 100000");
    }
}

#[test]
fn looking_into_a_value_takes_little() {
    let shown = shows(
        "T6",
        "a value that holds brackets in brackets, JSON in JSON, base64 in base64, nothing but escapes or empty fields",
        "delivered, within 256 MiB and 5 seconds",
    );
    for (case, value) in shown.each(HARD) {
        let run = pull(&published(&value()), "v1").run();
        assert_eq!(run.code, 0, "{case}: {:.2000}", run.printed());
        run.stays_small();
    }
}

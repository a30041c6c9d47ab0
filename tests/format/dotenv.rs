//! `dotenv`, read by this crate's own dialect, which holds every text, and by python-dotenv.

use cstore::config::{FileType, parse};
use proptest::prelude::*;

use crate::readers::{Files, Found, texts};
use crate::shape::{holds, looks_like, refuses};
use crate::values::{documents, few, text};

const NAME: &str = "[A-Za-z0-9_.][A-Za-z0-9_.-]{0,6}";

/// What python-dotenv cannot hold in any quoting: it knows no escape for `$`, so it is at a loss where single quotes
/// do not do and `$` is escaped for all the others.
fn is_known_to_python(text: &str) -> bool {
    let needs_escapes = text.contains(['\'', '\r']) || text.contains("\\\\") || text.ends_with('\\');
    !(needs_escapes && text.contains('$'))
}

proptest! {
    #![proptest_config(few())]
    #[test]
    fn this_crate_reads_every_value_back(documents in documents(NAME, text())) {
        let files = Files::rendered("dotenv", &documents);
        for (path, expected) in files.paths.iter().zip(texts(&documents)) {
            let parsed = parse(FileType::Dotenv, &std::fs::read(path).unwrap(), "_").unwrap();
            prop_assert_eq!(parsed.warnings, []);
            let entries = parsed.entries;
            prop_assert!(entries.iter().all(|entry| entry.dollars.is_empty()), "nothing is left to expand");
            let pairs = entries.into_iter().map(|entry| (entry.key, entry.value.text.into_exposed()));
            prop_assert_eq!(Found::of(pairs), expected);
        }
    }

    #[test]
    fn python_dotenv_reads_every_value_back(
        documents in documents(NAME, text().prop_filter("$", |text| is_known_to_python(text))),
    ) {
        let files = Files::rendered("dotenv", &documents);
        prop_assert_eq!(files.read_by("python_dotenv.py", &[]), texts(&documents));
    }
}

#[test]
fn what_it_looks_like_and_refuses() {
    looks_like("dotenv", "GREETING=\"it's a \\\"test\\\"\"\nPORT=8080\n", "");
    holds("dotenv", &["db.host-1", "UID", "1ST", ".a", "export"], &["", "a\nb", "a\r"]);
    refuses("dotenv", &["-a", "#a", "a b", "a\nb", "\u{feff}a", "", "a=b", "a\0b"], &["a\0b"]);
}

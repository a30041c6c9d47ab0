//! `json`, and the output `config-json`, read by jq.

use cstore::format::json_object;
use proptest::prelude::*;

use crate::readers::{Files, typed};
use crate::shape::{holds, looks_like};
use crate::values::{few, typed_documents};

proptest! {
    #![proptest_config(few())]
    #[test]
    fn jq_reads_every_value_back(documents in typed_documents()) {
        let expected = typed(&documents);
        let files = Files::rendered("json", &documents);
        prop_assert_eq!(files.read_by("jq_entries.py", &[]), &expected[..]);

        let objects = Files::of(documents.iter().map(|settings| json_object(settings).into_exposed()));
        prop_assert_eq!(objects.read_by("jq_entries.py", &[]), expected);
    }
}

#[test]
fn it_looks_like_this_and_refuses_nothing() {
    looks_like("json", "{\n  \"GREETING\": \"it's a \\\"test\\\"\",\n  \"PORT\": 8080\n}\n", "{}\n");
    holds("json", &["", "a=b", "a\0b", "a\nb", "\u{feff}a"], &["", "a\0b", "a\nb", "a\r"]);
    assert_eq!(json_object(&[]).expose(), "{}");
}

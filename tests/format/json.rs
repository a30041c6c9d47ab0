//! `json`, and the output `config-json`, read by jq.

use cstore::format::{Format, json_object};
use proptest::prelude::*;

use crate::readers::{Files, typed};
use crate::values::{few, typed_documents};

proptest! {
    #![proptest_config(few())]
    #[test]
    fn jq_reads_every_value_back(documents in typed_documents()) {
        let expected = typed(&documents);
        let files = Files::rendered(Format::Json, &documents);
        prop_assert_eq!(files.read_by("jq_entries.py", &[]), &expected[..]);

        let objects = Files::of(documents.iter().map(|settings| json_object(settings).into_exposed()));
        prop_assert_eq!(objects.read_by("jq_entries.py", &[]), expected);
    }
}

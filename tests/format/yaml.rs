//! `yaml`, read by PyYAML (YAML 1.1, its own scanner and libyaml's, of which Go's is a port) and by ruamel.yaml
//! (YAML 1.2).

use proptest::prelude::*;

use crate::readers::{Files, typed};
use crate::shape::{holds, looks_like, refuses};
use crate::values::{few, typed_documents};

pub(crate) const PARSERS: [&str; 3] = ["pyyaml", "libyaml", "ruamel"];

proptest! {
    #![proptest_config(few())]
    #[test]
    fn yaml_parsers_read_every_value_back(documents in typed_documents()) {
        let files = Files::rendered("yaml", &documents);
        let expected = typed(&documents);
        for parser in PARSERS {
            prop_assert_eq!(&files.read_by("yaml_entries.py", &[parser]), &expected, "{}", parser);
        }
    }
}

#[test]
fn it_looks_like_this_and_refuses_nothing_of_usual_length() {
    looks_like("yaml", "GREETING: \"it's a \\\"test\\\"\"\nPORT: 8080\n", "{}\n");
    holds("yaml", &["", "a=b", "a\0b", "a\nb", "\u{feff}a"], &["", "a\0b", "a\nb", "a\r"]);
    refuses("yaml", &[&"k".repeat(1025)], &[]);
}

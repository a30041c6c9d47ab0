//! `yaml`, read by PyYAML (YAML 1.1, its own scanner and libyaml's, of which Go's is a port) and by ruamel.yaml
//! (YAML 1.2).

use cstore::format::Format;
use proptest::prelude::*;

use crate::readers::{Files, typed};
use crate::values::{few, typed_documents};

pub(crate) const PARSERS: [&str; 3] = ["pyyaml", "libyaml", "ruamel"];

proptest! {
    #![proptest_config(few())]
    #[test]
    fn yaml_parsers_read_every_value_back(documents in typed_documents()) {
        let files = Files::rendered(Format::Yaml, &documents);
        let expected = typed(&documents);
        for parser in PARSERS {
            prop_assert_eq!(&files.read_by("yaml_entries.py", &[parser]), &expected, "{}", parser);
        }
    }
}

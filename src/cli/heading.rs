//! The headings that long help has options under.

use crate::option::{
    ALLOW_ENV, ALLOW_HTTP, ALLOWED_ACCOUNT_IDS, AWS_REGION, BUCKET, CATALOG, CONTEXT, DEFAULTS, DIGEST, DROP_AWS,
    ENDPOINT_URL, EXPAND, EXPECTED_BUCKET_OWNER, FILE, FILES, FORMAT, FROM_PROFILE, FROM_ROLE_TO_ASSUME, IF_MISSING,
    JSON, KEEP, KEYS, KMS_KEY_ID, NO_COLOR, NO_OVERWRITE, ON_DUPLICATE, OUTPUT, OUTPUT_CASE, OUTPUT_PREFIX, OptionSpec,
    PREFER_ENV, PRISTINE, PROFILE, QUIET, REQUIRED_KEYS, ROLE_DURATION_SECONDS, ROLE_EXTERNAL_ID, ROLE_SESSION_NAME,
    ROLE_TO_ASSUME, SCHEMA, SEMVER_KEYS, SEPARATOR, TAGS, TEMPLATE, TEMPLATE_STRICT, TYPES, VARIABLES, VERSION,
};

/// The options under each heading. All others say how a command works, under the heading `Options`.
static HEADINGS: [(&str, &[&OptionSpec]); 5] = [
    ("Which configuration", &[&CONTEXT, &BUCKET, &CATALOG, &VERSION, &FILES, &TAGS, &VARIABLES, &DIGEST, &IF_MISSING]),
    (
        "Values",
        &[
            &KEYS,
            &FORMAT,
            &NO_OVERWRITE,
            &OUTPUT_PREFIX,
            &OUTPUT_CASE,
            &SEPARATOR,
            &DEFAULTS,
            &ON_DUPLICATE,
            &ALLOW_ENV,
            &EXPAND,
            &TYPES,
            &PREFER_ENV,
            &PRISTINE,
            &KEEP,
            &DROP_AWS,
            &FILE,
        ],
    ),
    ("Checks", &[&REQUIRED_KEYS, &TEMPLATE, &TEMPLATE_STRICT, &SCHEMA, &SEMVER_KEYS]),
    (
        "AWS",
        &[
            &PROFILE,
            &FROM_PROFILE,
            &AWS_REGION,
            &KMS_KEY_ID,
            &ROLE_TO_ASSUME,
            &FROM_ROLE_TO_ASSUME,
            &ROLE_SESSION_NAME,
            &ROLE_DURATION_SECONDS,
            &ROLE_EXTERNAL_ID,
            &ALLOWED_ACCOUNT_IDS,
            &EXPECTED_BUCKET_OWNER,
            &ENDPOINT_URL,
            &ALLOW_HTTP,
        ],
    ),
    ("Output", &[&OUTPUT, &JSON, &QUIET, &NO_COLOR]),
];

/// The heading of an option; none for `Options`.
pub(super) fn heading(option: &OptionSpec) -> Option<&'static str> {
    HEADINGS.iter().find(|(_, options)| options.contains(&option)).map(|(heading, _)| *heading)
}

//! The option `version` as a person types it: which may name a context and a bucket, too.

use crate::name::{Reference, StoredReference};
use crate::option::{BUCKET, CONTEXT, OptionError, RawOptions, VERSION};

/// Why a command that takes what is in a bucket cannot take the files here.
#[derive(Debug, thiserror::Error)]
#[error("`.` stands for the files that lie here, and this command takes what is in the bucket")]
struct Working;

/// Takes `CONTEXT@VERSION` and `s3://BUCKET/CONTEXT[@VERSION]` apart: what they name counts before what other flags,
/// variables and the catalog say.
///
/// # Errors
/// What can be no reference, and the working files.
pub(super) fn resolve_reference(raw: &mut RawOptions) -> Result<(), OptionError> {
    let Some(text) = raw.text(&VERSION).map(str::trim) else { return Ok(()) };
    // What is a version alone is read with all that is said of versions.
    if text != "." && !text.contains('@') && !text.starts_with("s3://") {
        return Ok(());
    }
    let StoredReference { bucket, context, version } =
        match Reference::new(text).map_err(|error| OptionError::unusable(&VERSION, error))? {
            Reference::Working => return Err(OptionError::unusable(&VERSION, Working)),
            Reference::Stored(stored) => stored,
        };
    if let Some(bucket) = bucket {
        raw.set(&BUCKET, &bucket);
    }
    if let Some(context) = context {
        raw.set(&CONTEXT, context.as_str());
    }
    raw.set(&VERSION, &version.to_string());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::option::FrontEnd;

    fn resolved(version: &str) -> Result<[Option<String>; 3], OptionError> {
        let given = [("version", version), ("context", "here"), ("bucket", "own")];
        let given = given.map(|(name, text)| (name, text.to_owned()));
        let mut raw = RawOptions::new(FrontEnd::CommandLine, given)?;
        resolve_reference(&mut raw)?;
        Ok([&BUCKET, &CONTEXT, &VERSION].map(|option| raw.text(option).map(ToOwned::to_owned)))
    }

    #[test]
    fn a_reference_says_where_before_all_else() {
        for (text, means) in [
            ("v1.2.3", ["own", "here", "v1.2.3"]),
            ("^1.2", ["own", "here", "^1.2"]),
            ("shop@head", ["own", "shop", "head"]),
            ("team/shop@^1", ["own", "team/shop", "^1"]),
            ("s3://other/team/shop@v1", ["other", "team/shop", "v1"]),
            ("s3://other/shop", ["other", "shop", "head"]),
        ] {
            assert_eq!(resolved(text).unwrap().map(Option::unwrap), means, "{text}");
        }
        for bad in [".", "@v1", "shop@", "s3://other", "../x@v1"] {
            assert!(resolved(bad).is_err(), "{bad}");
        }
    }
}

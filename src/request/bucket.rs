use crate::name::{Reference, StoredReference};
use crate::option::{BUCKET, OptionError, OptionProblem, OptionSpec, shortened};

/// Checks a bucket's name
/// (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>).
pub(super) fn check_bucket(name: &str) -> Result<(), OptionError> {
    if is_bucket_name(name) { Ok(()) } else { Err(OptionError::new(&BUCKET, OptionProblem::NotA("bucket name"))) }
}

/// Checks that the bucket which a reference names, if it names one, could be one.
pub(super) fn check_reference(option: &'static OptionSpec, reference: &Reference) -> Result<(), OptionError> {
    match reference {
        Reference::Stored(StoredReference { bucket: Some(bucket), .. }) if !is_bucket_name(bucket) => {
            Err(OptionError::new(option, OptionProblem::IsNotA(shortened(&reference.to_string()), "reference")))
        }
        _ => Ok(()),
    }
}

/// Whether S3 could have a bucket of this name.
pub(crate) fn is_bucket_name(name: &str) -> bool {
    let edge = |byte: Option<&u8>| byte.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let bytes = name.as_bytes();
    (3..=63).contains(&bytes.len())
        && edge(bytes.first())
        && edge(bytes.last())
        && bytes.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.".contains(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bucket_names_follow_s3s_rules() {
        for good in ["abc", "my-bucket.1", &"a".repeat(63)] {
            assert!(is_bucket_name(good), "{good}");
        }
        for bad in ["", "ab", "A-bucket", "-ab", "ab-", "s3://abc", "a_b", "a/b", &"a".repeat(64)] {
            assert!(!is_bucket_name(bad), "{bad}");
        }
    }
}

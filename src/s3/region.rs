//! What S3 says of a bucket's region.

/// Where S3 says in which region a bucket is.
pub(super) const BUCKET_REGION: &str = "x-amz-bucket-region";

/// Whether a text can be a region's name, which becomes a part of host names.
pub(crate) fn is_region(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// The region in "the region 'a' is wrong; expecting 'b'" and in "The b location constraint is incompatible for the
/// region specific endpoint this request was sent to".
pub(super) fn region_in(message: &str) -> Option<&str> {
    let expected = || message.split_once("expecting '")?.1.split_once('\'').map(|(region, _)| region);
    let constraint = || message.strip_prefix("The ")?.split_once(" location constraint").map(|(region, _)| region);
    // What S3 calls the absence of a constraint is no region.
    expected().or_else(constraint).filter(|region| *region != "unspecified")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_is_read_from_s3s_words() {
        for (message, region) in [
            (
                "The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-west-1'",
                Some("eu-west-1"),
            ),
            (
                "The eu-south-1 location constraint is incompatible for the region specific endpoint this request was sent to.",
                Some("eu-south-1"),
            ),
            (
                "The unspecified location constraint is incompatible for the region specific endpoint this request was sent to.",
                None,
            ),
            ("The bucket you are attempting to access must be addressed using the specified endpoint.", None),
        ] {
            assert_eq!(region_in(message), region, "{message}");
        }
    }
}

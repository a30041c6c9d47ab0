use aws_sdk_s3::config::Region;

use super::{AwsBucket, Key};

/// How the names of regions begin that are not of the partition `aws`, as the endpoint rules of AWS's SDKs have it.
const PARTITIONS: [(&str, &str); 7] = [
    ("cn-", "aws-cn"),
    ("us-gov-", "aws-us-gov"),
    ("us-iso-", "aws-iso"),
    ("us-isob-", "aws-iso-b"),
    ("us-isof-", "aws-iso-f"),
    ("eu-isoe-", "aws-iso-e"),
    ("eusc-", "aws-eusc"),
];

impl AwsBucket {
    /// The ARN of the object at a key, in the partition of the bucket's region. Of another service than AWS's it is
    /// what AWS would call it.
    #[must_use]
    pub fn arn(&self, key: &Key) -> String {
        let client = self.client();
        let region: &str = client.config().region().map_or("", Region::as_ref);
        format!("arn:{}:s3:::{}/{key}", partition_of(region), self.name)
    }
}

fn partition_of(region: &str) -> &'static str {
    PARTITIONS.iter().find(|(beginning, _)| region.starts_with(beginning)).map_or("aws", |(_, partition)| partition)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_tells_its_partition() {
        for (region, partition) in [
            ("eu-central-1", "aws"),
            ("us-east-1", "aws"),
            ("cn-north-1", "aws-cn"),
            ("us-gov-west-1", "aws-us-gov"),
            ("us-iso-east-1", "aws-iso"),
            ("us-isob-east-1", "aws-iso-b"),
            ("", "aws"),
        ] {
            assert_eq!(partition_of(region), partition, "{region}");
        }
    }
}

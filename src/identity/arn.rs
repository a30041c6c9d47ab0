use std::fmt;

use super::AccountId;

/// A role's ARN: `arn:PARTITION:iam::ACCOUNT:role/PATH/NAME`
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns>).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleArn {
    text: String,
    /// The partition and the account; none of another service than AWS's.
    of_aws: Option<(String, AccountId)>,
}

impl RoleArn {
    /// Reads an ARN; `None` when it is none of a role.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let mut parts = text.splitn(6, ':');
        let mut next = || parts.next();
        let (arn, partition, service, region, account, resource) =
            (next()?, next()?, next()?, next()?, next()?, next()?);
        let is_role = resource.strip_prefix("role/").is_some_and(|name| {
            // What IAM allows in names and paths, without the blanks and quotes that would be a slip.
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"/+=,.@_-".contains(&b))
        });
        let is_partition = partition.starts_with("aws")
            && partition.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if arn != "arn" || !is_partition || service != "iam" || !region.is_empty() || !is_role || text.len() > 2048 {
            return None;
        }
        let account = AccountId::new(account)?;
        Some(Self { text: text.to_owned(), of_aws: Some((partition.to_owned(), account)) })
    }

    /// Takes what another service than AWS's calls the ARN of a role, such as `arn:aws:iam:::role/x` and
    /// `arn:minio:iam:::role/x`: it means what the service says. `None` when it is no ARN at all.
    #[must_use]
    pub fn opaque(text: &str) -> Option<Self> {
        let is_one = text.starts_with("arn:") && text.len() <= 2048 && text.bytes().all(|byte| byte.is_ascii_graphic());
        is_one.then(|| Self { text: text.to_owned(), of_aws: None })
    }

    /// Whether it may be that of a role of AWS's, by its form.
    #[must_use]
    pub(super) fn has_form_of_aws(&self) -> bool {
        Self::new(&self.text).is_some()
    }

    /// The ARN.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The account that the role belongs to; none of another service than AWS's.
    #[must_use]
    pub fn account(&self) -> Option<&AccountId> {
        self.of_aws.as_ref().map(|(_, account)| account)
    }

    /// A region of its partition whose STS may be asked when no other is known: the one that the partition's global
    /// services live in.
    #[must_use]
    pub fn home_region(&self) -> &'static str {
        match self.of_aws.as_ref().map_or("", |(partition, _)| partition.as_str()) {
            "aws-cn" => "cn-north-1",
            "aws-us-gov" => "us-gov-west-1",
            "aws-iso" => "us-iso-east-1",
            "aws-iso-b" => "us-isob-east-1",
            "aws-iso-e" => "eu-isoe-west-1",
            "aws-iso-f" => "us-isof-south-1",
            "aws-eusc" => "eusc-de-east-1",
            _ => "us-east-1",
        }
    }
}

impl fmt::Display for RoleArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_says_its_account_and_where_it_is_at_home() {
        for (text, region) in [
            ("arn:aws:iam::111122223333:role/puller", "us-east-1"),
            ("arn:aws-cn:iam::111122223333:role/ci/puller", "cn-north-1"),
            ("arn:aws-us-gov:iam::111122223333:role/a+b=c,d.e@f_g-h", "us-gov-west-1"),
        ] {
            let arn = RoleArn::new(text).unwrap();
            let account = arn.account().map(AccountId::as_str);
            assert_eq!((arn.as_str(), account, arn.home_region()), (text, Some("111122223333"), region));
        }
    }

    #[test]
    fn another_services_arn_says_neither_account_nor_region() {
        for text in [
            "arn:aws:iam:::role/puller",
            "arn:aws:iam::role/puller",
            "arn:minio:iam:::role/idmp-4Zx_9",
            "arn:aws-cn:iam::111122223333:role/puller",
        ] {
            let arn = RoleArn::opaque(text).unwrap();
            assert_eq!((arn.as_str(), arn.account(), arn.home_region()), (text, None, "us-east-1"));
        }
        for text in
            ["", "puller", "arn:aws:iam:::role/pull er", "arn:aws:iam:::role/x\n", &format!("arn:{}", "x".repeat(2048))]
        {
            assert_eq!(RoleArn::opaque(text), None, "{text:?}");
        }
    }

    #[test]
    fn nothing_else_is_a_role() {
        let prefix = "arn:aws:iam::111122223333:role/";
        let longest = format!("{prefix}{}", "x".repeat(2048 - prefix.len()));
        assert!(RoleArn::new(&longest).is_some());
        for text in [
            &*format!("{longest}x"),
            "",
            "puller",
            "arn:aws:iam::111122223333:role/",
            "arn:aws:iam::111122223333:user/puller",
            "arn:aws:iam::1111:role/puller",
            "arn:aws:sts::111122223333:assumed-role/puller/me",
            "arn:aws:iam:eu-west-1:111122223333:role/puller",
            "arn:aws:iam::111122223333:role/pull er",
            "arn:evil.example/:iam::111122223333:role/puller",
        ] {
            assert_eq!(RoleArn::new(text), None, "{text}");
        }
    }
}

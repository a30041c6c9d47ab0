//! Where: the bucket, the service that it is in, and how long a step may wait for it.

use super::row::{SWITCH, TEXT, USUAL, options};
use crate::option::spec::{Command, Kind};

/// The most seconds that a step may be given: GitHub ends every job on its own runners after six hours.
const LONGEST_JOB: u64 = 6 * 60 * 60;

options! {
    /// The S3 bucket. Default: the catalog's bucket, else `cstore-<context>`.
    BUCKET: TEXT {
        name: "bucket",
        syntax: "Write the name alone: 3 to 63 lower-case letters, digits, hyphens and dots, without `s3://`.";
        flag: { is_brief: true }
    }
    /// The bucket's region. Default: the region that the environment or the profile gives, else the bucket is asked
    /// for it.
    AWS_REGION: TEXT {
        name: "aws-region",
        syntax: "Write it like eu-central-1.";
        flag: { aliases: &["region"], value_name: "REGION" }
    }
    /// The account that the bucket must belong to, sent with every request; when empty and `bucket` does not name the
    /// bucket, the credentials' own account.
    EXPECTED_BUCKET_OWNER: TEXT {
        name: "expected-bucket-owner",
        syntax: "Write the twelve digits of the AWS account.",
    }
    /// The URL of an S3-compatible service other than AWS. It may use http on this machine only.
    ENDPOINT_URL: TEXT {
        name: "endpoint-url",
        syntax: "Write it like https://s3.example.com.";
        flag: { value_name: "URL" }
    }
    /// Allows an endpoint on another machine to use http.
    ALLOW_HTTP: SWITCH {
        name: "allow-http",
    }
    /// The KMS key (ID, ARN or alias) that a push encrypts with. Default: the catalog's `AWS_STORE_KMS_KEY_ID`, else the
    /// KMS key that the last push recorded, else the bucket's default.
    KMS_KEY_ID: TEXT {
        name: "kms-key-id",
        commands: &[Command::Push, Command::Promote, Command::Init, Command::Status],
        is_refused_elsewhere: true,
        syntax: "Write a key id, `alias/name`, or an ARN.";
        flag: {
            value_name: "KEY",
            for_commands: &[(
                &[Command::Status],
                "The KMS key that the files are to be encrypted with. Those with another one count as changed.",
            )],
            is_brief: true,
        }
    }
    /// The most time that the whole step may take, in seconds.
    TIMEOUT_SECONDS: USUAL {
        name: "timeout-seconds",
        kind: Kind::Seconds(1, LONGEST_JOB),
        default: "120",
        syntax: "Write a number such as 120.";
        /// The most time that the whole command may take, in seconds.
        flag: {}
    }
}

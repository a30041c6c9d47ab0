//! Who: the credentials that requests are made with.

use super::row::{ACTION, COMMAND_LINE, SWITCH, TEXT, USUAL, options};
use crate::option::spec::{Command, Kind, Relation};

/// The shortest and the longest session that STS gives, in seconds
/// (<https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html>).
const SHORTEST_SESSION: u64 = 900;
const LONGEST_SESSION: u64 = 43_200;

options! {
    /// The ARN of a role to assume with the job's OIDC token (`permissions: id-token: write`). Without it, the
    /// credentials that the job already has are used.
    ROLE_TO_ASSUME: TEXT {
        name: "role-to-assume",
        syntax: "Write it like arn:aws:iam::111122223333:role/NAME.";
        /// The ARN of a role to assume with your own credentials.
        flag: { value_name: "ARN" }
    }
    /// The name of the role's session in CloudTrail. Default: `cstore-<run id>`.
    ROLE_SESSION_NAME: TEXT {
        name: "role-session-name",
        needs: &[Relation { other: &ROLE_TO_ASSUME, why: "" }],
        syntax: "Use 2 to 64 letters, digits and the characters _ + = , . @ -";
        /// The name of the role's session in CloudTrail. Default: `cstore`.
        flag: { value_name: "NAME" }
    }
    /// How long the role's credentials are valid, in seconds; at least 900. They are renewed if the step takes longer.
    ROLE_DURATION_SECONDS: USUAL {
        name: "role-duration-seconds",
        kind: Kind::Seconds(SHORTEST_SESSION, LONGEST_SESSION),
        default: "900",
        syntax: "The default, 900, is enough: credentials are renewed when the step takes longer.";
        /// How long the role's credentials are valid, in seconds; at least 900. They are renewed if the command takes
        /// longer.
        flag: {}
    }
    /// Assumes the role with the credentials that the job already has, instead of the job's OIDC token.
    ROLE_CHAINING: SWITCH {
        name: "role-chaining",
        needs: &[Relation { other: &ROLE_TO_ASSUME, why: "" }],
        front_ends: ACTION,
    }
    /// The external ID that the role's trust policy requires; only with `role-chaining`.
    ROLE_EXTERNAL_ID: TEXT {
        name: "role-external-id",
        needs: &[
            Relation { other: &ROLE_TO_ASSUME, why: "" },
            Relation {
                other: &ROLE_CHAINING,
                why: "STS takes none with an OIDC token. The trust policy's conditions on the token take its place.",
            },
        ];
        /// The external ID that the role's trust policy requires.
        flag: {}
    }
    /// The audience of the job's OIDC token.
    AUDIENCE: TEXT {
        name: "audience",
        default: "sts.amazonaws.com",
        excludes: &[Relation { other: &ROLE_CHAINING, why: "a chained role is assumed without the OIDC token." }],
        front_ends: ACTION,
    }
    /// The AWS accounts that the credentials may belong to, separated by commas. Other credentials are refused before
    /// the first request to S3.
    ALLOWED_ACCOUNT_IDS: TEXT {
        name: "allowed-account-ids",
        syntax: "Write account IDs (12 digits), separated by commas.",
    }
    /// The ARN of a role that reads what is promoted, if that is in another account; it is assumed like
    /// `role-to-assume`, which then writes. The source's bucket must belong to its account. Default: the credentials
    /// that write.
    FROM_ROLE_TO_ASSUME: TEXT {
        name: "from-role-to-assume",
        commands: &[Command::Promote],
        is_refused_elsewhere: true,
        syntax: "Write it like arn:aws:iam::111122223333:role/NAME.";
        /// The ARN of a role to assume with your own credentials, which reads what is promoted. The source's bucket
        /// must belong to its account.
        flag: { value_name: "ARN", is_brief: true }
    }
    /// The profile of `~/.aws/config` whose credentials and region read what is promoted, if that is in another
    /// account. The source's bucket must belong to it. Default: the credentials that write.
    FROM_PROFILE: TEXT {
        name: "from-profile",
        commands: &[Command::Promote],
        front_ends: COMMAND_LINE,
        syntax: "Write the name of a profile in ~/.aws/config.";
        flag: { value_name: "NAME", is_brief: true }
    }
    /// The profile of `~/.aws/config` whose credentials and region are used.
    PROFILE: TEXT {
        name: "profile",
        front_ends: COMMAND_LINE,
        syntax: "Write the name of a profile in ~/.aws/config.";
        flag: { value_name: "NAME", is_brief: true }
    }
}

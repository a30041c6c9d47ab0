//! The words for what to do about rights and the network.

use crate::error::Permission;
use crate::identity::Service;
use crate::message::speaker::{Speaker, in_shell, sentence};
use crate::network::NetworkFault;
use crate::option::{AWS_REGION, BUCKET, ENDPOINT_URL, EXPECTED_BUCKET_OWNER, FrontEnd, PROFILE};

pub(super) fn allow<S: Speaker>(permission: &Permission, speaker: S) -> String {
    let Permission { action, resource, .. } = permission;
    let resource = match S::FRONT_END {
        FrontEnd::Action => resource.clone(),
        FrontEnd::CommandLine => all_of_context(action, resource),
    };
    let note = match *action {
        "s3:GetObject" | "s3:GetObjectVersion" => {
            " Without s3:ListBucket on the bucket, S3 answers the same for an object that does not exist."
        }
        "s3:PutObject" if resource.contains("/.cstore/channels/") => {
            " Only a role whose policy names the channel may move it: with the Terraform module, one of `github_releasers` \
             or `github_pushers` that has it in `channels`."
        }
        "s3:PutObject" if permission.replaces => {
            " A pusher's role may be allowed to create only: only people should be able to replace what is published."
        }
        _ => "",
    };
    format!("Allow {action} on {resource} for {}.{note}{}", whom(permission, speaker), or_others(speaker))
}

/// The resource for reading: whoever may not read a document of a context seldom may read the rest of it.
fn all_of_context(action: &str, resource: &str) -> String {
    match resource.split_once("/.cstore/") {
        Some((context, _)) if action.starts_with("s3:Get") => format!("{context}/*"),
        _ => resource.to_owned(),
    }
}

/// At a terminal it may be the credentials that are wrong, and not their rights.
fn or_others<S: Speaker>(speaker: S) -> String {
    match S::FRONT_END {
        FrontEnd::Action => String::new(),
        FrontEnd::CommandLine => {
            let own = speaker.profile().map_or_else(
                || "If these are not the credentials that you mean".to_owned(),
                |profile| format!("The credentials are those of the profile `{profile}`; if you mean others"),
            );
            format!(" {own}, name a profile with {}.", speaker.option(&PROFILE))
        }
    }
}

/// What to do about a bucket that is not there.
pub(super) fn check_bucket<S: Speaker>(bucket: &str, default_of: Option<&str>, is_aws: bool, speaker: S) -> String {
    let check = match (default_of, S::FRONT_END) {
        (None, _) | (_, FrontEnd::Action) => format!(
            "Check {} (or the catalog's AWS_S3_BUCKET), {} and the account.",
            speaker.option(&BUCKET),
            speaker.option(&AWS_REGION)
        ),
        (Some(_), FrontEnd::CommandLine) => {
            format!(
                "If another is meant, name it with {}, or as AWS_S3_BUCKET in the catalog.",
                speaker.option(&BUCKET)
            )
        }
    };
    let default =
        default_of.map_or_else(String::new, |context| format!("That is the default name for the context {context}. "));
    let make = match S::FRONT_END {
        FrontEnd::Action if default_of.is_none() => String::new(),
        FrontEnd::Action => " docs/setup.md says how to create one.".to_owned(),
        FrontEnd::CommandLine if !is_aws => " To create it, use the service's own tools.".to_owned(),
        FrontEnd::CommandLine => {
            let given = [("profile", speaker.profile()), ("region", speaker.given(&AWS_REGION))];
            let given = given.into_iter().filter_map(|(name, text)| Some(format!(" --{name} {}", in_shell(&text?))));
            let given: String = given.collect();
            format!(
                " To create it, run `aws s3 mb s3://{bucket}{given}`, and then `aws s3api put-bucket-versioning --bucket \
                 {bucket} --versioning-configuration Status=Enabled{given}`."
            )
        }
    };
    format!("{default}{check}{make}")
}

fn whom(permission: &Permission, speaker: impl Speaker) -> &str {
    let unknown =
        sentence!(speaker, ["the role or user of this step" | "the role or user whose credentials these are"]);
    permission.principal.as_deref().unwrap_or(unknown)
}

pub(super) fn lift_deny(permission: &Permission, speaker: impl Speaker) -> String {
    format!(
        "A policy denies {} on {} to {}, and no Allow overrides a Deny: change that policy. The Terraform module's bucket policy allows \
         only the principals that its variables name.",
        permission.action,
        permission.resource,
        whom(permission, speaker)
    )
}

/// Whoever widens a role must be sure whose the bucket is.
pub(super) fn check_owner_then_allow<S: Speaker>(owner: &str, permission: &Permission, speaker: S) -> String {
    if S::FRONT_END == FrontEnd::CommandLine {
        return format!(
            "{}\nIf the bucket belongs to another account than {owner}, name that account with {}.",
            allow(permission, speaker),
            speaker.option(&EXPECTED_BUCKET_OWNER)
        );
    }
    format!(
        "First see that the bucket belongs to the account {owner}, since S3 answers the same when it does not \
         ({} names another). If it does: {}",
        speaker.option(&EXPECTED_BUCKET_OWNER),
        allow(permission, speaker)
    )
}

pub(super) fn name_owner_or_bucket(speaker: impl Speaker) -> &'static str {
    sentence!(
        speaker,
        "If the bucket is the right one, "
        ["set `expected-bucket-owner` to its account" | "pass its account as `--expected-bucket-owner`"]
        "; if nobody named it, somebody else has taken the default name: set `bucket`."
    )
}

pub(super) fn allow_kms(permission: &Permission, speaker: impl Speaker) -> String {
    format!("Allow {} on the key for {}, in its policy and the key's.", permission.action, whom(permission, speaker))
}

pub(super) fn set_region(region: Option<&str>, speaker: impl Speaker) -> String {
    let check = speaker.option(&ENDPOINT_URL);
    let set = speaker.pick("Set", "Pass");
    match region {
        Some(region) => format!("{set} {}, and check {check}.", speaker.with(&AWS_REGION, region)),
        None => {
            let to = speaker.pick("to", "with");
            format!("{set} {} {to} the bucket's region, and check {check}.", speaker.option(&AWS_REGION))
        }
    }
}

pub(super) fn fix_network(fault: NetworkFault, speaker: impl Speaker) -> &'static str {
    match fault {
        NetworkFault::HostName => {
            sentence!(
                speaker,
                "The host's name is not known here: check `aws-region`, `endpoint-url` and "
                ["the runner's " | ""]
                "DNS."
            )
        }
        NetworkFault::Certificate => sentence!(
            speaker,
            "No secure connection could be made. If a proxy or a service of your own signs with a private CA, name its \
             certificates in AWS_CA_BUNDLE"
            ["; the file must be in the workspace for a container to see it" | ""] "."
        ),
        NetworkFault::Proxy => "The proxy did not let it through: check HTTPS_PROXY and NO_PROXY.",
        NetworkFault::Connection => {
            "Check the network, `endpoint-url`, `aws-region` and HTTPS_PROXY, then run this again."
        }
    }
}

/// What to do where GitHub's API was not reached.
pub(crate) fn reach_github(fault: NetworkFault, speaker: impl Speaker) -> &'static str {
    match fault {
        NetworkFault::Certificate | NetworkFault::Proxy => fix_network(fault, speaker),
        NetworkFault::HostName | NetworkFault::Connection => check_network(Service::GitHub, speaker),
    }
}

pub(super) fn check_network(service: Service, speaker: impl Speaker) -> &'static str {
    match service {
        Service::GitHub => {
            sentence!(speaker, "Check the " ["runner's " | ""] "network and HTTPS_PROXY, then run this again.")
        }
        Service::OtherSts => {
            sentence!(
                speaker,
                "Check AWS_ENDPOINT_URL (or AWS_ENDPOINT_URL_STS), the "
                ["runner's " | ""]
                "network and HTTPS_PROXY, then run this again."
            )
        }
        Service::Sts => {
            sentence!(
                speaker,
                "Check the "
                ["runner's " | ""]
                "network, `aws-region`, AWS_ENDPOINT_URL if it is set, and HTTPS_PROXY, then run this again."
            )
        }
    }
}

pub(super) fn name_certificates(speaker: impl Speaker) -> &'static str {
    sentence!(
        speaker,
        "Name a PEM file that "
        ["this step can see; in a container, it must be in the workspace" | "can be read"]
        "."
    )
}

pub(super) const fn see_service() -> &'static str {
    "Run this again; if it keeps failing, look at the state of the service at `endpoint-url`, or where a variable such as \
     AWS_ENDPOINT_URL or the profile says that it is."
}

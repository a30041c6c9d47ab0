//! The words for what to do about rights, credentials and the network.

use crate::error::Permission;
use crate::identity::Claims;
use crate::network::NetworkFault;

pub(super) fn allow(permission: &Permission) -> String {
    let Permission { action, resource, .. } = permission;
    let note = match *action {
        "s3:GetObject" | "s3:GetObjectVersion" => {
            " Without s3:ListBucket on the bucket, S3 answers the same for an object that does not exist."
        }
        "s3:PutObject" => {
            " A pusher's role may be allowed to create only: only people should be able to replace what is published."
        }
        _ => "",
    };
    format!("Allow {action} on {resource} for {}.{note}", whom(permission))
}

pub(super) fn whom(permission: &Permission) -> &str {
    permission.principal.as_deref().unwrap_or("the role or user of this step")
}

pub(super) fn fix_network(fault: NetworkFault) -> &'static str {
    match fault {
        NetworkFault::HostName => {
            "The host's name is not known here: check `aws-region`, `endpoint-url` and the runner's DNS."
        }
        NetworkFault::Certificate => {
            "No secure connection could be made. If a proxy or a service of your own signs with a private CA, name its \
             certificates in AWS_CA_BUNDLE; the file must lie in the workspace for a container to see it."
        }
        NetworkFault::Proxy => "The proxy did not let it through: check HTTPS_PROXY and NO_PROXY.",
        NetworkFault::Connection => {
            "Check the network, `endpoint-url`, `aws-region` and HTTPS_PROXY, then run this again."
        }
    }
}

pub(super) fn grant_token_permission(job: Option<&str>) -> String {
    format!(
        "Add to the workflow:\n\njobs:\n  {}:\n    permissions:\n      id-token: write\n      contents: read\n\n\
         In a reusable workflow, the job that calls it needs the same permissions. GitHub Enterprise Server has OIDC \
         tokens from 3.5 on.",
        job.unwrap_or("deploy")
    )
}

pub(super) fn token_says(claims: Option<&Claims>) -> String {
    claims.map_or_else(String::new, |claims| {
        format!("The token says:\n\n  sub: {}\n  aud: {}\n\n", claims.subject, claims.audience)
    })
}

pub(super) const fn check_secret_key(is_aws: bool, has_role: bool) -> &'static str {
    match (is_aws, has_role) {
        (_, true) => {
            "It is a role's, which STS gave, so something on the way changes requests: see whether a proxy does \
             (HTTPS_PROXY, `endpoint-url`)."
        }
        (true, false) => {
            "Check AWS_SECRET_ACCESS_KEY, or what the profile has: it must be the secret that was made with this access \
             key ID, and whole."
        }
        (false, false) => {
            "Check AWS_SECRET_ACCESS_KEY, or what the profile has: it must be the secret of this access key ID, and \
             whole. If it is, see whether a proxy before the service changes the host, the path or the headers of \
             requests, which are signed."
        }
    }
}

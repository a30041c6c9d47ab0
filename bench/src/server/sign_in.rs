//! GitHub's token service, and STS as far as a role is assumed.

use super::http::{Answer, Asked};

const ROLE: &str = "arn:aws:sts::111122223333:assumed-role/bench/run";

/// A token in the form of a JWT; nobody here checks its signature.
pub(super) fn token() -> Answer {
    // {"alg":"none"} and {"sub":"repo:acme/shop:ref:refs/heads/main"}
    let token = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJyZXBvOmFjbWUvc2hvcDpyZWY6cmVmcy9oZWFkcy9tYWluIn0.bench";
    let body = format!("{{\"count\":1,\"value\":\"{token}\"}}");
    Answer::new(200).header("Content-Type", "application/json").body(body.into_bytes())
}

pub(super) fn sts(asked: &Asked) -> Answer {
    let xmlns = "https://sts.amazonaws.com/doc/2011-06-15/";
    let answer = match asked.field("Action").as_deref() {
        Some(action @ ("AssumeRoleWithWebIdentity" | "AssumeRole")) => format!(
            "<{action}Response xmlns=\"{xmlns}\"><{action}Result><Credentials>\
             <AccessKeyId>ASIABENCHBENCHBENCH0</AccessKeyId><SecretAccessKey>secret-of-the-bench</SecretAccessKey>\
             <SessionToken>session-token-of-the-bench</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>\
             </Credentials><AssumedRoleUser><AssumedRoleId>AROABENCH:run</AssumedRoleId><Arn>{ROLE}</Arn>\
             </AssumedRoleUser></{action}Result><ResponseMetadata><RequestId>BENCH</RequestId></ResponseMetadata>\
             </{action}Response>"
        ),
        Some("GetCallerIdentity") => format!(
            "<GetCallerIdentityResponse xmlns=\"{xmlns}\"><GetCallerIdentityResult><Arn>{ROLE}</Arn>\
             <UserId>AROABENCH:run</UserId><Account>111122223333</Account></GetCallerIdentityResult>\
             <ResponseMetadata><RequestId>BENCH</RequestId></ResponseMetadata></GetCallerIdentityResponse>"
        ),
        _ => return Answer::error(400, "InvalidAction", "This server answers for one bucket service and STS."),
    };
    Answer::new(200).header("Content-Type", "text/xml").body(answer.into_bytes())
}

//! The words for a run whose time was over.

use std::time::Duration;

use super::Message;
use super::headline::counted;
use super::speaker::Speaker;
use crate::observer::Wait;

/// That a run did not end in time, and what it was waiting for.
pub(super) fn condition(limit: Duration, wait: Option<&Wait>, others: usize, speaker: impl Speaker) -> Message {
    let run = speaker.pick("step", "command");
    let limit = usize::try_from(limit.as_secs()).unwrap_or(usize::MAX);
    let doing = doing(wait, others, speaker);
    Message::new("Timeout", format!("The {run} did not end within {}: {doing}.", counted(limit, "second")))
}

/// What a run was doing when its time was over.
fn doing(wait: Option<&Wait>, others: usize, speaker: impl Speaker) -> String {
    let Some(wait) = wait else {
        return "it was reading, checking or writing files, and waited for no request".to_owned();
    };
    let what = match wait {
        Wait::JobToken => speaker.pick("the job's OIDC token from GitHub", "an OIDC token from GitHub").to_owned(),
        Wait::Role { arn } => format!("credentials of {arn} from STS"),
        Wait::Credentials => "AWS credentials".to_owned(),
        Wait::Account => "STS to say which account the credentials belong to".to_owned(),
        Wait::Object { action, bucket, key } => format!("the answer to {action} of s3://{bucket}/{key}"),
    };
    match (wait, others) {
        (Wait::Object { .. }, 1) => format!("it was waiting for {what} and for one more request"),
        (Wait::Object { .. }, 2..) => format!("it was waiting for {what} and for {others} more requests"),
        _ => format!("it was waiting for {what}"),
    }
}

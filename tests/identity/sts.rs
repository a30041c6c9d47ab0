//! STS as the tests have it: moto's, or answers of their own.

use crate::harness::http::{Request, Response};
use crate::harness::{Action, Bucket, GitHub, Server, Service};

pub(crate) const ROLE: &str = "arn:aws:iam::111122223333:role/puller";
pub(crate) const VERSION: &str = "v1.0.0";

/// A bucket in which a version was published.
pub(crate) fn published() -> Bucket {
    let bucket = Bucket::versioned();
    push(&bucket).run().succeeds();
    bucket
}

pub(crate) fn push(bucket: &Bucket) -> Action {
    Action::push(bucket).version(VERSION).files(&[".env"]).workspace_file(".env", "TOKEN=swordfish\n")
}

pub(crate) fn pull(bucket: &Bucket) -> Action {
    Action::pull(bucket).version(VERSION)
}

/// A pull in a job that may have a token, with [`ROLE`] to assume.
pub(crate) fn assuming(bucket: &Bucket, github: &GitHub) -> Action {
    github.job(pull(bucket)).input("role-to-assume", ROLE)
}

/// moto's STS, where what it is asked can be seen.
pub(crate) fn real_sts() -> Service {
    Service::start(|request| Server::shared().send_signed(request))
}

/// An STS that gives this answer.
pub(crate) fn sts_that_answers(answer: impl Fn(&Request) -> Response + Send + Sync + 'static) -> Service {
    Service::start(answer)
}

/// An error as STS answers it
/// (<https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html>).
pub(crate) fn sts_error(status: u16, code: &str, message: &str) -> Response {
    let body = format!(
        "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type>\
         <Code>{code}</Code><Message>{message}</Message></Error><RequestId>sts-request-1</RequestId></ErrorResponse>"
    );
    let headers = [("content-type", "text/xml"), ("x-amzn-requestid", "sts-request-1")];
    Response { headers: headers.map(|(name, value)| (name.into(), value.into())).into(), ..Response::new(status, body) }
}

/// Credentials as STS gives them.
pub(crate) fn sts_credentials(operation: &str, access_key: &str, expiration: &str) -> Response {
    let body = format!(
        "<{operation}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><{operation}Result><Credentials>\
         <AccessKeyId>{access_key}</AccessKeyId><SecretAccessKey>secret-of-{access_key}</SecretAccessKey>\
         <SessionToken>session-of-{access_key}</SessionToken><Expiration>{expiration}</Expiration></Credentials>\
         <AssumedRoleUser><Arn>arn:aws:sts::111122223333:assumed-role/puller/cstore-1234567890</Arn>\
         <AssumedRoleId>AROAEXAMPLE:cstore-1234567890</AssumedRoleId></AssumedRoleUser>\
         </{operation}Result></{operation}Response>"
    );
    Response { headers: vec![("content-type".to_owned(), "text/xml".to_owned())], ..Response::new(200, body) }
}

pub(crate) trait At {
    /// Sends what is for STS there, and all else to S3.
    fn at(self, sts: &Service) -> Self;
}

impl At for Action {
    fn at(self, sts: &Service) -> Self {
        self.env("AWS_ENDPOINT_URL_STS", &sts.endpoint())
    }
}

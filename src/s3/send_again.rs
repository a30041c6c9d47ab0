use aws_sdk_s3::error::ProvideErrorMetadata as _;
use aws_sdk_s3::operation::delete_object::DeleteObjectError;
use aws_sdk_s3::operation::put_object::PutObjectError;
use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::retries::classifiers::{ClassifyRetry, RetryAction};

use super::failure::is_damage;

/// Has the SDK send a request again where S3 asks for it and the SDK does not know.
#[derive(Debug)]
pub(super) struct SendAgain;

impl ClassifyRetry for SendAgain {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let status = context.response().map(|response| response.status().as_u16());
        if status == Some(429) {
            // Services other than AWS's ask so for fewer requests.
            return RetryAction::throttling_error();
        }
        let error = context.output_or_error().and_then(|result| result.err()?.as_operation_error());
        let of_put = error.and_then(|error| error.downcast_ref::<PutObjectError>()).map(|error| error.code());
        let of_delete = error.and_then(|error| error.downcast_ref::<DeleteObjectError>()).map(|error| error.code());
        let Some(code) = of_put.or(of_delete) else { return RetryAction::NoActionIndicated };
        match (status, code) {
            // Another write of the key is in flight, which may yet fail: no conflict so far.
            (Some(409), _) => RetryAction::transient_error(),
            // The body was damaged on its way: it has not the checksum that went with it.
            (Some(400), Some(code)) if is_damage(code) => RetryAction::transient_error(),
            _ => RetryAction::NoActionIndicated,
        }
    }

    fn name(&self) -> &'static str {
        "SendAgain"
    }
}

use std::sync::Arc;

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeTransmitInterceptorContextRef, FinalizerInterceptorContextRef,
};
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::retries::RequestAttempts;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::{ConfigBag, Storable, StoreReplace};

use super::fault::chain;
use crate::observer::{Observer, Retry};

/// Tells the front end of each request that is sent again, and why.
#[derive(Debug, Clone)]
pub(crate) struct RetryLog(pub(crate) Arc<dyn Observer>);

/// Why the last attempt of a request failed.
#[derive(Debug, Clone)]
struct LastFailure(String);

impl Storable for LastFailure {
    type Storer = StoreReplace<Self>;
}

impl Intercept for RetryLog {
    fn name(&self) -> &'static str {
        "RetryLog"
    }

    fn read_before_attempt(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let attempt = config.load::<RequestAttempts>().map_or(1, RequestAttempts::attempts);
        if let (2.., Some(LastFailure(reason))) = (attempt, config.load::<LastFailure>()) {
            let operation = config.load::<Metadata>().map_or_else(String::new, |metadata| metadata.name().to_owned());
            self.0.retry(&Retry { operation, attempt, reason: reason.clone() });
        }
        Ok(())
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(Err(error)) = context.output_or_error() {
            let status = context.response().map(|response| response.status().as_u16());
            let words = error.as_operation_error().map_or_else(|| chain(error), ToString::to_string);
            let reason = status.map_or_else(|| words.clone(), |status| format!("status {status}: {words}"));
            config.interceptor_state().store_put(LastFailure(reason));
        }
        Ok(())
    }
}

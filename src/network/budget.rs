use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::{BeforeTransmitInterceptorContextRef, InterceptorContext};
use aws_smithy_runtime_api::client::retries::classifiers::{ClassifyRetry, RetryAction, RetryClassifierPriority};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

/// How many requests one operation sends at most.
pub(super) const REQUESTS: u32 = 8;
/// For how long after its first request an operation begins another. With a timeout of ten seconds, five that are not
/// answered fit in.
const LONGEST: Duration = Duration::from_secs(60);

/// What one operation may spend on requests.
///
/// Several layers send a request again, each for reasons of its own: the SDK when a service fails or does not answer,
/// the adapter when a body breaks off or the bucket is in another region, the store when a body does not have its
/// digest. Each on its own would multiply the others' tries, so all of them spend from one budget. (The pool of
/// connections sends again only what had not left this machine.)
#[derive(Debug, Clone)]
pub struct RetryBudget(Arc<State>);

#[derive(Debug)]
struct State {
    since: Instant,
    sent: AtomicU32,
}

impl RetryBudget {
    /// That of an operation that begins now.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "a budget that begins by default would begin unnoticed")]
    pub fn new() -> Self {
        Self(Arc::new(State { since: Instant::now(), sent: AtomicU32::new(0) }))
    }

    /// Whether another request may be sent.
    #[must_use]
    pub fn is_left(&self) -> bool {
        self.sent() < REQUESTS && self.0.since.elapsed() < LONGEST
    }

    /// How many requests have been sent.
    pub(crate) fn sent(&self) -> u32 {
        self.0.sent.load(Ordering::Relaxed)
    }
}

/// Counts what the SDK sends.
impl Intercept for RetryBudget {
    fn name(&self) -> &'static str {
        "RetryBudget"
    }

    fn read_before_transmit(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.0.sent.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

/// Keeps the SDK from sending more.
impl ClassifyRetry for RetryBudget {
    fn classify_retry(&self, _: &InterceptorContext) -> RetryAction {
        if self.is_left() { RetryAction::NoActionIndicated } else { RetryAction::RetryForbidden }
    }

    fn name(&self) -> &'static str {
        "RetryBudget"
    }

    fn priority(&self) -> RetryClassifierPriority {
        // Whatever another classifier says: after the last of the SDK's own.
        RetryClassifierPriority::run_after(RetryClassifierPriority::transient_error_classifier())
    }
}

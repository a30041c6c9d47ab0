//! Failures that a run recovers from by itself: a wrong region, and credentials that have expired.

use aws_sdk_s3::Client;
use aws_sdk_s3::config::{Builder, Region};
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use futures_util::future::BoxFuture;

use super::AwsBucket;
use super::client::LONGEST_INQUIRY;
use super::failure::{Reason, is_expiry, reason_from};
use super::region::{BUCKET_REGION, is_region, region_in};
use crate::network::RetryBudget;

impl AwsBucket {
    /// Sends a request, and sends it again where the answer says how to better it: once in the bucket's own region,
    /// once with new credentials. The request is sent with the settings that it is given over the client's own, so that
    /// whatever is sent again comes out of the budget.
    pub(super) async fn send<T, E>(
        &self,
        budget: &RetryBudget,
        request: impl AsyncFn(Client, Builder) -> Result<T, SdkError<E, HttpResponse>>,
    ) -> Result<T, SdkError<E, HttpResponse>>
    where
        E: ProvideErrorMetadata + Sync,
    {
        let (mut has_moved, mut has_renewed) = (false, false);
        loop {
            let client = self.client();
            let access_key = self.provider.access_key().await;
            let region = client.config().region().cloned();
            let error = match request(client, settings(budget)).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            if !budget.is_left() {
                return Err(error);
            }
            // Boxed, as is what renews, since both are rare: hundreds of requests at once would each keep room for them.
            if !has_moved {
                let elsewhere: BoxFuture<'_, _> = Box::pin(self.region_elsewhere(budget, region.as_ref(), &error));
                if let Some(found) = elsewhere.await {
                    has_moved = true;
                    self.move_to(found);
                    continue;
                }
            }
            let renewing: BoxFuture<'_, _> = match &access_key {
                Some(key) if !has_renewed && has_expired(&error) => Box::pin(self.provider.renew(key)),
                _ => return Err(error),
            };
            match renewing.await {
                Ok(true) => has_renewed = true,
                Ok(false) => return Err(error),
                Err(why) => return Err(SdkError::construction_failure(why)),
            }
        }
    }

    /// The bucket's region, where an answer says that it is another than the one that was asked.
    async fn region_elsewhere<E: ProvideErrorMetadata + Sync>(
        &self,
        budget: &RetryBudget,
        asked: Option<&Region>,
        error: &SdkError<E, HttpResponse>,
    ) -> Option<Region> {
        let response = error.raw_response()?;
        let status = response.status().as_u16();
        // Whatever else names a region, such as a 404, was answered by the bucket's own.
        if ![301, 307, 400, 403].contains(&status) {
            return None;
        }
        let is_elsewhere = matches!(reason_from(status, error.code(), error.message(), true), Reason::WrongRegion(_));
        let named = response.headers().get(BUCKET_REGION).or_else(|| region_in(error.message()?));
        let region = match named {
            Some(region) => region.to_owned(),
            // An answer without a body names nothing; the bucket itself does.
            None if is_elsewhere => self.region_of_head(budget).await?,
            None => return None,
        };
        (is_region(&region) && asked.map(Region::as_ref) != Some(region.as_str())).then(|| Region::new(region))
    }

    async fn region_of_head(&self, budget: &RetryBudget) -> Option<String> {
        let request = self.client().head_bucket().bucket(&self.name).set_expected_bucket_owner(self.owner());
        let request = request.customize().config_override(settings(budget));
        match tokio::time::timeout(LONGEST_INQUIRY, request.send()).await.ok()? {
            Ok(answer) => answer.bucket_region().map(ToOwned::to_owned),
            Err(error) => error.raw_response()?.headers().get(BUCKET_REGION).map(ToOwned::to_owned),
        }
    }
}

/// Has the SDK spend from a budget.
fn settings(budget: &RetryBudget) -> Builder {
    Builder::new().interceptor(budget.clone()).retry_classifier(budget.clone())
}

fn has_expired<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> bool {
    error.code().is_some_and(is_expiry)
}

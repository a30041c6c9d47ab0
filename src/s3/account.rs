//! Whose a default bucket must be.

use aws_config::SdkConfig;
use aws_credential_types::provider::ProvideCredentials as _;

use super::{AwsBucket, Connection, Failure, Operation};

impl Connection {
    /// A bucket whose name anybody could have guessed and taken before: every request asks that it belongs to the
    /// account of the credentials. On services other than AWS, which know no such accounts, nothing is asked.
    ///
    /// # Errors
    /// Those of STS, where the credentials themselves do not say their account.
    pub async fn own_bucket(&self, config: &SdkConfig, name: &str) -> Result<AwsBucket, Box<Failure>> {
        let bucket = self.bucket(config, name);
        if self.expected_bucket_owner.is_some() || self.is_other_service {
            return Ok(bucket);
        }
        let credentials = match config.credentials_provider() {
            Some(provider) => provider.provide_credentials().await.ok(),
            None => None,
        };
        let account = credentials.and_then(|credentials| Some(credentials.account_id()?.as_str().to_owned()));
        let account = match account {
            Some(account) => Some(account),
            None => {
                let answer = aws_sdk_sts::Client::new(config).get_caller_identity().send().await;
                answer.map_err(|error| bucket.failure(Operation::Identity, "", error))?.account
            }
        };
        Ok(bucket.owned_by(account))
    }
}

//! What is asked where no catalog says it yet: by `init`, and by the first push.

use super::failure::Failure;
use super::prompt::Question;
use super::session::Session;
use crate::command::bucket_of;
use crate::name::Context;
use crate::option::{BUCKET, CONTEXT, KMS_KEY_ID, OptionError, OptionProblem, RawOptions};
use crate::request::{is_bucket_name, is_kms_key, kms_key};

/// What a project's catalog has to say.
#[derive(Debug)]
pub(super) struct Settings {
    pub(super) context: Context,
    pub(super) bucket: String,
    /// None for the bucket's own.
    pub(super) kms_key: Option<String>,
}

impl Session {
    /// Finds out what the catalog is to say: what options say already is not asked.
    ///
    /// # Errors
    /// An option that cannot be used; no answer, and no default in its place.
    pub(super) async fn settings(&self, raw: &RawOptions) -> Result<Settings, Failure> {
        let context = match raw.name(&CONTEXT, Context::new)? {
            Some(context) => context,
            None => self.ask_context().await?,
        };
        let bucket = match raw.text(&BUCKET) {
            Some(name) if is_bucket_name(name) => name.to_owned(),
            Some(_) => return Err(OptionError::new(&BUCKET, OptionProblem::NotA("bucket name")).into()),
            None => self.ask_bucket(&context).await?,
        };
        let kms_key = match kms_key(raw)? {
            None if raw.text(&KMS_KEY_ID).is_none() => self.ask_kms_key().await?,
            given => given,
        };
        Ok(Settings { context, bucket, kms_key })
    }

    /// Has the first push say what its person answers. Where there is a catalog, nothing is asked.
    ///
    /// # Errors
    /// Those of [`settings`](Self::settings).
    pub(super) async fn settle(&self, raw: &mut RawOptions) -> Result<(), Failure> {
        if self.place.has_catalog || !self.terminal.can_ask() {
            return Ok(());
        }
        let Settings { context, bucket, kms_key } = self.settings(raw).await?;
        raw.set(&CONTEXT, context.as_str());
        // The default is not an option's: then the bucket has to be one of the own account.
        if raw.text(&BUCKET).is_none() && bucket != bucket_of(&context) {
            raw.set(&BUCKET, &bucket);
        }
        if let Some(kms_key) = kms_key {
            raw.set(&KMS_KEY_ID, &kms_key);
        }
        Ok(())
    }

    async fn ask_context(&self) -> Result<Context, Failure> {
        let default = self.default_context();
        let question = Question { text: "Context, the project's name in the bucket", flag: "--context NAME" };
        self.ask(question, default.as_deref(), |text| {
            Context::new(text).map_err(|error| format!("That cannot be a context: {}.", error.rule))
        })
        .await
    }

    async fn ask_bucket(&self, context: &Context) -> Result<String, Failure> {
        let default = Some(bucket_of(context)).filter(|name| is_bucket_name(name));
        let question = Question { text: "S3 bucket", flag: "--bucket NAME" };
        self.ask(question, default.as_deref(), |text| {
            let why = "A bucket's name has 3 to 63 lower-case letters, digits, hyphens and dots, and no `s3://`.";
            if is_bucket_name(text) { Ok(text.to_owned()) } else { Err(why.to_owned()) }
        })
        .await
    }

    async fn ask_kms_key(&self) -> Result<Option<String>, Failure> {
        let text = "KMS key (id, alias/NAME or ARN; empty for the bucket's own)";
        self.ask(Question { text, flag: "--kms-key-id KEY" }, Some(""), |text| {
            let why = "Write a key id, alias/NAME, or an ARN.";
            if is_kms_key(text) { Ok(Some(text.to_owned()).filter(|key| !key.is_empty())) } else { Err(why.to_owned()) }
        })
        .await
    }
}

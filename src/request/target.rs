use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use super::bucket::check_bucket;
use super::endpoint::Endpoint;
use super::identity::{account, identity};
use super::variables::VariableNames;
use super::{Checks, RunInfo};
use crate::catalog::{FileSelector, TagExpression, TypeRules};
use crate::name::{ConfigPath, Context, VersionRequest};
use crate::network::{Network, Proxies, proxy_secrets};
use crate::option::{
    ALLOW_HTTP, AWS_REGION, BUCKET, CATALOG, CONTEXT, EXPECTED_BUCKET_OWNER, FILES, OptionError, OptionProblem,
    RawOptions, TAGS, TIMEOUT_SECONDS, TYPES, VERSION,
};
use crate::s3::{Connection, is_region};

/// What every command works on: a context in a bucket, files in it, and how to reach them.
#[derive(Debug)]
pub struct Target {
    /// The context; when not given, the catalog's or the default. One that is not [new](Context::new) is to be the
    /// catalog's.
    pub context: Option<Context>,
    /// Whether the context was typed with its bucket, and so may have several segments, as the Go cStore's may.
    pub is_place_typed: bool,
    /// The bucket; when not given, the catalog's or the default.
    pub bucket: Option<String>,
    /// The buckets that the catalog may lead to; none where it may lead to any of the own account.
    pub trusted_buckets: Option<BTreeSet<String>>,
    /// How S3 is reached, and who asks.
    pub connection: Connection,
    /// The catalog's path in the workspace.
    pub catalog: ConfigPath,
    /// Which files, by path; all when none is named.
    pub files: FileSelector,
    /// Which of these, by their tags.
    pub tags: Option<TagExpression>,
    /// Files that are taken whatever their tags, and as they are: no keys are read from them. Paths relative to the
    /// catalog's folder.
    pub as_they_are: Vec<ConfigPath>,
    /// How files are read, whatever their names and the catalog say.
    pub types: TypeRules,
    /// The version, or the head.
    pub version: VersionRequest,
    /// Which variables of the job the catalog, and values, may refer to.
    pub variables: VariableNames,
    /// What must be so of the values.
    pub checks: Checks,
    /// How long the whole command may take.
    pub deadline: Duration,
}

impl Target {
    pub(super) fn new(raw: &RawOptions, run: &RunInfo) -> Result<Self, OptionError> {
        Self::with_version(raw, run, version(raw, run)?)
    }

    /// For a command that is about all versions, and for which no version is chosen.
    pub(crate) fn of_all_versions(raw: &RawOptions, run: &RunInfo) -> Result<Self, OptionError> {
        Self::with_version(raw, run, VersionRequest::Head)
    }

    fn with_version(raw: &RawOptions, run: &RunInfo, version: VersionRequest) -> Result<Self, OptionError> {
        let missing_catalog = || OptionError::new(&CATALOG, OptionProblem::NamesNo("file"));
        Ok(Self {
            context: raw.name(&CONTEXT, Context::from_catalog)?,
            is_place_typed: raw.is_place_typed(),
            bucket: raw.text(&BUCKET).map(|name| check_bucket(name).map(|()| name.to_owned())).transpose()?,
            trusted_buckets: run.trusted_buckets.clone(),
            connection: connection(raw, run)?,
            catalog: raw.path(&CATALOG)?.ok_or_else(missing_catalog)?,
            files: FileSelector::new(raw.text(&FILES).unwrap_or_default())
                .map_err(|error| OptionError::unusable(&FILES, error))?,
            tags: raw
                .text(&TAGS)
                .map(TagExpression::new)
                .transpose()
                .map_err(|error| OptionError::unusable(&TAGS, error))?,
            as_they_are: Vec::new(),
            types: TypeRules::new(raw.text(&TYPES).unwrap_or_default())
                .map_err(|error| OptionError::unusable(&TYPES, error))?,
            version,
            variables: VariableNames::new(raw)?,
            checks: Checks::new(raw)?,
            deadline: raw.seconds(&TIMEOUT_SECONDS)?,
        })
    }
}

fn version(raw: &RawOptions, run: &RunInfo) -> Result<VersionRequest, OptionError> {
    match (raw.text(&VERSION), &run.default_version) {
        (Some(text), _) => VersionRequest::new(text.trim()).map_err(|error| OptionError::unusable(&VERSION, error)),
        (None, Some(tag)) => match VersionRequest::new(tag) {
            Ok(exact @ VersionRequest::Exact(_)) => Ok(exact),
            _ => Err(OptionError::new(&VERSION, OptionProblem::TagNamesNoVersion(tag.clone()))),
        },
        (None, None) => Ok(VersionRequest::Head),
    }
}

fn connection(raw: &RawOptions, run: &RunInfo) -> Result<Connection, OptionError> {
    let expected_bucket_owner =
        raw.text(&EXPECTED_BUCKET_OWNER).map(|id| account(&EXPECTED_BUCKET_OWNER, id)).transpose()?;
    let region = raw.text(&AWS_REGION).map(ToOwned::to_owned);
    if region.as_ref().is_some_and(|name| !is_region(name)) {
        return Err(OptionError::new(&AWS_REGION, OptionProblem::NotA("region name")));
    }
    let allow_http = raw.flag(&ALLOW_HTTP)?;
    let endpoint = Endpoint::new(raw, run, allow_http)?;
    let is_other_service = endpoint.as_ref().is_some_and(|endpoint| endpoint.is_for_s3_alone);
    Ok(Connection {
        region,
        is_other_service,
        endpoint_url: endpoint.map(|endpoint| endpoint.url),
        expected_bucket_owner,
        network: Network {
            allow_http,
            ca_bundle: path_in(run, "AWS_CA_BUNDLE").filter(|path| !path.to_string_lossy().trim().is_empty()),
            // An empty one counts for whoever reads them, and so it does here.
            system_certificates: ["SSL_CERT_FILE", "SSL_CERT_DIR"]
                .into_iter()
                .find_map(|name| Some((name, path_in(run, name)?))),
            proxies: Proxies::from_environment(&run.environment),
            secrets: proxy_secrets(&run.environment),
        },
        identity: identity(raw, run, is_other_service)?,
        environment: run.environment.clone(),
    })
}

fn path_in(run: &RunInfo, variable: &str) -> Option<PathBuf> {
    run.variable(variable).map(|path| PathBuf::from(path.into_exposed()))
}

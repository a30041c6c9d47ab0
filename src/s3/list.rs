use std::collections::BTreeMap;
use std::iter::Peekable;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::Builder;
use aws_sdk_s3::primitives::DateTime;
use aws_sdk_s3::types::{DeleteMarkerEntry, EncodingType, Object, ObjectVersion};
use percent_encoding::percent_decode_str;
use time::OffsetDateTime;

use super::{
    AwsBucket, Etag, Failure, Key, Level, ListedObject, ListedVersion, Operation, Reason, VersionContent, VersionId,
};
use crate::network::RetryBudget;

/// How many entries of a listing are read: ten times what a context with a release an hour has after a year. Each takes
/// at most a few KiB, so that no listing, however long, takes more memory than the files of a pull.
const MOST_LISTED: usize = 100_000;

impl AwsBucket {
    pub(super) async fn list_objects(&self, prefix: &str) -> Result<Vec<ListedObject>, Box<Failure>> {
        Ok(self.list_pages(prefix, None).await?.objects)
    }

    /// All pages of a listing; with a delimiter, keys that have it behind the prefix are taken together up to it.
    pub(super) async fn list_pages(&self, prefix: &str, delimiter: Option<&str>) -> Result<Level, Box<Failure>> {
        let mut all = Level::default();
        let mut token = None;
        loop {
            let (page, next) = self.list_page(prefix, delimiter, token.as_deref()).await?;
            all.folders.extend(page.folders);
            all.objects.extend(page.objects);
            if all.folders.len() + all.objects.len() > MOST_LISTED {
                return Err(self.too_long(Operation::List, prefix));
            }
            if next.is_none() || next == token {
                // Some services order keys as they encode them.
                all.folders.sort_unstable();
                all.objects.sort_unstable_by(|one, other| one.key.cmp(&other.key));
                return Ok(all);
            }
            token = next;
        }
    }

    /// A page of a listing: the first, or the one that begins where an earlier one says; and where the next one begins.
    pub(crate) async fn list_from(
        &self,
        prefix: &str,
        begin: Option<&str>,
    ) -> Result<(Vec<ListedObject>, Option<String>), Box<Failure>> {
        let (page, next) = self.list_page(prefix, None, begin).await?;
        Ok((page.objects, next))
    }

    /// A page of a listing, and where the next one begins.
    pub(super) async fn list_page(
        &self,
        prefix: &str,
        delimiter: Option<&str>,
        token: Option<&str>,
    ) -> Result<(Level, Option<String>), Box<Failure>> {
        let request = async |client: Client, settings: Builder| {
            let request = client.list_objects_v2().bucket(&self.name).prefix(prefix);
            let request = request.set_delimiter(delimiter.map(ToOwned::to_owned));
            // One key with a control character, which no XML can hold, would otherwise spoil the whole listing.
            let request = request.encoding_type(EncodingType::Url);
            let request = request.set_continuation_token(token.map(ToOwned::to_owned));
            request.set_expected_bucket_owner(self.owner()).customize().config_override(settings).send().await
        };
        let page = match self.send(&RetryBudget::new(), request).await {
            Ok(page) => page,
            Err(error) => return Err(self.failure(Operation::List, prefix, error).await),
        };
        let is_encoded = page.encoding_type() == Some(&EncodingType::Url);
        let no_listing = || self.no_listing(Operation::List, prefix);
        let listed = |object| listed_object(object, is_encoded).ok_or_else(no_listing);
        let objects = page.contents().iter().map(listed).collect::<Result<_, _>>()?;
        let folders = page.common_prefixes().iter().filter_map(|common| Some(decoded(common.prefix()?, is_encoded)));
        let level = Level { folders: folders.collect(), objects };
        Ok((level, page.next_continuation_token().map(ToOwned::to_owned)))
    }

    pub(super) async fn list_object_versions(&self, prefix: &str) -> Result<Vec<ListedVersion>, Box<Failure>> {
        let mut by_key: BTreeMap<Key, Versions> = BTreeMap::new();
        let mut listed = 0;
        let (mut key_marker, mut version_marker) = (None, None);
        loop {
            let request = async |client: Client, settings: Builder| {
                let request = client.list_object_versions().bucket(&self.name).prefix(prefix);
                let request = request.encoding_type(EncodingType::Url);
                let request = request.set_key_marker(key_marker.clone()).set_version_id_marker(version_marker.clone());
                request.set_expected_bucket_owner(self.owner()).customize().config_override(settings).send().await
            };
            let page = match self.send(&RetryBudget::new(), request).await {
                Ok(page) => page,
                Err(error) => return Err(self.failure(Operation::ListVersions, prefix, error).await),
            };
            let is_encoded = page.encoding_type() == Some(&EncodingType::Url);
            let no_listing = || self.no_listing(Operation::ListVersions, prefix);
            for version in page.versions() {
                let version = listed_version(version, is_encoded).ok_or_else(no_listing)?;
                by_key.entry(version.key.clone()).or_default().objects.push(version);
            }
            for marker in page.delete_markers() {
                let marker = listed_marker(marker, is_encoded).ok_or_else(no_listing)?;
                by_key.entry(marker.key.clone()).or_default().markers.push(marker);
            }
            listed += page.versions().len() + page.delete_markers().len();
            if listed > MOST_LISTED {
                return Err(self.too_long(Operation::ListVersions, prefix));
            }
            let next_key = page.next_key_marker().map(|key| decoded(key, is_encoded));
            let next = (next_key, page.next_version_id_marker().map(ToOwned::to_owned));
            if next.0.is_none() || next == (key_marker.clone(), version_marker.clone()) {
                return Ok(by_key.into_values().flat_map(Versions::oldest_first).collect());
            }
            (key_marker, version_marker) = next;
        }
    }

    fn too_long(&self, operation: Operation, prefix: &str) -> Box<Failure> {
        Box::new(Failure::new(operation, &self.name, prefix, Reason::ListTooLong(MOST_LISTED)))
    }

    /// A listing without what S3 always says of each object.
    fn no_listing(&self, operation: Operation, prefix: &str) -> Box<Failure> {
        Box::new(Failure::new(operation, &self.name, prefix, Reason::NotS3))
    }
}

/// What a key holds, each the newest first: S3 lists all of it in one order, but the SDK gives it as two lists.
#[derive(Default)]
struct Versions {
    objects: Vec<ListedVersion>,
    markers: Vec<ListedVersion>,
}

impl Versions {
    /// Both together by their dates, without changing the order of either. The latest is the last, whatever its date.
    fn oldest_first(self) -> Vec<ListedVersion> {
        let mut all = Vec::with_capacity(self.objects.len() + self.markers.len());
        let (mut objects, mut markers) =
            (self.objects.into_iter().rev().peekable(), self.markers.into_iter().rev().peekable());
        let order =
            |side: &mut Peekable<_>| side.peek().map(|version: &ListedVersion| (version.is_latest, version.modified));
        loop {
            let next = match (order(&mut objects), order(&mut markers)) {
                (Some(object), Some(marker)) if marker < object => markers.next(),
                (Some(_), _) => objects.next(),
                (None, _) => markers.next(),
            };
            match next {
                Some(next) => all.push(next),
                None => return all,
            }
        }
    }
}

/// A key as a listing has it: where it is encoded, as in the query of a URL.
fn decoded(key: &str, is_encoded: bool) -> String {
    if !is_encoded {
        return key.to_owned();
    }
    percent_decode_str(&key.replace('+', " ")).decode_utf8_lossy().into_owned()
}

fn listed_object(object: &Object, is_encoded: bool) -> Option<ListedObject> {
    Some(ListedObject {
        key: key(object.key()?, is_encoded)?,
        modified: date(object.last_modified())?,
        content: content(object.e_tag(), object.size())?,
    })
}

fn listed_version(version: &ObjectVersion, is_encoded: bool) -> Option<ListedVersion> {
    Some(ListedVersion {
        key: key(version.key()?, is_encoded)?,
        version: VersionId::new(version.version_id()?),
        is_latest: version.is_latest().unwrap_or_default(),
        modified: date(version.last_modified())?,
        content: Some(content(version.e_tag(), version.size())?),
    })
}

fn listed_marker(marker: &DeleteMarkerEntry, is_encoded: bool) -> Option<ListedVersion> {
    Some(ListedVersion {
        key: key(marker.key()?, is_encoded)?,
        version: VersionId::new(marker.version_id()?),
        is_latest: marker.is_latest().unwrap_or_default(),
        modified: date(marker.last_modified())?,
        content: None,
    })
}

fn key(text: &str, is_encoded: bool) -> Option<Key> {
    Key::new(decoded(text, is_encoded)).ok()
}

fn content(etag: Option<&str>, size: Option<i64>) -> Option<VersionContent> {
    Some(VersionContent { etag: Etag::new(etag?), size: u64::try_from(size?).ok()? })
}

fn date(date: Option<&DateTime>) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp_nanos(date?.as_nanos()).ok()
}

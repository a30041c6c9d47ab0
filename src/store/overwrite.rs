//! Overwrite: the one way to replace what is published or claimed. It never takes the short way to "done".

use futures_util::future::join;

use super::document::Stored;
use super::encryption::EncryptionSettings;
use super::mark::Mark;
use super::publish::known;
use super::push::{Outgoing, all};
use super::{Conflict, Error, FileEntry, Manifest, Owner, Push, Pushed, Store};
use crate::name::VersionName;
use crate::s3::{Bucket, Condition, PutAnswer};

/// How often all files are gone through before the manifest's swap is given up.
const ROUNDS: u32 = 5;
/// How often one file is put again when others keep changing it.
const ATTEMPTS: u32 = 10;

impl<B: Bucket> Store<B> {
    /// Puts every file anew and swaps the manifest, once the claim stands.
    pub(super) async fn overwrite(
        &self,
        push: &Push,
        version: &VersionName,
        published: Option<Stored<Manifest>>,
        settings: Option<Stored<EncryptionSettings>>,
    ) -> Result<Pushed, Error> {
        let changed = published.as_ref().is_none_or(|old| !old.value.differences(&push.files).is_empty());
        let outgoing = self.outgoing(push, Some(version), &known(settings.as_ref()))?;
        let (entries, remembered) = join(
            self.replace_all(&outgoing, push, version, published),
            self.remember_keys(settings, &push.files, &push.stamp),
        )
        .await;
        let entries = entries?;
        remembered?;
        Ok(Pushed::new(changed, entries))
    }

    async fn replace_all(
        &self,
        outgoing: &[Outgoing<'_>],
        push: &Push,
        version: &VersionName,
        mut published: Option<Stored<Manifest>>,
    ) -> Result<Vec<FileEntry>, Error> {
        let key = self.keys.manifest(Some(version))?;
        for round in 1..=ROUNDS {
            let entries = all(outgoing, |file| self.replace_file(file, push, version)).await?;
            let manifest = Manifest::new(self.keys.context(), Some(version), entries.clone(), &push.stamp);
            let condition = published.map_or(Condition::Create, |old| Condition::Replace(old.etag));
            let answer = self.put_document(key.clone(), &manifest, Some(version), &push.stamp, condition).await?;
            if let PutAnswer::Written(_) = answer {
                return Ok(entries);
            }
            published = self.manifest(Some(version)).await?;
            if published.as_ref().is_some_and(|now| now.value == manifest) {
                return Ok(entries); // ours, whose answer was lost
            }
            self.bucket.pause(round).await;
        }
        Err(Conflict::KeepsChanging { key }.into())
    }

    /// Puts a file over whatever this version has at its key. A head file there, or another version's, is not ours to
    /// touch even so.
    async fn replace_file(
        &self,
        outgoing: &Outgoing<'_>,
        push: &Push,
        version: &VersionName,
    ) -> Result<FileEntry, Error> {
        for attempt in 1..=ATTEMPTS {
            let condition = match self.bucket.head(&outgoing.key, None).await? {
                None => Condition::Create,
                Some(head) => {
                    let mark = Mark::read(&head.metadata);
                    if mark.push_id.as_ref() == Some(&push.stamp.push_id) {
                        return Ok(outgoing.found(head)); // put in an earlier round, or its answer was lost
                    }
                    let owner = mark.owner(Some(version));
                    if matches!(owner, Owner::Head | Owner::Version(_)) {
                        let version = Some(version.clone());
                        return Err(Conflict::KeyTaken { key: outgoing.key.clone(), owner, version }.into());
                    }
                    Condition::Replace(head.etag)
                }
            };
            let request = Self::request(outgoing, Some(version), &push.stamp, condition);
            if let PutAnswer::Written(written) = self.bucket.put(&request).await? {
                return Ok(outgoing.written(written));
            }
            self.bucket.pause(attempt).await;
        }
        Err(Conflict::KeepsChanging { key: outgoing.key.clone() }.into())
    }
}

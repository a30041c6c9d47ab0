//! Reading files one by one, each by itself: for comparisons, which tell of every file what they can.

use super::bodies::{Bodies, Fetch, Listed};
use super::verify::Verdict;
use super::{Error, FetchedFile, Manifest, Store};
use crate::name::{ConfigPath, VersionName};
use crate::s3::{Bucket, Budget};

/// A file that was asked for: none where neither manifest nor bucket has it, or why it could not be had.
pub type Each = (ConfigPath, Result<Option<FetchedFile>, Error>);

impl<B: Bucket> Store<B> {
    /// The files at these paths, as a pull gets them: verified where the manifest lists them, else in the Go cStore's
    /// layout. One that is wrong does not keep the others from being had.
    ///
    /// # Errors
    /// They are more than the budget has room for, or a key would be too long.
    pub async fn read_each(
        &self,
        version: Option<&VersionName>,
        manifest: Option<&Manifest>,
        paths: &[ConfigPath],
        budget: &Budget,
    ) -> Result<Vec<Each>, Error> {
        let fetch = Fetch { version, known: &[], accept_unmanaged: true, leave_out_missing: true, budget };
        let listed = Listed::new(fetch, manifest, self.keys.manifest(version)?);
        let mut bodies = Bodies::new();
        self.complete(&listed, paths, &mut bodies).await?;
        let read = paths.iter().map(|path| {
            let file = match self.verify(&listed, path, &bodies)? {
                Ok(file) => Ok(Some(file)),
                Err(Verdict::Again(error) | Verdict::Refused(error)) if error.is_unlisted_file() => Ok(None),
                Err(Verdict::Again(error) | Verdict::Refused(error)) => Err(error),
                Err(Verdict::Verified | Verdict::Unmanaged | Verdict::ReadPinned) => Ok(None),
            };
            Ok((path.clone(), file))
        });
        read.collect()
    }

    /// The error for a version, or a head, that has no manifest, and nothing in the Go cStore's layout either.
    ///
    /// # Errors
    /// Those of the requests.
    pub async fn not_published(&self, version: Option<&VersionName>) -> Result<Error, Error> {
        let budget = Budget::new(0);
        let fetch = Fetch { version, known: &[], accept_unmanaged: true, leave_out_missing: true, budget: &budget };
        self.nothing(fetch, Vec::new()).await
    }
}

//! The published versions page by page, for whoever cannot wait for all of them.

use std::sync::Arc;

use crate::command::deadline::Deadline;
use crate::command::history::Opened;
use crate::error::Error;
use crate::name::VersionName;
use crate::observer::Observer;
use crate::request::{ListRequest, RunInfo};
use crate::workspace::Workspace;

/// A listing of the published versions.
pub struct VersionPages(Opened);

/// One page of it.
#[derive(Debug)]
pub struct VersionPage {
    /// The versions, in no order that means anything.
    pub names: Vec<VersionName>,
    /// Where the next page begins; none of the last.
    pub next: Option<String>,
}

impl VersionPages {
    /// Finds the context, and signs in.
    ///
    /// # Errors
    /// Those of [`list`](super::list) before its first request for versions.
    pub async fn open(
        request: &ListRequest,
        run: &RunInfo,
        workspace: &Workspace,
        observer: Arc<dyn Observer>,
    ) -> Result<Self, Error> {
        let deadline = Deadline::new(request.target.deadline, observer);
        Ok(Self(Opened::new(&request.target, run, workspace, &deadline, 1).await?))
    }

    /// Reads a page: the first, or the one that an earlier page was followed by.
    ///
    /// # Errors
    /// Those of the listing.
    pub async fn read(&self, begin: Option<&str>) -> Result<VersionPage, Error> {
        let store = &self.0.store;
        let prefix = store.keys().versions_prefix();
        let (listed, next) = store.bucket().list_from(&prefix, begin).await.map_err(crate::store::Error::from)?;
        Ok(VersionPage { names: store.version_names(&listed), next })
    }

    /// The versions that the catalog names, which count where none is published.
    #[must_use]
    pub fn in_catalog(&self) -> Vec<VersionName> {
        self.0.versions_in_catalog()
    }
}

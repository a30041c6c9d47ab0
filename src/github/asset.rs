//! A file of a release that is not published yet (<https://docs.github.com/rest/releases/assets>).

use bytes::Bytes;
use http::Method;

use super::access::GitHub;
use super::error::{GitHubError, GitHubProblem};
use super::release::Release;
use super::repository::RepositoryName;
use crate::name::Digest;

/// How often a file is uploaded at most that nobody can say arrived.
const UPLOADS: u32 = 3;

/// What became of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Attached {
    /// It is there already.
    Unchanged,
    /// It was uploaded.
    Uploaded,
    /// The release is published, and gets no more files.
    Published,
}

impl GitHub {
    /// Attaches a file to a release that is a draft, in place of one of the same name. `release` was just read.
    pub(crate) async fn attach(
        &self,
        repository: &RepositoryName,
        release: &Release,
        name: &str,
        content: &Bytes,
    ) -> Result<Attached, GitHubError> {
        let mut reread = None;
        let mut attempt = 1;
        loop {
            let release = reread.as_ref().unwrap_or(release);
            if release.draft != Some(true) {
                return Ok(Attached::Published);
            }
            let there = release.assets.iter().flatten().find(|asset| asset.name.as_deref() == Some(name));
            if let Some(there) = there {
                if there.digest.as_deref() == Some(&Digest::from_content(content).pin()) {
                    return Ok(if attempt == 1 { Attached::Unchanged } else { Attached::Uploaded });
                }
                let route = format!("{}/releases/assets/{}", repository.route(), there.id);
                match self.send(Method::DELETE, &route, None).await {
                    Ok(_) | Err(GitHubError { problem: GitHubProblem::NotFound(_), .. }) => {}
                    Err(error) => return Err(error),
                }
            }
            // It ends with what may be added: `{?name,label}`.
            let url = release.upload_url.as_deref().and_then(|url| url.split('{').next()).unwrap_or_default();
            let Err(error) = self.upload(&format!("{url}?name={name}"), content).await else {
                return Ok(Attached::Uploaded);
            };
            if !error.problem.is_open() || attempt == UPLOADS {
                return Err(error);
            }
            attempt += 1;
            self.wait_to_send_again(&error, attempt).await;
            // It may be there all the same, or a part of it.
            reread = Some(self.get(&release.route(repository)).await?);
        }
    }
}

//! The adapter's trait over the simulated world: every request waits until the scheduler does something to it.

use std::cell::RefCell;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use cstore::backoff::Backoff;
use cstore::s3::{
    BodyLimit, Bucket, DeleteAnswer, Etag, Failure, Key, Level, ListedObject, ListedVersion, Object, ObjectMeta, Put,
    PutAnswer, RetryBudget, S3Version, VersionId,
};
use futures_util::future::{FutureExt as _, LocalBoxFuture};

use crate::memory::NAME;
use crate::world::{Answer, ClientId, Request, World};

/// One client's view of the bucket.
#[derive(Clone)]
pub(crate) struct Simulated {
    pub(crate) world: Rc<RefCell<World>>,
    pub(crate) client: ClientId,
}

impl Simulated {
    pub(crate) fn ask(&self, request: Request) -> Asking<'_> {
        Asking { bucket: self, request: Some(request), id: None }
    }
}

impl Bucket for Simulated {
    fn name(&self) -> &str {
        NAME
    }

    fn other_service(&self) -> Option<&str> {
        self.world.borrow().is_other_service.then_some("https://s3.example")
    }

    async fn get(
        &self,
        key: &Key,
        version: Option<&S3Version>,
        limit: impl Into<BodyLimit>,
        _retries: &RetryBudget,
    ) -> Result<Option<Object>, Box<Failure>> {
        match self.ask(Request::Get { key: key.clone(), version: version.cloned(), limit: limit.into() }).await {
            Answer::Object(answer) => answer,
            other => unreachable!("{other:?}"),
        }
    }

    async fn head(&self, key: &Key, version: Option<&VersionId>) -> Result<Option<ObjectMeta>, Box<Failure>> {
        match self.ask(Request::ObjectMeta { key: key.clone(), version: version.cloned() }).await {
            Answer::ObjectMeta(answer) => answer,
            other => unreachable!("{other:?}"),
        }
    }

    async fn put(&self, put: &Put) -> Result<PutAnswer, Box<Failure>> {
        match self.ask(Request::Put(put.clone())).await {
            Answer::Put(answer) => answer,
            other => unreachable!("{other:?}"),
        }
    }

    async fn delete(&self, key: &Key, expected: &Etag) -> Result<DeleteAnswer, Box<Failure>> {
        match self.ask(Request::Delete { key: key.clone(), expected: Some(expected.clone()) }).await {
            Answer::Delete(answer) => answer,
            other => unreachable!("{other:?}"),
        }
    }

    async fn delete_version(&self, key: &Key, version: &VersionId) -> Result<(), Box<Failure>> {
        match self.ask(Request::DeleteVersion { key: key.clone(), version: version.clone() }).await {
            Answer::DeleteVersion(answer) => answer,
            other => unreachable!("{other:?}"),
        }
    }

    async fn list(&self, prefix: &str) -> Result<Vec<ListedObject>, Box<Failure>> {
        match self.ask(Request::List { prefix: prefix.to_owned() }).await {
            Answer::Objects(answer) => answer,
            other => unreachable!("{other:?}"),
        }
    }

    async fn list_if_one_page(&self, prefix: &str) -> Result<Option<Vec<ListedObject>>, Box<Failure>> {
        Ok(Some(self.list(prefix).await?).filter(|objects| objects.len() <= 1000))
    }

    async fn list_level(&self, prefix: &str) -> Result<Level, Box<Failure>> {
        let mut level = Level::default();
        for object in self.list(prefix).await? {
            let behind = &object.key.as_str()[prefix.len()..];
            match behind.find('/') {
                Some(end) => level.folders.push(format!("{prefix}{}", &behind[..=end])),
                None => level.objects.push(object),
            }
        }
        level.folders.dedup();
        Ok(level)
    }

    async fn list_versions(&self, prefix: &str) -> Result<Vec<ListedVersion>, Box<Failure>> {
        match self.ask(Request::ListVersions { prefix: prefix.to_owned() }).await {
            Answer::Versions(answer) => answer,
            other => unreachable!("{other:?}"),
        }
    }
}

/// A wait is as long as the scheduler likes.
impl Backoff for Simulated {
    fn wait(&self, _attempts: u32) -> LocalBoxFuture<'_, ()> {
        self.ask(Request::Pause).map(drop).boxed_local()
    }
}

impl fmt::Debug for Simulated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "client {}", self.client)
    }
}

/// A request: sent when it is first waited for, and abandoned when it is dropped before its answer.
pub(crate) struct Asking<'a> {
    bucket: &'a Simulated,
    request: Option<Request>,
    id: Option<u64>,
}

impl Future for Asking<'_> {
    type Output = Answer;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Answer> {
        let mut world = self.bucket.world.borrow_mut();
        let id = match self.request.take() {
            Some(request) => world.ask(self.bucket.client, request),
            None => self.id.unwrap(),
        };
        let answer = world.answer_or_wait(id, context.waker());
        drop(world);
        self.id = if answer.is_none() { Some(id) } else { None };
        answer.map_or(Poll::Pending, Poll::Ready)
    }
}

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        if let Some(id) = self.id {
            self.bucket.world.borrow_mut().abandon(id);
        }
    }
}

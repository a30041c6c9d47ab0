//! The bucket, the requests on their way to it, and what can become of each.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::task::Waker;

use cstore::network::NetworkFault;
use cstore::s3::{
    BodyLimit, Condition, DeleteAnswer, Etag, Failure, Key, ListedObject, ListedVersion, Object, ObjectMeta, Operation,
    Put, PutAnswer, Reason, S3Version, VersionId,
};

use crate::memory::{Memory, failure};

/// Who asks: the index among the clients.
pub(crate) type ClientId = usize;

/// How often the real adapter has a request sent, whether no answer comes or 409 (`src/network/budget.rs`).
const REQUESTS: u32 = 8;

/// The ETag of no object (`src/store/conditions.rs`).
const NO_STATE: &str = "\"00000000000000000000000000000000\"";

/// What a client asks for.
#[derive(Debug, Clone)]
pub(crate) enum Request {
    Get {
        key: Key,
        version: Option<S3Version>,
        limit: BodyLimit,
    },
    ObjectMeta {
        key: Key,
        version: Option<VersionId>,
    },
    Put(Put),
    List {
        prefix: String,
    },
    ListVersions {
        prefix: String,
    },
    Delete {
        key: Key,
        expected: Option<Etag>,
    },
    DeleteVersion {
        key: Key,
        version: VersionId,
    },
    /// The wait before another attempt, as long as the scheduler likes.
    Pause,
}

/// What it is told.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    Object(Result<Option<Object>, Box<Failure>>),
    ObjectMeta(Result<Option<ObjectMeta>, Box<Failure>>),
    Put(Result<PutAnswer, Box<Failure>>),
    Objects(Result<Vec<ListedObject>, Box<Failure>>),
    Versions(Result<Vec<ListedVersion>, Box<Failure>>),
    Delete(Result<DeleteAnswer, Box<Failure>>),
    DeleteVersion(Result<(), Box<Failure>>),
    Done,
}

/// A request that a client waits for.
#[derive(Debug)]
pub(crate) struct Waiting {
    pub(crate) client: ClientId,
    pub(crate) request: Request,
    /// How many tries have been sent, and got no answer or 409.
    sent: u32,
    answer: Option<Answer>,
    waker: Option<Waker>,
}

/// A put that took effect.
#[derive(Debug)]
pub(crate) struct Effect {
    pub(crate) at: u64,
    /// When the client's first request took effect.
    pub(crate) began: u64,
    pub(crate) client: ClientId,
    pub(crate) put: Put,
    /// What was there before.
    pub(crate) over: Option<ObjectMeta>,
}

/// A delete that took effect.
#[derive(Debug)]
pub(crate) struct Removal {
    pub(crate) at: u64,
    pub(crate) client: ClientId,
    pub(crate) key: Key,
    /// The S3 version that it named; none where it named a state.
    pub(crate) version: Option<VersionId>,
    /// What was current before, and is now.
    pub(crate) before: Option<ObjectMeta>,
    pub(crate) after: Option<ObjectMeta>,
    /// The object that is gone, and when it was put; none where it is only hidden, or a delete marker is gone.
    pub(crate) gone: Option<(ObjectMeta, u64)>,
}

/// All but the clients' own state.
pub(crate) struct World {
    pub(crate) memory: Memory,
    /// Whether the bucket is said to be of another service than AWS's.
    pub(crate) is_other_service: bool,
    /// The number of operations so far: what the simulation has for a clock.
    pub(crate) now: u64,
    waiting: BTreeMap<u64, Waiting>,
    /// Copies of puts and deletes that nobody waits for any more, still on their way.
    late: Vec<(ClientId, Request)>,
    effects: Vec<Effect>,
    removals: Vec<Removal>,
    /// Those whose deletes may be lost and late as puts are.
    pub(crate) purgers: BTreeSet<ClientId>,
    /// The same, of files of the head.
    pub(crate) file_purgers: BTreeSet<ClientId>,
    /// When each client first read the channel, and last.
    pub(crate) channel_reads: BTreeMap<ClientId, (u64, u64)>,
    /// By key and S3 version: when it was put.
    pub(crate) put_at: BTreeMap<(String, String), u64>,
    /// When each client last listed S3 versions, by prefix.
    pub(crate) listed: BTreeMap<(ClientId, String), u64>,
    /// When a delete of each client last took effect, by key, but for late copies.
    pub(crate) deleted: BTreeMap<(ClientId, String), u64>,
    is_landing: bool,
    /// When each client ended, or was killed.
    pub(crate) ended: BTreeMap<ClientId, u64>,
    next_id: u64,
    /// How many late copies have arrived.
    pub(crate) landed: u64,
    /// How often it was tried whether a condition that cannot hold is taken.
    pub(crate) tried_conditions: u64,
    /// How often something was planted.
    pub(crate) strikes: u64,
    /// When each client's first request took effect.
    pub(crate) began: BTreeMap<ClientId, u64>,
    /// Who was told that a request failed in the end.
    pub(crate) failed: BTreeSet<ClientId>,
    /// What each client has been told, where somebody wants to know.
    pub(crate) told: Option<BTreeMap<ClientId, Vec<String>>>,
    pub(crate) pauses: BTreeMap<ClientId, u32>,
    /// What happened, line by line, where somebody wants to read it.
    pub(crate) trace: Option<Vec<String>>,
}

impl World {
    pub(crate) fn new(memory: Memory) -> Self {
        Self {
            memory,
            is_other_service: false,
            now: 0,
            waiting: BTreeMap::new(),
            late: Vec::new(),
            effects: Vec::new(),
            removals: Vec::new(),
            purgers: BTreeSet::new(),
            file_purgers: BTreeSet::new(),
            channel_reads: BTreeMap::new(),
            put_at: BTreeMap::new(),
            listed: BTreeMap::new(),
            deleted: BTreeMap::new(),
            is_landing: false,
            ended: BTreeMap::new(),
            next_id: 0,
            landed: 0,
            tried_conditions: 0,
            strikes: 0,
            began: BTreeMap::new(),
            failed: BTreeSet::new(),
            told: None,
            pauses: BTreeMap::new(),
            trace: None,
        }
    }

    /// Sends a request. It will wait until something is done to it.
    pub(crate) fn ask(&mut self, client: ClientId, request: Request) -> u64 {
        if matches!(request, Request::Pause) {
            *self.pauses.entry(client).or_default() += 1;
        }
        if let Request::Put(Put { condition: Condition::Replace(etag), .. }) = &request {
            self.tried_conditions += u64::from(etag.as_str() == NO_STATE);
        }
        self.next_id += 1;
        let waiting = Waiting { client, request, sent: 0, answer: None, waker: None };
        self.waiting.insert(self.next_id, waiting);
        self.next_id
    }

    /// The answer to a request; else the waker is kept.
    pub(crate) fn answer_or_wait(&mut self, id: u64, waker: &Waker) -> Option<Answer> {
        let waiting = self.waiting.get_mut(&id)?;
        if waiting.answer.is_none() {
            waiting.waker = Some(waker.clone());
            return None;
        }
        self.waiting.remove(&id)?.answer
    }

    /// The client waits for a request no more. What it has sent may still arrive.
    pub(crate) fn abandon(&mut self, id: u64) {
        if let Some(Waiting { client, request, answer: None, .. }) = self.waiting.remove(&id)
            && self.is_write(client, &request)
        {
            self.late.push((client, request));
        }
    }

    /// Whether a request may be lost or late, and what it does with it.
    pub(crate) fn is_write(&self, client: ClientId, request: &Request) -> bool {
        match request {
            Request::Put(_) => true,
            Request::Delete { .. } | Request::DeleteVersion { .. } => {
                self.purgers.contains(&client) || self.file_purgers.contains(&client)
            }
            _ => false,
        }
    }

    /// The requests that nothing has been done to.
    pub(crate) fn open(&self) -> impl Iterator<Item = (u64, &Waiting)> {
        self.waiting.iter().filter(|(_, waiting)| waiting.answer.is_none()).map(|(id, waiting)| (*id, waiting))
    }

    pub(crate) fn late(&self) -> &[(ClientId, Request)] {
        &self.late
    }

    /// The deletes that took effect since this was asked last.
    pub(crate) fn take_removals(&mut self) -> Vec<Removal> {
        std::mem::take(&mut self.removals)
    }

    /// The puts that took effect since this was asked last.
    pub(crate) fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// A request takes effect, and its answer arrives.
    pub(crate) fn deliver(&mut self, id: u64) {
        let (client, request) = self.note("", id);
        let answer = match &request {
            Request::Get { key, version, limit } => {
                if key.as_str().ends_with("/.cstore/channels/prod.json") {
                    self.channel_reads.entry(client).or_insert((self.now, self.now)).1 = self.now;
                }
                Answer::Object(self.memory.get(key, version.as_ref(), limit))
            }
            Request::ObjectMeta { key, version } => Answer::ObjectMeta(self.memory.look(key, version.as_ref())),
            Request::Put(put) => Answer::Put(Ok(self.take_effect(client, put))),
            Request::List { prefix } => Answer::Objects(Ok(self.memory.list(prefix))),
            Request::ListVersions { prefix } => {
                self.listed.insert((client, prefix.clone()), self.now);
                Answer::Versions(Ok(self.memory.list_versions(prefix)))
            }
            Request::Delete { key, expected } => Answer::Delete(Ok(self.delete(client, key, expected.as_ref()))),
            Request::DeleteVersion { key, version } => {
                self.delete_version(client, key, version);
                Answer::DeleteVersion(Ok(()))
            }
            Request::Pause => Answer::Done,
        };
        self.answer(id, answer);
    }

    /// A put or delete takes effect, its answer is lost, and the SDK sends it again, unless that was its last try.
    pub(crate) fn lose_answer(&mut self, id: u64) {
        let (client, request) = self.note("answer lost: ", id);
        self.write(client, &request);
        self.count_lost(id, &request);
    }

    /// A put does not arrive in time, and the SDK sends it again; the first copy may still arrive whenever it likes.
    pub(crate) fn delay(&mut self, id: u64) {
        let (client, request) = self.note("delayed: ", id);
        if self.is_write(client, &request) {
            self.late.push((client, request.clone()));
        }
        self.count_lost(id, &request);
    }

    /// 409 `ConditionalRequestConflict`: the adapter puts again, so many times.
    pub(crate) fn refuse(&mut self, id: u64) {
        let (_, request) = self.note("409: ", id);
        let Some(waiting) = self.waiting.get_mut(&id) else { return };
        waiting.sent += 1;
        if waiting.sent == REQUESTS {
            self.fail(id, &request, Reason::Unavailable);
        }
    }

    /// No try of a request is answered. Of a put, one may still arrive.
    pub(crate) fn give_up(&mut self, id: u64) {
        let (client, request) = self.note("given up: ", id);
        if self.is_write(client, &request) {
            self.late.push((client, request.clone()));
        }
        self.fail(id, &request, Reason::Unreachable(NetworkFault::Connection));
    }

    /// A late copy arrives.
    pub(crate) fn land(&mut self, index: usize) {
        let (client, request) = self.late.remove(index);
        self.now += 1;
        self.landed += 1;
        self.say(|| format!("late, of client {client}: {request}"));
        self.is_landing = true;
        self.write(client, &request);
        self.is_landing = false;
    }

    /// A late copy is lost for good.
    pub(crate) fn discard(&mut self, index: usize) {
        let (client, request) = self.late.remove(index);
        self.say(|| format!("lost for good, of client {client}: {request}"));
    }

    pub(crate) fn say(&mut self, line: impl FnOnce() -> String) {
        if let Some(trace) = &mut self.trace {
            trace.push(format!("{:>4}  {}", self.now, line()));
        }
    }

    fn note(&mut self, what: &str, id: u64) -> (ClientId, Request) {
        let waiting = &self.waiting[&id];
        let (client, request) = (waiting.client, waiting.request.clone());
        self.now += 1;
        self.began.entry(client).or_insert(self.now);
        self.say(|| format!("client {client}  {what}{request}"));
        (client, request)
    }

    fn take_effect(&mut self, client: ClientId, put: &Put) -> PutAnswer {
        let over = self.memory.head(&put.key, None);
        let answer = self.memory.put(put);
        if let PutAnswer::Written(written) = &answer {
            let id = written.version.as_ref().map_or("null", |version| version.as_str());
            self.put_at.insert((put.key.to_string(), id.to_owned()), self.now);
            let began = self.began.get(&client).copied().unwrap_or(self.now);
            self.effects.push(Effect { at: self.now, began, client, put: put.clone(), over });
        } else {
            self.say(|| "        412".to_owned());
        }
        answer
    }

    fn write(&mut self, client: ClientId, request: &Request) {
        match request {
            Request::Put(put) => drop(self.take_effect(client, put)),
            Request::Delete { key, expected } => drop(self.delete(client, key, expected.as_ref())),
            Request::DeleteVersion { key, version } => self.delete_version(client, key, version),
            _ => {}
        }
    }

    fn delete(&mut self, client: ClientId, key: &Key, expected: Option<&Etag>) -> DeleteAnswer {
        let before = self.memory.head(key, None);
        let answer = self.memory.delete(key, expected);
        match &answer {
            DeleteAnswer::ConditionFailed => self.say(|| "        412".to_owned()),
            DeleteAnswer::Deleted { marker } => {
                let is_gone = marker.as_ref().is_none_or(VersionId::is_null);
                let gone = before.clone().filter(|before| is_gone && before.version.is_none());
                self.remove(client, key, None, before, gone);
            }
        }
        answer
    }

    fn delete_version(&mut self, client: ClientId, key: &Key, version: &VersionId) {
        let (before, gone) = (self.memory.head(key, None), self.memory.head(key, Some(version)));
        self.memory.delete_version(key, version);
        self.remove(client, key, Some(version), before, gone);
    }

    fn remove(
        &mut self,
        client: ClientId,
        key: &Key,
        version: Option<&VersionId>,
        before: Option<ObjectMeta>,
        gone: Option<ObjectMeta>,
    ) {
        if !self.is_landing {
            self.deleted.insert((client, key.to_string()), self.now);
        }
        let put_at = |meta: &ObjectMeta| {
            let id = meta.version.as_ref().map_or("null", |version| version.as_str());
            self.put_at.get(&(key.to_string(), id.to_owned())).copied().unwrap_or_default()
        };
        let gone = gone.map(|meta| (put_at(&meta), meta)).map(|(at, meta)| (meta, at));
        let after = self.memory.head(key, None);
        let (version, key) = (version.cloned(), key.clone());
        self.removals.push(Removal { at: self.now, client, key, version, before, after, gone });
    }

    fn count_lost(&mut self, id: u64, request: &Request) {
        let Some(waiting) = self.waiting.get_mut(&id) else { return };
        waiting.sent += 1;
        if waiting.sent == REQUESTS {
            self.fail(id, request, Reason::Unreachable(NetworkFault::Connection));
        }
    }

    fn fail(&mut self, id: u64, request: &Request, reason: Reason) {
        let answer = match request {
            Request::Get { key, .. } => Answer::Object(Err(failure(Operation::Get, key.as_str(), reason))),
            Request::ObjectMeta { key, .. } => Answer::ObjectMeta(Err(failure(Operation::Get, key.as_str(), reason))),
            Request::Put(put) => Answer::Put(Err(failure(Operation::Put, put.key.as_str(), reason))),
            Request::List { prefix } => Answer::Objects(Err(failure(Operation::List, prefix, reason))),
            Request::ListVersions { prefix } => Answer::Versions(Err(failure(Operation::ListVersions, prefix, reason))),
            Request::Delete { key, .. } => Answer::Delete(Err(failure(Operation::Delete, key.as_str(), reason))),
            Request::DeleteVersion { key, .. } => {
                Answer::DeleteVersion(Err(failure(Operation::DeleteVersion, key.as_str(), reason)))
            }
            Request::Pause => Answer::Done,
        };
        self.failed.insert(self.waiting[&id].client);
        self.answer(id, answer);
    }

    fn answer(&mut self, id: u64, answer: Answer) {
        let Some(waiting) = self.waiting.get_mut(&id) else { return };
        if let Some(told) = &mut self.told {
            told.entry(waiting.client).or_default().push(format!("{} -> {answer:?}", waiting.request));
        }
        waiting.answer = Some(answer);
        if let Some(waker) = waiting.waker.take() {
            waker.wake();
        }
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = |version: &Option<S3Version>| version.as_ref().map_or(String::new(), |id| format!("?{}", id.as_str()));
        match self {
            Self::Get { key, version, .. } => write!(f, "GET {key}{}", of(version)),
            Self::ObjectMeta { key, version } => {
                write!(f, "HEAD {key}{}", version.as_ref().map_or(String::new(), |id| format!("?{}", id.as_str())))
            }
            Self::Put(put) => {
                let push_id = put.metadata.get("cstore-push-id").map_or("", String::as_str);
                write!(f, "PUT {} {:?} {} by {push_id}", put.key, put.condition, put.digest.short())
            }
            Self::List { prefix } => write!(f, "LIST {prefix}"),
            Self::ListVersions { prefix } => write!(f, "LIST {prefix}?versions"),
            Self::Delete { key, expected } => write!(f, "DELETE {key} {expected:?}"),
            Self::DeleteVersion { key, version } => write!(f, "DELETE {key}?{}", version.as_str()),
            Self::Pause => f.write_str("pause"),
        }
    }
}

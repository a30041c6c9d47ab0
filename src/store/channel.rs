//! Channels: names that point at a version, such as `prod` at `v1.4.2`, each with its history. A move is one swap of
//! one object, so of any number of movers each knows what it has replaced.

mod entry;
mod following;
mod labels;
mod listing;
mod moving;
mod order;
mod rolling_back;
mod target;

pub use entry::Move;
pub use labels::{LabelError, Labels};
pub use listing::{ListedChannel, TargetNow};
pub use moving::{Moved, What as Movement};
pub use order::{ChannelMove, MoveTo};
pub use rolling_back::{BackTo, ChannelRollback};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::document::{MAX_DOCUMENT_BYTES, SCHEMA, Stored, parse_document};
use super::field::{Grammar, first_broken, is_line};
use super::{Error, Integrity, PushInfo, PushSource, Requires, Store, Tool};
use crate::name::{ChannelName, Context, Digest, VersionName};
use crate::s3::{Bucket, Key};

/// How many targets before the present one a channel remembers.
const REMEMBERED_MOVES: usize = 100;

/// The one object that says which version a channel points at. Fields that this version of the tool does not know are
/// kept when it is rewritten.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channel {
    schema: u64,
    context: String,
    channel: ChannelName,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    version: Option<VersionName>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    digest: Option<Digest>,
    moved_at: String,
    push_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    source: Option<PushSource>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(default, skip_serializing_if = "Labels::is_empty")]
    labels: Labels,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    restores: Option<String>,
    /// Of the document: what it needs itself and what its history needs.
    #[serde(default, skip_serializing_if = "Requires::is_empty")]
    requires: Requires,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    history: Vec<Move>,
    tool: Tool,
    #[serde(flatten)]
    extra: Map<String, Value>,
}

impl Channel {
    /// The channel after a move, given what it was before; with as much of its history as a document has room for.
    fn after(before: Option<&Self>, context: &Context, name: &ChannelName, target: Move) -> Self {
        let Move { version, digest, labels, push_id, moved_at, source, message, restores, requires, extra: _ } = target;
        let mut history: Vec<_> = before.map(Self::current).into_iter().collect();
        history.extend(before.iter().flat_map(|before| &before.history).cloned());
        history.truncate(REMEMBERED_MOVES);
        let mut channel = Self {
            schema: SCHEMA,
            context: context.to_string(),
            channel: name.clone(),
            version,
            digest,
            moved_at,
            push_id,
            source,
            message,
            labels,
            restores,
            requires,
            history,
            tool: Tool::this(),
            extra: before.map(|before| before.extra.clone()).unwrap_or_default(),
        };
        while channel.is_too_large() && channel.history.pop().is_some() {}
        channel.requires =
            Requires::union(channel.history.iter().map(|made| &made.requires).chain([&channel.requires]));
        channel
    }

    fn is_too_large(&self) -> bool {
        serde_json::to_vec(self).is_ok_and(|bytes| bytes.len() as u64 > MAX_DOCUMENT_BYTES)
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &ChannelName {
        &self.channel
    }

    /// The move that it stands at.
    #[must_use]
    pub fn push_id(&self) -> &str {
        &self.push_id
    }

    /// The version that it points at, with the digest that this had when the channel was moved to it; none where it
    /// points at nothing.
    #[must_use]
    pub fn target(&self) -> Option<(&VersionName, Digest)> {
        Some((self.version.as_ref()?, self.digest?))
    }

    /// The move that it stands at, with all that is known of it.
    #[must_use]
    pub fn current(&self) -> Move {
        Move {
            version: self.version.clone(),
            digest: self.digest,
            labels: self.labels.clone(),
            push_id: self.push_id.clone(),
            moved_at: self.moved_at.clone(),
            source: self.source.clone(),
            message: self.message.clone(),
            restores: self.restores.clone(),
            requires: Requires::default(),
            extra: Map::new(),
        }
    }

    /// The moves before the one that it stands at, the newest first: the last hundred, or fewer where these are large.
    #[must_use]
    pub fn history(&self) -> &[Move] {
        &self.history
    }

    /// The versions that it stood at before and does not stand at now, the last one first, each once.
    #[must_use]
    pub fn earlier_versions(&self) -> Vec<VersionName> {
        let mut versions: Vec<VersionName> = Vec::new();
        for version in self.history.iter().filter_map(|made| made.version.as_ref()) {
            if self.version.as_ref() != Some(version) && !versions.contains(version) {
                versions.push(version.clone());
            }
        }
        versions
    }

    /// Whether a move of this id has ever been made, as far as the channel remembers.
    fn has_made(&self, push_id: &str) -> bool {
        self.push_id == push_id || self.history.iter().any(|made| made.push_id == push_id)
    }

    /// Reads the channel at a key, which must be the one of this context and name.
    fn read(bytes: &[u8], key: &Key, context: &Context, name: &ChannelName) -> Result<Self, Error> {
        let channel: Self = parse_document(key, bytes)?;
        let damaged = |why: String| Err(Integrity::Damaged { key: key.clone(), why, etag: None }.into());
        if channel.context != context.as_str() || channel.channel != *name {
            return damaged("it says that it belongs to another context or channel".to_owned());
        }
        match channel.broken_field() {
            Some(field) => damaged(format!("its field `{field}` is not what it must be")),
            None => Ok(channel),
        }
    }

    /// The first of its fields that no type checks, and that is not what it must be.
    fn broken_field(&self) -> Option<&'static str> {
        let tool = [("tool.name", &self.tool.name), ("tool.version", &self.tool.version)];
        let tool = tool.map(|(name, text)| (name, Some(text.as_str()), is_line as Grammar));
        let moves = || self.history.iter().find_map(Move::broken_field);
        first_broken(tool).or_else(|| self.current().broken_field()).or_else(moves)
    }
}

impl Move {
    /// A move that is about to be made.
    fn new(target: Option<(VersionName, Digest)>, labels: Labels, restores: Option<String>, info: &PushInfo) -> Self {
        let (version, digest) = target.unzip();
        Self {
            version,
            digest,
            labels,
            push_id: info.push_id.clone(),
            moved_at: info.created_at.clone(),
            source: info.source.clone(),
            message: info.message.clone(),
            restores,
            requires: Requires::default(),
            extra: Map::new(),
        }
    }
}

impl<B: Bucket> Store<B> {
    /// A channel, checked; none where it was never moved.
    ///
    /// # Errors
    /// [`Integrity::Damaged`], [`Error::Newer`], and those of the request.
    pub async fn channel(&self, name: &ChannelName) -> Result<Option<Stored<Channel>>, Error> {
        let key = self.keys.channel(name)?;
        self.read_with(&key, |bytes| Channel::read(bytes, &key, self.keys.context(), name)).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context() -> Context {
        Context::new("shop").unwrap()
    }

    fn prod() -> ChannelName {
        ChannelName::new("prod").unwrap()
    }

    fn read(text: &str) -> Result<Channel, Error> {
        let key = Key::new("shop/.cstore/channels/prod.json".to_owned()).unwrap();
        Channel::read(text.as_bytes(), &key, &context(), &prod())
    }

    fn move_to(version: &str, n: usize) -> Move {
        let info = PushInfo {
            push_id: format!("move-{n}"),
            created_at: "2026-01-01T00:00:00Z".to_owned(),
            ..PushInfo::default()
        };
        let target = (VersionName::new(version).unwrap(), Digest::from_content(version.as_bytes()));
        Move::new(Some(target), Labels::default(), None, &info)
    }

    fn text() -> String {
        let digest = Digest::from_content(b"v1");
        format!(
            r#"{{"schema":1,"context":"shop","channel":"prod","version":"v2","digest":"{digest}","moved_at":"2026-01-02T00:00:00Z","push_id":"m2","labels":{{"image":"sha256:ab"}},"history":[{{"version":"v1","digest":"{digest}","push_id":"m1","moved_at":"2026-01-01T00:00:00Z","later":[1.10]}}],"tool":{{"name":"t","version":"9"}},"later":{{"n":1.10}}}}"#
        )
    }

    #[test]
    fn unknown_fields_are_kept_and_the_order_is_stable() {
        let channel = read(&text()).unwrap();
        assert_eq!(serde_json::to_string(&channel).unwrap(), text());
        let moved = Channel::after(Some(&channel), &context(), &prod(), move_to("v3", 3));
        let written = serde_json::to_string(&moved).unwrap();
        assert!(written.contains(r#""later":[1.10]"#) && written.ends_with(r#""later":{"n":1.10}}"#), "{written}");
        assert_eq!(moved.history[0], channel.current());
    }

    #[test]
    fn a_channel_that_lies_is_refused() {
        let valid = text();
        let long = format!("\"{}\"", "x".repeat(257));
        for (from, to) in [
            (r#""context":"shop""#, r#""context":"other""#),
            (r#""channel":"prod""#, r#""channel":"test""#),
            (r#""channel":"prod""#, r#""channel":"PROD""#),
            (r#""version":"v2","#, ""),
            (r#""version":"v2""#, r#""version":"../v2""#),
            (r#""push_id":"m2""#, r#""push_id":"m 2""#),
            (r#""push_id":"m1""#, r#""push_id":"m\u001b""#),
            ("2026-01-02T00:00:00Z", "yesterday"),
            ("2026-01-01T00:00:00Z", "yesterday"),
            (r#""sha256:ab""#, &long),
            (r#""sha256:ab""#, r#""a\nb""#),
            (r#""image""#, r#""a b""#),
            (r#""schema":1"#, r#""schema":"1""#),
        ] {
            assert!(valid.contains(from), "{from}");
            let bad = valid.replacen(from, to, 1);
            assert!(matches!(read(&bad), Err(Error::Integrity(_))), "{bad}");
        }
        let newer = valid.replacen("\"schema\":1", "\"schema\":2", 1);
        assert!(matches!(read(&newer), Err(Error::Newer(_))));
    }

    #[test]
    fn what_a_reader_must_understand_is_that_of_the_history_as_long_as_it_is_in_it() {
        let requires = |names: &[&str]| serde_json::from_value::<Requires>(serde_json::json!(names)).unwrap();
        let after = |before: &Channel, n| Channel::after(Some(before), &context(), &prod(), move_to("v2", n));
        let mut channel = Channel::after(None, &context(), &prod(), move_to("v0", 0));
        // Of the document alone, which is written anew.
        channel.requires = requires(&["gone"]);
        channel.history.push(Move { requires: requires(&["imports"]), ..move_to("v1", 1) });
        let mut moved = after(&channel, 2);
        assert_eq!(moved.requires, requires(&["imports"]));
        moved.history.retain(|made| made.requires.is_empty());
        assert!(after(&moved, 3).requires.is_empty());
    }

    #[test]
    fn the_last_hundred_targets_are_remembered_or_as_many_as_there_is_room_for() {
        let mut channel = Channel::after(None, &context(), &prod(), move_to("v0", 0));
        for n in 1..=150 {
            channel = Channel::after(Some(&channel), &context(), &prod(), move_to("v1", n));
        }
        assert_eq!(channel.history.len(), 100);
        let ids = [channel.push_id(), &channel.history[0].push_id, &channel.history[99].push_id];
        assert_eq!(ids, ["move-150", "move-149", "move-50"]);

        for _ in 0..20 {
            let mut large = move_to("v1", 151);
            large.extra.insert("later".to_owned(), Value::String("x".repeat(100_000)));
            channel.history.insert(0, large);
        }
        let bounded = Channel::after(Some(&channel), &context(), &prod(), move_to("v2", 152));
        assert!(!bounded.is_too_large() && bounded.history.len() > 5, "{}", bounded.history.len());
        assert_eq!(bounded.history[0].push_id, "move-150");
        assert!(read(&serde_json::to_string(&bounded).unwrap()).is_ok());
    }
}

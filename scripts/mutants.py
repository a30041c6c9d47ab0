"""Breaks the protocol on purpose, one way at a time, and requires that the simulation notices.

Each mutation is made in a copy of the tree, so the tree itself stays as it is; as many are tried at once as there are
processors, since a build keeps only one of them busy. Most are noticed by a thousand schedules
of a kind within half a minute; only those that are not are given more schedules and the walks, which take several.
Prints the first test that notices each; ends with an error when a mutation is not noticed, or can no longer be made
because the code has changed.

    python scripts/mutants.py [NAME...]
"""

import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
PLACE = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "mutants"
# Where the rows of the table in docs/reliability.md are taken from.
ROWS = PLACE.parent / "tmp/reliability/mutants"


class Mutation(NamedTuple):
    """What is changed: in which file below src/store, which text, which stands there once, into what."""

    title: str
    file: str
    old: str
    new: str


MUTATIONS = {
    "files-after-manifest": Mutation(
        "the files are put after the manifest",
        "publish.rs",
        """\
        let entries = all(&outgoing, |file| self.create_file(file, push, version)).await?;
        let manifest = Manifest::new(self.keys.context(), Some(version), entries.clone(), &push.info);
""",
        """\
        let unknown = |file: &Outgoing<'_>| {
            let etag = crate::s3::Etag::new("unknown");
            file.written(crate::s3::Written { etag, version: None, kms_key_id: None })
        };
        let entries: Vec<_> = outgoing.iter().map(unknown).collect();
        let manifest = Manifest::new(self.keys.context(), Some(version), entries, &push.info);
        self.publish(&manifest, push, version).await?;
        let entries = all(&outgoing, |file| self.create_file(file, push, version)).await?;
""",
    ),
    "plain-put": Mutation(
        "the manifest is put whatever is there",
        "publish.rs",
        """\
            let answer = self.put_document(key.clone(), manifest, Some(version), &push.info, Condition::Create).await?;
""",
        """\
            let answer =
                match self.bucket.head(&key, None).await? {
                    None => Condition::Create,
                    Some(head) => Condition::Replace(head.etag),
                };
            let answer = self.put_document(key.clone(), manifest, Some(version), &push.info, answer).await?;
""",
    ),
    "replace-others": Mutation(
        "a file of another push is replaced",
        "publish.rs",
        """\
            let owner = self.owner_for_version(&seen, version, &outgoing.file.path).await?;
""",
        """\
            let owner = self.owner_for_version(&seen, version, &outgoing.file.path).await?;
            let over = Self::request(outgoing, Some(version), &push.info, Condition::Replace(seen.meta.etag));
            if let PutAnswer::Written(written) = self.bucket.put(&over).await? {
                return Ok(outgoing.written(written));
            }
""",
    ),
    "done-without-a-look": Mutation(
        "a push of what is published is done without a look at the files",
        "publish.rs",
        "all(&manifest.files, |entry| self.is_there(entry, version))",
        "all(&manifest.files, |_| std::future::ready(Ok(true)))",
    ),
    "pull-without-digest": Mutation(
        "a pull does not check the file's digest",
        "verify.rs",
        "if received.digest == entry.sha256 {",
        "if received.digest == entry.sha256 || !received.object.body.expose().is_empty() {",
    ),
    "push-without-digest": Mutation(
        "a push takes another's file for its own without checking the digest",
        "push.rs",
        """\
        seen.holds(self.file.digest)
            && seen.metadata.version""",
        "        seen.metadata.version",
    ),
    "key-not-asked-for": Mutation(
        "a push is stopped by a key that nobody asked it for",
        "push.rs",
        "self.file.asked.kms_key.as_ref().is_none_or(has_key)",
        "seen.metadata.kms_key == self.kms_key && self.file.asked.kms_key.as_ref().is_none_or(has_key)",
    ),
    "overwrite-swaps-manifest-only": Mutation(
        "an overwrite whose manifest was refused swaps only the manifest",
        "overwrite.rs",
        """\
            standing = StandingManifest::from_read(self.manifest(Some(version)).await)?;
""",
        """\
            standing = StandingManifest::from_read(self.manifest(Some(version)).await)?;
            let now = standing.condition.clone();
            let again = self.put_document(key.clone(), &manifest, Some(version), &push.info, now).await?;
            if let PutAnswer::Written(_) = again {
                return Ok((entries, old));
            }
""",
    ),
    "claim-not-looked-at": Mutation(
        "a push goes on whatever the claim says",
        "claim.rs",
        "Claimed::Content(_) => Conflict::Claimed { version, created_at, source },",
        "Claimed::Content(_) => return Ok(()),",
    ),
    "own-file-not-known": Mutation(
        "after a lost answer a push of the head does not know its own file",
        "head.rs",
        """\
                    if outgoing.is_own(&seen, None, &push.info) {
                        return Ok(Ok(with_recorded(outgoing.found(seen))));
                    }
""",
        """\
                    if outgoing.is_own(&seen, None, &push.info) {
                        return Err(Conflict::KeepsChanging { key: outgoing.key.clone() }.into());
                    }
""",
    ),
    "head-not-merged": Mutation(
        "the head is swapped without merging what others pushed meanwhile",
        "head.rs",
        "                    let next = current.value.merged(&entries, info);\n",
        """\
                    let mut next = Manifest::new(self.keys.context(), None, entries.clone(), info);
                    next.push_ids.splice(0..0, current.value.push_ids.iter().cloned());
""",
    ),
    "head-swapped-twice": Mutation(
        "a push of the head whose answer was lost swaps again",
        "head.rs",
        "            if current.as_ref().is_some_and(|current| "
        "current.value.push_ids.contains(&info.push_id)) {\n                return Ok(Ok(swapped));\n            }\n",
        "            if let Some(current) = &mut current {\n"
        "                current.value.push_ids.retain(|id| *id != info.push_id);\n            }\n",
    ),
    "head-keeps-what-others-took": Mutation(
        "without versioning a push of the head names files that another has taken over",
        "head.rs",
        "            let taken = self.give_up_what_others_took(&mut entries, info).await?;\n",
        "            let taken: Vec<ConfigPath> = Vec::new();\n",
    ),
    "metadata-believed": Mutation(
        "a digest counts that an object has in its metadata",
        "look.rs",
        "        self.digest == Some(digest)\n",
        "        self.metadata.digest == Some(digest)\n",
    ),
    "own-push-id-believed": Mutation(
        "an object is taken for a push's own by its metadata alone",
        "look.rs",
        "        self.holds(digest) && self.metadata == *metadata\n",
        "        metadata.digest == Some(digest) && self.metadata == *metadata\n",
    ),
    "archived-counts": Mutation(
        "an object in an archive counts as written",
        "look.rs",
        "        let digest = meta.sha256.filter(|_| !meta.is_archived);\n",
        "        let digest = meta.sha256;\n",
    ),
    "no-checksum-not-written": Mutation(
        "an object of which S3 keeps no checksum counts as another",
        "look.rs",
        "                Ok(Some(meta)) => Some(meta),\n",
        "                Ok(Some(meta)) => return Ok(Some(Seen::from_meta(meta))),\n",
    ),
    "unread-stops-overwrite": Mutation(
        "an object that cannot be decrypted stops an overwrite",
        "look.rs",
        "            Err(Error::S3(failure)) if failure.may_be_due_to_object() => failure,\n",
        "            Err(Error::S3(failure)) if failure.may_be_due_to_object() && most > 1 << 30 => failure,\n",
    ),
    "unread-no-pin": Mutation(
        "the pin is not read where what lies at the key cannot be got",
        "verify.rs",
        "                Verdict::ReadPinned\n            }\n            _ => Verdict::Refused(error.clone()),\n",
        "                Verdict::Refused(error.clone())\n            }\n            _ => Verdict::Refused(error.clone()),\n",
    ),
    "damaged-no-pin": Mutation(
        "the pin is not read where metadata makes an object look damaged",
        "verify.rs",
        "        if entry.version_id.is_some() && received.object.head.version != entry.version_id {\n",
        "        if entry.version_id.is_some() && metadata.digest.is_none_or(|own| own == received.digest) {\n",
    ),
    "overwrite-believes-metadata": Mutation(
        "an overwrite leaves alone what says that it is the head's",
        "overwrite.rs",
        "if !is_of_version && self.head_lists(version, &outgoing.file.path).await? {",
        "if !is_of_version {",
    ),
    "overwrite-ignores-head": Mutation(
        "an overwrite replaces what the head's manifest lists",
        "owner.rs",
        "        let files = manifest.into_iter().flat_map(|manifest| manifest.files);\n",
        "        let files = manifest.into_iter().flat_map(|manifest| manifest.files).take(0);\n",
    ),
    "claim-stops-overwrite": Mutation(
        "a claim that cannot be read stops an overwrite",
        "claim.rs",
        "Err(error) if overwrite => Condition::Replace(error.damaged_state().cloned().ok_or(error)?),",
        "Err(error) if overwrite => return Err(error),",
    ),
    "head-believes-metadata": Mutation(
        "a push of the head leaves alone what says that it is a version's",
        "owner.rs",
        "        let is_under_way = claimed.is_some() && claimed != published;\n",
        "        let is_under_way = claimed.is_some() || published.is_some() || !rest.is_empty();\n",
    ),
    "base-not-held": Mutation(
        "a push that knows what it replaces swaps the head whatever it lists by then",
        "head.rs",
        "            refuse_moved(push, expected, current.as_ref().map(|current| &current.value))?;\n",
        "            if key.as_str().is_empty() {\n"
        "                refuse_moved(push, expected, current.as_ref().map(|current| &current.value))?;\n            }\n",
    ),
    "base-by-a-later-look": Mutation(
        "a push that knows what it replaces replaces what a later look finds",
        "expected.rs",
        "        is_kept || self.is_known(|known| seen.holds(known))\n",
        "        is_kept || self.is_known(|known| seen.holds(known)) || !seen.metadata.is_foreign()\n",
    ),
    "base-taken-over-unsaid": Mutation(
        "without versioning a push that knows what it replaces gives up a file that another has taken over",
        "head.rs",
        "taken.iter().find(|path| expected.contains_key(path))",
        "taken.iter().find(|path| expected.contains_key(path) && path.as_str().is_empty())",
    ),
    "base-files-in-any-order": Mutation(
        "without versioning pushes that know what they replace put their files in any order",
        "head.rs",
        "        let mut are_kept = expected.is_empty() ||",
        "        let mut are_kept = !outgoing.is_empty() || expected.is_empty() ||",
    ),
    "standstill-at-once": Mutation(
        "what another put back once counts as the service's refusal",
        "standstill.rs",
        "const REFUSALS: u32 = 3;",
        "const REFUSALS: u32 = 1;",
    ),
    "head-ignores-pushes": Mutation(
        "a push of the head replaces the file of a version whose push is under way",
        "owner.rs",
        "        Ok(is_under_way.then(|| version.clone()))\n",
        "        Ok(is_under_way.then(|| version.clone()).filter(|_| rest.is_empty()))\n",
    ),
    "purge-deletes-current-first": Mutation(
        "a purge deletes what is current by its S3 version, and hides it not first",
        "purge.rs",
        "            && current.is_latest\n",
        "            && current.is_latest\n            && history.covers(&current.version, stuck)\n",
    ),
    "purge-newest-first": Mutation(
        "a purge deletes the newest S3 version first",
        "purge.rs",
        "for version in going.into_iter().filter(|version| Some(&version.version) != replaced) {",
        "for version in going.into_iter().rev().filter(|version| Some(&version.version) != replaced) {",
    ),
    "purge-shows-what-is-hidden": Mutation(
        "a purge removes a marker that hides what stays",
        "remains.rs",
        "Whose::Marker => !is_covering && !listed.version.is_null(),",
        "Whose::Marker => !listed.version.is_null(),",
    ),
    "purge-marker-at-once": Mutation(
        "a purge removes its marker without another listing",
        "purge.rs",
        "                Ok(DeleteAnswer::Deleted { .. }) => {}\n",
        """\
                Ok(DeleteAnswer::Deleted { marker }) => {
                    for version in &going {
                        self.bucket.delete_version(&version.key, &version.version).await?;
                    }
                    if let Some(marker) = marker {
                        self.bucket.delete_version(&current.key, &marker).await?;
                    }
                }
""",
    ),
    "purge-files-first": Mutation(
        "a purge removes the files before the manifest",
        "purge.rs",
        "            if !remains.manifest.going(&stuck).is_empty() {\n",
        "            if !remains.manifest.going(&stuck).is_empty() && remains.files.is_empty() {\n",
    ),
    "purge-of-all-below": Mutation(
        "a purge removes what is not the version's",
        "remains.rs",
        "                    Ok(Some(_)) => Whose::Other,\n",
        "                    Ok(Some(_)) => Whose::Own,\n",
    ),
    "purge-without-claim": Mutation(
        "a purge goes on whatever the claim says by then",
        "purge.rs",
        "if self.bucket.head(&key, None).await?.is_some_and(|meta| meta.etag == *claim) {",
        'if self.bucket.head(&key, None).await?.is_none_or(|meta| meta.etag != Etag::new("")) {',
    ),
    "purge-lists-once": Mutation(
        "a purge does not look at what it has left",
        "purge.rs",
        "            if round > 2 {\n",
        """\
            if round > 0 {
                purged.staying = staying(remains.histories());
                return self.finish_purge(version, claim, purged, progress).await;
            }
            if round > 2 {
""",
    ),
    "purge-lists-manifest-first": Mutation(
        "a purge lists the manifest before the files",
        "remains.rs",
        """\
        let listed = self.bucket.list_versions(&prefix).await?;
        let manifest = self.document_history(&self.keys.manifest(Some(version))?).await?;
""",
        """\
        let manifest = self.document_history(&self.keys.manifest(Some(version))?).await?;
        let listed = self.bucket.list_versions(&prefix).await?;
""",
    ),
    "purge-of-another-claim": Mutation(
        "a purge that ends removes the claim of whoever has claimed the name by then",
        "purge.rs",
        "        let history = self.document_history(&key).await?.but_for_current();\n",
        "        let history = self.document_history(&key).await?;\n",
    ),
    "purge-unseen": Mutation(
        "a purge that was agreed to removes whatever is published by then",
        "purge.rs",
        "if !is_begun && remains.manifest.current().is_some_and(other) {",
        "if !is_begun && remains.manifest.current().is_some_and(other) && version.as_str().is_empty() {",
    ),
    "purge-seen-once": Mutation(
        "a purge that was agreed to compares what is published with what was shown at its first listing alone",
        "purge.rs",
        "if !is_begun && remains.manifest.current().is_some_and(other) {",
        "if !is_begun && round == 1 && remains.manifest.current().is_some_and(other) {",
    ),
    "purge-ignored-by-overwrite": Mutation(
        "an overwrite ignores a purge's claim",
        "claim.rs",
        "Ok(Some(claim)) if overwrite && claim.value.digest != Claimed::Purge => Condition::Replace(claim.etag),",
        "Ok(Some(claim)) if overwrite => Condition::Replace(claim.etag),",
    ),
    "purge-ignored-by-repeat": Mutation(
        "a push of what is published ignores a purge's claim",
        "claim.rs",
        "            Some(Stored { value: Claim { digest: Claimed::Purge, created_at, source, .. }, .. }) => {\n"
        "                Err(Conflict::Purging { version: version.clone(), created_at, source }.into())\n",
        "            Some(Stored { value: Claim { digest: Claimed::Purge, created_at, source, .. }, .. })\n"
        "                if created_at.is_empty() =>\n            {\n"
        "                Err(Conflict::Purging { version: version.clone(), created_at, source }.into())\n",
    ),
    "file-purge-takes-new": Mutation(
        "a purge of files of the head removes what was put since it began",
        "purge_files.rs",
        "(going == Going::All || is_old)",
        "(going == Going::All || is_old || !head.value.purged.is_empty())",
    ),
    "file-purge-unheard": Mutation(
        "a push of the head lists what it put before a purge of that file began",
        "head.rs",
        "            if entries.iter().any(|entry| last(&entry.path) != purged.get(&entry.path)) {\n",
        "            if entries.iter().any(|entry| last(&entry.path).is_none() && purged.contains_key(&entry.path)) {\n",
    ),
    "file-purge-lists-once": Mutation(
        "a purge of files of the head does not look at what it has left",
        "purge_files.rs",
        "            if left.is_empty() {\n",
        "            if left.is_empty() || round > 1 {\n",
    ),
    "file-purge-unseen": Mutation(
        "a purge takes files out of the head whatever has been pushed since they were shown",
        "purge_files.rs",
        "        let is_other = base != Some(present);\n",
        "        let is_other = base != Some(present) && path.as_str().is_empty();\n",
    ),
    "file-purge-reads-first": Mutation(
        "a purge of files of the head reads the manifest before it lists them",
        "purge_files.rs",
        """\
        let listed = listed.await?;
        let Some(head) = self.manifest(None).await? else { return Err(self.nothing_at(None, Vec::new()).await?) };
""",
        """\
        let Some(head) = self.manifest(None).await? else { return Err(self.nothing_at(None, Vec::new()).await?) };
        let listed = listed.await?;
""",
    ),
    "overwrite-unseen": Mutation(
        "an overwrite that was agreed to goes over whatever is published by then",
        "order.rs",
        "        seen == Some(published) || published == pushed\n",
        "        seen == Some(published) || published == pushed || seen.is_some()\n",
    ),
    "rollback-over-anything": Mutation(
        "a rollback swaps the head whatever it is by then",
        "restore.rs",
        "        if now.map(|now| &now.etag) == self.found.as_ref().map(|found| &found.etag) {\n",
        "        if now.is_some() || self.found.is_none() {\n",
    ),
    "rollback-forgets-pushes": Mutation(
        "a rollback takes the pushes since out of the head's list of them",
        "manifest.rs",
        "        self.removed.extend(paths.iter().cloned());\n",
        "        self.removed.extend(paths.iter().cloned());\n"
        "        self.push_ids.drain(..self.push_ids.len().saturating_sub(1));\n",
    ),
    "rollback-keeps-all": Mutation(
        "a rollback keeps what was not there before",
        "rollback.rs",
        "if self.is_exact { &self.beyond } else { &[] }",
        "if self.is_exact && self.beyond.is_empty() { &self.beyond } else { &[] }",
    ),
    "rollback-blind": Mutation(
        "a rollback replaces whatever lies at the keys",
        "rollback.rs",
        "            base: Base::Known(present.map(Into::into)),\n",
        "            base: present.map_or(Base::Unknown, |_| Base::Unknown),\n",
    ),
    "removed-is-read": Mutation(
        "a pull reads what lies at the key of a path that was removed",
        "bodies.rs",
        "(None, Some(_)) if self.removed.contains(path) =>",
        "(None, Some(_)) if self.removed.contains(path) && path.as_str().is_empty() =>",
    ),
    "channel-unseen": Mutation(
        "a move of a channel goes over moves that it has not seen",
        "channel/moving.rs",
        "attempt > 1 && !terms.force &&",
        "attempt > 1 && !terms.force && found.channel().is_none() &&",
    ),
    "channel-whatever-stands": Mutation(
        "a move goes on wherever the channel points",
        "channel/moving.rs",
        "            if !terms.are_met(&found) || was_moved {\n",
        "            if !terms.are_met(&found) && terms.same_is_success && found.channel().is_none() || was_moved {\n",
    ),
    "channel-forgets": Mutation(
        "a channel forgets the move before",
        "channel.rs",
        "before.map(Self::current).into_iter().collect();",
        "before.map(Self::current).into_iter().skip(1).collect();",
    ),
    "channel-moves-twice": Mutation(
        "a move whose answer was lost moves again",
        "channel/moving.rs",
        "channel.has_made(&wanted.info.push_id))",
        "channel.has_made(&wanted.info.push_id) && terms.only_to_what_is_new)",
    ),
    "channel-never-looks-back": Mutation(
        "a mover does not look at its target after its put",
        "channel/target.rs",
        "        match self.state_of_target(&version).await? {\n",
        "        match State::Published(expected) {\n",
    ),
    "channel-looks-at-manifest-alone": Mutation(
        "a mover looks at the manifest alone after its put",
        "channel/target.rs",
        "            (Some(_), _) => State::Purging,\n",
        "            (Some(_), None) => State::Purging,\n"
        "            (Some(_), Some(manifest)) => State::Published(manifest.value.digest()),\n",
    ),
    "purge-looks-first": Mutation(
        "a purge looks at the channels before it claims the version",
        "purge.rs",
        "        let claim = self.claim_for_purge(version, info).await?;\n        let allowed = async {\n",
        "        if !past_channels {\n            self.refuse_pointed_at(slice::from_ref(version)).await?;\n        }\n"
        "        let past_channels = true;\n"
        "        let claim = self.claim_for_purge(version, info).await?;\n        let allowed = async {\n",
    ),
    "channel-goes-forward": Mutation(
        "a rollback after a rollback goes forward again",
        "channel/rolling_back.rs",
        "let Some(restored) = made.restores.as_deref() else { break };",
        "let Some(restored) = made.restores.as_deref().filter(|_| false) else { break };",
    ),
    "channel-stays-at-the-same": Mutation(
        "a rollback of a channel that was moved to nothing and back stays where it is",
        "channel/rolling_back.rs",
        " && !made.is_same_target(from)",
        "",
    ),
    "channel-leaves-labels": Mutation(
        "a rollback of a channel leaves the labels behind",
        "channel/rolling_back.rs",
        "            labels: &back.labels,\n",
        "            labels: &Default::default(),\n",
    ),
    "channel-moves-back": Mutation(
        "what moves a channel only to what is new moves it back",
        "channel/moving.rs",
        "        self.history.iter().any(is_it)\n",
        "        target.is_none() && self.history.iter().any(is_it)\n",
    ),
    "channel-pull-takes-any": Mutation(
        "a pull of a channel takes a version that was overwritten since",
        "channel/following.rs",
        "            Some(found) if found == expected => Ok(()),\n",
        '            Some(found) if found == expected || channel.as_str() == "prod" => Ok(()),\n',
    ),
    "channel-pull-gives-up": Mutation(
        "a pull of a channel that was moved meanwhile does not start over",
        "channel/following.rs",
        "now.push_id() == channel.push_id()",
        "now.push_id() == channel.push_id() || attempt > 0",
    ),
    "removed-for-ever": Mutation(
        "a push of a path that was removed leaves it said to be removed",
        "manifest.rs",
        "        next.removed.retain(|path| !replaced.contains(path));\n",
        "",
    ),
    "channel-takes-name-for-new": Mutation(
        "a name that a channel has left is new to it with other content",
        "channel/moving.rs",
        "(!is_at_name || made.digest == Some(*digest))",
        "(is_at_name && !is_at_name || made.digest == Some(*digest))",
    ),
}


class Stage(NamedTuple):
    """What a mutation is tried on: how many schedules of each kind, and which tests."""

    schedules: int
    tests: tuple[str, ...]


STAGES = (Stage(1000, ("--skip", "walk::")), Stage(4000, ()))


class Noticed(NamedTuple):
    """The test that notices a mutation first, and how many of its schedules fail, if it runs any."""

    test: str
    schedules: str
    seed: str


class Workshop:
    """A copy of the tree, in which one mutation is tried after the other."""

    def __init__(self, number: int) -> None:
        self.tree = PLACE / f"tree-{number}"
        # Not the tree's own: Cargo cannot tell a mutated crate from the real one, and would keep it as up to date.
        self.target = PLACE / f"target-{number}"
        shutil.rmtree(self.tree, ignore_errors=True)
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=ROOT, text=True, capture_output=True, check=True).stdout
        for name in filter(None, listed.split("\0")):
            if (ROOT / name).is_file():
                (self.tree / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(ROOT / name, self.tree / name)

    def environment(self, schedules: int = 0) -> dict[str, str]:
        return {
            **os.environ,
            "CARGO_TARGET_DIR": str(self.target),
            "CARGO_TERM_COLOR": "never",
            "CSTORE_SIMULATION_SCHEDULES": str(schedules),
        }

    def notice(self, mutation: Mutation) -> Noticed | None:
        """What notices a mutation, if anything does."""
        path = self.tree / "src/store" / mutation.file
        whole = path.read_text()
        if whole.count(mutation.old) != 1:
            sys.exit(f"{mutation.file} has changed: write the mutation {mutation.title!r} anew")
        path.write_text(whole.replace(mutation.old, mutation.new))
        try:
            simulation = self.build()
            return next(filter(None, (self.notice_at(simulation, stage) for stage in STAGES)), None)
        finally:
            path.write_text(whole)

    def build(self) -> str:
        """Builds the simulation in the tree as it is, and returns its path."""
        command = ["cargo", "test", "--locked", "--test", "simulation", "--no-run"]
        built = subprocess.run(
            command, cwd=self.tree, env=self.environment(), text=True, capture_output=True, check=False
        )
        executable = re.search(r"^ *Executable .* \((.*)\)$", built.stderr, re.MULTILINE)
        if built.returncode or not executable:
            sys.exit(built.stderr)
        return executable.group(1)

    def notice_at(self, simulation: str, stage: Stage) -> Noticed | None:
        """Runs one stage until a test fails."""
        command = [simulation, "--nocapture", *stage.tests]
        count, seed, printed = "", "", []
        with subprocess.Popen(
            command,
            cwd=self.tree,
            env=self.environment(stage.schedules),
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        ) as running:
            for line in running.stdout or ():
                printed.append(line)
                if said := re.match(r"(\d+ of \d+)(?: attacked)? schedules fail: \[(\d+)", line):
                    count, seed = said.groups()
                if failed := re.match(r"test (\S+) \.\.\. FAILED$", line):
                    running.kill()
                    return Noticed(failed.group(1), count, seed)
        if running.returncode:
            sys.exit("".join(printed))
        return None


def main() -> None:
    names = sys.argv[1:] or list(MUTATIONS)
    free: SimpleQueue[Workshop] = SimpleQueue()
    for number in range(os.cpu_count() or 1):
        free.put(Workshop(number))
    first = free.get()
    if failed := first.notice_at(first.build(), STAGES[0]):
        sys.exit(f"the simulation fails without any mutation: {failed.test}")
    free.put(first)

    def tried(name: str) -> Noticed | None:
        workshop = free.get()
        try:
            return workshop.notice(MUTATIONS[name])
        finally:
            free.put(workshop)

    ROWS.mkdir(parents=True, exist_ok=True)
    missed = []
    with ThreadPoolExecutor(free.qsize()) as pool:
        try:
            for name, noticed in zip(names, pool.map(tried, names), strict=True):
                title = MUTATIONS[name].title
                if noticed:
                    row = f"| {title} | {noticed.test.replace('::', ': ').replace('_', ' ')} | {noticed.schedules} |"
                    (ROWS / f"{list(MUTATIONS).index(name):02}").write_text(row + "\n")
                    print(row, f"the first is {noticed.seed}" if noticed.seed else "", flush=True)
                else:
                    missed.append(title)
                    print(f"NOT NOTICED: {name}", flush=True)
        finally:
            pool.shutdown(cancel_futures=True)
    if missed:
        sys.exit(f"not noticed: {'; '.join(missed)}")


if __name__ == "__main__":
    main()

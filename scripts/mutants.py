"""Breaks the protocol on purpose, one way at a time, and requires that the simulation notices.

Each mutation is made in a copy of the tree, so the tree itself stays as it is. Prints what fails with each; ends
with an error when a mutation is not noticed, or can no longer be made because the code has changed.

    python scripts/mutants.py [NAME...]
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
PLACE = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "mutants"
TREE = PLACE / "tree"
# Not the tree's own: Cargo cannot tell a mutated crate from the real one, and would keep it as up to date.
TARGET = PLACE / "target"
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
        "the manifest is put whatever stands there",
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
            return Err(Conflict::KeyTaken {
                key: outgoing.key.clone(),
                owner: metadata.owner(Some(version)),
                version: Some(version.clone()),
            }
            .into());
""",
        """\
            let over = Self::request(outgoing, Some(version), &push.info, Condition::Replace(head.etag));
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
        "if digest == entry.sha256 {",
        "if digest == entry.sha256 || !object.body.expose().is_empty() {",
    ),
    "push-without-digest": Mutation(
        "a push takes another's file for its own without checking the digest",
        "publish.rs",
        """\
                && metadata.digest == Some(outgoing.file.digest)
                && (outgoing""",
        "                && (outgoing",
    ),
    "key-not-asked-for": Mutation(
        "a push is stopped by a key that nobody asked it for",
        "publish.rs",
        "(outgoing.file.asked.kms_key.is_none() || metadata.kms_key == outgoing.kms_key)",
        "metadata.kms_key == outgoing.kms_key",
    ),
    "overwrite-swaps-manifest-only": Mutation(
        "an overwrite whose manifest was refused swaps only the manifest",
        "overwrite.rs",
        """\
            standing = Standing::from_read(self.manifest(Some(version)).await)?;
""",
        """\
            standing = Standing::from_read(self.manifest(Some(version)).await)?;
            let condition = standing.condition.clone();
            let again = self.put_document(key.clone(), &manifest, Some(version), &push.info, condition).await?;
            if let PutAnswer::Written(_) = again {
                return Ok((entries, old));
            }
""",
    ),
    "claim-not-looked-at": Mutation(
        "a push goes on whatever the claim says",
        "claim.rs",
        "Some(Stored { value: Claim { created_at, source, .. }, .. }) => {\n"
        "                    return Err(Conflict::Claimed { version: version.clone(), created_at, source }.into());",
        "Some(Stored { value: Claim { .. }, .. }) => {\n                    return Ok(());",
    ),
    "own-file-not-known": Mutation(
        "after a lost answer a push of the head does not know its own file",
        "head.rs",
        """\
                    if metadata.push_id.as_ref() == Some(&push.info.push_id) {
                        return Ok(with_recorded(outgoing.found(head)));
                    }
                    if metadata.version.is_some() {""",
        """\
                    if metadata.push_id.as_ref() == Some(&push.info.push_id) {
                        return Err(Conflict::KeepsChanging { key: outgoing.key.clone() }.into());
                    }
                    if metadata.version.is_some() {""",
    ),
    "head-not-merged": Mutation(
        "the head is swapped without merging what others pushed meanwhile",
        "head.rs",
        "                    (current.value.merged(&entries, info), Condition::Replace(current.etag.clone()))\n",
        """\
                    let mut next = Manifest::new(self.keys.context(), None, entries.clone(), info);
                    next.push_ids.splice(0..0, current.value.push_ids.iter().cloned());
                    (next, Condition::Replace(current.etag.clone()))
""",
    ),
    "head-swapped-twice": Mutation(
        "a push of the head whose answer was lost swaps again",
        "head.rs",
        "            if current.as_ref().is_some_and(|current| "
        "current.value.push_ids.contains(&info.push_id)) {\n                return Ok(swapped);\n            }\n",
        "            if let Some(current) = &mut current {\n"
        "                current.value.push_ids.retain(|id| *id != info.push_id);\n            }\n",
    ),
    "head-keeps-what-others-took": Mutation(
        "without versioning a push of the head names files that another has taken over",
        "head.rs",
        "            swapped.superseded.extend(self.give_up_what_others_took(&mut entries, info).await?);\n",
        "            if key.as_str().is_empty() {\n"
        "                swapped.superseded.extend(self.give_up_what_others_took(&mut entries, info).await?);\n            }\n",
    ),
}


def run(*command: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "CARGO_TARGET_DIR": str(TARGET), "CARGO_TERM_COLOR": "never"}
    return subprocess.run(command, cwd=TREE, env=environment, text=True, capture_output=True, check=False)


def copy_tree() -> None:
    shutil.rmtree(TREE, ignore_errors=True)
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, text=True, capture_output=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (TREE / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, TREE / name)


class Noticed(NamedTuple):
    """How many schedules and tests fail with a mutation."""

    schedules: str
    seed: str
    walks: int
    races: int


def notice(mutation: Mutation | None) -> Noticed | None:
    """What fails with a mutation, if anything does."""
    if mutation:
        path = TREE / "src/store" / mutation.file
        whole = path.read_text()
        if whole.count(mutation.old) != 1:
            sys.exit(f"{mutation.file} has changed: write the mutation {mutation.title!r} anew")
        path.write_text(whole.replace(mutation.old, mutation.new))
    test = ["cargo", "test", "--locked", "--test", "simulation"]
    try:
        built = run(*test, "--no-run")
        if built.returncode:
            sys.exit(built.stderr)
        done = run(*test)
        failed = re.findall(r"^test (\S+) \.\.\. FAILED$", done.stdout, re.MULTILINE)
        if bool(failed) != bool(done.returncode):
            sys.exit(done.stdout + done.stderr)
        said = re.search(r"^(\d+) of \d+ schedules fail: \[(\d+)", done.stdout + done.stderr, re.MULTILINE)
        schedules, seed = said.groups() if said else ("none", "")
        walks, races = (sum(name.startswith(f"{module}::") for name in failed) for module in ("walk", "races"))
        return Noticed(schedules, seed, walks, races) if failed else None
    finally:
        if mutation:
            path.write_text(whole)


def main() -> None:
    names = sys.argv[1:] or list(MUTATIONS)
    copy_tree()
    if notice(None):
        sys.exit("the simulation fails without any mutation")
    ROWS.mkdir(parents=True, exist_ok=True)
    missed = []
    for name in names:
        title = MUTATIONS[name].title
        noticed = notice(MUTATIONS[name])
        if noticed:
            row = f"| {title} | {noticed.schedules} | {noticed.walks} | {noticed.races} |"
            (ROWS / f"{list(MUTATIONS).index(name):02}").write_text(row + "\n")
            print(row, f"the first is {noticed.seed}" if noticed.seed else "", flush=True)
        else:
            missed.append(title)
    if missed:
        sys.exit(f"not noticed: {'; '.join(missed)}")


if __name__ == "__main__":
    main()

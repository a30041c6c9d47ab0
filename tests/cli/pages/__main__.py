"""Runs a page of the documentation as it is written: `python tests/cli/pages PAGE`, in an empty folder.

Every fenced block is run, or is written to the file that the line before it names; a block of a kind that is not known is
an error, so that none can be forgotten. Inputs without a step are run as one. What a reader has before the page begins, and what is checked after a block, stands
in comments that begin with `<!-- run`; a block below `<!-- not run: REASON -->` is left out. Exported variables that begin with
`PAGE_` are the settings and inputs of the workflows; `PAGE_REF` is what started those that are only steps. With `--workflow FILE` the workflow of a file is run in the repository that is the
current folder, and its jobs are named, those of a matrix by number. With `--extract FOLDER PAGE…` the workflows of pages are only written down, for
linters.
"""

import json
import os
import re
import sys
import time
import tomllib
from pathlib import Path

import boto3
import manifests
import workflows
from blocks import blocks
from shell import Shell

import yaml


def main():
    if sys.argv[1] == "--extract":
        extract(Path(sys.argv[2]), sys.argv[3:])
        return
    if sys.argv[1] == "--workflow":
        document = yaml.load(Path(sys.argv[2]).read_text(), workflows.Loader)
        print("\n".join(workflows.run(document, Path.cwd())))
        return
    page = Path(sys.argv[1])
    text = own_buckets(page.read_text(), page.stem.lower())
    shell = Shell(f"cstore-shop-{page.stem.lower()}")
    began, count = time.monotonic(), 0
    for count, block in enumerate(blocks(text), 1):
        try:
            run(block, shell)
        except Exception as error:
            raise SystemExit(f"{sys.argv[1]}, line {block.line}: {error}") from error
    shell.close()
    print(f"{sys.argv[1]}: {count} blocks in {time.monotonic() - began:.1f} s")


def run(block, shell):
    if block.file:
        shell.write(block.file, block.text)
    if block.why_not_run:
        return
    if block.kind == "run":
        shell.run(block.text)
    elif block.kind == "console":
        for command, printed in block.commands():
            shell.says(command, printed)
    elif block.kind == "yaml":
        for document in yaml.load_all(block.text, workflows.Loader):
            run_document(document, shell)
    elif block.kind == "dockerfile":
        shell.run_container(*manifests.dockerfile(block.text))
    elif block.kind == "json":
        json.loads(block.text)
    elif block.kind == "properties":
        for bucket, key in manifests.spring_imports(block.text):
            boto3.client("s3").head_object(Bucket=bucket, Key=key)
    elif block.kind == "toml":
        tomllib.loads(block.text)
    elif block.kind == "sh":
        if not block.file:
            shell.run(block.text)
    elif block.kind not in ("text", "mermaid", "ini", "hcl") and not block.file:
        raise ValueError(f"a block of the kind {block.kind!r} is not run")


def run_document(document, shell):
    os.environ.update(shell.settings())
    if isinstance(document, dict) and document.get("version") == "v4":
        shell.reads_catalog(yaml.dump(document))
        return
    if workflows.is_inputs(document):
        document = [{"uses": "OWNER/cstore-action@v1", "with": document}]
    if workflows.is_workflow(document) or workflows.is_steps(document):
        workflows.run(document, shell.folder())
        return
    if manifests.is_flux_bucket(document):
        listed = boto3.client("s3").list_objects_v2(
            Bucket=document["spec"]["bucketName"], Prefix=document["spec"]["prefix"]
        )
        keys = [row["Key"] for row in listed.get("Contents", [])]
        if not keys or any("/.cstore/" in key for key in keys):
            raise ValueError(f"Flux would mirror {keys}")
        return
    ran = 0
    for environment, command in manifests.commands(document):
        shell.run_container(environment, command)
        ran += 1
    is_read = isinstance(document, dict) and "kind" in document
    if not ran and not is_read:
        raise ValueError("nothing of this YAML is run")


def own_buckets(text, page):
    """The page with buckets of its own, so that pages can be run side by side."""
    patterns = [
        r"--bucket[ =]([a-z0-9.-]+)",
        r"s3://([a-z0-9.-]+)",
        r"\bbucket: ([a-z0-9.-]+)",
        r"CSTORE_BUCKET=([a-z0-9.-]+)",
    ]
    names = {name for pattern in patterns for name in re.findall(pattern, text)}
    for name in names | {"cstore-shop"}:
        text = re.sub(
            rf"(?<![\w/-]){re.escape(name)}(?![\w-])|(?<=s3://){re.escape(name)}(?![\w-])", f"{name}-{page}", text
        )
    return text


def extract(folder, pages):
    """Writes down each whole workflow of the pages."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.yml"):
        old.unlink()
    count = 0
    for page in pages:
        for block in blocks(Path(page).read_text()):
            if block.kind == "yaml" and "jobs:" in block.text.split("\n"):
                name = f"{Path(page).stem}-{block.line}"
                text = block.text if re.search(r"(?m)^on:", block.text) else f"on: workflow_dispatch\n{block.text}"
                # The reader's files are not here, and the linter wants each pattern to match some.
                text = re.sub(r"(?m)^( +paths): .*$", r'\1: ["**"]', text)
                (folder / f"{name}.yml").write_text(text)
                count += 1
    print(f"{count} workflows of {len(pages)} pages")


if __name__ == "__main__":
    os.environ.setdefault("PAGER", "cat")
    main()

"""Makes the pictures of README.md: `way.svg`, and what the step's summary, `cstore log`, `cstore diff`, the comment on a pull
request and the section of a release's notes look like.

All but the first are made from what the programs say, against a local S3: nothing is drawn by hand. Only what differs from
run to run (times, identifiers) is replaced by something fixed, so that a test can compare. `make pictures` writes the files;
with `--check` they are compared, and a difference is an error.
"""

import sys
import tempfile
from pathlib import Path

import page
import shop
import terminal
import way
from local_s3 import local_s3

FOLDER = Path(__file__).resolve().parents[2] / "docs/pictures"


def pictures():
    with tempfile.TemporaryDirectory() as folder, local_s3() as endpoint:
        story = shop.Shop(Path(folder), endpoint)
        story.happen()
        return {
            "way.svg": way.svg(),
            "log.svg": terminal.svg("cstore log", story.typed("log")),
            "diff.svg": terminal.svg("cstore diff v1.4.1 v1.4.2", story.typed("diff", "v1.4.1", "v1.4.2")),
            "summary.svg": page.svg("The summary of a step", story.summary()),
            "comment.svg": page.svg("The comment on a pull request", story.comment()),
            "release.svg": page.svg("The section of a release's notes", story.release()),
        }


def main():
    made = pictures()
    if sys.argv[1:] == ["--check"]:
        stale = [name for name, text in made.items() if not same(FOLDER / name, text)]
        if stale:
            sys.exit(f"docs/pictures is not what the programs show: {', '.join(stale)}. `make pictures` makes it anew.")
        return
    FOLDER.mkdir(exist_ok=True)
    for name, text in made.items():
        (FOLDER / name).write_text(text)


def same(path, text):
    return path.exists() and path.read_text() == text


main()

"""Puts what the tests have left in target/tmp/reliability into the tables of docs/reliability.md.

A table that is made by the tests has a comment above it that names it; its two first lines stay.
"""

import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/reliability.md"
LEFT = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "tmp/reliability"


def table(match: re.Match[str]) -> str:
    folder = LEFT / match["name"]
    rows = "".join(file.read_text() for file in sorted(folder.iterdir())) if folder.is_dir() else ""
    if not rows:
        sys.exit(f"nothing was left for the table {match['name']!r}: run the tests that make it")
    return match["head"] + rows


page = PAGE.read_text()
MADE = r"(?P<head><!-- made by the tests: (?P<name>[a-z]+) -->\n\|.*\n\|.*\n)(?:\|.*\n)*"
PAGE.write_text(re.sub(MADE, table, page))

"""Puts what the tests have left in target/tmp/reliability into the tables of docs/reliability.md.

A table that is made by the tests has a comment above it that names it; its two first lines stay. The tables of faults
and threats are put in the order of their numbers, rows of the same words added up, and each number must be there.
"""

import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/reliability.md"
LEFT = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "tmp/reliability"
NUMBERED = {"faults": [f"F{n}" for n in range(1, 33)], "threats": [f"T{n}" for n in range(1, 29)]}


def added_up(name: str, rows: list[str]) -> list[str]:
    """The rows of `| number | what | cases | outcome |`, sorted."""
    cases: dict[tuple[str, str, str], int] = {}
    for row in rows:
        number, what, count, outcome = (cell.strip() for cell in row.strip("| \n").split(" | "))
        cases[number, what, outcome] = cases.get((number, what, outcome), 0) + int(count)
    missing = [number for number in NUMBERED[name] if number not in {key[0] for key in cases}]
    if missing:
        sys.exit(f"no test has shown {', '.join(missing)}: run all of them")
    order = sorted(cases.items(), key=lambda item: (int(item[0][0][1:]), item[0]))
    return [f"| {number} | {what} | {count} | {outcome} |\n" for (number, what, outcome), count in order]


def table(match: re.Match[str]) -> str:
    name, folder = match["name"], LEFT / match["name"]
    rows = [row for file in sorted(folder.iterdir()) for row in file.open()] if folder.is_dir() else []
    if not rows:
        sys.exit(f"nothing was left for the table {name!r}: run the tests that make it")
    return match["head"] + "".join(added_up(name, rows) if name in NUMBERED else rows)


page = PAGE.read_text()
MADE = r"(?P<head><!-- made by the tests: (?P<name>[a-z]+) -->\n\|.*\n\|.*\n)(?:\|.*\n)*"
PAGE.write_text(re.sub(MADE, table, page))

"""Puts what the tests have left in target/tmp/reliability into the tables of docs/reliability.md.

A table that is made by the tests has a comment above it that names it; its two first lines stay. The tables of faults
and threats are put in the order of their numbers, rows of the same words added up, and each number must be there.
So must rows of every command that changes what is published.
"""

import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/reliability.md"
LEFT = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "tmp/reliability"
CHANGES = [
    "push of a version",
    "overwrite",
    "push of the head",
    "promotion of a version",
    "promotion to the head",
    "rollback of the head",
    "purge of a version",
    "purge of files of the head",
    "move of a channel",
    "rollback of a channel",
    "set by the command line",
    "edit by the command line",
]
# What rows of a table must begin with, or hold.
REQUIRED = {
    "faults": [f"| F11 | {change}" for change in CHANGES]
    + [
        f"| F12 | SIGINT or SIGTERM at each request of {change}"
        for change in [
            "a push ",
            "an overwrite",
            "a push of the head",
            "a promotion of a version",
            "a promotion to the head",
            "a rollback of the head",
            "a purge of a version",
            "a purge of files of the head",
            "a move of a channel",
            "a rollback of a channel",
            "set by the command line",
            "edit by the command line",
        ]
    ],
    "kills": [f"| {change}" for change in CHANGES],
    "schedules": [
        "overwrites of a published version",
        "changes of one file of the head",
        "a promotion of a version to the head",
        "a promotion of the head to a version",
        "a rollback of the head, and one or two pushes",
        "a rollback of the head to a version",
        "a purge of a published version",
        "a purge of one or two files of the head",
        "moves of a channel",
        "rollbacks of a channel",
    ],
    "walks": [
        "two overwrites",
        "two changes of one file of the head",
        "a rollback of the head",
        "a promotion of a version",
        "a purge of a published version",
        "a purge of one of two files of the head",
        "two moves of a channel",
    ],
}
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
    lines = added_up(name, rows) if name in NUMBERED else rows
    missing = [words for words in REQUIRED.get(name, []) if not any(words in line for line in lines)]
    if missing:
        sys.exit(f"the table {name!r} lacks {', '.join(missing)}: run the tests that show them")
    return match["head"] + "".join(lines)


page = PAGE.read_text()
MADE = r"(?P<head><!-- made by the tests: (?P<name>[a-z]+) -->\n\|.*\n\|.*\n)(?:\|.*\n)*"
PAGE.write_text(re.sub(MADE, table, page))

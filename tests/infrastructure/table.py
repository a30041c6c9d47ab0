"""The guide's table of who may do what, held to the decisions: python3 table.py infrastructure/README.md"""

import pathlib
import sys

from decisions import (
    LIST,
    MANIFESTS,
    MOVE,
    MOVE_PROD,
    OF_SHOP,
    OF_WEB,
    OVERWRITE,
    PURGE,
    PUSH,
    PUSH_SHOP,
    READ,
    ROLL_BACK,
    WHO_MAY,
)

COLUMNS = {
    "list": LIST,
    "pull": READ,
    "push": PUSH,
    "move channels": MOVE,
    "overwrite": OVERWRITE,
    "purge": PURGE - ROLL_BACK,
}
# By the first cell of a row, one of each kind that it names.
ROWS = {
    "`role_users`, `identity_center_users`, `users`": ["person", "person of Identity Center", "IAM user"],
    "`github_pushers`": ["pusher", "staging pusher"],
    "`github_pushers` with `reads`": ["promoter"],
    "`github_releasers`": ["releaser"],
    "`github_pullers`, `roles`": ["puller", "task"],
    "everybody else, administrators too": ["administrator", "nobody", "anonymous"],
}
# Restricted to paths of a context, so that it may move a channel: of what a push does, it does its paths' part.
RESTRICTED = "staging pusher"
CHANNELS = {"pusher": set(), "promoter": set(), "staging pusher": {"move channel staging"}, "releaser": MOVE_PROD}


def said(cell, who, labels):
    """What of a column somebody may, as the cell says it."""
    if cell == "yes":
        return labels & WHO_MAY[who] if who == RESTRICTED and labels & WHO_MAY[who] else labels
    if cell == "no":
        return set()
    if cell == "its `paths` and `reads`":
        return OF_SHOP | OF_WEB
    if cell == "its `paths`":
        return PUSH_SHOP
    if cell == "manifests, no file":
        return MANIFESTS
    if cell == "only those of their `channels`":
        return CHANNELS[who]
    if cell == "by their own policies":
        return labels if who == "administrator" else set()
    raise SystemExit(f"nobody knows what {cell!r} means")


def wrong(guide):
    section = guide.split("\n## Who may do what\n")[1].split("\n##")[0]
    table = [line for line in section.splitlines() if line.startswith("| ")]
    head, _, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table]
    if [head[1:], [row[0] for row in rows]] != [list(COLUMNS), list(ROWS)]:
        yield f"the table should have the columns {list(COLUMNS)} and the rows {list(ROWS)}"
        return
    for first, *cells in rows:
        for who in ROWS[first]:
            for (column, labels), cell in zip(COLUMNS.items(), cells, strict=True):
                if labels & WHO_MAY[who] != said(cell, who, labels):
                    yield f"{first}: {column} is {cell!r}, and {who} may {sorted(labels & WHO_MAY[who])}"


def main():
    found = list(wrong(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")))
    print(*found, sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

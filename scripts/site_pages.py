"""Lays out the pages of the repository for the site: the same text, with links to files that are no pages led to GitHub.

README.md is the first page, as index.md, without its badges, which are pictures from other hosts. The GitHub address is
the one that README.md has.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FORGE = "https://github.com/OWNER/cstore-action/blob/main/"
IN_SITE = re.compile(r"(docs/.*|infrastructure/README|examples/README|[A-Z_]+)\.md|docs/.*\.svg")
BADGE = re.compile(r"(?m)^\[!\[[^\]]*\]\(https://[^)]*\)\]\([^)]*\)\n")
LINK = re.compile(r"(\]\()([^)\s#]+)?(#[^)\s]*)?(\))")


def place(path):
    """Where a file of the repository is in the site."""
    return Path("index.md") if path == Path("README.md") else path


def main():
    target = Path(sys.argv[1])
    listed = subprocess.run(["git", "ls-files"], check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True).stdout
    files = [Path(name) for name in listed.splitlines() if IN_SITE.fullmatch(name)]
    shown = set(files)
    for file in files:
        copy = target / place(file)
        copy.parent.mkdir(parents=True, exist_ok=True)
        if file.suffix != ".md":
            shutil.copy(ROOT / file, copy)
            continue

        def lead(found, page=file):
            link = found[2]
            if not link or "://" in link or link.startswith("mailto:"):
                return found[0]
            linked = (ROOT / page.parent / link).resolve().relative_to(ROOT)
            if (ROOT / linked / "README.md").exists() and linked != Path():
                linked = linked / "README.md"
            if linked not in shown:
                return f"{found[1]}{FORGE}{linked}{found[3] or ''}{found[4]}"
            up = Path(*[".."] * (len(place(page).parts) - 1))
            return f"{found[1]}{(up / place(linked)).as_posix()}{found[3] or ''}{found[4]}"

        parts = re.split(r"(?ms)(^ *```.*?^ *```$)", BADGE.sub("", (ROOT / file).read_text()))
        copy.write_text("".join(part if number % 2 else LINK.sub(lead, part) for number, part in enumerate(parts)))


main()

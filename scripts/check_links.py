"""Asks every address outside this repository that the pages link to. Run each night, not with each change: hosts fail on their own.

With `--list` it only names them. An address counts as gone with 404, 410, or a host that does not exist; whatever else
a host says to a program (403, 429, an error of its own) is named, and counts as unknown.
"""

import re
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"(?:\]\(|<)(https?://[^)\s>]+)[)>]")
# What stands for the reader's own, and what is made by a release.
NOT_ASKED = re.compile(r"OWNER|\$|localhost|127\.0\.0\.1|example\.")


def links():
    """The addresses, each with the pages that have it."""
    listed = subprocess.run(["git", "ls-files", "*.md"], check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    found = {}
    for page in listed.stdout.splitlines():
        for address in LINK.findall((ROOT / page).read_text()):
            if not NOT_ASKED.search(address):
                found.setdefault(address.partition("#")[0], set()).add(page)
    return found


def answer(address):
    """What the host says: a code, or why there is none."""
    request = urllib.request.Request(address, headers={"User-Agent": "Mozilla/5.0 (a check of links)"})
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status
    except urllib.error.HTTPError as error:
        return error.code
    except urllib.error.URLError as error:
        return "no such host" if isinstance(error.reason, socket.gaierror) else str(error.reason)
    except OSError as error:
        return str(error)


def main():
    found = links()
    if "--list" in sys.argv:
        print("\n".join(f"{address} ({', '.join(sorted(pages))})" for address, pages in sorted(found.items())))
        return
    with ThreadPoolExecutor(8) as asked:
        answers = dict(zip(found, asked.map(answer, found), strict=True))
    gone = 0
    for address, said in sorted(answers.items()):
        if said != 200:
            is_gone = said in (404, 410, "no such host")
            gone += is_gone
            print(f"{'GONE' if is_gone else 'unknown'} {said}: {address} ({', '.join(sorted(found[address]))})")
    print(f"{len(found)} addresses, {gone} gone")
    sys.exit(1 if gone else 0)


main()

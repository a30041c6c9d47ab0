"""Reads a catalog from standard input as the Go tool's structures do (https://github.com/turnerlabs/cstore, catalog.go),
and prints what they would refuse: a field of another type, or an entry of `files` with a field that they do not have.
Beside `context` they skip what they do not know, such as `data`.
"""

import sys

import yaml

TEXT, FLAG, TEXTS = "a string", "a bool", "a list of strings"
FILE = {
    "path": TEXT,
    "alternatePath": TEXT,
    "store": TEXT,
    "isRef": FLAG,
    "deleteAfterPush": FLAG,
    "type": TEXT,
    "data": {},
    "tags": TEXTS,
    "vaults": {"access": TEXT, "secrets": TEXT},
    "versions": TEXTS,
}


def is_of(value, kind):
    if kind == TEXT:
        return isinstance(value, str)
    if kind == FLAG:
        return isinstance(value, bool)
    if kind == TEXTS:
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    # A map of strings; of these alone, where they are named.
    names = kind or value
    return isinstance(value, dict) and all(name in names and isinstance(text, str) for name, text in value.items())


catalog = yaml.safe_load(sys.stdin)
for name in ["version", "context"]:
    if not is_of(catalog[name], TEXT):
        print(f"{name} is no string: {catalog[name]!r}")
files = catalog["files"]
# Version 2 has a map of them, by the digests of their paths.
is_map = catalog["version"] == "v2"
if not isinstance(files, dict if is_map else list):
    print(f"files is no {'map' if is_map else 'list'}: {files!r}")
for entry in files.values() if is_map else files:
    for name, value in entry.items():
        if name not in FILE:
            print(f"an entry has no field {name}")
        elif not is_of(value, FILE[name]):
            print(f"{name} is not {FILE[name]}: {value!r}")

"""Prints what jq finds in each file, a JSON object: [[[name, kind, text], ...], ...]."""

import json
import sys

import jq

KINDS = {"string": "text", "number": "number", "boolean": "bool", "null": "null"}
ENTRIES = jq.compile("to_entries | map([.key, (.value | type), (.value | tostring)])")


def entries(path):
    with open(path, encoding="utf-8", newline="") as file:
        return [[name, KINDS.get(kind, kind), text] for name, kind, text in ENTRIES.input_text(file.read()).first()]


print(json.dumps([entries(path) for path in sys.argv[1:]]))

"""yaml_entries.py PARSER FILE...: prints what the parser finds in each file, a mapping of scalars:
[[[name, kind, text], ...], ...]."""

import json
import sys

from yaml_parsers import load

KINDS = {str: "text", int: "number", float: "number", bool: "bool", type(None): "null"}


def entry(name, value):
    kind = KINDS.get(type(value), type(value).__name__)
    text = value if kind == "text" else json.dumps(value) if kind == "bool" else repr(value)
    return [name, kind, text]


parser, *paths = sys.argv[1:]
print(json.dumps([[entry(name, value) for name, value in load(parser, path).items()] for path in paths]))

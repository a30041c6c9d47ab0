"""yaml_document.py PARSER FILE...: prints each file as JSON, in a list."""

import json
import sys

from yaml_parsers import load

parser, *paths = sys.argv[1:]
print(json.dumps([load(parser, path) for path in paths]))

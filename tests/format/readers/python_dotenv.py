"""Prints what python-dotenv finds in each file: [[[name, "text", value], ...], ...]."""

import json
import sys

from dotenv import dotenv_values

documents = [dotenv_values(path, interpolate=False) for path in sys.argv[1:]]
print(json.dumps([[[name, "text", value] for name, value in document.items()] for document in documents]))

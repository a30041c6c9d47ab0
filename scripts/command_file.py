"""Reads the files through which a step hands outputs and variables to GitHub's runner."""

import re


def pairs(text):
    """The entries of GITHUB_OUTPUT or GITHUB_ENV."""
    lines, found = text.split("\n"), {}
    while lines:
        name, separator, value = re.match(r"(.*?)(=|<<|$)(.*)", lines.pop(0), re.DOTALL).groups()
        if separator == "<<":
            end = lines.index(value)
            value = "\n".join(lines[:end])
            del lines[: end + 1]
        if name:
            found[name] = value
    return found

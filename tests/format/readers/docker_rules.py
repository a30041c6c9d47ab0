"""Reads each file by the rules of `docker run --env-file`: [[[name, "text", value], ...], ...].

The rules are those of pkg/kvfile/kvfile.go in github.com/docker/cli and of Go's bufio.ScanLines, which it uses:
lines end with LF, one CR before it is dropped, and a line longer than the scanner's buffer is an error.
"""

import json
import sys

BUFFER = 64 * 1024  # bufio.MaxScanTokenSize; a line and its LF have to fit
# unicode.IsSpace: Unicode's White_Space. Python's own idea of it has U+001C to U+001F as well.
WHITE_SPACE = "\t\n\v\f\r \u0085\u00a0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))


def entries(path):
    with open(path, "rb") as file:
        *lines, rest = file.read().split(b"\n")
    assert rest == b"", "the last line has no end"
    found = []
    for number, line in enumerate(lines):
        assert len(line) < BUFFER, "bufio.Scanner: token too long"
        text = line.removesuffix(b"\r").decode("utf-8")
        if number == 0:
            text = text.removeprefix("\ufeff")
        text = text.lstrip(WHITE_SPACE)
        if text == "" or text.startswith("#"):
            continue
        name, equals, value = text.partition("=")
        assert name != "", "no variable name"
        assert not set(name) & set(" \t"), "variable contains whitespaces"
        if equals:
            found.append([name, "text", value])
    return found


print(json.dumps([entries(path) for path in sys.argv[1:]]))

"""Reads the texts that users read, and names what scripts/vocabulary.toml says otherwise. Part of `make lint`.

Texts are the pages, with the diagrams and the comments of their examples but without other code; the descriptions in the
actions and in the Terraform modules; what the installers, the demo and the example workflows say; and in the sources the
literals, which become messages and summaries, and the doc comments of options, which become help. In the how-tos and the
pages for beginners no sentence may have more than LONGEST words.

With a folder as its argument it reads all files below that, laid out as in this repository.
"""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 40
FOR_BEGINNERS = re.compile(
    r"(README|SUPPORT|SECURITY|examples/README|docs/(how-to/.*|tutorial|install|faq|costs|glossary|policy))\.md"
)
PAGES = re.compile(r"(?!tests/|bench/|fuzz/|patches/).*\.md")
SOURCES = re.compile(r"src/(?!.*tests).*\.rs")
OPTIONS = re.compile(r"src/option/table/(?!tests|row).*\.rs")
# Files of which all lines are read: what is not prose in them has no such words.
WHOLE = re.compile(
    r"(setup/)?action\.yml|setup/install|examples/.*\.yml|\.github/ISSUE_TEMPLATE/.*\.yml|infrastructure/cloudformation/.*\.yml"
    r"|infrastructure/(?!.*/tests/).*\.(tf|tfvars)|scripts/(demo\.py|demo-binaries|release/(install\.sh\.in|cstore\.rb\.in|notes))"
)
# Code in which `#` begins a comment.
COMMENTED = ("yaml", "hcl", "sh", "toml", "dockerfile", "console")

FENCE = re.compile(r"(?ms)^ *```(?P<kind>\w*)[^\n]*\n(?P<code>.*?)^ *```$")
# What a source is made of: only its literals are kept, and what could be taken for one is known.
TOKEN = re.compile(
    r"""(?sx)
    //[^\n]* | /\*.*?\*/ | '(?:\\.[^']*|[^'\\])'
    | r(?P<hashes>\#*)"(?P<raw>.*?)"(?P=hashes)
    | "(?P<literal>(?:[^"\\]|\\.)*)"
    """
)
TEST_MODULE = re.compile(r"(?ms)^#\[cfg\(test\)\]\n(?:^#\[[^\n]*\]\n)*^mod \w+ \{$.*?^\}$")


def lines_of(text):
    """As many empty lines as a text has."""
    return "\n" * text.count("\n")


def block(found):
    """What is prose of a block of code, each in its line: a diagram, or the comments."""
    code = found["code"]
    if found["kind"] in COMMENTED:
        code = re.sub(r"(?m)^.*?(?:(?:^|(?<=\s))# (.*))?$", lambda line: line[1] or "", code)
    elif found["kind"] != "mermaid":
        code = lines_of(code)
    return "\n" + code


def page(text):
    """A page without its code, of as many lines."""
    without_code = FENCE.sub(block, text)
    without_code = re.sub(r"(?s)<!--.*?-->", lambda found: lines_of(found[0]), without_code)
    return re.sub(r"`[^`\n]*`", "`x`", without_code)


def texts(root, path):
    """The parts of a file that are prose, each with its line."""
    name = str(path.relative_to(root))
    if PAGES.fullmatch(name):
        yield 1, page(path.read_text())
    elif SOURCES.fullmatch(name):
        code = TEST_MODULE.sub(lambda found: lines_of(found[0]), path.read_text())
        for token in TOKEN.finditer(code):
            literal = token["raw"] if token["literal"] is None else token["literal"]
            if literal is not None:
                # A line that goes on after a backslash is one line of the message; its end is kept for the count.
                yield code.count("\n", 0, token.start()) + 1, re.sub(r"\\(\n)\s*|\{\w*\}", r"\1 ", literal)
        if OPTIONS.fullmatch(name):
            for comment in re.finditer(r"(?m)(?:^ +/// .*\n)+", code):
                yield code.count("\n", 0, comment.start()) + 1, comment[0].replace("///", "")
    elif WHOLE.fullmatch(name):
        yield 1, path.read_text()


def words():
    for word in tomllib.loads((ROOT / "scripts/vocabulary.toml").read_text())["word"]:
        flags = 0 if word.get("case") else re.IGNORECASE
        yield re.compile(word["pattern"].replace(" ", r"\s+"), flags), word["say"]


def pieces(separator, text, start=0):
    """The parts between separators, each with where it begins."""
    for found in re.finditer(separator, text):
        yield start, text[start : found.start()]
        start = found.end()
    yield start, text[start:]


def sentences(text):
    """Sentences of paragraphs and of lists, without tables and headings, each with where it begins."""
    plain = re.sub(r"\]\([^)]*\)", lambda found: "]" + lines_of(found[0]), text)
    for at, paragraph in pieces(r"\n\s*\n|\n(?=\s*(?:[-*>|#]|\d+\.) )", plain):
        # A row of links is no sentence.
        if paragraph.lstrip().startswith(("|", "#")) or " · " in paragraph:
            continue
        for offset, sentence in pieces(r"(?<=[.:;?!])[\s*]+", paragraph):
            yield plain.count("\n", 0, at + offset) + 1, sentence


def complaints(root, path, vocabulary):
    name = path.relative_to(root)
    for line, text in texts(root, path):
        for pattern, say in vocabulary:
            for found in pattern.finditer(text):
                at = line + text.count("\n", 0, found.start())
                yield f"{name}:{at}: {' '.join(found[0].split())!r}: say {say}"
        if FOR_BEGINNERS.fullmatch(str(name)):
            for at, sentence in sentences(text):
                if len(sentence.split()) > LONGEST:
                    yield f"{name}:{at}: {len(sentence.split())} words: {' '.join(sentence.split())[:90]}…"


def main():
    if len(sys.argv) > 1:
        root = Path(sys.argv[1])
        files = sorted(root.rglob("*"))
    else:
        root = ROOT
        listed = subprocess.run(["git", "ls-files"], check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        files = [ROOT / name for name in listed.stdout.splitlines()]
    vocabulary = list(words())
    found = [text for path in files if path.is_file() for text in complaints(root, path, vocabulary)]
    print("\n".join(found))
    sys.exit(f"{len(found)} texts are to be put otherwise; scripts/vocabulary.toml has the words" if found else 0)


main()

"""Reads the texts that users read, and names what scripts/vocabulary.toml says otherwise. Part of `make lint`.

Texts are the pages without their code, the descriptions in the actions, comments of the examples, and in the sources the
literals, which become messages and summaries, and the doc comments of options, which become help. In the how-tos and the pages for beginners no sentence may have more than
LONGEST words.
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
SOURCES = re.compile(r"src/(?!.*tests).*\.rs")
OPTIONS = re.compile(r"src/option/table/(?!tests|row).*\.rs")
PAGES = re.compile(r"(?!tests/|bench/|fuzz/|patches/).*\.md")
SETTINGS = re.compile(r"(setup/)?action\.yml|examples/.*\.yml|\.github/ISSUE_TEMPLATE/.*\.yml")


def texts(path):
    """The parts of a file that are prose, each with its line."""
    text = path.read_text()
    name = str(path.relative_to(ROOT))
    if PAGES.fullmatch(name):
        without_code = re.sub(r"(?ms)^ *```.*?^ *```$|<!--.*?-->", lambda found: "\n" * found[0].count("\n"), text)
        yield 1, re.sub(r"`[^`\n]*`", "`x`", without_code)
    elif SOURCES.fullmatch(name):
        code = text.split("#[cfg(test)]")[0]
        bare = re.sub(r"(?m)^\s*//.*$", lambda found: "\n" * found[0].count("\n"), code)
        for literal in re.finditer(r'(?<![\'\\])"((?:[^"\\]|\\.)*)"', bare, re.DOTALL):
            yield code.count("\n", 0, literal.start()) + 1, re.sub(r"\\\n\s*|\{\w*\}", " ", literal[1])
        if OPTIONS.fullmatch(name):
            for comment in re.finditer(r"(?m)(?:^ +/// .*\n)+", code):
                yield code.count("\n", 0, comment.start()) + 1, comment[0].replace("///", "")
    elif SETTINGS.fullmatch(name):
        yield 1, text


def words():
    for word in tomllib.loads((ROOT / "scripts/vocabulary.toml").read_text())["word"]:
        flags = 0 if word.get("case") else re.IGNORECASE
        yield re.compile(word["pattern"].replace(" ", r"\s+"), flags), word["say"]


def sentences(text):
    """Sentences of paragraphs and of lists, without tables and headings."""
    for paragraph in re.split(r"\n\s*\n|\n(?=\s*(?:[-*>|#]|\d+\.) )", text):
        if paragraph.lstrip().startswith(("|", "#")):
            continue
        plain = re.sub(r"\]\([^)]*\)", "]", paragraph)
        # A row of links is no sentence.
        if " · " in plain:
            continue
        yield from re.split(r"(?<=[.:;?!])[\s*]+", plain)


def complaints(path):
    name = path.relative_to(ROOT)
    for line, text in texts(path):
        for pattern, say in words():
            for found in pattern.finditer(text):
                at = line + text.count("\n", 0, found.start())
                yield f"{name}:{at}: {' '.join(found[0].split())!r}: say {say}"
        if FOR_BEGINNERS.fullmatch(str(name)):
            for sentence in sentences(text):
                if len(sentence.split()) > LONGEST:
                    yield f"{name}: {len(sentence.split())} words: {' '.join(sentence.split())[:90]}…"


def main():
    listed = subprocess.run(["git", "ls-files"], check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    files = [ROOT / name for name in listed.stdout.splitlines()]
    found = [
        text for path in files if path.is_file() and path.suffix in (".md", ".rs", ".yml") for text in complaints(path)
    ]
    print("\n".join(found))
    sys.exit(f"{len(found)} texts are to be put otherwise; scripts/vocabulary.toml has the words" if found else 0)


main()

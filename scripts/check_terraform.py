"""Checks the Terraform below infrastructure/ by the rules of the language that tflint recommends.

tflint itself is in none of the registries that the checks use. These are the rules of its Terraform rule set, preset
"recommended", except that about duplicate keys of a map, and two more: each variable and output is
described, and names are in snake case. A folder is a module; a name that none of its files uses is dead.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path("infrastructure")

COMMENT = re.compile(r"(?m)^\s*#.*$")
BLOCK = re.compile(r'(?m)^(variable|output|data|resource|module|locals|terraform)\b((?: "[^"]+")*) \{')
LOCAL = re.compile(r"(?m)^  (\w+)\s*=[^=>]")
SNAKE = re.compile(r"[a-z][a-z0-9_]*")

# What a text is not to hold, and why.
DEPRECATED = {
    r'= "\$\{[^"{}]+\}"$': "a string of one reference alone: write the reference",
    r"\b(?:var|local|data|module|each)(?:\.\w+)+\.\d+\b": "an index behind a dot: write [0]",
    r"\blookup\(\s*[^,()]+,\s*[^,()]+\)": "lookup without a default: write an index",
    r"[=!]= *\[\]": "a comparison with an empty list, which never holds for a set: ask for its length",
    r"\bterraform\.workspace\b": "the workspace, which is always the default one where state is remote",
}


def blocks(text: str) -> Iterator[tuple[str, list[str], str]]:
    """The blocks at the margin: kind, labels, body."""
    for match in BLOCK.finditer(text):
        end = re.search(r"(?m)^\}", text[match.end() :])
        same_line = text[match.end() : text.find("\n", match.end())]
        body = same_line if same_line.rstrip().endswith("}") else text[match.end() :][: end.start() if end else None]
        yield match[1], re.findall(r'"([^"]+)"', match[2]), body


def of_module(folder: Path) -> Iterator[str]:
    texts = {path: COMMENT.sub("", path.read_text()) for path in sorted(folder.glob("*.tf"))}
    whole = "\n".join(texts.values())

    def is_used(name: str) -> bool:
        return re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", whole) is not None

    for path, text in texts.items():
        for kind, labels, body in blocks(text):
            name = ".".join(labels)
            what = f"{path}: {kind} {name}".rstrip()
            if labels and not SNAKE.fullmatch(labels[-1]):
                yield f"{what}: the name is not in snake case"
            if kind == "variable":
                if not is_used(f"var.{name}"):
                    yield f"{what}: nothing uses it"
                if not re.search(r"(?m)^\s*type\s*=", body):
                    yield f"{what}: it has no type"
            if kind in ("variable", "output") and not re.search(r"(?m)^\s*description\s*=", body):
                yield f"{what}: it has no description"
            # One that is there for its conditions alone is used by them.
            if kind == "data" and "condition {" not in body and not is_used(f"data.{name}"):
                yield f"{what}: nothing uses it"
            if kind == "locals":
                unused = [local for local in LOCAL.findall(body) if not is_used(f"local.{local}")]
                yield from (f"{what} {local}: nothing uses it" for local in unused)
            if kind == "module" and re.search(r'source\s*=\s*"(?![./])', body) and "?ref=" not in body:
                yield f"{what}: its source names no version"
        for pattern, why in DEPRECATED.items():
            for match in re.finditer(pattern, text, re.MULTILINE):
                yield f"{path}: {match[0].strip()}: {why}"
    needs = ["required_version"]
    if re.search(r"(?m)^(?:resource|data) ", whole):
        needs.append("required_providers")
    yield from (f"{folder}: no file says {word}" for word in needs if not re.search(rf"\b{word}\b", whole))


def main() -> None:
    folders = sorted({path.parent for path in ROOT.rglob("*.tf") if ".terraform" not in path.parts})
    if found := [problem for folder in folders for problem in of_module(folder)]:
        sys.exit("\n".join(found))


if __name__ == "__main__":
    main()

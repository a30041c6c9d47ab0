"""Finds files of src/ that need each other in a circle.

A file needs another when it names an item that is defined there, by `use` or by a path; what a module hands on from
its own files (`pub use`) counts as theirs. Tests do not count.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path("src")

NOISE = re.compile(
    r"""//[^\n]*|/\*.*?\*/|b?"(?:\\.|[^"\\])*"|r\#"(?:.*?)"\#|'(?:\\.[^']*|[^'\\\n])'""",
    re.DOTALL,
)
USE = re.compile(r"(?<![\w#])(pub(?:\([^)]*\))?\s+)?use\s+([^;]+);")
PATH = re.compile(r"(?<![\w:])((?:crate|super|self|[a-z_][a-z0-9_]*)(?:::\w+)+)")
TEST_MODULE = re.compile(r"#\[cfg\(test\)\]\s*(?:pub(?:\([^)]*\))?\s+)?(?:mod\s+\w+\s*;|(?:mod|fn|impl|use)\b)")

Module = tuple[str, ...]


class File:
    """The names of one file."""

    def __init__(self, text: str) -> None:
        text = without_tests(NOISE.sub('""', text))
        self.exported: dict[str, list[str]] = {}
        self.imported: dict[str, list[str]] = {}
        for visibility, tree in USE.findall(text):
            for path, name in expand(" ".join(tree.split())):
                (self.exported if visibility else self.imported)[name] = path
        self.body = re.sub(r"\bmod\s+\w+\s*;", "", USE.sub("", text))
        self.words = set(re.findall(r"\w+", self.body))


def without_tests(text: str) -> str:
    """The text without what is compiled for tests only."""
    while match := TEST_MODULE.search(text):
        end = match.end()
        if not match.group().endswith(";"):
            brace = text.find("{", end)
            semicolon = text.find(";", end)
            if brace == -1 or -1 < semicolon < brace:
                end = semicolon + 1
            else:
                end = closing(text, brace)
        text = text[: match.start()] + text[end:]
    return text


def closing(text: str, brace: int) -> int:
    """The place behind the brace that closes this one."""
    depth = 0
    for at in range(brace, len(text)):
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        if depth == 0:
            return at + 1
    return len(text)


def expand(tree: str, before: tuple[str, ...] = ()) -> Iterator[tuple[list[str], str]]:
    """The paths of a `use`, each with the name that it gets."""
    head, brace, rest = tree.partition("{")
    if brace:
        parts = [part for part in head.strip().split("::") if part]
        inside, depth = "", 0
        for char in rest.rstrip()[:-1] + ",":
            depth += {"{": 1, "}": -1}.get(char, 0)
            if char == "," and depth == 0:
                if inside.strip():
                    yield from expand(inside.strip(), (*before, *parts))
                inside = ""
            else:
                inside += char
        return
    path, _, alias = tree.strip().partition(" as ")
    parts = [*before, *path.strip().split("::")]
    if parts[-1] == "self":
        parts.pop()
    yield parts, alias.strip() or parts[-1]


def module_of(path: Path) -> Module:
    parts = list(path.relative_to(SOURCE).with_suffix("").parts)
    if parts[-1] in ("mod", "lib"):
        parts.pop()
    return tuple(parts)


def resolve(files: dict[Module, File], start: Module, path: list[str]) -> Module | None:
    """The module whose file defines what a path names; none when it is no item of this crate."""
    module, rest = start, list(path)
    if rest[0] == "crate":
        module, rest = (), rest[1:]
    while rest and rest[0] in ("self", "super"):
        module = module[:-1] if rest[0] == "super" else module
        rest = rest[1:]
    absolute = path[0] in ("crate", "self", "super")
    for index, name in enumerate(rest):
        if (*module, name) in files:
            module, absolute = (*module, name), True
            continue
        exported = files[module].exported.get(name)
        if exported is None and not absolute:
            exported = files[module].imported.get(name)
        if exported is not None and exported != rest[index:]:
            return resolve(files, module, [*exported, *rest[index + 1 :]])
        return module if absolute else None
    # A module by itself says nothing: what is used of it does.
    return module if absolute and not files[module].exported else None


def needs(files: dict[Module, File]) -> dict[Module, dict[Module, str]]:
    """The modules that each module needs, with one path for each."""
    graph: dict[Module, dict[Module, str]] = {}
    for module, file in files.items():
        paths = list(file.imported.values())
        paths += [path for name, path in file.exported.items() if name in file.words]
        paths += [path.split("::") for path in PATH.findall(file.body)]
        graph[module] = {}
        for path in paths:
            target = resolve(files, module, path)
            if target is not None and target != module:
                graph[module].setdefault(target, "::".join(path))
    return graph


def cycles(graph: dict[Module, dict[Module, str]]) -> list[list[Module]]:
    """The sets of modules that can all be reached from each other (Tarjan)."""
    index: dict[Module, int] = {}
    low: dict[Module, int] = {}
    stack: list[Module] = []
    found: list[list[Module]] = []

    def visit(module: Module) -> None:
        index[module] = low[module] = len(index)
        stack.append(module)
        for target in graph[module]:
            if target not in index:
                visit(target)
                low[module] = min(low[module], low[target])
            elif target in stack:
                low[module] = min(low[module], index[target])
        if low[module] == index[module]:
            component = []
            while module not in component:
                component.append(stack.pop())
            if len(component) > 1:
                found.append(sorted(component))

    for module in graph:
        if module not in index:
            visit(module)
    return found


def main() -> int:
    sources = [path for path in SOURCE.rglob("*.rs") if "tests" not in path.with_suffix("").parts]
    files = {module_of(path): File(path.read_text()) for path in sources if path.parts[1] != "bin"}
    graph = needs(files)
    found = cycles(graph)
    for component in found:
        print("These files need each other in a circle:")
        for module in component:
            for target, path in graph[module].items():
                if target in component:
                    print(f"  {'::'.join(module) or 'lib'} needs {'::'.join(target) or 'lib'} for {path}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

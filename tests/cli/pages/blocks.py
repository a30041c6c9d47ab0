"""The blocks of a page, in their order: fenced ones, and the comments that are run."""

import re
import textwrap
from dataclasses import dataclass

BLOCK = re.compile(r"(?ms)^(?P<indent> *)```(?P<kind>\w*)\n(?P<text>.*?)^ *```$|^<!-- run\n(?P<hidden>.*?)^-->$")


@dataclass
class Block:
    line: int
    kind: str
    text: str
    # What the line before it names, as in "`.github/workflows/deploy.yml`:".
    file: str | None
    # What the comment before it gives as the reason.
    why_not_run: str | None = None

    def commands(self):
        """The command lines of a console, each with the lines that it is said to print."""
        commands = []
        lines = iter(self.text.splitlines())
        for line in lines:
            if not line.startswith("$ "):
                if not commands:
                    raise ValueError(f"{line!r} belongs to no command")
                commands[-1][1].append(line)
                continue
            command = line.removeprefix("$ ")
            while command.endswith("\\"):
                command += "\n" + next(lines)
            if command.endswith("<<'EOF'"):
                for more in lines:
                    command += "\n" + more
                    if more == "EOF":
                        break
            commands.append((command, []))
        return commands


def blocks(page):
    for found in BLOCK.finditer(page):
        line = page.count("\n", 0, found.start()) + 1
        if found["hidden"] is not None:
            yield Block(line, "run", found["hidden"], None)
            continue
        before = page[: found.start()].rstrip("\n").rpartition("\n")[2].strip()
        file = re.fullmatch(r"(?:.* )?`([\w./-]+)`:", before)
        reason = re.fullmatch(r"<!-- not run: (.+) -->", before)
        yield Block(line, found["kind"], textwrap.dedent(found["text"]), file and file[1], reason and reason[1])

"""What a terminal shows, as SVG: text in its colors, at its columns."""

import re
from html import escape

WIDTH, HEIGHT, MARGIN, BAR = 7.8, 19, 18, 34
FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
# Of the foreground, by the number of its escape sequence; readable on the dark background.
COLORS = {31: "#ff8f88", 32: "#7ee787", 33: "#f2cc60", 34: "#79c0ff", 35: "#d2a8ff", 36: "#76e3ea", 90: "#9198a1"}
PLAIN, DIM = "#e6edf3", "#9198a1"


def runs(line):
    """The line's parts, each with its column, its color and whether it is bold."""
    column, color, bold = 0, PLAIN, False
    for text, codes in re.findall(r"([^\x1b]+)|\x1b\[([\d;]*)m", line):
        if text:
            yield column, text, color, bold
            column += len(text)
            continue
        for code in map(int, filter(None, (codes or "0").split(";"))):
            if code == 0:
                color, bold = PLAIN, False
            elif code == 1:
                bold = True
            elif code == 2:
                color = DIM
            else:
                color = COLORS.get(code % 60 + 30 if code >= 90 else code, color)


def svg(command, shown):
    lines = [f"\x1b[2m$\x1b[0m \x1b[1m{command}\x1b[0m", *shown.rstrip("\n").split("\n")]
    plain = [re.sub(r"\x1b\[[\d;]*m", "", line) for line in lines]
    width = round(max(map(len, plain)) * WIDTH + 2 * MARGIN)
    height = BAR + len(lines) * HEIGHT + MARGIN
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
            f'role="img" font-family="{FONT}" font-size="13">'
        ),
        f"<title>{escape(command)}</title>",
        f'<rect width="{width}" height="{height}" rx="8" fill="#161b22"/>',
    ]
    dots = zip([18, 36, 54], ["#ff5f57", "#febc2e", "#28c840"], strict=True)
    parts += [f'<circle cx="{x}" cy="17" r="5.5" fill="{color}"/>' for x, color in dots]
    for number, line in enumerate(lines):
        y = BAR + (number + 1) * HEIGHT - 5
        for column, text, color, bold in runs(line):
            if not text.strip():
                continue
            indent = len(text) - len(text.lstrip())
            text, x = text.strip(), MARGIN + (column + indent) * WIDTH
            weight = ' font-weight="700"' if bold else ""
            length = f' textLength="{len(text) * WIDTH:.1f}" lengthAdjust="spacingAndGlyphs"'
            parts.append(
                f'<text x="{x:.1f}" y="{y}" fill="{color}"{weight}{length} xml:space="preserve">{escape(text)}</text>'
            )
    return "\n".join([*parts, "</svg>"]) + "\n"

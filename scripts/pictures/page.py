"""A page of Markdown as GitHub shows it, as SVG: headings, paragraphs, tables and code, which is all that the action writes."""

import re
from html import escape

MARGIN, HEIGHT, PADDING = 22, 30, 12
TEXT = "-apple-system, 'Segoe UI', 'Noto Sans', Helvetica, Arial, 'Liberation Sans', sans-serif"
CODE = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
# The width of a character, generous, since fonts differ.
WIDTHS = {"text": 7.0, "code": 7.4, "heading": 10.4}


def spans(text):
    """The parts of a line: words, and code in backticks."""
    for number, part in enumerate(re.split(r"`([^`]*)`", text)):
        if part:
            yield ("code" if number % 2 else "text"), part


def length(text, kind="text"):
    return sum(
        len(part) * WIDTHS["code" if style == "code" else kind] + (10 if style == "code" else 0)
        for style, part in spans(text)
    )


def line(x, y, text, kind="text", bold=False):
    size = {"text": 13.5, "heading": 19}[kind]
    parts = []
    shown = list(spans(text))
    for number, (style, part) in enumerate(shown):
        width = len(part) * WIDTHS["code" if style == "code" else kind]
        if style == "code":
            chip = 24 if kind == "heading" else 20
            parts.append(
                f'<rect x="{x}" y="{y - chip + 6}" width="{width + 10:.1f}" height="{chip}" rx="5" fill="#eff1f3"/>'
            )
            parts.append(
                f'<text x="{x + 5:.1f}" y="{y}" font-family="{CODE}" font-size="12" textLength="{width:.1f}" '
                f'lengthAdjust="spacingAndGlyphs">{escape(part)}</text>'
            )
            x += width + 14
        else:
            weight = ' font-weight="600"' if bold or kind == "heading" else ""
            # Before code it is given its width, so that a wide font does not run into the box.
            word = part.strip()
            is_given = number + 1 < len(shown) and len(word) > 2
            given = len(word) * WIDTHS[kind]
            fit = f' textLength="{given:.1f}" lengthAdjust="spacingAndGlyphs"' if is_given else ""
            parts.append(f'<text x="{x:.1f}" y="{y}" font-size="{size}"{weight}{fit}>{escape(part)}</text>')
            x += width
    return parts


def table(rows, y):
    right = [cell.strip().endswith("-:") for cell in rows[1]]
    rows = [rows[0], *rows[2:]] if any(rows[0]) else rows[2:]
    has_head = len(rows) and right and any(right) or len(rows[0]) > 2
    widths = [max(length(row[column]) for row in rows) + 2 * PADDING for column in range(len(rows[0]))]
    parts = []
    for number, row in enumerate(rows):
        x = MARGIN
        for column, cell in enumerate(row):
            parts.append(
                f'<rect x="{x:.1f}" y="{y}" width="{widths[column]:.1f}" height="{HEIGHT}" fill="none" stroke="#d1d9e0"/>'
            )
            at = x + widths[column] - PADDING - length(cell) if right[column] else x + PADDING
            parts += line(round(at, 1), y + 20, cell, bold=has_head and number == 0)
            x += widths[column]
        y += HEIGHT
    return parts, y, MARGIN + sum(widths)


# Behind the lines of a diff that begin so.
DIFF = {"+": "#dafbe1", "-": "#ffebe9"}


def fenced(lines, y):
    """A block of code, its fences included."""
    language, lines = lines[0].strip("`"), lines[1:-1]
    size = max(map(len, lines)) * WIDTHS["code"] + 2 * PADDING
    height = len(lines) * 20 + PADDING * 2
    parts = [f'<rect x="{MARGIN}" y="{y}" width="{size:.1f}" height="{height}" rx="6" fill="#f6f8fa"/>']
    for number, text in enumerate(lines):
        at = y + PADDING + number * 20
        if language == "diff" and text[0] in DIFF:
            parts.append(f'<rect x="{MARGIN}" y="{at}" width="{size:.1f}" height="20" fill="{DIFF[text[0]]}"/>')
        parts.append(
            f'<text x="{MARGIN + PADDING}" y="{at + 14.5}" font-family="{CODE}" font-size="12" xml:space="preserve" '
            f'textLength="{len(text) * WIDTHS["code"]:.1f}" lengthAdjust="spacingAndGlyphs">{escape(text)}</text>'
        )
    return parts, y + height, MARGIN + size


def blocks(markdown):
    """What stands between blank lines, without what is not shown."""
    shown = re.sub(r"<!--.*?-->\n?", "", markdown).strip()
    return [block.split("\n") for block in shown.split("\n\n")]


def paragraphs(text):
    """A paragraph as lines, sentence by sentence."""
    return re.split(r"(?<=[.:]) (?=[A-Z])", text)


def svg(title, markdown):
    parts, y, width = [], MARGIN, 0
    for lines in blocks(markdown):
        if lines[0].startswith("|"):
            cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in lines]
            drawn, y, right = table(cells, y)
        elif lines[0].startswith("```"):
            drawn, y, right = fenced(lines, y)
        else:
            text = " ".join(lines)
            kind = "heading" if text.startswith("#") else "text"
            drawn, right = [], 0
            for sentence in paragraphs(text.lstrip("# ")) if kind == "text" else [text.lstrip("# ")]:
                drawn += line(MARGIN, y + 18, sentence, kind)
                right = max(right, MARGIN + length(sentence, kind))
                y += 26
        parts += drawn
        y, width = y + 16, max(width, right)
    width, height = round(width + MARGIN), y + 4
    head = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
            f'role="img" font-family="{TEXT}" fill="#1f2328">'
        ),
        f"<title>{escape(title)}</title>",
        f'<rect x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="8" fill="#ffffff" stroke="#d1d9e0"/>',
    ]
    return "\n".join([*head, *parts, "</svg>"]) + "\n"

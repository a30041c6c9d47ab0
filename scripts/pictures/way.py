"""The way of a configuration: from laptop and repository through the bucket to job, task and pod."""

from html import escape

WIDTH, HEIGHT = 924, 330
TEXT = "-apple-system, 'Segoe UI', 'Noto Sans', Helvetica, Arial, 'Liberation Sans', sans-serif"
CODE = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
BLUE, GREEN, ORANGE, INK, SOFT = "#0969da", "#1a7f37", "#bc4c00", "#1f2328", "#59636e"


def box(x, y, width, height, color, title, *lines):
    middle = x + width / 2
    parts = [
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="10" fill="#ffffff" stroke="{color}" stroke-width="2"/>',
        f'<text x="{middle}" y="{y + 28}" text-anchor="middle" font-size="16" font-weight="600">{escape(title)}</text>',
    ]
    for number, text in enumerate(lines):
        parts.append(
            f'<text x="{middle}" y="{y + 50 + number * 19}" text-anchor="middle" font-size="13" fill="{SOFT}">'
            f"{escape(text)}</text>"
        )
    return parts


def arrow(x1, y1, x2, y2, command, color):
    middle = ((x1 + x2) / 2, (y1 + y2) / 2)
    bend = (x2 - x1) / 2
    width = len(command) * 7.4 + 12
    return [
        (
            f'<path d="M{x1} {y1} C{x1 + bend} {y1} {x2 - bend} {y2} {x2 - 8} {y2}" fill="none" stroke="{color}" stroke-width="2" '
            f'marker-end="url(#{color[1:]})"/>'
        ),
        (
            f'<rect x="{middle[0] - width / 2:.1f}" y="{middle[1] - 12:.1f}" width="{width:.1f}" height="24" rx="6" '
            f'fill="#f6f8fa" stroke="#d1d9e0"/>'
        ),
        (
            f'<text x="{middle[0]:.1f}" y="{middle[1] + 4.5:.1f}" text-anchor="middle" font-family="{CODE}" font-size="12" '
            f'textLength="{width - 12:.1f}" lengthAdjust="spacingAndGlyphs">{escape(command)}</text>'
        ),
    ]


def svg():
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
            f'font-family="{TEXT}" fill="{INK}">'
        ),
        "<title>Laptops and repositories push to your S3 bucket; jobs, tasks and pods take versions from it</title>",
        "<defs>",
    ]
    for color in [BLUE, GREEN, ORANGE]:
        parts.append(
            f'<marker id="{color[1:]}" viewBox="0 0 10 10" refX="6" refY="5" markerWidth="7" markerHeight="7" '
            f'orient="auto"><path d="M0 0L10 5L0 10z" fill="{color}"/></marker>'
        )
    parts += ["</defs>", f'<rect width="{WIDTH}" height="{HEIGHT}" rx="10" fill="#f6f8fa"/>']
    parts += box(24, 36, 190, 110, BLUE, "Laptop", ".env with passwords,", "which git ignores;", "push and pull")
    parts += box(
        24, 184, 190, 110, GREEN, "Repository", "config without secrets,", "pushed by a workflow", "on a release tag"
    )
    parts += box(356, 70, 188, 190, ORANGE, "Your S3 bucket", "encrypted with", "your KMS key")
    for number, (name, note) in enumerate(
        [("head", "changes"), ("v1.4.2", "never changes"), ("v1.4.1", "never changes")]
    ):
        y = 156 + number * 33
        parts += [
            f'<rect x="370" y="{y}" width="160" height="26" rx="6" fill="#fff8f3" stroke="{ORANGE}"/>',
            f'<text x="380" y="{y + 17}" font-family="{CODE}" font-size="12" font-weight="600">{name}</text>',
            f'<text x="520" y="{y + 17}" text-anchor="end" font-size="11" fill="{SOFT}">{note}</text>',
        ]
    parts += box(
        676,
        36,
        224,
        110,
        ORANGE,
        "Job in GitHub Actions",
        "step outputs, files,",
        "environment variables;",
        "masked in the log",
    )
    parts += box(
        676, 184, 224, 110, ORANGE, "Task or pod", "the program starts with", "the values in its", "environment"
    )
    parts += arrow(214, 91, 356, 130, "cstore push", BLUE)
    parts += arrow(214, 239, 356, 200, "command: push", GREEN)
    parts += arrow(544, 130, 676, 91, "command: pull", ORANGE)
    parts += arrow(544, 200, 676, 239, "cstore exec", ORANGE)
    return "\n".join([*parts, "</svg>"]) + "\n"

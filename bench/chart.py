"""The chart of docs/speed.md: how many times as long as this action the others take, on a logarithmic axis."""

import math

from report import FLOOR, OURS, Results, size

WIDTH, LEFT, RIGHT, BAR, GAP, TOP = 760, 190, 60, 13, 3, 46
FILES = [1, 10, 100, 1000]
COLORS = {1: "#9ecae1", 10: "#6baed6", 100: "#3182bd", 1000: "#08519c"}
LOW, HIGH = 0.25, 64


def x(ratio):
    share = math.log(min(max(ratio, LOW), HIGH) / LOW) / math.log(HIGH / LOW)
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def draw(results):
    known = Results(results)
    tools = [tool for tool in results["versions"] if tool not in (OURS,)]
    parts, y = [], TOP
    for operation in ["pull", "push"]:
        y += 18
        parts.append(text(10, y, f"{operation}, 1 KiB files, 20 ms round trip", weight="bold"))
        y += 10
        for tool in tools:
            rows = [(files, known.row(operation, files, tool)) for files in FILES]
            rows = [(files, row["ratio"]) for files, row in rows if row]
            height = len(rows) * (BAR + GAP)
            label = "floor: bare sockets" if tool == FLOOR else tool
            parts.append(text(LEFT - 8, y + height / 2 + 3, label, anchor="end"))
            for files, ratio in rows:
                end, start = x(ratio["median"]), x(1)
                left, width = min(start, end), abs(end - start)
                parts.append(
                    f'<rect x="{left:.1f}" y="{y}" width="{width:.1f}" height="{BAR}" fill="{COLORS[files]}"/>'
                )
                low, high, middle = x(ratio["low"]), x(ratio["high"]), y + BAR / 2
                parts.append(f'<path d="M{low:.1f} {middle}H{high:.1f}" stroke="#000" stroke-width="1"/>')
                number = f"{ratio['median']:.2f}" if ratio["median"] < 10 else f"{ratio['median']:.1f}"
                # A bar to the left of the line has its number on the line's other side.
                parts.append(text(max(end, start, high) + 4, y + BAR - 3, number, size=10))
                y += BAR + GAP
            y += 8
    axis = []
    for tick in [0.25, 0.5, 1, 2, 4, 8, 16, 32, 64]:
        color = "#444" if tick == 1 else "#ddd"
        axis.append(f'<path d="M{x(tick):.1f} {TOP}V{y}" stroke="{color}" stroke-width="1"/>')
        axis.append(text(x(tick), y + 14, f"{tick:g}×", anchor="middle", size=10))
    legend = []
    for index, files in enumerate(FILES):
        left = LEFT + index * 110
        legend.append(f'<rect x="{left}" y="{TOP - 18}" width="12" height="12" fill="{COLORS[files]}"/>')
        legend.append(text(left + 16, TOP - 8, size(files, 1024), size=11))
    title = text(10, 18, "Time taken, as a multiple of cstore-action's (to the right: slower)", weight="bold", size=13)
    height = y + 24
    body = "\n".join([title, *legend, *axis, *parts])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'font-family="sans-serif">\n<rect width="{WIDTH}" height="{height}" fill="#fff"/>\n{body}\n</svg>\n'
    )


def text(left, top, words, anchor="start", weight="normal", size=12):
    return f'<text x="{left:.1f}" y="{top:.1f}" text-anchor="{anchor}" font-weight="{weight}" font-size="{size}">{words}</text>'

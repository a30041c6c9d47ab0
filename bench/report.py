"""The results as text: a line for the terminal, the tables of docs/speed.md, the goals."""

MARKS = "<!-- begin: written by `make bench` -->", "<!-- end -->"
SIZES = [(1, 1024), (10, 1024), (100, 1024), (1000, 1024), (1, 16 * 1024 * 1024)]
OURS, FLOOR = "cstore-action", "floor"


def size(files, size_of_each):
    if size_of_each > 1024:
        return f"{size_of_each // 1024 // 1024} MiB"
    return f"{files:,} file{'s' if files > 1 else ''}"


def line(row):
    wall, ratio, peak = row["wall_ms"], row["ratio"], row["peak_kib"]["median"] / 1024
    what = f"{row['operation']} {size(row['files'], row['bytes'])} at {row['round_trip_ms']} ms"
    spread = f"{ratio['median']:.2f} ({ratio['low']:.2f}–{ratio['high']:.2f})"
    cpu = row["cpu_ms"]["median"]
    runs = wall["runs"]
    return f"{what:28} {row['tool']:15} {wall['median']:8.1f} ms  ×{spread:20} cpu {cpu:7.1f} ms  {peak:5.1f} MiB  n={runs}"


class Results:
    def __init__(self, results):
        self.results = results
        self.rows = {
            (row["operation"], row["files"], row["bytes"], row["round_trip_ms"], row["tool"]): row
            for row in results["rows"]
        }

    def row(self, operation, files, tool, size_of_each=1024, round_trip=20):
        return self.rows.get((operation, files, size_of_each, round_trip, tool))

    def ratio(self, operation, files, tool):
        row = self.row(operation, files, tool)
        return row and row["ratio"]["median"]

    def best_ratio(self, operation, files, tools):
        """Against the quicker of several settings of one peer."""
        return min((ratio for tool in tools if (ratio := self.ratio(operation, files, tool))), default=None)

    def goals(self):
        """Rows of: what, the goal in words, what was measured, whether it is reached (None: not measured)."""
        rows = []
        for files, times in [(1, 1.25), (10, 1.25), (100, 1.5), (1000, 2)]:
            ours, floor = self.row("pull", files, OURS), self.row("pull", files, FLOOR)
            took, least = ours["wall_ms"]["median"], floor["wall_ms"]["median"]
            rows.append(
                (f"pull of {size(files, 1024)}", f"≤ {times} × floor", f"{took / least:.2f}", took <= times * least)
            )
        for files, times in [(1, 1.25), (10, 1.25), (100, 1.5), (1000, 2)]:
            ours, floor = self.row("push", files, OURS), self.row("push", files, FLOOR)
            took, least = ours["wall_ms"]["median"], floor["wall_ms"]["median"]
            limit = times * least + 40
            rows.append(
                (
                    f"push of {size(files, 1024)}",
                    f"≤ {times} × floor + 40 ms",
                    f"{took:.0f} of {limit:.0f} ms",
                    took <= limit,
                )
            )
        for operation, files, times in [
            *(("pull", files, times) for files, times in [(1, 1.3), (10, 1.7), (100, 2), (1000, 2)]),
            ("push", 100, 1),
            ("push", 1000, 1.3),
        ]:
            rows.append(self.against(operation, files, times, "s5cmd", ["s5cmd"]))
        for files, times in [(1, 2.5), (10, 2.5), (100, 2.5), (1000, 2)]:
            rows.append(self.against("pull", files, times, "rclone, tuned", ["rclone, tuned"]))
        for operation, times in [("pull", 9), ("push", 4.5)]:
            for files in [1, 10, 100, 1000]:
                rows.append(self.against(operation, files, times, "aws cli", ["aws cli", "aws cli, tuned"]))
        today = self.results["role"].get("today")
        measured = f"{today['ratio']['median']:.1f} ×" if today else "not measured"
        rows.append(("pull with a role", "9 × today's three steps", measured, today and today["ratio"]["median"] >= 9))
        for files, bytes_of_each, mib in [(100, 1024, 16), (1000, 1024, 32), (1, 16 * 1024 * 1024, 48)]:
            peaks = [self.row(operation, files, OURS, bytes_of_each)["peak_kib"] for operation in ["pull", "push"]]
            peak = max(peak["median"] for peak in peaks) / 1024
            rows.append((f"memory for {size(files, bytes_of_each)}", f"≤ {mib} MiB", f"{peak:.1f} MiB", peak <= mib))
        binary = self.results["binary_bytes"] / 1e6
        rows.append(("binary", "≤ 10 MB", f"{binary:.2f} MB", binary <= 10))
        cpu = self.results["first_byte_cpu_ms"]["median"]
        rows.append(("CPU to the first byte", "≤ 10 ms", f"{cpu:.1f} ms", cpu <= 10))
        return rows

    def against(self, operation, files, times, name, tools):
        ratio = self.best_ratio(operation, files, tools)
        what = f"{operation} of {size(files, 1024)}"
        measured = f"{ratio:.2f} ×" if ratio else "not measured"
        return what, f"{times} × as fast as {name}", measured, ratio and ratio >= times


def goals(results):
    lines = ["| what | goal | measured | |", "| --- | --- | --- | --- |"]
    words = {True: "reached", False: "**missed**", None: "not measured"}
    for what, goal, measured, reached in Results(results).goals():
        lines.append(f"| {what} | {goal} | {measured} | {words[reached]} |")
    return "\n".join(lines) + "\n"


def times(results, operation):
    """Milliseconds of each tool for each size."""
    known = Results(results)
    heads = [size(*each) for each in SIZES]
    lines = [f"| {operation}, ms | " + " | ".join(heads) + " | memory, MiB |", "| --- |" + " --- |" * (len(SIZES) + 1)]
    for tool in results["versions"]:
        rows = [known.row(operation, files, tool, each) for files, each in SIZES]
        cells = [f"{row['wall_ms']['median']:,.0f} ({row['ratio']['median']:.2f})" if row else "" for row in rows]
        peaks = [row["peak_kib"]["median"] / 1024 for row in rows[:4] if row]
        lines.append(f"| {tool} | " + " | ".join(cells) + f" | {min(peaks):.0f}–{max(peaks):.0f} |")
    return "\n".join(lines) + "\n"


def other_round_trips(results):
    known = Results(results)
    lines = [
        "| 100 files of 1 KiB, ms | pull, 0 ms | pull, 50 ms | push, 0 ms | push, 50 ms |",
        "| --- |" + " --- |" * 4,
    ]
    for tool in [OURS, FLOOR, "s5cmd"]:
        rows = [known.row(op, 100, tool, round_trip=rtt) for op in ["pull", "push"] for rtt in [0, 50]]
        cells = [f"{row['wall_ms']['median']:,.0f} ({row['ratio']['median']:.2f})" if row else "" for row in rows]
        lines.append(f"| {tool} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def growth(results):
    lines = ["| 10 files | versions beside | requests | connections |", "| --- | --- | --- | --- |"]
    for row in results["growth"]:
        lines.append(f"| {row['what']} | {row['beside']:,} | {row['requests']} | {row['connections']} |")
    return "\n".join(lines) + "\n"


def conditions(results):
    machine, known = results["machine"], Results(results)
    floor = known.row("pull", 1000, FLOOR)
    run = f"{machine['cores']} cores, Linux {machine['kernel']}, load {machine['load_before']} before the run"
    lines = [f"- {results['date']}, {machine['processor']}, {run}, which took {results['seconds']} s."]
    lines += [f"- {tool}: {version}" for tool, version in results["versions"].items()]
    lines += [f"- missing: {name} ({why})" for name, why in results["missing"].items()]
    most = f"{1000 / floor['wall_ms']['median'] * 1000:,.0f}/s, by the floor with 1,000 files"
    ceiling = f"{results['ceiling']['median']:,.0f}"
    lines.append(f"- The server answers {ceiling} requests/s undelayed; the most that was asked of it is {most}.")
    role = {name: row["wall_ms"]["median"] for name, row in results["role"].items()}
    lines.append(
        "- A pull of 10 files with a role: " + ", ".join(f"{name} {ms:,.0f} ms" for name, ms in role.items()) + "."
    )
    return "\n".join(lines) + "\n"


def text(results, goals_text):
    """What stands between the marks of the page."""
    parts = [
        "## The goals\n",
        goals_text,
        "## Times at a round trip of 20 ms\n",
        "Medians; in brackets how many times as long as cstore-action, the median of the rounds.\n",
        times(results, "pull"),
        times(results, "push"),
        "## Other round trips\n",
        other_round_trips(results),
        "## As the store grows\n",
        growth(results),
        "## The conditions\n",
        conditions(results),
    ]
    return "\n".join(parts)


def write(path, marks, figures):
    """Puts figures between two marks of the page, and leaves the rest of it to people."""
    start, end = marks
    page = path.read_text()
    before, rest = page.split(start)
    after = rest.split(end, 1)[1]
    path.write_text(before + start + "\n\n" + figures + "\n" + end + after)


def compared(results, before):
    """What has changed since the last kept results, where it is more than the spread of both."""
    if not before:
        return "There are no kept results to compare with."
    old, lines = Results(before).rows, []
    for key, row in Results(results).rows.items():
        if row["tool"] == OURS and key in old:
            # Against the floor of the same run, so that another machine or load does not count.
            floor = (*key[:4], FLOOR)
            now, then = [
                rows[key]["wall_ms"]["median"] / rows[floor]["wall_ms"]["median"]
                for rows in [Results(results).rows, old]
                if floor in rows
            ]
            if abs(now / then - 1) > 0.1:
                lines.append(f"{key[0]} {size(*key[1:3])} at {key[3]} ms: {then:.2f} → {now:.2f} times the floor")
    lines = lines or ["no row of ours differs by more than a tenth"]
    return f"Beside the results of {before['date']}:\n  " + "\n  ".join(lines)

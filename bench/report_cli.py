"""The results of the command line as text: a line for the terminal, and its part of docs/speed.md."""

MARKS = "<!-- begin: the command line, written by `make bench` -->", "<!-- end: the command line -->"


def line(row):
    wall, ratio = row["wall_ms"], row["ratio"]
    beside = f", {row['beside']:,} beside" if row["beside"] else ""
    spread = f"{ratio['median']:.2f} ({ratio['low']:.2f}–{ratio['high']:.2f})"
    cpu, peak, runs = row["cpu_ms"]["median"], row["peak_kib"]["median"] / 1024, wall["runs"]
    asked = f"{row['requests']} requests"
    return (
        f"{row['what'] + beside:26} {row['tool']:30} {wall['median']:8.2f} ms  ×{spread:20} "
        f"cpu {cpu:7.1f} ms  {peak:5.1f} MiB  {asked}  n={runs}"
    )


class Results:
    def __init__(self, results):
        self.results = results
        self.rows = {(row["what"], row["tool"], row["beside"] or 0): row for row in results["rows"]}

    def of(self, what):
        return [row for row in self.results["rows"] if row["what"] == what]

    def goals(self):
        """Rows of: what, the goal in words, what was measured, whether it is reached (None: not measured)."""
        hello, action = self.rows.get(("start", "a C hello", 0)), self.rows.get(("exec", "cstore-action, pull", 0))
        shells = [row["ratio"]["median"] for row in self.of("exec") if row["tool"].endswith("and a shell")]
        completions = [row["wall_ms"]["median"] for row in self.of("completion")]
        binary = self.results["binary_bytes"] / 1e6
        # The ratios are to ours.
        return [
            at_most(
                "`cstore --version`", hello and 1 / hello["ratio"]["median"], 1.5, "× a C hello, linked dynamically"
            ),
            at_most("a completion, its cache warm", max(completions, default=None), 50, "ms"),
            at_most("`cstore exec` of 3 files", 1 / min(shells) if shells else None, 0.5, "× `aws s3 cp` and a shell"),
            at_most("`cstore exec` of 3 files", action and 1 / action["ratio"]["median"], 1.1, "× the action's pull"),
            at_most("binary", binary, 11, "MB"),
        ]


def at_most(what, measured, most, unit):
    if measured is None:
        return what, f"≤ {most} {unit}", "not measured", None
    # A reader is to see on which side of the goal it is.
    return what, f"≤ {most} {unit}", f"{measured:.2f}", measured <= most


def table(head, rows):
    lines = [f"| {' | '.join(head)} |", "|" + " --- |" * len(head)]
    return "\n".join(lines + [f"| {' | '.join(row)} |" for row in rows]) + "\n"


def goals(results):
    words = {True: "reached", False: "**missed**", None: "not measured"}
    rows = [(what, goal, measured, words[reached]) for what, goal, measured, reached in Results(results).goals()]
    return table(["what", "goal", "measured", ""], rows)


def times(rows, heads):
    """A row for each tool: the median, the ratio to the first, memory, requests."""
    cells = [
        (
            row["tool"],
            f"{row['wall_ms']['median']:,.1f} ({row['ratio']['median']:.2f})",
            f"{row['cpu_ms']['median']:,.1f}",
            f"{row['peak_kib']['median'] / 1024:.1f}",
            str(row["requests"]),
        )
        for row in rows
    ]
    return table(heads, cells)


def text(results):
    """What stands between the marks of the page."""
    known = Results(results)
    heads = ["ms", "CPU, ms", "memory, MiB", "requests"]
    looks = [
        (row["tool"], f"{row['beside']:,}", f"{row['wall_ms']['median']:,.0f}", str(row["requests"]))
        for row in known.of("look") + known.of("completion")
    ]
    parts = [goals(results), times(known.of("start"), ["start", *heads])]
    parts += [times(known.of("exec"), ["exec", *heads])]
    if looks:
        parts += [table(["", "versions beside", "ms", "requests"], looks)]
    parts += [conditions(results)]
    return "\n".join(parts)


def conditions(results):
    machine = results["machine"]
    run = f"{machine['cores']} cores, Linux {machine['kernel']}, load {machine['load_before']} before the run"
    lines = [f"- {results['date']}, {machine['processor']}, {run}, which took {results['seconds']} s."]
    lines += [f"- {tool}: {version}" for tool, version in results["versions"].items()]
    lines += [f"- missing: {name} ({why})" for name, why in results["missing"].items()]
    return "\n".join(lines) + "\n"

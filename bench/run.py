"""Measures this project's binaries beside their peers, in one run, in turn. Started by `make bench`, which builds what is
needed. `cli` measures the command line alone, and keeps the other results; `--quick` runs everything few times, to try
the benchmark itself, and keeps nothing."""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import chart
import peers
import report
import report_cli
import today
from stopwatch import SCRATCH, Server, Stopwatch, summary

import cli

ROOT = Path(__file__).resolve().parent.parent
BINARY = Path(os.environ.get("CSTORE_ACTION", ROOT / "target/release/cstore-action"))
BENCH = ROOT / "target/bench/release/cstore-bench"
VENV = ROOT / "bench/.venv"
RESULTS = ROOT / "bench/results.json"

KIB, MIB = 1024, 1024 * 1024
ROUNDS = 15
# Whoever takes this long is not measured as often: the ratio is far from any goal, and the spread small beside it.
SLOW_MS, SLOW_ROUNDS = 2000, 5


def contents(number, size):
    """A dotenv file of so many bytes, with ten keys that no other file has."""
    lines = []
    for key in range(10):
        start = f"BENCH_{number:04}_{key}="
        length = size // 10 + (size % 10 if key == 9 else 0)
        # No value is like another: each is masked.
        lines.append(start + f"{number * 10 + key:08}".ljust(length - len(start) - 1, "x") + "\n")
    return "".join(lines)


class Bench:
    def __init__(self, server, scratch, rounds):
        self.server, self.scratch, self.rounds = server, scratch, rounds
        self.stopwatch = Stopwatch(BENCH, scratch)
        self.action = peers.Action(BINARY, server)
        self.floor = peers.Floor(BENCH, server)
        self.peers, self.missing = peers.find(server, VENV, scratch)
        self.sources = {}
        self.versions = 0

    def work(self, operation, files, size):
        """Something to do that was not done before: a push of a new version, or a pull into an empty folder."""
        if operation == "pull":
            context = f"n{files}x{size}"
            return peers.Work("pull", files, size, context, peers.VERSION, self.stopwatch.fresh_folder())
        self.versions += 1
        folder = self.stopwatch.fresh_folder()
        folder.joinpath("workspace").rmdir()
        folder.joinpath("workspace").symlink_to(self.source(files, size))
        return peers.Work("push", files, size, f"n{files}x{size}", f"p{self.versions}", folder)

    def source(self, files, size):
        if (files, size) not in self.sources:
            folder = self.stopwatch.fresh_folder() / "workspace"
            (folder / "f").mkdir()
            for number, path in enumerate(peers.Work("push", files, size, "", "", folder).paths):
                (folder / path).write_text(contents(number, size))
            self.sources[files, size] = folder
        return self.sources[files, size]

    def seed(self, files, size):
        """Publishes what is pulled."""
        work = self.work("push", files, size)
        work.version = peers.VERSION
        self.stopwatch.measure(self.action.run(work))

    def once(self, tool, operation, files, size):
        work = self.work(operation, files, size)
        result = self.stopwatch.measure(tool.run(work))
        if operation == "pull" and tool is not self.floor:
            all_there = (work.folder / "workspace").rglob("*")
            got = sum(path.stat().st_size for path in all_there if path.is_file())
            assert got == files * size, f"{tool.name} got {got} bytes of {files} files"
        self.stopwatch.forget(work.folder)
        return result

    def compare(self, tools, operation, files, size, round_trip, rounds=None):
        """Each tool in turn, again and again; a row for each."""
        self.server.set_round_trip(round_trip)
        runs = {tool.name: [] for tool in tools}
        for number in range(rounds or self.rounds):
            for tool in tools:
                done = runs[tool.name]
                if number >= SLOW_ROUNDS and done[0]["wall_ms"] > SLOW_MS:
                    continue
                done.append(self.once(tool, operation, files, size))
        self.server.set_round_trip(0)
        ours = runs[self.action.name]
        rows = []
        for name, done in runs.items():
            row = {"operation": operation, "files": files, "bytes": size, "round_trip_ms": round_trip, "tool": name}
            for field in ["wall_ms", "cpu_ms", "peak_kib"]:
                row[field] = summary([run[field] for run in done])
            # Of each round, how many times as long as ours.
            row["ratio"] = summary([run["wall_ms"] / own["wall_ms"] for run, own in zip(done, ours, strict=False)])
            rows.append(row)
            print(report.line(row), flush=True)
        return rows

    def sizes(self):
        everyone = [self.action, self.floor, *self.peers]
        rows = []
        for files in [1, 10, 100, 1000]:
            self.seed(files, KIB)
            for operation in ["pull", "push"]:
                tools = everyone
                if files == 1000:
                    # Six to eleven seconds a run, and nobody's advice.
                    tools = [tool for tool in everyone if tool.name != "rclone"]
                rows += self.compare(tools, operation, files, KIB, 20)
        self.seed(1, 16 * MIB)
        for operation in ["pull", "push"]:
            rows += self.compare(everyone, operation, 1, 16 * MIB, 20, min(5, self.rounds))
        few = [tool for tool in everyone if tool.name in [self.action.name, self.floor.name, "s5cmd"]]
        for round_trip in [0, 50]:
            for operation in ["pull", "push"]:
                rows += self.compare(few, operation, 100, KIB, round_trip)
        return rows

    def first_byte(self):
        """CPU to the first byte of a pull of ten files, in milliseconds."""
        values = []
        for _ in range(self.rounds):
            work = self.work("pull", 10, KIB)
            values.append(self.stopwatch.first_byte(self.action.run(work)))
            self.stopwatch.forget(work.folder)
        return summary(values)

    def growth(self, versions=10_000):
        """What a pull and a push take alone, and with many versions beside."""
        rows = []
        for beside in [0, versions]:
            for number in range(beside):
                self.server.ask("PUT", f"/{peers.BUCKET}/n10x{KIB}/.cstore/versions/v0.{number}.0.json", "x")
            for what, operation, version in [
                ("pull of a version", "pull", peers.VERSION),
                ("pull of latest", "pull", "latest"),
                ("push", "push", None),
            ]:
                work = self.work(operation, 10, KIB)
                work.version = version or work.version
                took = self.server.counts_of(lambda work=work: self.stopwatch.measure(self.action.run(work)))
                rows.append({"what": what, "beside": beside, **took})
                self.stopwatch.forget(work.folder)
        return rows

    def role(self):
        """The whole step with a role, and what is done today in its place."""
        work = peers.Work("pull", 10, KIB, f"n10x{KIB}", peers.VERSION, None)
        tools = {"cstore-action": self.with_role, "today": lambda work: today.run(self.server, VENV, work)}
        if why := today.missing():
            self.missing["configure-aws-credentials"] = why
            del tools["today"]
        self.server.set_round_trip(20)
        runs = {name: [] for name in tools}
        for _ in range(self.rounds):
            for name, run in tools.items():
                work.folder = self.stopwatch.fresh_folder()
                runs[name].append(self.stopwatch.measure(run(work)))
                self.stopwatch.forget(work.folder)
        self.server.set_round_trip(0)
        rows = {name: {"wall_ms": summary([run["wall_ms"] for run in done])} for name, done in runs.items()}
        if "today" in runs:
            pairs = zip(runs["today"], runs["cstore-action"], strict=True)
            rows["today"]["ratio"] = summary([other["wall_ms"] / ours["wall_ms"] for other, ours in pairs])
        return rows

    def with_role(self, work):
        run = self.action.run(work)
        for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]:
            del run.environment[name]
        run.environment |= today.job_token(self.server) | {"INPUT_ROLE-TO-ASSUME": today.ROLE}
        return run

    def ceiling(self, requests=20_000):
        """Requests a second that the server answers when nothing is delayed."""
        command = [
            BENCH,
            "floor",
            "get",
            self.server.address(0),
            "64",
            peers.BUCKET,
            f"n1000x{KIB}/{peers.VERSION}/",
            "1000",
            "0",
        ]
        rates = []
        for _ in range(requests // 1000):
            start = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            rates.append(1000 / (time.perf_counter() - start))
        return summary(rates)


def machine():
    cpuinfo = Path("/proc/cpuinfo").read_text().splitlines()
    model = [line.split(":")[1].strip() for line in cpuinfo if line.startswith("model name")]
    return {
        "processor": model[0] if model else platform.machine(),
        "cores": os.cpu_count(),
        "kernel": platform.release(),
        "load_before": round(os.getloadavg()[0], 2),
    }


def measured(bench):
    """All of the action's results."""
    tools = [bench.action, bench.floor, *bench.peers]
    return {
        "versions": {tool.name: tool.version() for tool in tools},
        "rows": bench.sizes(),
        "ceiling": bench.ceiling(),
        "first_byte_cpu_ms": bench.first_byte(),
        "role": bench.role(),
        "growth": bench.growth(),
        "missing": bench.missing,
        "binary_bytes": BINARY.stat().st_size,
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("part", nargs="?", choices=["all", "cli"], default="all")
    parser.add_argument("--quick", action="store_true")
    arguments = parser.parse_args()
    kept = json.loads(RESULTS.read_text()) if RESULTS.exists() else None
    when = {"date": time.strftime("%Y-%m-%d"), "machine": machine()}
    with tempfile.TemporaryDirectory(dir=SCRATCH) as scratch, Server(BENCH) as server:
        bench = Bench(server, Path(scratch), 2 if arguments.quick else ROUNDS)
        if arguments.part == "cli":
            results = kept or {}
        else:
            started = time.monotonic()
            results = when | measured(bench) | {"seconds": round(time.monotonic() - started)}
            text = report.goals(results)
            print("\n" + text)
            print(report.compared(results, kept))
        results["cli"] = when | cli.CommandLine(bench).measure()
    print("\n" + report_cli.text(results["cli"]))
    if not arguments.quick:
        RESULTS.write_text(json.dumps(results, indent=1) + "\n")
        page = ROOT / "docs/speed.md"
        report.write(page, report_cli.MARKS, report_cli.text(results["cli"]))
        if arguments.part == "all":
            report.write(page, report.MARKS, report.text(results, text))
            (ROOT / "docs/speed.svg").write_text(chart.draw(results))
        print(f"Kept in {RESULTS.relative_to(ROOT)} and docs.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The command line: what it takes to start, to complete a word, to start a program with values, and to list and tell
of many versions. In one run and in turn, beside what people use in its place."""

import os
import shutil
import subprocess
import time
from pathlib import Path

import peers
import report_cli
from stopwatch import summary

HERE = Path(__file__).resolve().parent
BINARY = Path(os.environ.get("CSTORE", HERE.parent / "target/release/cstore"))

FILES, BYTES = 3, 1024
ROUND_TRIP_MS = 20
BESIDE = 10_000
# A history has more versions than it shows.
HISTORY = 25
# A start takes less than a millisecond, so the spread is large and many runs cost little.
START_ROUNDS, FEWEST_START_ROUNDS = 201, 5


class CommandLine:
    """Runs of the binary `cstore` on a machine that knows its bucket from variables."""

    def __init__(self, bench):
        self.bench, self.server, self.stopwatch = bench, bench.server, bench.stopwatch
        self.context = f"n{FILES}x{BYTES}"
        self.home = self.stopwatch.fresh_folder()
        self.versions, self.missing = {}, {}
        self.rows = []

    def measure(self):
        started = time.monotonic()
        self.bench.seed(FILES, BYTES)
        self.start()
        self.complete(beside=0)
        self.execute()
        for number in range(HISTORY):
            work = self.bench.work("push", FILES, BYTES)
            work.version = f"v1.1.{number}"
            self.stopwatch.measure(self.bench.action.run(work))
        self.look(beside=0)
        for number in range(BESIDE):
            self.server.ask("PUT", f"/{peers.BUCKET}/{self.context}/.cstore/versions/v0.{number}.0.json", "x")
        # What was stored last comes first: the others are to be old.
        for number in range(HISTORY):
            work = self.bench.work("push", FILES, BYTES)
            work.version = f"v1.2.{number}"
            self.stopwatch.measure(self.bench.action.run(work))
        self.look(beside=BESIDE)
        self.complete(beside=BESIDE)
        return {
            "rows": self.rows,
            "versions": {"cstore": peers.built(BINARY), **self.versions},
            "binary_bytes": BINARY.stat().st_size,
            "missing": self.missing,
            "seconds": round(time.monotonic() - started),
        }

    def start(self):
        tools = {"cstore --version": self.run(["--version"])}
        if compiler := os.environ.get("CC") or shutil.which("cc"):
            self.versions["C compiler"] = peers.first_line([compiler, "--version"])
            for name, how in [("a C hello", []), ("a C hello, static", ["-static"])]:
                hello = self.compiled(compiler, how)
                tools[name] = peers.Run([hello], peers.SYSTEM, self.home)
        else:
            self.missing["a C hello"] = "there is no C compiler"
        rounds = max(FEWEST_START_ROUNDS, START_ROUNDS * self.bench.rounds // 15)
        self.compare("start", tools, rounds, round_trip=0)

    def compiled(self, compiler, how):
        # Not in memory, as little as the binary that it is compared with; and nothing may be executable there.
        hello = BINARY.parent / f"bench-hello{''.join(how)}"
        subprocess.run([compiler, "-O2", *how, "-o", hello, HERE / "hello.c"], check=True)
        return hello

    def complete(self, beside):
        """The word after `pull -v`, as the script that bash has been given asks for it."""
        words = ["cstore", "pull", "-v", ""]
        asks = {"CSTORE_COMPLETE": "bash", "_CLAP_COMPLETE_INDEX": str(len(words) - 1)}
        run = self.run(["--", *words], XDG_CACHE_HOME=str(self.home / f"cache{beside}"), **asks)
        # The first answer fills the cache, and says whether there is one: a binary that completes nothing has none, and
        # neither has one that could not list the versions within its limit.
        how = {"capture_output": True, "text": True, "stdin": subprocess.DEVNULL, "timeout": 60}
        answer = subprocess.run(run.command, check=False, env=run.environment, cwd=run.folder, **how)
        if answer.returncode != 0 or not any(word.startswith("v1.") for word in answer.stdout.split()):
            what = f"a completion beside {beside:,} versions" if beside else "a completion"
            self.missing[what] = f"no version was offered at the first TAB (exit code {answer.returncode})"
            return
        self.compare("completion", {"a completion, its cache warm": run}, self.bench.rounds, beside=beside)

    def execute(self):
        """A program started with the values of three files."""
        names = "\n".join(self.work().paths)
        program = ["--", "true"]
        version = ["exec", "-v", peers.VERSION]
        tools = {
            "cstore exec": lambda: self.run([*version, *program], CSTORE_FILES=names),
            "cstore exec, files not named": lambda: self.run([*version, *program]),
            "cstore-action, pull": lambda: self.bench.action.run(self.work()),
            "floor": lambda: self.bench.floor.run(self.work()),
        }
        for peer in self.bench.peers:
            if peer.name in ["aws cli", "aws cli 2"]:
                self.versions[peer.name] = peer.version()
                tools[f"{peer.name} and a shell"] = lambda peer=peer: self.aws_and_shell(peer)
        if why := self.without_chamber(tools):
            self.missing["chamber"] = why
        self.compare("exec", tools, self.bench.rounds)

    def without_chamber(self, tools):
        """Adds chamber to the tools; or says why it is not among them."""
        binary = shutil.which("chamber")
        if not binary:
            return (
                "not on the PATH, and there is no Go to build it with; where it is there, its row is measured: "
                "go install github.com/segmentio/chamber/v3@latest"
            )
        chamber = peers.Chamber(binary, self.server, self.home)
        files = (self.bench.source(FILES, BYTES) / "f").iterdir()
        values = dict(line.split("=", 1) for file in files for line in file.read_text().splitlines())
        chamber.store(values)
        name, value = next(iter(values.items()))
        run = chamber.run("printenv", name)
        # It is not known of each release whether it can be led to another server than Amazon's.
        how = {"capture_output": True, "text": True, "stdin": subprocess.DEVNULL, "timeout": 60}
        printed = subprocess.run(run.command, check=False, env=run.environment, cwd=run.folder, **how)
        if printed.stdout != f"{value}\n":
            return f"it is on the PATH, and did not get a value from this server (exit code {printed.returncode})"
        self.versions["chamber"] = chamber.version()
        tools["chamber exec, values in S3"] = chamber.run("true")
        return None

    def aws_and_shell(self, aws):
        work = self.work()
        run = aws.run(work)
        source = f"s3://{peers.BUCKET}/{work.prefix}"
        places = [aws.binary, self.server.endpoint(0), source, work.folder / "workspace"]
        return peers.Run([HERE / "aws_and_shell.sh", *map(str, places), "true"], run.environment, run.folder)

    def look(self, beside):
        """What is published."""
        tools = {
            "cstore list versions": self.run(["list", "versions"]),
            "cstore log -n 20": self.run(["log", "-n", "20"]),
        }
        for name, run in tools.items():
            word = run.command[1]
            if subprocess.run([BINARY, word, "--help"], check=False, capture_output=True).returncode != 0:
                self.missing[name] = f"this binary has no command `{word}`"
                continue
            self.compare("look", {name: run}, self.bench.rounds, beside=beside)

    def work(self):
        return peers.Work("pull", FILES, BYTES, self.context, peers.VERSION, self.stopwatch.fresh_folder())

    def run(self, arguments, **more):
        """A run in a home folder that all share, as a person's is."""
        environment = {
            "AWS_ENDPOINT_URL": self.server.endpoint(0),
            "CSTORE_BUCKET": peers.BUCKET,
            "CSTORE_CONTEXT": self.context,
            "HOME": str(self.home),
        }
        return peers.Run([BINARY, *arguments], peers.SYSTEM | peers.AWS | environment | more, self.home)

    def compare(self, what, tools, rounds, round_trip=ROUND_TRIP_MS, beside=None):
        """Each in turn, again and again; a row for each, with its ratio to the first."""
        self.server.set_round_trip(round_trip)
        runs, counts = {name: [] for name in tools}, {}
        for _ in range(rounds):
            for name, tool in tools.items():
                run = tool() if callable(tool) else tool
                counts[name] = self.server.counts_of(
                    lambda name=name, run=run: runs[name].append(self.stopwatch.measure(run))
                )
                if run.folder != self.home:
                    self.stopwatch.forget(run.folder if run.folder.name != "workspace" else run.folder.parent)
        self.server.set_round_trip(0)
        first = next(iter(runs.values()))
        for name, done in runs.items():
            row = {"what": what, "tool": name, "beside": beside, "round_trip_ms": round_trip, **counts[name]}
            for field in ["wall_ms", "cpu_ms", "peak_kib"]:
                row[field] = summary([run[field] for run in done])
            row["ratio"] = summary([run["wall_ms"] / own["wall_ms"] for run, own in zip(done, first, strict=True)])
            self.rows.append(row)
            print(report_cli.line(row), flush=True)

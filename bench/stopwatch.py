"""The server that all are measured against, and single measurements."""

import http.client
import json
import shutil
import statistics
import subprocess
from pathlib import Path

import peers

# Nothing is to be measured of the disk.
SCRATCH = Path("/dev/shm")


class Server:
    """The benchmark's own, for as long as the `with` lasts."""

    def __init__(self, binary):
        self.binary = binary

    def __enter__(self):
        self.process = subprocess.Popen(
            [self.binary, "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.ports = json.loads(self.process.stdout.readline())["ports"]
        self.connection = http.client.HTTPConnection("127.0.0.1", self.ports[0])
        self.reset()
        return self

    def __exit__(self, *_):
        self.connection.close()
        self.process.stdin.close()
        self.process.wait()

    def address(self, host):
        return f"127.0.0.1:{self.ports[host]}"

    def endpoint(self, host):
        """Of one of its hosts: 0 is S3, 1 STS, 2 GitHub."""
        return f"http://{self.address(host)}"

    def ask(self, method, target, body=None):
        self.connection.request(method, target, body)
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status >= 300:
            raise SystemExit(f"the server answered {answer.status} to {method} {target}: {content[:200]}")
        return content

    def reset(self):
        """Empties the store; the bucket has S3 versioning, as the README advises."""
        self.set_round_trip(0)
        self.ask("GET", "/_bench/reset")
        self.ask("PUT", f"/{peers.BUCKET}")
        self.ask("PUT", f"/{peers.BUCKET}?versioning", "<Status>Enabled</Status>")

    def set_round_trip(self, milliseconds):
        self.ask("GET", f"/_bench/delay?microseconds={milliseconds * 1000}")

    def counts_of(self, action):
        """Requests and connections that something took."""
        self.ask("GET", "/_bench/forget")
        action()
        return json.loads(self.ask("GET", "/_bench/counts"))


class Stopwatch:
    def __init__(self, binary, scratch):
        self.binary, self.scratch = binary, scratch
        self.count = 0

    def fresh_folder(self):
        self.count += 1
        folder = self.scratch / f"run{self.count}"
        (folder / "workspace").mkdir(parents=True)
        return folder

    def measure(self, run):
        log = self.scratch / "log"
        command = [self.binary, "measure", log, *run.command]
        how = {"capture_output": True, "text": True}
        output = subprocess.run(command, check=False, **how, env=run.environment, cwd=run.folder)
        result = json.loads(output.stdout or '{"code": -1}')
        if result.pop("code") != 0:
            raise SystemExit(f"{run.command} failed:\n{output.stderr}{log.read_text(errors='replace')[-3000:]}")
        return result

    def first_byte(self, run):
        command = [self.binary, "first-byte", *run.command]
        how = {"capture_output": True, "text": True}
        output = subprocess.run(command, check=False, **how, env=run.environment, cwd=run.folder)
        return json.loads(output.stdout)["cpu_ms"]

    def forget(self, folder):
        shutil.rmtree(folder)


def summary(values):
    """Median and quartiles."""
    if len(values) == 1:
        return {"median": values[0], "low": values[0], "high": values[0], "runs": 1}
    low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    return {"median": statistics.median(values), "low": low, "high": high, "runs": len(values)}

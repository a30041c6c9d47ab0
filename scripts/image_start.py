#!/usr/bin/env python3
"""Measures what it costs to start the image instead of the bare binary.

Docker takes hundreds of milliseconds to make a container, whatever it holds. What counts is the time from when it has
been started to when it has ended, which Docker writes down, with some milliseconds of its own. So four things are
started in turn: the image, an image that holds a program that does nothing, the image's binary on this machine, and that
program on this machine. What the image adds to the binary is (image - idle image) - (binary - idle program).

Usage: scripts/image_start.py IMAGE [ROUNDS]; needs Docker and a C compiler. No test: times say as much of the machine.
"""

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

# Without a workflow around it the action says so and ends with 1, so that this is all that it does.
IDLE = "int main(void) { return 1; }"


def run(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, **options).stdout


def ended(command, code):
    if code != 1:
        sys.exit(f"{command} ended with {code}")


def of_program(program):
    start = time.perf_counter()
    code = subprocess.run([program], check=False, env={}, capture_output=True).returncode
    took = time.perf_counter() - start
    ended(program, code)
    return took * 1000


def of_container(image):
    container = run("docker", "create", "--network", "host", image, text=True).strip()
    run("docker", "start", container)
    ended(image, int(run("docker", "wait", container)))
    times = run("docker", "inspect", "--format", "{{.State.StartedAt}} {{.State.FinishedAt}}", container, text=True)
    run("docker", "rm", container)
    # Nanoseconds, of which Python takes six digits.
    start, end = (datetime.fromisoformat(text[:26].rstrip("Z")) for text in times.split())
    return (end - start).total_seconds() * 1000


def main():
    image, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 40
    idle_image = f"cstore-action-idle:{os.getpid()}"
    with tempfile.TemporaryDirectory() as folder:
        binary, idle = Path(folder, "cstore-action"), Path(folder, "idle")
        container = run("docker", "create", image, text=True).strip()
        run("docker", "cp", f"{container}:/cstore-action", binary)
        run("docker", "rm", container)
        run("cc", "-static", "-O2", "-x", "c", "-", "-o", idle, input=IDLE.encode())
        tar = run("tar", "-C", folder, "-c", "idle")
        run("docker", "import", "--change", 'ENTRYPOINT ["/idle"]', "-", idle_image, input=tar)
        ways = {
            "image": lambda: of_container(image),
            "idle image": lambda: of_container(idle_image),
            "binary": lambda: of_program(binary),
            "idle": lambda: of_program(idle),
        }
        times = {name: [] for name in ways}
        try:
            for _ in range(rounds + 1):
                for name in random.sample(list(ways), len(ways)):
                    times[name].append(ways[name]())
        finally:
            run("docker", "image", "rm", idle_image)
    times = {name: values[1:] for name, values in times.items()}  # the first one of each reads from the disk
    for name, values in times.items():
        low, middle, high = statistics.quantiles(values, n=4)
        print(f"{name:<10} {middle:8.2f} ms, half of them between {low:.2f} and {high:.2f}")
    contained, bare = (
        [one - other for one, other in zip(times[a], times[b], strict=True)]
        for a, b in (("image", "idle image"), ("binary", "idle"))
    )
    added = [one - other for one, other in zip(contained, bare, strict=True)]
    error = statistics.stdev(added) / len(added) ** 0.5 * 1.25  # of a median
    print(f"the image adds {statistics.median(added):.1f} ms to the binary, give or take {error:.1f}")


if __name__ == "__main__":
    main()

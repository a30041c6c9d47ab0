"""A local S3 server, for what is shown and drawn without an AWS account."""

import contextlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@contextlib.contextmanager
def local_s3():
    """Serves S3 on a free port; gives its address."""
    command = [sys.executable, ROOT / "tests/harness/s3_server.py"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    # Leaving closes stdin, at which the server ends, and waits for it.
    with subprocess.Popen(command, text=True, **pipes) as server:
        yield f"http://127.0.0.1:{int(server.stdout.readline())}"

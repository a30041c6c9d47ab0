"""Serves SeaweedFS on free ports until stdin closes: S3 over http and https, STS, and a local KMS.

    python seaweedfs.py FOLDER

FOLDER holds what `seaweedfs.rs` has written: `s3.json` (who may ask), `iam.json` (identity providers and roles),
`tls.pem` and `tls.key`. What is stored goes there too.

Prints the two ports once a bucket can be made and an object put, so nobody has to poll. Whoever starts this holds the
other end of stdin: when that process ends, however it ends, the pipe closes, and the server is killed. Should this
process be killed first, the kernel kills the server with it.
"""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

PORTS = ("master", "master.grpc", "volume", "volume.grpc", "filer", "filer.grpc", "s3", "s3.grpc", "s3.https")
TRIES = 5
# It is ready within four seconds where nothing else runs.
PATIENCE = 60
KILLED_WITH_ITS_PARENT = ("setpriv", "--pdeathsig", "KILL")

folder = Path(sys.argv[1]).absolute()
who = json.loads((folder / "s3.json").read_text())["identities"][0]["credentials"][0]
credentials = Credentials(who["accessKey"], who["secretKey"])


def free_ports():
    """Ports that are free at this moment. All are open at once, so that no two are the same."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in PORTS]
    ports = {name: each.getsockname()[1] for name, each in zip(PORTS, sockets, strict=True)}
    for each in sockets:
        each.close()
    return ports


def start(ports, data):
    """Starts the server. Each of its services is told its gRPC port, which would be 10,000 above the other one."""
    data.mkdir()
    options = [
        f"-dir={data}",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        f"-master.port={ports['master']}",
        f"-master.port.grpc={ports['master.grpc']}",
        "-master.telemetry=false",
        "-master.volumeSizeLimitMB=64",
        f"-volume.port={ports['volume']}",
        f"-volume.port.grpc={ports['volume.grpc']}",
        "-volume.max=1000",
        # Else it refuses to write where less than a hundredth of the disk is free.
        "-volume.minFreeSpace=100MiB",
        "-filer",
        f"-filer.port={ports['filer']}",
        f"-filer.port.grpc={ports['filer.grpc']}",
        f"-filer.localSocket={data}/filer.sock",
        "-s3",
        f"-s3.port={ports['s3']}",
        f"-s3.port.grpc={ports['s3.grpc']}",
        f"-s3.port.https={ports['s3.https']}",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
        f"-s3.localSocket={data}/s3.sock",
        f"-s3.config={folder}/s3.json",
        f"-s3.iam.config={folder}/iam.json",
        f"-s3.cert.file={folder}/tls.pem",
        f"-s3.key.file={folder}/tls.key",
    ]
    return subprocess.Popen(
        [*KILLED_WITH_ITS_PARENT, Path(sys.executable).with_name("weed"), "-logtostderr", "server", *options],
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        env={
            "PATH": os.environ.get("PATH", ""),
            "HOME": str(data),
            "GOMEMLIMIT": "300MiB",
            "WEED_S3_SSE_KEK": "00112233445566778899aabbccddeeff" * 2,
            # Else each bucket begins with seven volumes.
            "WEED_MASTER_VOLUME_GROWTH_COPY_1": "1",
        },
        cwd=data,
        process_group=0,
    )


def put(port, path, body=b""):
    """Whether the server takes a put."""
    request = AWSRequest("PUT", f"http://127.0.0.1:{port}{path}", data=body)
    S3SigV4Auth(credentials, "s3", "us-east-1").add_auth(request)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("PUT", path, body, dict(request.headers))
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def has_ended_after(process, seconds):
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def is_ready(process, port):
    """Waits until the server can be used, or has ended, or takes too long."""
    end = time.monotonic() + PATIENCE
    ready = False
    while not ready and time.monotonic() < end and not has_ended_after(process, 0.1):
        ready = put(port, "/ready") and put(port, "/ready/object", b"ready")
    return ready


def kill(process):
    """A server that is asked to stop takes up to half a minute."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    return process.wait()


def end_with_stdin():
    sys.stdin.buffer.read()
    ending.set()
    if server is not None:
        kill(server)
    shutil.rmtree(folder, ignore_errors=True)


server = None
ending = threading.Event()
end = threading.Thread(target=end_with_stdin)
end.start()
for number in range(TRIES):
    ports = free_ports()
    server = start(ports, folder / f"data-{number}")
    if is_ready(server, ports["s3"]):
        print(ports["s3"], ports["s3.https"], flush=True)
        end.join()
    code = kill(server)
    if ending.is_set():
        end.join()
        sys.exit()
    print(f"SeaweedFS is not ready on {ports}: exit code {code}", file=sys.stderr, flush=True)
print("SeaweedFS does not start", file=sys.stderr, flush=True)
os._exit(1)

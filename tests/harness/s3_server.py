"""Serves moto's S3, KMS and STS on a free port until stdin closes: of the loopback, or of the address that is named.

Prints the port once connections are accepted, so nobody has to poll. Whoever starts this holds the other end of stdin:
when that process ends, however it ends, the pipe closes and the server goes too.
"""

import functools
import os
import sys
import threading

from moto.s3.responses import S3Response
from moto.server import ThreadedMotoServer

# S3 looks at a condition and writes in one step, metadata included; moto does these one after the other, so of many
# requests at the same moment two may be told that they created the object.
one_at_a_time = threading.RLock()


def atomic(operation):
    @functools.wraps(operation)
    def locked(self, *arguments, **named):
        with one_at_a_time:
            return operation(self, *arguments, **named)

    return locked


for name in ("put_object", "get_object", "head_object", "delete_object"):
    setattr(S3Response, name, atomic(getattr(S3Response, name)))

server = ThreadedMotoServer(sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1", 0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.buffer.read()
os._exit(0)  # a request that is still running would hold up a normal exit

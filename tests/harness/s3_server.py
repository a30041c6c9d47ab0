"""Serves moto's S3, KMS and STS on a free port of the loopback until stdin closes.

Prints the port once connections are accepted, so nobody has to poll. Whoever starts this holds the other end of stdin:
when that process ends, however it ends, the pipe closes and the server goes too.
"""

import os
import sys

from moto.server import ThreadedMotoServer

server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.buffer.read()
os._exit(0)  # a request that is still running would hold up a normal exit

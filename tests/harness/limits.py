"""Runs a command under limits, and tells what it took. Its fate becomes the caller's.

    limits.py REPORT [--file-bytes N] [--open-files N] [--memory-mib N] [--nobody] COMMAND...

REPORT gets the seconds of CPU and the peak of memory in KiB, the command's own, and the MiB that it may have. A command that runs away is ended: by
these limits, which are far above those that the tests assert.
"""

import os
import resource
import signal
import sys

CPU_SECONDS = 90
WALL_SECONDS = 120
ADDRESS_SPACE = 8 << 30

report, *command = sys.argv[1:]
limit, open_files, memory, nobody = None, None, 256, False
resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
while command[0].startswith("--"):
    option = command.pop(0)
    if option == "--file-bytes":
        limit = int(command.pop(0))
    elif option == "--open-files":
        open_files = int(command.pop(0))
    elif option == "--memory-mib":
        memory = int(command.pop(0))
    else:
        nobody = os.geteuid() == 0

child = os.fork()
if child == 0:
    if limit is not None:
        # A write beyond it fails, as on a full disk, instead of ending the process.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    if open_files is not None:
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (open_files, most))
    if nobody:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    os.execv(command[0], command)

signal.signal(signal.SIGALRM, lambda *_: os.kill(child, signal.SIGKILL))
signal.alarm(WALL_SECONDS)
_, status, used = os.wait4(child, 0)
with open(report, "w") as file:
    file.write(f"{used.ru_utime + used.ru_stime} {used.ru_maxrss} {memory}")
if os.WIFSIGNALED(status):
    signal.signal(os.WTERMSIG(status), signal.SIG_DFL)
    os.kill(os.getpid(), os.WTERMSIG(status))
sys.exit(os.WEXITSTATUS(status))

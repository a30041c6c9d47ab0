"""Runs a command, and kills it right before it renames or removes a file for the Nth time: `kill_at.py N COMMAND…`.

Ends as the command does. Its system calls are watched as a debugger does (ptrace(2)), so nothing of it is made for this.
"""

import contextlib
import ctypes
import os
import platform
import signal
import struct
import sys

TRACEME, SYSCALL, SETOPTIONS, GET_SYSCALL_INFO = 0, 24, 0x4200, 0x420E
# Stops at system calls are told from signals; threads are watched, too; all die with this process.
OPTIONS = 0x1 | 0x8 | 0x100000
ALL_CHILDREN = 0x40000000
ENTRY = 1
# rename, renameat, renameat2, unlink, unlinkat
CHANGES = {"x86_64": {82, 264, 316, 87, 263}, "aarch64": {38, 276, 35}}[platform.machine()]

LIBC = ctypes.CDLL(None, use_errno=True)


def ptrace(request, process, address=None, data=None):
    words = [ctypes.c_long(request), ctypes.c_long(process), ctypes.c_void_p(address), data]
    if LIBC.ptrace(*words) == -1:
        raise OSError(ctypes.get_errno(), f"ptrace({request})")


def is_change(thread):
    """Whether a thread that has stopped at a system call is about to change a name."""
    info = ctypes.create_string_buffer(88)
    ptrace(GET_SYSCALL_INFO, thread, len(info), info)
    kind, number = struct.unpack_from("=B23xQ", info.raw)
    return kind == ENTRY and number in CHANGES


def main():
    changes_left, command = int(sys.argv[1]), sys.argv[2:]
    process = os.fork()
    if process == 0:
        ptrace(TRACEME, 0)
        os.kill(os.getpid(), signal.SIGSTOP)
        os.execvp(command[0], command)
    os.waitpid(process, 0)
    ptrace(SETOPTIONS, process, None, ctypes.c_void_p(OPTIONS))
    stopped, given = process, 0
    while True:
        # One that was killed may be gone already.
        with contextlib.suppress(ProcessLookupError):
            ptrace(SYSCALL, stopped, None, ctypes.c_void_p(given))
        while True:
            stopped, status = os.waitpid(-1, ALL_CHILDREN)
            if os.WIFSTOPPED(status):
                break
            if stopped == process:
                end(status)
        given = os.WSTOPSIG(status)
        if given == signal.SIGTRAP | 0x80:
            given = 0
            if is_change(stopped):
                changes_left -= 1
                if changes_left == 0:
                    os.kill(process, signal.SIGKILL)
        elif given in (signal.SIGTRAP, signal.SIGSTOP):
            given = 0


def end(status):
    if os.WIFSIGNALED(status):
        os.kill(os.getpid(), os.WTERMSIG(status))
    sys.exit(os.WEXITSTATUS(status))


if __name__ == "__main__":
    main()

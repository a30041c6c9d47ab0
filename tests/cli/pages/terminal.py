"""Types a command line at a terminal and answers its questions with yes, or a value: `python terminal.py COMMAND`."""

import os
import pty
import re
import sys


def main():
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvp("bash", ["bash", "-c", sys.argv[1]])
    printed, answered = b"", 0
    while True:
        try:
            read = os.read(terminal, 65536)
        except OSError:  # Linux says so when the last process has closed it.
            break
        if not read:
            break
        printed += read
        asked = re.findall(rb"\[y/N\]|Value of \w+:", printed)
        if len(asked) > answered:
            answered += 1
            os.write(terminal, b"y\n" if asked[-1] == b"[y/N]" else b"typed-at-the-prompt\n")
    _, status = os.waitpid(pid, 0)
    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", printed.decode())
    sys.stdout.write(shown.replace("\r\n", "\n").replace("\r", "\n"))
    sys.exit(os.waitstatus_to_exitcode(status))


main()

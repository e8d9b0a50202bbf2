"""Runs a program that ends when whoever started this ends, however that happens.

`python -SE leash.py PROGRAM ARGUMENTS…`: standard library only, so that it starts in no time.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from typing import NoReturn

PR_SET_PDEATHSIG = 1
LOOK_EVERY = 0.5


def main(command: list[str]) -> int:
    parent = os.getppid()
    if os.uname().sysname == "Linux":
        become(command, parent)
    return watch(command, parent)


def become(command: list[str], parent: int) -> NoReturn:
    """Let the kernel do it: it keeps the promise across exec, and nothing of this stays in memory."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it died before the kernel had been asked
        sys.exit(1)
    os.execv(command[0], command)


def watch(command: list[str], parent: int) -> int:
    """Stay as the program's parent and look whether one's own is still there."""
    # The whole group gets the signal; the program decides when it is done.
    signal.signal(signal.SIGTERM, lambda *_: None)
    program = subprocess.Popen(command)
    while program.poll() is None:
        if os.getppid() != parent:
            os.killpg(os.getpgrp(), signal.SIGTERM)
            parent = os.getppid()
        time.sleep(LOOK_EVERY)
    return program.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""A program run from a process so small that it lends the program no memory: `launched.py TOLD PROGRAM ARGUMENT…`.

The peak that Linux counts for a process begins with that of the process it was forked from (`exec_mmap` in fs/exec.c),
so that a small program started by a large benchmark would seem as large. On the descriptor TOLD stand two lines: the
program's process; its wait status, seconds, seconds of CPU and KB at the peak. Nothing is imported that is not needed.
"""

from __future__ import annotations

import os
import sys
import time


def main() -> None:
    """Run it to its end."""
    told, *argv = sys.argv[1:]
    os.set_inheritable(int(told), False)  # noqa: FBT003 -- what outlives the program holds it open no more
    started = time.perf_counter()
    process = os.posix_spawnp(argv[0], argv, os.environ)
    os.write(int(told), f"{process}\n".encode())
    _, status, used = os.wait4(process, 0)
    took = time.perf_counter() - started
    os.write(int(told), f"{status} {took} {used.ru_utime + used.ru_stime} {used.ru_maxrss}\n".encode())


if __name__ == "__main__":
    main()

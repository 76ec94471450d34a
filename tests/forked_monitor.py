"""A process to be killed: runs `monitor` in a forked child for each line it reads, so that many runs need not wait for imports.

    forked_monitor.py < lines

A line is a JSON object {"arguments": [...], "environment": {...}}. It answers with the child's id, and when that has ended with its
exit code, or the negative number of the signal that ended it.
"""

import json
import os
import sys
from datetime import date

import monitor.cli.deliver
import monitor.cli.poll
import monitor.cli.publish  # noqa: F401 — imported once, for all children
from monitor.articles.extract import extract_article
from monitor.cli.main import run


def child(order: dict) -> None:
    os.environ.update(order["environment"])
    os.dup2(2, 1)  # what it prints goes to the log, the answers are ours
    code = run(order["arguments"])
    sys.stdout.flush()
    os._exit(code)


def main() -> None:
    # what is read on first use (language models, the list of public suffixes) is read before the first fork
    extract_article(
        b"<html><p>A page of no importance, read once to be ready.</p></html>", url="http://one.example/1", today=date(2019, 3, 4)
    )
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            child(json.loads(line))
        os.write(1, f"{pid}\n".encode())
        _, status = os.waitpid(pid, 0)
        os.write(1, f"{os.waitstatus_to_exitcode(status)}\n".encode())


if __name__ == "__main__":
    main()

"""A PostgreSQL server in a temporary folder, for as long as a command runs.

    start_postgres.py -- COMMAND…      run COMMAND with MONITOR_TEST_POSTGRES_URL set, exit with its code
    start_postgres.py                  print the URL, serve until standard input closes or a signal comes

It listens on a Unix socket alone and loses its data at the end. As root it runs the server as the user postgres, which
PostgreSQL insists on. Exits with 77 where no server programs are found.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

NOT_FOUND = 77
VARIABLE = "MONITOR_TEST_POSTGRES_URL"


def programs() -> Path | None:
    """The folder with initdb and pg_ctl: Debian's newest, or the one in PATH."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    found = str(debian[-1]) if debian else shutil.which("initdb")
    return Path(found).parent if found else None


def as_server(*command: str) -> None:
    """Run a command as the user the server runs as, silent unless it fails."""
    user = "postgres" if os.geteuid() == 0 else None
    done = subprocess.run(
        command, user=user, group=user, extra_groups=[] if user else None, cwd="/", capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")


@contextmanager
def server(bin_folder: Path) -> Iterator[str]:
    """The URL of a running server; it is stopped and wiped at the end."""
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if os.geteuid() == 0:
            account = pwd.getpwnam("postgres")
            os.chown(folder, account.pw_uid, account.pw_gid)
        data = str(folder / "data")
        options = f"-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=60"
        as_server(str(bin_folder / "initdb"), "-D", data, "-U", "monitor", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        as_server(str(bin_folder / "pg_ctl"), "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield f"postgresql://monitor@/postgres?host={quote(name, safe='')}"
        finally:
            as_server(str(bin_folder / "pg_ctl"), "-D", data, "-m", "immediate", "stop")


def main(arguments: list[str]) -> int:
    """Serve for a command, or until told to stop."""
    bin_folder = programs()
    if bin_folder is None:
        print("no PostgreSQL server programs found", file=sys.stderr)
        return NOT_FOUND
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with server(bin_folder) as url:
        if arguments:
            command = arguments[1:] if arguments[0] == "--" else arguments
            return subprocess.run(command, env={**os.environ, VARIABLE: url}, check=False).returncode
        print(url, flush=True)
        sys.stdin.read()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

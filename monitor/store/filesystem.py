"""What the file system allows a database file: which kind it lies on, who holds it, and names made durable.

Linux tells the kind in /proc/self/mountinfo; elsewhere the kind is unknown and nothing is refused.
"""

from __future__ import annotations

import fcntl
import os
import re
from pathlib import Path
from typing import BinaryIO

from monitor.model.errors import StoreBusy, StoreRefused

# Shared memory and locks do not reach between the machines that mount these, so SQLite's WAL breaks on them.
REMOTE_KINDS = frozenset(
    {"nfs", "nfs4", "cifs", "smb2", "smb3", "smbfs", "ncpfs", "afs", "ceph", "lustre", "glusterfs", "beegfs", "gpfs", "davfs"}
)
# FUSE also carries local ones (fuse-overlayfs, mergerfs, ntfs-3g), so the remote ones are named.
REMOTE_FUSE = frozenset(
    {"sshfs", "rclone", "s3fs", "gcsfuse", "goofys", "geesefs", "mountpoint-s3", "blobfuse", "blobfuse2", "glusterfs", "ceph"}
    | {"ceph-fuse", "smbnetfs", "curlftpfs", "davfs", "davfs2", "juicefs", "JuiceFS", "seaweedfs", "gvfsd-fuse", "moosefs"}
)
_MOUNTS = Path("/proc/self/mountinfo")


def file_system(path: Path, mountinfo: str) -> str:
    """The type of the file system that `path` (absolute, resolved) lies on, as in proc_pid_mountinfo(5); "" if unknown.

    The mount table tells `fuse.sshfs` from the local `fuse.fuse-overlayfs`, which statfs reports as one and the same.
    """
    best, kind = -1, ""
    for line in mountinfo.splitlines():
        left, separator, right = line.partition(" - ")
        parts = left.split(" ")
        if not separator or len(parts) < 5:
            continue
        point = Path(re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), parts[4]))
        # A later mount on the same point covers the earlier one.
        if path.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), right.split(" ")[0]
    return kind


def refuse_remote(path: Path, mounts: Path = _MOUNTS) -> None:
    """Make sure that a database at `path` would lie on a local disk.

    Raises:
        StoreRefused: It would lie on a network file system.
    """
    try:
        table = mounts.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return
    kind = file_system(path.resolve(), table)
    if kind in REMOTE_KINDS or kind.removeprefix("fuse.") in REMOTE_FUSE:
        raise StoreRefused(
            f"{path} lies on a network file system ({kind}), where SQLite loses data; "
            "put the database on a local disk, or use postgresql://"
        )


def hold(path: Path, *, alone: bool) -> BinaryIO:
    """Hold the database at `path` until the returned file is closed or the process ends: shared, or alone to replace it.

    The lock lies in a file beside it (`monitor.db.lock`), which outlives a replaced database and is never removed.

    Raises:
        StoreBusy: Another process holds it alone, or (with `alone`) at all.
        StoreRefused: The folder cannot be written.
    """
    try:
        lock = path.with_name(path.name + ".lock").open("ab")
    except OSError as error:
        raise StoreRefused(f"{path.parent} cannot be written: {error.strerror}") from error
    try:
        fcntl.flock(lock, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        why = "another process uses it: stop the service first" if alone else "it is being restored: try again in a moment"
        raise StoreBusy(f"{path}: {why}") from error
    return lock


def sync(path: Path) -> None:
    """Make a file's bytes, or a folder's names, durable.

    Raises:
        OSError: The disk would not.
    """
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def put_in_place(temporary: Path, target: Path) -> None:
    """Make `temporary` durable and let it replace `target` in one step.

    Raises:
        OSError: The disk would not; `target` is as it was.
    """
    sync(temporary)
    temporary.replace(target)
    sync(target.parent)

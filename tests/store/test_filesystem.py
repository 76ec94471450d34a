"""File systems told apart by the mount table, and who holds a database."""

from pathlib import Path

import pytest

from monitor.model.errors import StoreBusy, StoreRefused
from monitor.store.filesystem import file_system, hold, put_in_place, refuse_remote
from monitor.store.open import open_store

MOUNTS = r"""22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 0:40 / /data rw,relatime - nfs4 server:/export rw,vers=4.2
31 30 0:41 / /data/local rw,relatime - xfs /dev/vdb rw
32 22 0:42 / /share rw - cifs //server/share rw
33 22 0:43 / /home/user/far rw - fuse.sshfs user@host: rw
34 22 0:44 / /containers rw - fuse.fuse-overlayfs fuse-overlayfs rw
35 22 0:45 / /mnt/with\040space rw - nfs server:/x rw
36 22 0:46 / /twice rw - nfs server:/y rw
37 36 0:47 / /twice rw - tmpfs tmpfs rw
a line that is none
"""


@pytest.mark.parametrize(
    ("path", "kind", "refused"),
    [
        ("/var/monitor.db", "ext4", False),
        ("/data/monitor.db", "nfs4", True),
        ("/data/local/monitor.db", "xfs", False),
        ("/database/monitor.db", "ext4", False),
        ("/share/a/b/monitor.db", "cifs", True),
        ("/home/user/far/monitor.db", "fuse.sshfs", True),
        ("/containers/monitor.db", "fuse.fuse-overlayfs", False),
        ("/mnt/with space/monitor.db", "nfs", True),
        ("/twice/monitor.db", "tmpfs", False),
    ],
    ids=[
        "the root", "NFS", "a local disk mounted on NFS", "a name that only begins like a mount", "CIFS", "SSH through FUSE",
        "a local FUSE", "a mount with a space", "a mount over another",
    ],
)  # fmt: skip
def test_the_deepest_and_latest_mount_decides(tmp_path, path, kind, refused):
    assert file_system(Path(path), MOUNTS) == kind
    table = tmp_path / "mountinfo"
    table.write_text(MOUNTS)
    if refused:
        with pytest.raises(StoreRefused, match=rf"network file system \({kind}\).*local disk, or use postgresql"):
            refuse_remote(Path(path), table)
    else:
        refuse_remote(Path(path), table)


def test_without_a_mount_table_nothing_is_refused(tmp_path):
    refuse_remote(Path("/data/monitor.db"), tmp_path / "none")


def test_a_link_into_a_network_file_system_is_seen_through(tmp_path):
    far, near = tmp_path / "far", tmp_path / "near"
    far.mkdir()
    near.symlink_to(far)
    table = tmp_path / "mountinfo"
    table.write_text(f"1 0 0:1 / / rw - ext4 /dev/vda rw\n2 1 0:2 / {far.resolve()} rw - nfs server:/x rw\n")
    with pytest.raises(StoreRefused):
        refuse_remote(near / "monitor.db", table)


def test_a_store_on_a_network_file_system_is_not_opened(tmp_path, monkeypatch):
    import monitor.store.filesystem as module

    table = tmp_path / "mountinfo"
    table.write_text(f"1 0 0:1 / / rw - ext4 /dev/vda rw\n2 1 0:2 / {tmp_path.resolve()} rw - nfs server:/x rw\n")
    monkeypatch.setattr(module.refuse_remote, "__defaults__", (table,))
    with pytest.raises(StoreRefused, match="network file system"):
        open_store(f"sqlite:///{tmp_path}/monitor.db")
    assert not (tmp_path / "monitor.db").exists()


def test_many_hold_together_and_one_alone(tmp_path):
    path = tmp_path / "monitor.db"
    with hold(path, alone=False), hold(path, alone=False), pytest.raises(StoreBusy, match="stop the service"):
        hold(path, alone=True)
    with hold(path, alone=True), pytest.raises(StoreBusy, match="being restored"):
        hold(path, alone=False)
    hold(path, alone=True).close()


def test_a_folder_that_is_missing_is_told(tmp_path):
    with pytest.raises(StoreRefused, match="cannot be written"):
        hold(tmp_path / "none" / "monitor.db", alone=False)


def test_a_file_is_put_in_place_of_another(tmp_path):
    new, old = tmp_path / "new", tmp_path / "old"
    new.write_text("new")
    old.write_text("old")
    put_in_place(new, old)
    assert old.read_text() == "new"
    assert not new.exists()

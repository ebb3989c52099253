"""What reaches the disk in which order, as the kernel sees it: no test of results can show a sync
that is missing, since only a power cut would."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.torture.store_syscalls import prepare

pytestmark = pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
CALL = re.compile(r"(\w+)\((?:\d+<([^>]+)>|\"([^\"]+)\"(?:, \"([^\"]+)\")?)")


def calls(folder: Path, operation: str, within: Path | None = None) -> list[str]:
    """Return what an operation did to the files of its store: "call name", in order."""
    trace = (within or folder.parent) / "trace"
    command = [sys.executable, "-m", "tests.torture.store_syscalls", operation, str(folder)]
    strace = ["strace", "-f", "-y", "-o", str(trace), "-e"]
    traced = "trace=pwrite64,fdatasync,fsync,rename,unlink,ftruncate"
    subprocess.run([*strace, traced, *command], check=True)  # noqa: S603  # ours
    found = [CALL.search(line) for line in trace.read_text().splitlines()]
    return [
        f"{match[1]} {(match[2] or match[3]).rsplit('/', 1)[-1]}"
        for match in found
        if match and str(within or folder) in match[0] and "lock" not in match[0]
    ]


def test_a_commit_is_one_write_and_one_sync(tmp_path):
    prepare(tmp_path / "store")

    assert calls(tmp_path / "store", "commit") == [
        "pwrite64 journal-00000001",
        "fdatasync journal-00000001",
    ]


def test_a_snapshot_is_whole_on_disk_before_it_has_its_name_and_before_anything_goes(tmp_path):
    prepare(tmp_path / "store")

    done = calls(tmp_path / "store", "compact")

    first = done[: done.index("unlink journal-00000000") + 1]
    assert list(dict.fromkeys(first)) == [
        "pwrite64 journal-00000002.tmp",
        "fsync journal-00000002.tmp",
        "rename journal-00000002.tmp",
        "fsync store",
        "pwrite64 snapshot-00000002.tmp",
        "fsync snapshot-00000002.tmp",
        "rename snapshot-00000002.tmp",
        "unlink journal-00000000",
    ]
    assert first[-2:] == ["fsync store", "unlink journal-00000000"]


def test_a_new_folder_is_made_durable_in_its_parent(tmp_path):
    done = calls(tmp_path / "deep" / "store", "recover", within=tmp_path)

    assert done[:2] == [f"fsync {tmp_path.name}", "fsync deep"]

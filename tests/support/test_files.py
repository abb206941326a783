"""Files that are whole or not there at all, and folders that one process trains in at a time."""

import os
import subprocess
import sys

import pytest

from minae.support.errors import FileError
from minae.support.files import check_new, locked, write_whole


def test_a_file_is_on_the_disk_before_it_has_its_name(tmp_path, monkeypatch):
    """Otherwise a failure of power between the two would leave a new name for nothing."""
    done, fsync, replace = [], os.fsync, os.replace
    monkeypatch.setattr("os.fsync", lambda number: (done.append("on the disk"), fsync(number)))
    monkeypatch.setattr("os.replace", lambda *paths: (done.append("renamed"), replace(*paths)))
    write_whole(tmp_path / "a", b"content")
    assert done == ["on the disk", "renamed"]
    assert (tmp_path / "a").read_bytes() == b"content" and os.listdir(tmp_path) == ["a"]


def test_where_nothing_can_be_written_nothing_is_left(tmp_path):
    (tmp_path / "a").mkdir()
    with pytest.raises(FileError, match=r"a: cannot be written \(Is a directory\)"):
        write_whole(tmp_path / "a", b"content")
    with pytest.raises(FileError, match=r"none/a: cannot be written \(No such file or directory\)"):
        write_whole(tmp_path / "none" / "a", b"content")
    assert os.listdir(tmp_path) == ["a"]


def test_a_link_that_leads_nowhere_is_there_too(tmp_path):
    check_new(tmp_path / "a")
    os.symlink("nowhere", tmp_path / "a")
    with pytest.raises(FileError, match="a: is there already; choose another place with --out, or add --overwrite"):
        check_new(tmp_path / "a")


TAKE = "from minae.support.files import locked\nwith locked({!r}): print('taken')"


def test_another_process_is_told_at_once_and_may_come_afterwards(tmp_path):
    folder = str(tmp_path / "new" / "run")
    command = [sys.executable, "-c", TAKE.format(folder)]
    with locked(folder), locked(folder):  # twice in one process
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert "another process is training there; choose another folder" in done.stderr and not done.stdout
    assert subprocess.run(command, capture_output=True, text=True, timeout=60).stdout == "taken\n"

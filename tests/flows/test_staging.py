"""The folder of a night's lists, and what becomes of one that was left."""

from __future__ import annotations

from pathlib import Path

from flows.staging import put_in_place, recover, staging_folder

RUN = "2024-06-30-001"


def test_lists_of_a_published_run_are_put_in_place(tmp_path: Path) -> None:
    (staging_folder(tmp_path, RUN, Path("w"))).mkdir()
    assert recover(tmp_path, Path("w"), {RUN}) == [RUN]
    assert (tmp_path / RUN).is_dir()


def test_lists_of_a_run_that_was_not_published_are_removed(tmp_path: Path) -> None:
    folder = staging_folder(tmp_path, RUN, Path("w"))
    folder.mkdir()
    (folder / "list.xlsx").touch()
    assert recover(tmp_path, Path("w"), set()) == []
    assert list(tmp_path.iterdir()) == []


def test_lists_of_another_warehouse_are_left_alone(tmp_path: Path) -> None:
    theirs = staging_folder(tmp_path, RUN, Path("theirs"))
    theirs.mkdir()
    assert recover(tmp_path, Path("ours"), {RUN}) == []
    assert theirs.is_dir()


def test_a_folder_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    staging_folder(tmp_path, RUN, Path("w")).mkdir()
    (tmp_path / RUN).mkdir()
    (tmp_path / RUN / "kept").touch()
    assert recover(tmp_path, Path("w"), {RUN}) == []
    assert (tmp_path / RUN / "kept").exists()


def test_publishing_is_a_rename(tmp_path: Path) -> None:
    folder = staging_folder(tmp_path, RUN, Path("w"))
    folder.mkdir()
    assert put_in_place(folder, tmp_path, RUN) == tmp_path / RUN
    assert not folder.exists()

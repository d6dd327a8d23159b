"""What was shown is remembered beside the warehouse, and never stands in anybody's way."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from flows.shown import forget_shown, remember_shown, shown_digest


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    return tmp_path / "arxan.duckdb"


def note(warehouse: Path) -> Path:
    return warehouse.with_name("arxan.duckdb.shown")


def test_what_was_shown_last_counts(warehouse: Path) -> None:
    remember_shown(warehouse, "HC-0001", "a" * 64)
    remember_shown(warehouse, "RW-0001", "c" * 64)
    remember_shown(warehouse, "HC-0001", "b" * 64)
    assert shown_digest(warehouse, "HC-0001") == "b" * 64
    assert shown_digest(warehouse, "RW-0001") == "c" * 64
    assert stat.S_IMODE(note(warehouse).stat().st_mode) == 0o600


def test_what_was_never_shown_has_no_digest(warehouse: Path) -> None:
    assert shown_digest(warehouse, "HC-0001") is None


def test_an_approved_batch_is_forgotten_and_no_other(warehouse: Path) -> None:
    remember_shown(warehouse, "HC-0001", "a" * 64)
    remember_shown(warehouse, "RW-0001", "c" * 64)
    forget_shown(warehouse, "HC-0001")
    forget_shown(warehouse, "HC-0002")
    assert shown_digest(warehouse, "HC-0001") is None
    assert shown_digest(warehouse, "RW-0001") == "c" * 64


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff\xfe"])
def test_a_damaged_note_is_as_none(warehouse: Path, content: bytes) -> None:
    note(warehouse).write_bytes(content)
    assert shown_digest(warehouse, "HC-0001") is None
    remember_shown(warehouse, "HC-0001", "a" * 64)
    assert shown_digest(warehouse, "HC-0001") == "a" * 64


def test_where_nothing_can_be_written_nothing_is_noted(tmp_path: Path) -> None:
    elsewhere = tmp_path / "missing" / "arxan.duckdb"
    remember_shown(elsewhere, "HC-0001", "a" * 64)
    assert shown_digest(elsewhere, "HC-0001") is None

from __future__ import annotations

import random
import struct
import warnings
import zipfile
from pathlib import Path

import pytest

from flows.reading.archive import open_archive
from flows.reading.limits import ReadingLimits
from flows.reading.unreadable import UnreadableWorkbook
from tests.support.raw_xlsx import write_parts

LIMITS = ReadingLimits()
NOISE = random.Random(7).randbytes(700_000)  # noqa: S311 - test data, not a secret


def reason_of(data: bytes, limits: ReadingLimits = LIMITS) -> str:
    with pytest.raises(UnreadableWorkbook) as refused:
        open_archive(data, limits).check()
    return refused.value.reason


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_part_comes_out_as_it_went_in(tmp_path: Path, method: int) -> None:
    with zipfile.ZipFile(tmp_path / "a", "w", method) as file:
        file.writestr("large", NOISE + b"x" * 700_000)
        file.writestr("empty", b"")
        file.mkdir("folder")
    archive = open_archive((tmp_path / "a").read_bytes(), LIMITS)

    archive.check()
    assert archive.read("large") == NOISE + b"x" * 700_000
    assert archive.read("empty") == b""
    assert archive.find("LARGE") == "large"
    assert archive.find("folder/") is None


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_flipped_bit_in_a_part_is_found(tmp_path: Path, method: int) -> None:
    with zipfile.ZipFile(tmp_path / "a", "w", method) as file:
        file.writestr("part.xml", b"<a>12345</a>" * 500)
    data = bytearray((tmp_path / "a").read_bytes())
    data[60] ^= 1

    assert reason_of(bytes(data)) == "damaged"


def test_an_archive_cut_short_is_damaged(tmp_path: Path) -> None:
    data = write_parts(tmp_path / "a", {"part": NOISE}).read_bytes()

    assert reason_of(data[:-100]) == "damaged"
    assert reason_of(data[: len(data) // 2]) == "damaged"


def test_a_part_larger_than_its_entry_says_is_damaged(tmp_path: Path) -> None:
    data = write_parts(tmp_path / "a", {"part": b"x" * 5000}).read_bytes()
    size_at = data.index(b"PK\x01\x02") + 24

    assert reason_of(data[:size_at] + struct.pack("<I", 4000) + data[size_at + 4 :]) == "damaged"


def test_an_encrypted_part_asks_for_the_password_to_be_removed(tmp_path: Path) -> None:
    data = bytearray(write_parts(tmp_path / "a", {"part": "x"}).read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1

    assert reason_of(bytes(data)) == "password"


def test_two_parts_of_one_name_are_refused(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        twice = write_parts(tmp_path / "a", [("xl/part.xml", "1"), ("xl/part.xml", "2")])
    folded = write_parts(tmp_path / "b", [("xl/part.xml", "1"), ("XL/Part.xml", "2")])

    assert reason_of(twice.read_bytes()) == "damaged"
    assert reason_of(folded.read_bytes()) == "damaged"


def test_an_unusual_compression_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a", "w", zipfile.ZIP_LZMA) as file:
        file.writestr("part", "x" * 100)

    assert reason_of((tmp_path / "a").read_bytes()) == "damaged"


def test_a_part_that_unpacks_200_times_larger_is_refused_above_10_mib(tmp_path: Path) -> None:
    below = write_parts(tmp_path / "a", {"part": b" " * (10 * 1024 * 1024)})
    above = write_parts(tmp_path / "b", {"part": b" " * (10 * 1024 * 1024 + 1)})

    open_archive(below.read_bytes(), LIMITS).check()
    assert reason_of(above.read_bytes()) == "too_large"


def test_all_parts_together_may_unpack_to_4_gib(tmp_path: Path) -> None:
    data = write_parts(tmp_path / "a", {"a": b"x" * 60, "b": b"y" * 60}).read_bytes()

    open_archive(data, ReadingLimits(unpacked_bytes=120)).check()
    assert reason_of(data, ReadingLimits(unpacked_bytes=119)) == "too_large"
    assert LIMITS.unpacked_bytes == 4 * 1024**3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("declaration", ["<!DOCTYPE a [<!ENTITY b 'c'>]>", "<!ENTITY b 'c'>"])
@pytest.mark.parametrize("before", [0, 256 * 1024 - 5])
def test_xml_that_declares_entities_is_unsafe(
    tmp_path: Path, declaration: str, encoding: str, before: int
) -> None:
    part = b" " * before + f"{declaration}<a/>".encode(encoding)
    data = write_parts(tmp_path / "a", {"xl/a.xml": part}).read_bytes()

    assert reason_of(data) == "unsafe"


def test_a_declaration_is_seen_in_whatever_pieces_it_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.reading.archive.CHUNK_BYTES", 2)
    data = write_parts(tmp_path / "a", {"a.xml": "<a/>   <!DOCTYPE a>"}).read_bytes()

    assert reason_of(data) == "unsafe"


def test_pictures_and_macros_may_declare_what_they_like(tmp_path: Path) -> None:
    parts = {"xl/media/a.svg": "<!DOCTYPE svg>", "Basic/Standard/script-lb.xml": "<!DOCTYPE library>"}

    open_archive(write_parts(tmp_path / "a", parts).read_bytes(), LIMITS).check()


def test_a_missing_part_is_damage(tmp_path: Path) -> None:
    archive = open_archive(write_parts(tmp_path / "a", {"a": "x"}).read_bytes(), LIMITS)

    with pytest.raises(UnreadableWorkbook, match="part missing"):
        archive.read("xl/b.xml")

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from flows.reading.workbook import read_workbook
from flows.sample.generate import write_sample
from schemas.sheets import ALL_SHEETS


def digests(paths: list[Path]) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def test_the_same_seed_gives_the_same_files_and_another_seed_others(tmp_path: Path) -> None:
    first, again, other = (
        digests(write_sample(tmp_path / folder, households=20, envoys=1, seed=seed))
        for folder, seed in (("first", 3), ("again", 3), ("other", 4))
    )

    assert first == again
    assert first != other


def test_files_are_in_the_order_in_which_they_were_sent_over_several_nights(sample: list[Path]) -> None:
    sent = [path.stat().st_mtime for path in sample]

    assert sent == sorted(set(sent))
    assert len({int(time // 86_400) for time in sent}) >= 5


def test_some_agreements_arrive_before_the_survey_of_their_buildings(sample: list[Path]) -> None:
    names = [path.stem for path in sample]

    assert names.index("天池镇-补偿协议-2021年") < names.index("天池镇-入户调查-天池一片")


def test_every_sheet_of_the_contract_is_there(sample: list[Path]) -> None:
    titles = {sheet.name.strip() for path in sample for sheet in read_workbook(path)}

    assert {sheet.title for sheet in ALL_SHEETS} <= titles


def test_a_sample_may_be_empty_of_households_and_envoys(tmp_path: Path) -> None:
    assert write_sample(tmp_path, households=0, envoys=0)


def test_a_negative_number_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="-1"):
        write_sample(tmp_path, households=-1)

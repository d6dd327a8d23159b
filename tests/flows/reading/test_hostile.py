"""Whatever is dropped into the inbox is read as it stands or refused, and nothing else."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.damage import damages
from tests.support.hostile import SHEET, TEXTS, Case, cases, good_parts, packed, repacked
from tests.support.raw_xlsx import row_of, shared_texts, styles
from tests.support.readings import BRIEF, outcomes, sheets_or_reason
from tests.support.workbooks import ordinary_sheets, write_workbook
from tests.support.xlsb import XlsbSheet, write_xlsb
from tests.support.xml_changes import other_meaning, same_meaning

DAMAGES = int(os.environ.get("HOSTILE_DAMAGES", "120"))
ROWS = row_of(
    '<c r="A1" t="s"><v>0</v></c><c r="B1"><v>7</v></c><c r="C1" t="inlineStr"><is><t>丙</t></is></c>'
) + row_of(
    '<c r="A2" s="1"><v>0.25</v></c><c r="B2" t="str"><f>A1</f><v>丁</v></c><c r="C2" t="b"><v>1</v></c>'
    '<c r="D2" t="e"><v>#N/A</v></c><c r="E2"><f>1+1</f></c><c r="F2" t="s"><v>1</v></c>', 2
)  # fmt: skip
RICH = good_parts(ROWS) | {
    TEXTS: shared_texts("<t>甲乙</t>", "<r><t>戊</t></r><r><t>己</t></r>"),
    "xl/styles.xml": styles(0, 9),
}
CHANGED_PARTS = (
    SHEET,
    TEXTS,
    "xl/workbook.xml",
    "xl/styles.xml",
    "xl/_rels/workbook.xml.rels",
    "_rels/.rels",
)


def written(folder: Path, contents: list[bytes]) -> list[Path]:
    paths = [folder / f"{number}.xlsx" for number in range(len(contents))]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content)
    return paths


def wanted(case: Case) -> object:
    return case.expected if isinstance(case.expected, str) else [("表一", case.expected)]


def test_every_kind_of_hostile_workbook_is_refused_for_its_reason_or_read_as_it_stands(
    tmp_path: Path,
) -> None:
    kinds = list(cases())
    found = outcomes(written(tmp_path, [case.content for case in kinds]), BRIEF)
    print(f"\n{len(kinds)} kinds, {sum(isinstance(outcome, str) for outcome in found)} refused")  # noqa: T201
    assert len({case.name for case in kinds}) == len(kinds) >= 100
    other = [(case.name, got) for case, got in zip(kinds, found, strict=True) if got != wanted(case)]
    assert other == []


def make_xlsx(folder: Path) -> bytes:
    return repacked(write_workbook(folder / "made", ordinary_sheets()).read_bytes())


def make_raw(_: Path) -> bytes:
    return packed(RICH)


def make_xlsb(folder: Path) -> bytes:
    return repacked(write_xlsb(folder / "made", [XlsbSheet("表一", {(0, 0): "甲", (1, 1): 12})]).read_bytes())


@pytest.mark.parametrize("make", [make_xlsx, make_raw, make_xlsb], ids=["xlsx", "raw", "xlsb"])
def test_a_workbook_damaged_on_its_way_is_refused_or_reads_the_same(tmp_path: Path, make: object) -> None:
    good = make(tmp_path)  # type: ignore[operator] # one of the three above
    untouched, *found = outcomes(written(tmp_path, [good, *damages(good, DAMAGES)]))
    assert not isinstance(untouched, str)
    refused = sum(isinstance(outcome, str) for outcome in found)
    same = sum(outcome == untouched for outcome in found)
    print(f"\n{DAMAGES} damages: {refused} refused, {same} read the same, {DAMAGES - refused - same} wrong")  # noqa: T201
    assert refused + same == DAMAGES
    assert not {"fault of the program", "too_much_time"} & {out for out in found if isinstance(out, str)}


@given(st.integers(0, 2**32), st.sampled_from(CHANGED_PARTS), st.integers(1, 3))
def test_the_same_written_otherwise_is_refused_or_reads_the_same(
    tmp_path_factory: pytest.TempPathFactory, seed: int, part: str, times: int
) -> None:
    chance, changed = random.Random(seed), str(RICH[part])  # noqa: S311 - the same every time
    for _ in range(times):
        changed = same_meaning(changed, chance)
    path = tmp_path_factory.getbasetemp() / f"same-{os.getpid()}.xlsx"
    path.write_bytes(packed(RICH | {part: changed}))
    found = sheets_or_reason(path)
    path.write_bytes(packed(RICH))
    assert found in ("damaged", sheets_or_reason(path))


@given(st.integers(0, 2**32), st.sampled_from(CHANGED_PARTS), st.integers(1, 3))
def test_xml_that_is_broken_is_refused_or_read_and_never_a_fault_of_the_program(
    tmp_path_factory: pytest.TempPathFactory, seed: int, part: str, times: int
) -> None:
    chance, changed = random.Random(seed), str(RICH[part])  # noqa: S311 - the same every time
    for _ in range(times):
        changed = other_meaning(changed, chance)
    path = tmp_path_factory.getbasetemp() / f"broken-{os.getpid()}.xlsx"
    path.write_bytes(packed(RICH | {part: changed}))
    assert sheets_or_reason(path) is not None

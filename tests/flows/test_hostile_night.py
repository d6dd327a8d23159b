"""A night over an inbox in which names, sheets and cells are chosen to do harm."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from schemas.housing import HouseholdSurvey
from tests.support.hostile import good_parts, packed
from tests.support.town import Town
from tests.support.workbooks import ordinary_sheets, survey, write_workbook

NAMES = (
    "甲\n批次已全部签发.xlsx",
    "\x1b[31m红.xlsx",
    "乙\u202exslx.exe",
    "=cmd|' &C calc'!A0.xlsx",
    "-rf.xlsx",
    "..xlsx",
    "...",
    "CON.xlsx",
    f"{'长' * 80}.xlsx",
    os.fsdecode(b"\xbc\xd7\xd2\xd2.xlsx"),
    "%s{0}$(id)`id`.xlsx",
)
CELLS = (
    '-HYPERLINK("http://example.invalid","点")',
    "+1+1",
    "@SUM(1)",
    "某\u202e甲",
    "某\ue863甲",
    "某\ufffd甲",
    "长" * 32_767,
    "'; DROP TABLE audit.uploads; --",
)


def everything_below(folder: Path) -> set[Path]:
    return {path.relative_to(folder) for path in folder.rglob("*")}


@pytest.mark.slow
def test_nothing_in_an_inbox_leads_out_of_it_or_stops_the_night(town: Town) -> None:
    for number, name in enumerate(NAMES):
        write_workbook(town.inbox / name, {HouseholdSurvey: [survey(f"F-{number}", floor_area_m2="x")]})
    (town.inbox / "climbs.xlsx").write_bytes(packed(good_parts() | {"../../../climbed": "x"}))
    town.upload("好.xlsx", ordinary_sheets())
    beside = everything_below(town.folder)
    output = town.night().output
    new = everything_below(town.folder) - beside
    assert {path.parts[0] for path in new} == {"out", "warehouse"}
    assert not any("climbed" in path.name for path in new)
    assert "\x1b" not in output
    ((uploads,),) = town.ask("SELECT count(*) FROM audit.uploads")
    assert uploads == len(NAMES) - len([name for name in NAMES if name.startswith(".")]) + 2
    marked = [path for path in new if path.name.endswith(".xlsx") and "-批注" in path.name]
    assert len(marked) == uploads - 1
    assert not any(set("\n\x1b\u202e") & set(str(path)) for path in new)
    assert town.ask("SELECT household_id FROM survey.household_survey") == [("H-1",)]


def test_what_stands_in_a_cell_stays_data_or_is_rejected(town: Town) -> None:
    rows = [survey(f"B-{number}", f"H-{number}", owner_name=text) for number, text in enumerate(CELLS)]
    town.upload("甲.xlsx", {HouseholdSurvey: rows})
    town.night()
    records = town.ask("SELECT household_id, owner_name FROM survey.household_survey")
    accepted = {str(household_id): owner_name for household_id, owner_name in records}
    hidden = town.ask("SELECT row_number FROM audit.findings WHERE rule = 'hidden_characters' ORDER BY 1")
    assert hidden == [(5,), (7,)]
    assert {f"H-{number}" for number in (3, 5)}.isdisjoint(accepted)
    assert [accepted[f"H-{number}"] for number in (0, 1, 2, 4, 6, 7)] == [
        CELLS[number] for number in (0, 1, 2, 4, 6, 7)
    ]

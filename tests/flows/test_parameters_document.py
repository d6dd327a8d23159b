"""The table of parameters and readings says all that the policy files say, and has not drifted."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from flows.parameters_document import PARAMETERS_PATH, REWRITE_COMMAND, parameters_markdown
from flows.policies import PolicyError, load_policy_file
from flows.settings import CHECKOUT_POLICIES


def edited(folder: Path, old: str, new: str) -> str:
    shutil.copytree(CHECKOUT_POLICIES, folder, dirs_exist_ok=True)
    path = folder / "compensation.yaml"
    before = path.read_text("utf-8")
    assert old in before
    path.write_text(before.replace(old, new, 1), "utf-8")
    return parameters_markdown(folder)


def row(text: str, name: str) -> str:
    return next(line for line in text.splitlines() if line.startswith(f"| `{name}` |"))


def test_the_written_document_is_up_to_date() -> None:
    assert PARAMETERS_PATH.read_text(encoding="utf-8") == parameters_markdown(), (
        f"docs/parameters.md has drifted from the policy files: run `{REWRITE_COMMAND}`"
    )


def test_every_parameter_reading_and_choice_of_every_file_is_in_it() -> None:
    text = parameters_markdown()
    for path in CHECKOUT_POLICIES.glob("*.yaml"):
        policy = load_policy_file(path)
        for name, parameter in policy.parameters.items():
            assert f"| {parameter.clause} | {parameter.title} | {parameter.unit} |" in row(text, name)
        for name, reading in policy.readings.items():
            assert all(meaning in row(text, name) for meaning in reading.choices.values())


def test_a_later_value_stands_behind_the_earlier_one_with_its_paper(tmp_path: Path) -> None:
    later = "value: 300}\n      - {effective_from: 2022-07-01, value: 1330.5, source: 阿政发〔2022〕9号}"
    text = edited(tmp_path, "value: 300}", later)
    assert "2021-01-07: 300<br>2022-07-01: 1,330.5 (阿政发〔2022〕9号) |" in row(text, "stoppage_rate")


def test_days_and_lists_are_written_out() -> None:
    text = parameters_markdown()
    assert "| 2021-01-07: 2021-01-07 |" in row(text, "freeze_on")
    assert "天池花园商服房、十二路商服房" in row(text, "business_estates_by_area")


def test_the_choice_in_force_is_bold_and_an_undecided_reading_has_none() -> None:
    text = parameters_markdown()
    assert "**`net`: 抵销后按净额**<br>`separate`" in row(text, "set_off")
    assert "2021-01-07: provisional `net` |" in row(text, "set_off")
    assert "**" not in row(text, "untitled_brick_concrete")
    assert "- 五(一)2：无证砖混经营房屋按哪个标准 (`untitled_brick_concrete`" in text


def test_a_decision_takes_a_reading_off_the_list_of_those_that_wait(tmp_path: Path) -> None:
    text = edited(tmp_path, "state: undecided}", "state: settled, choice: by_grade, decided_by: 纪要1号}")
    assert "settled `by_grade` (纪要1号) |" in row(text, "untitled_brick_concrete")
    assert "- 五(一)2" not in text


def test_files_that_are_not_in_order_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="repeated keys"):
        edited(tmp_path, "policy: compensation", "policy: compensation\npolicy: compensation")


def test_every_row_of_a_table_has_the_cells_of_its_header() -> None:
    width = 0
    for line in parameters_markdown().splitlines():
        cells = line.replace("\\|", "").count("|")
        if cells and width:
            assert cells == width, line
        width = cells

"""Policy files are read strictly: what is missing, unknown or ambiguous is refused by name."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from flows.policies import PolicyError, load_policies
from transforms.policy import Policy

SOURCE = Path(__file__).parents[2] / "data" / "policies"


def _edited(tmp_path: Path, edit: Callable[[str], str], name: str = "compensation") -> Path:
    for path in SOURCE.glob("*.yaml"):
        shutil.copy(path, tmp_path)
    path = tmp_path / f"{name}.yaml"
    text = path.read_text("utf-8")
    changed = edit(text)
    assert changed != text
    path.write_text(changed, "utf-8")
    return tmp_path


def test_the_policies_in_force_are_in_order() -> None:
    policies = load_policies(SOURCE)
    assert policies.compensation.undecided() == ["untitled_brick_concrete", "appraisal_below_standard"]
    assert len(policies.digest) == 64


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("    unit: 元/㎡\n", "", "unit: Field required"),
        ("    clause: 五(一)1\n", "", "clause: Field required"),
        ("effective_from: 2021-01-07, value: 3000", "value: 3000", "effective_from: Field required"),
        ("    clause: 五(一)1\n", "    clause: 五(一)1\n    remark: x\n", "remark: Extra inputs"),
        ("  stoppage_rate:", "  stopage_rate:", "parameters: stoppage_rate is missing"),
        ("  stoppage_rate:", "  stopage_rate:", "parameters: stopage_rate is unknown"),
        ("value: 300}", "value: 300}\n      - {effective_from: 2021-01-07, value: 310}", "must rise"),
        ("value: 300}", "value: true}", "parameters.stoppage_rate"),
        ("  set_off:", "  moving_residence:\n  set_off:", "readings"),
        ("state: undecided}", "state: undecided, choice: by_grade}", "an undecided reading has no choice"),
        ("state: provisional, choice: net", "state: settled, choice: net", "decided_by"),
        ("choice: net}", "choice: gross}", "choices that are not listed"),
        ("      separate:", "      apart:", "the choices must be net, separate"),
        ("policy: compensation", "policy: compensation\npolicy: compensation", "repeated keys: policy"),
        ("policy: compensation", "policy: [", "not valid YAML"),
        ("value: 300}", "value: .inf}", "not a plain decimal number"),
        ("value: 300}", "value: 0x10}", "not a plain decimal number"),
        ("value: 300}", "value: 1:30}", "not a plain decimal number"),
        ("value: 300}", "value: -300}", "parameters.stoppage_rate: the value must not be below zero"),
        ("value: 300}", "value: 2021-01-07}", "parameters.stoppage_rate: the value must be a number"),
        ("value: 300}", "value: [甲]}", "parameters.stoppage_rate: the value must be a number"),
        ("2021-01-07, value: 2021-01-07}", "2021-01-07, value: 7}", "freeze_on: the value must be a day"),
    ],
)
def test_a_faulty_file_is_refused(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    folder = _edited(tmp_path, lambda text: text.replace(old, new, 1))
    with pytest.raises(PolicyError, match=r"(?s).*" + complaint.replace("(", r"\(")):
        load_policies(folder)


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="--policies"):
        load_policies(tmp_path)


def test_a_later_rate_changes_only_what_is_signed_after_it(tmp_path: Path) -> None:
    later = "value: 300}\n      - {effective_from: 2022-07-01, value: 330.5, source: 阿政发〔2022〕9号}"
    policy = load_policies(_edited(tmp_path, lambda text: text.replace("value: 300}", later, 1))).compensation
    days = pl.DataFrame({"on": [dt.date(2021, 1, 6), dt.date(2022, 6, 30), dt.date(2022, 7, 1)]})
    rates = days.select(rate=policy.number("stoppage_rate", pl.col("on")))["rate"].cast(pl.String)
    assert rates.to_list() == [None, "300.0000", "330.5000"]


@pytest.mark.parametrize(("name", "old"), [("compensation", "value: 300}"), ("envoys", "value: 20}")])
def test_the_digest_changes_with_a_file(tmp_path: Path, name: str, old: str) -> None:
    changed = load_policies(_edited(tmp_path, lambda text: text.replace(old, "value: 301}", 1), name))
    assert changed.digest != load_policies(SOURCE).digest


def test_a_review_releases_what_arises_from_its_day_on(tmp_path: Path) -> None:
    review = "reviews:\n  - {article: 第十三条, effective_from: 2024-08-01, number: 阿竞审〔2024〕3号}"
    folder = _edited(tmp_path, lambda text: text.replace("reviews: []", review), "incentives")
    days = pl.DataFrame({"on": [dt.date(2024, 7, 31), dt.date(2024, 8, 1)]})
    policy = load_policies(folder).incentives
    found = days.with_columns(
        released=policy.review("第十三条", pl.col("on")), other=policy.review("第十七条", pl.col("on"))
    )
    assert found["released"].to_list() == [None, "阿竞审〔2024〕3号"]
    assert found["other"].to_list() == [None, None]


@pytest.mark.parametrize(
    ("entries", "complaint"),
    [
        (
            "  - {article: 第一条, effective_from: 2024-08-01, number: 甲}",
            "no article that waits for a review",
        ),
        ("  - {article: 第九条, effective_from: 2024-08-01}", "number: Field required"),
        (
            (
                "  - {article: 第九条, effective_from: 2024-08-01, number: 甲}\n"
                "  - {article: 第九条, effective_from: 2024-08-01, number: 乙}"
            ),
            "must rise",
        ),
    ],
)
def test_a_faulty_review_is_refused(tmp_path: Path, entries: str, complaint: str) -> None:
    folder = _edited(tmp_path, lambda text: text.replace("reviews: []", f"reviews:\n{entries}"), "incentives")
    with pytest.raises(PolicyError, match=rf"(?s).*{complaint}"):
        load_policies(folder)


def test_a_policy_for_the_days_that_occur_says_the_same_of_them(tmp_path: Path) -> None:
    later = "value: 300}\n      - {effective_from: 2022-07-01, value: 330.5, source: 阿政发〔2022〕9号}"
    policy = load_policies(_edited(tmp_path, lambda text: text.replace("value: 300}", later, 1))).compensation
    days = [dt.date(2021, 1, 6), dt.date(2021, 1, 7), dt.date(2022, 6, 30), dt.date(2022, 7, 1)]
    on = pl.col("on")
    for first, last in ((first, last) for first in days for last in days if first <= last):
        frame = pl.DataFrame({"on": [day for day in days if first <= day <= last], "estate": "步行街商服房"})

        def said(of: Policy, frame: pl.DataFrame = frame) -> pl.DataFrame:
            return frame.select(
                on,
                number=of.number("stoppage_rate", on),
                day=of.day("freeze_on", on),
                lists=of.lists("business_estates_by_area", pl.col("estate"), on),
                chooses=of.chooses("set_off", "net", on),
                tries=of.chooses("appraisal_below_standard", "appraisal", on),
                rests_on=of.rests_on("set_off", on),
            )

        assert said(policy.between(first, last)).equals(said(policy))

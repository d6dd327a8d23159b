"""Single projects on which the two calculators once differed, each with the sentence that decides."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

Record = dict[str, Any]
Records = dict[str, list[Record]]
CLAIMANT = "证件1"


def project(**facts: Any) -> Record:  # noqa: ANN401 cells of any type
    usual = {
        "project_id": "XM1",
        "project_name": "某项目",
        "investor_name": "某公司",
        "investor_code": "公司1",
        "introducer_id": "YZ1",
        "fixed_investment_10k_yuan": Decimal("5000.00"),
        "total_investment_10k_yuan": Decimal("10000.00"),
        "industry": "文化旅游",
        "is_key_supported": True,
        "landed_on": dt.date(2021, 6, 1),
        "in_production_on": dt.date(2022, 6, 1),
        "verification": "已核实",
        "has_violation": False,
    }
    return usual | facts


def introducer(**facts: Any) -> Record:  # noqa: ANN401 cells of any type
    usual = {
        "introducer_id": "YZ1",
        "introducer_name": "某引资人",
        "introducer_kind": "自然人",
        "is_public_official": False,
        "id_number": CLAIMANT,
    }
    return usual | facts


def claim(number: str, article: str, **facts: Any) -> Record:  # noqa: ANN401 cells of any type
    """A claim worth 150 000 元 in most articles, as much as 3‰ of 5000 万元."""
    usual = {
        "claim_id": number,
        "project_id": "XM1",
        "article": article,
        "year": 2022,
        "claimant_name": "某申报人",
        "id_number": CLAIMANT,
        "operating_since": dt.date(2022, 1, 1),
        "committed_years": 10,
        "core_revenue_share": Decimal("80.00"),
        "local_income_tax": Decimal("150000.00"),
        "agreed_investment_10k_yuan": Decimal("9800.00"),
        "invested_within_three_years_10k_yuan": Decimal("9800.00"),
        "on_schedule": True,
        "local_jobs": 750,
        "design_fee": Decimal("1500000.00"),
    }
    return usual | facts


def records(projects: list[Record], introducers: list[Record], *claims: Record) -> Records:
    return {"projects": projects, "introducers": introducers, "incentive_claims": list(claims)}


CASES: dict[str, Records] = {
    "an earlier claim that fails does not use up what is given once": records(
        [project()], [], claim("SB1", "第十五条", local_jobs=300), claim("SB2", "第十五条")
    ),
    "without its project a claim fails by what it says itself, else it waits": records(
        [], [], claim("SB1", "第十五条", local_jobs=300), claim("SB2", "第十五条"), claim("SB3", "第十三条")
    ),
    "of equal claims the one of the earlier article is given, 十 before 十三, 十五 before 十七": records(
        [project(), project(project_id="XM2", industry="交通电力水利邮政广电")],
        [],
        claim("SB1", "第十五条"),
        claim("SB2", "第十七条"),
        claim("SB3", "第十条", project_id="XM2", local_income_tax=Decimal("200000.00")),
        claim("SB4", "第十三条", project_id="XM2"),
    ),
    "of equal ones the introducer's comes first, also while it is held": records(
        [project(landed_on=None)], [introducer()], claim("SB1", "第十五条")
    ),
    "what has no amount because an official gets no money keeps nothing waiting": records(
        [project(landed_on=None, listed_on=dt.date(2023, 1, 1))],
        [introducer(is_public_official=True)],
        claim("SB1", "第十五条"),
    ),
    "an amount that is not known yet may be the highest, so the others wait": records(
        [project()], [introducer()], claim("SB1", "第九条", local_income_tax=None)
    ),
    "an agency's claim that waits holds the introducer's reward, whoever handed it in": records(
        [project()],
        [introducer(introducer_kind="第三方机构", is_public_official=None, id_number="证件2")],
        claim("SB1", "第十二条", on_schedule=None),
    ),
    "without any landing the listing waits with the first person who introduced a project": records(
        [
            project(introducer_id="YZ2", landed_on=None, listed_on=dt.date(2023, 1, 1)),
            project(project_id="XM2", landed_on=None),
        ],
        [introducer(), introducer(introducer_id="YZ2", introducer_kind="企业法人")],
    ),
    "a claim and an introducer of one number and without ID are two recipients": records(
        [project()],
        [introducer(introducer_id="YZ1", id_number=None)],
        claim("YZ1", "第十五条", id_number=None),
    ),
    "the years since 29 February end on 28 February": records(
        [
            project(landed_on=dt.date(2020, 2, 29), in_production_on=dt.date(2022, 2, 28)),
            project(project_id="XM2", landed_on=dt.date(2020, 2, 29), in_production_on=dt.date(2022, 3, 1)),
        ],
        [introducer()],
    ),
    "what was in production before the measures took effect fails": records(
        [project(landed_on=None, in_production_on=dt.date(2021, 4, 19))],
        [introducer()],
        claim("SB1", "第十三条"),
        claim("SB2", "第十五条", year=2020),
    ),
}

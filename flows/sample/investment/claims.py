"""Claims in every branch of the 优惠政策."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from flows.sample.investment.portfolio import (
    AGENCY,
    INFRASTRUCTURE,
    NATURAL_PERSON,
    TOURISM,
    UNIT,
    Portfolio,
    PortfolioCase,
)


def _tax(
    p: Portfolio,
    project: str,
    article: str,
    year: int,
    tax: str,
    *,
    committed: int = 15,
    share: Decimal | None = None,
) -> None:
    p.claim(
        project,
        article,
        year,
        operating_since=date(2021, 10, 1),
        committed_years=committed,
        local_income_tax=Decimal(tax),
        core_revenue_share=share,
    )


def tax_of_several_years(p: Portfolio) -> None:
    """The years with the whole tax, one with half, and one after the review rules: 九."""
    project = p.project(None, "16000", produced=date(2021, 10, 1), industry="生态环保型工业")
    for year, tax in ((2021, "120000.40"), (2022, "310500.00"), (2023, "450200.15"), (2024, "468000.00")):
        _tax(p, project, "第九条", year, tax)


def tax_committed_for_nine_years(p: Portfolio) -> None:
    """One year short of the ten to be committed: 九."""
    _tax(p, p.project(None, "6000"), "第九条", 2022, "80000.00", committed=9)


def tax_not_key_supported(p: Portfolio) -> None:
    """A project that is not key-supported: 九."""
    project = p.project(None, "6000", is_key_supported=False)
    _tax(p, project, "第九条", 2022, "80000.00", committed=10)


def tax_of_infrastructure(p: Portfolio) -> None:
    """Core revenue at the 70 % and just below: 十."""
    for share in ("70.00", "69.99"):
        project = p.project(None, "9000", industry=INFRASTRUCTURE, produced=date(2021, 12, 1))
        _tax(p, project, "第十条", 2023, "260000.00", share=Decimal(share))


def tax_of_another_industry(p: Portfolio) -> None:
    """Claimed under the article of infrastructure by something else: 十."""
    project = p.project(None, "9000", industry="现代服务业")
    _tax(p, project, "第十条", 2022, "90000.00", share=Decimal(95))


def _decision_maker(p: Portfolio, total: str, invested: str, produced: date | None) -> None:
    project = p.project(None, "9500", total=total, produced=produced)
    p.claim(
        project,
        "第十三条",
        produced.year if produced else 2023,
        claimant=p.people.person(),
        land_contract_on=date(2021, 6, 20),
        agreed_investment_10k_yuan=Decimal(9800),
        invested_within_three_years_10k_yuan=Decimal(invested),
    )


def decision_maker_rewarded(p: Portfolio) -> None:
    """A project of exactly 1 亿元, invested as agreed: 十三."""
    _decision_maker(p, "10000", "9800", date(2022, 9, 30))


def decision_maker_below_total(p: Portfolio) -> None:
    """A project of 9999.99 万元: 十三."""
    _decision_maker(p, "9999.99", "9900", date(2022, 9, 30))


def decision_maker_invested_less(p: Portfolio) -> None:
    """Less invested than agreed: 十三."""
    _decision_maker(p, "12000", "9799.99", date(2022, 9, 30))


def decision_maker_not_in_production(p: Portfolio) -> None:
    """Not yet in production: 十三."""
    _decision_maker(p, "12000", "9900", None)


def decision_maker_after_review_rules(p: Portfolio) -> None:
    """In production on the first day of the review rules: 十三, rules 10."""
    _decision_maker(p, "12000", "9900", date(2024, 8, 1))


def decision_maker_is_introducer(p: Portfolio) -> None:
    """The same person introduced the project and decided on it: only the highest: 奖励办法 六."""
    person = p.introducer(NATURAL_PERSON)
    project = p.project(person, "9500", total="11000")
    p.claim(
        project,
        "第十三条",
        2022,
        claimant=p.parties[person],
        land_contract_on=date(2021, 7, 1),
        agreed_investment_10k_yuan=Decimal(9800),
        invested_within_three_years_10k_yuan=Decimal(10_400),
    )


def jobs_around_threshold(p: Portfolio) -> None:
    """300 jobs are not more than 300, 301 are; the second claim of one project is once too many: 十五."""
    p.claim(p.project(None, "8000"), "第十五条", 2022, local_jobs=300)
    project = p.project(None, "8000")
    p.claim(project, "第十五条", 2022, local_jobs=301)
    p.claim(project, "第十五条", 2023, local_jobs=344)


def jobs_after_review_rules(p: Portfolio) -> None:
    """Jobs of the year 2024: 十五, rules 10."""
    p.claim(p.project(None, "8000"), "第十五条", 2024, local_jobs=420)


def _tourism(p: Portfolio, total: str, fee: str, produced: date = date(2023, 5, 1)) -> None:
    project = p.project(None, "9800", total=total, produced=produced, industry=TOURISM)
    p.claim(project, "第十七条", produced.year, design_fee=Decimal(fee))


def design_fee_by_size(p: Portfolio) -> None:
    """Every size of project, below and above its ceiling: 十七."""
    _tourism(p, "100000", "6000000.00")
    _tourism(p, "100000", "12000000.00")
    _tourism(p, "99999.99", "6000000.00")
    _tourism(p, "30000", "12000000.00")
    _tourism(p, "29999.99", "2345678.90")
    _tourism(p, "10000", "15000000.00")
    _tourism(p, "9999.99", "500000.00")


def design_fee_of_another_industry(p: Portfolio) -> None:
    """A design fee for something else than tourism: 十七."""
    project = p.project(None, "11000", industry="战略性新兴产业")
    p.claim(project, "第十七条", 2022, design_fee=Decimal("400000.00"))


def design_fee_after_review_rules(p: Portfolio) -> None:
    """In production in autumn 2024: 十七, rules 10."""
    _tourism(p, "12000", "800000.00", date(2024, 10, 1))


def claims_below_fixed_investment(p: Portfolio) -> None:
    """Below the fixed investment of the first article: 一."""
    p.claim(p.project(None, "4999.99", total="12000"), "第十五条", 2022, local_jobs=320)


def claims_not_verified(p: Portfolio) -> None:
    """Not verified, and one that broke the law: 一."""
    p.claim(p.project(None, "8000", verification="未核实"), "第十五条", 2022, local_jobs=320)
    p.claim(p.project(None, "8000", has_violation=True), "第十五条", 2022, local_jobs=320)


def claim_of_unknown_project(p: Portfolio) -> None:
    """The project's row has not arrived: it waits."""
    p.claim("XM-2021-900", "第十五条", 2023, local_jobs=500)


def claim_without_account(p: Portfolio) -> None:
    """The claimant has given no account: payouts."""
    p.claim(p.project(None, "8000"), "第十五条", 2023, has_account=False, local_jobs=310)


def tax_past_the_later_years(p: Portfolio) -> None:
    """Operating year 6, where the reading of the later years decides: 九."""
    project = p.project(None, "7000", landed=date(2021, 5, 1), produced=date(2021, 6, 1))
    p.claim(
        project,
        "第九条",
        2023,
        operating_since=date(2018, 3, 1),
        committed_years=20,
        local_income_tax=Decimal("99000.50"),
    )


def claims_lacking_a_fact(p: Portfolio) -> None:
    """The years committed, the jobs and whether it was on schedule are not said: 九, 十二, 十五."""
    project = p.project(None, "8200")
    p.claim(project, "第九条", 2022, operating_since=date(2022, 1, 1), local_income_tax=Decimal(64_000))
    p.claim(p.project(None, "8300"), "第十五条", 2022)
    agency = p.introducer(AGENCY)
    p.claim(p.project(agency, "8400", total="9000"), "第十二条", 2022, claimant=p.parties[agency])


def rewards_on_hold(p: Portfolio) -> None:
    """A unit's late project beside one in time, and a project whose landing day is missing: 一, 七条."""
    unit = p.introducer(UNIT, investment_target_10k_yuan=Decimal(6000))
    p.project(unit, "9000", landed=date(2021, 5, 20), produced=date(2023, 5, 20))
    p.project(unit, "5500", landed=date(2021, 5, 20), produced=date(2023, 5, 21))
    p.project(p.introducer(NATURAL_PERSON), "5050", landed=None)


CASES: tuple[PortfolioCase, ...] = (
    tax_of_several_years,
    tax_committed_for_nine_years,
    tax_not_key_supported,
    tax_of_infrastructure,
    tax_of_another_industry,
    decision_maker_rewarded,
    decision_maker_below_total,
    decision_maker_invested_less,
    decision_maker_not_in_production,
    decision_maker_after_review_rules,
    decision_maker_is_introducer,
    jobs_around_threshold,
    jobs_after_review_rules,
    design_fee_by_size,
    design_fee_of_another_industry,
    design_fee_after_review_rules,
    claims_below_fixed_investment,
    claims_not_verified,
    claim_of_unknown_project,
    claim_without_account,
    tax_past_the_later_years,
    claims_lacking_a_fact,
    rewards_on_hold,
)

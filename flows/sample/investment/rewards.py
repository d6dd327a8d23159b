"""Projects and their introducers in every branch of the 奖励办法."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from flows.sample.investment.portfolio import (
    AGENCY,
    ENVOY,
    LEGAL_PERSON,
    NATURAL_PERSON,
    OFFICER,
    UNIT,
    Portfolio,
    PortfolioCase,
)

_LANDED = date(2021, 6, 10)


def unit_above_target(p: Portfolio) -> None:
    """A unit exceeds its target in one year and not in the next: 一条."""
    unit = p.introducer(UNIT, investment_target_10k_yuan=Decimal(10_000))
    p.project(unit, "6000.00")
    p.project(unit, "7500.50", produced=date(2022, 12, 31))
    p.project(unit, "5200.00", produced=date(2023, 3, 1))


def unit_below_target(p: Portfolio) -> None:
    """A unit that stays below its target: 一条."""
    p.project(p.introducer(UNIT, investment_target_10k_yuan=Decimal(10_000)), "5000.00")


def person_at_threshold(p: Portfolio) -> None:
    """A natural person with a project of exactly 5000 万元: 二条."""
    p.project(p.introducer(NATURAL_PERSON), "5000")


def person_below_threshold(p: Portfolio) -> None:
    """A natural person with a project of 4999.99 万元: 二条."""
    p.project(p.introducer(NATURAL_PERSON), "4999.99")


def public_official(p: Portfolio) -> None:
    """A public official gets no money, and is listed for a listed company: 三条."""
    official = p.introducer(NATURAL_PERSON, is_public_official=True)
    p.project(official, "5600", listed_on=date(2023, 5, 18))


def listed_company(p: Portfolio) -> None:
    """The company has two projects and is listed; its first introducer is rewarded once: 三条."""
    investor = p.people.company("股份有限公司")
    first, second = p.introducer(NATURAL_PERSON), p.introducer(NATURAL_PERSON)
    listed = date(2023, 11, 2)
    p.project(first, "3200", investor=investor, produced=None, listed_on=listed)
    p.project(second, "8800", investor=investor, landed=date(2022, 4, 1), produced=None, listed_on=listed)


def listed_after_violation(p: Portfolio) -> None:
    """A listed company that broke the law: 三, 五条."""
    p.project(p.introducer(NATURAL_PERSON), "6100", has_violation=True, listed_on=date(2023, 2, 1))


def legal_person_in_two_years(p: Portfolio) -> None:
    """A company brings a project that is in production after two years to the day: 二, 七条."""
    p.project(p.introducer(LEGAL_PERSON), "9000", produced=_LANDED.replace(year=2023))


def legal_person_late(p: Portfolio) -> None:
    """In production a day after the two years: 七条."""
    p.project(p.introducer(LEGAL_PERSON), "9000", produced=date(2023, 6, 11))


def large_project_in_three_years(p: Portfolio) -> None:
    """A project of 2 亿元 has three years: 七条."""
    p.project(p.introducer(LEGAL_PERSON), "20000", total="26000", produced=date(2024, 6, 10))


def large_project_late(p: Portfolio) -> None:
    """A project of 2 亿元 after more than three years: 七条."""
    p.project(p.introducer(LEGAL_PERSON), "20000", total="26000", produced=date(2024, 7, 1))


def agency_on_schedule(p: Portfolio) -> None:
    """An agency claims under 第十二条, which competes with the introducer's reward: 六条."""
    agency = p.introducer(AGENCY)
    project = p.project(agency, "12000", total="15000")
    p.claim(project, "第十二条", 2022, claimant=p.parties[agency], on_schedule=True)


def agency_at_ceiling(p: Portfolio) -> None:
    """An agency's project so large that the ceiling applies: 优惠政策 十二条."""
    agency = p.introducer(AGENCY)
    project = p.project(agency, "60000", total="180000", produced=date(2023, 8, 1))
    p.claim(project, "第十二条", 2023, claimant=p.parties[agency], on_schedule=True)


def agency_behind_schedule(p: Portfolio) -> None:
    """An agency's project that was not on schedule: 优惠政策 十二条."""
    agency = p.introducer(AGENCY)
    project = p.project(agency, "7000")
    p.claim(project, "第十二条", 2022, claimant=p.parties[agency], on_schedule=False)


def agency_after_review_rules(p: Portfolio) -> None:
    """In production after 2024-08-01, so it waits for its review, and the lower reward with it: rules 10."""
    agency = p.introducer(AGENCY)
    project = p.project(agency, "8000", total="9600", landed=date(2023, 3, 1), produced=date(2024, 9, 20))
    p.claim(project, "第十二条", 2024, claimant=p.parties[agency], on_schedule=True)


def envoy_landed(p: Portfolio) -> None:
    """Envoys' projects, in their years of office and around the threshold: 考评办法 附表 6, rules 9."""
    first, second = p.introducer(ENVOY, envoy_id="DS-01"), p.introducer(ENVOY, envoy_id="DS-02")
    p.project(first, "5000", landed=date(2021, 9, 1))
    p.project(first, "8600", landed=date(2022, 5, 20), produced=date(2023, 10, 1))
    p.project(first, "4999.99", landed=date(2023, 4, 1), produced=None)
    p.project(second, "12000", landed=date(2022, 7, 15), produced=None)
    p.project(second, "30000", landed=date(2023, 7, 15), produced=None, verification="未核实")
    p.project(second, "6800", landed=date(2023, 9, 15), produced=None, has_violation=True)


def envoys_of_others_landed(p: Portfolio) -> None:
    """Bonus for an envoy who is excellent only by it, and a landing after the term: rules 8."""
    lifted, late = p.introducer(ENVOY, envoy_id="DS-11"), p.introducer(ENVOY, envoy_id="DS-04")
    p.project(lifted, "5500", landed=date(2022, 5, 9), produced=None)
    p.project(lifted, "5800", landed=date(2023, 8, 9), produced=None)
    p.project(late, "9900", landed=date(2024, 11, 5), produced=None)


def officer_with_large_project(p: Portfolio) -> None:
    """An officer's project of 3 亿元 is listed for a further reward: 推介官 四条(四)."""
    officer = p.introducer(OFFICER)
    p.project(officer, "30000", total="42000", produced=date(2023, 5, 1))
    p.project(officer, "10000", total="10000.01", produced=date(2023, 4, 1))
    p.officer(officer, years=2)


def not_verified(p: Portfolio) -> None:
    """Not yet verified: 八条."""
    p.project(p.introducer(LEGAL_PERSON), "7700", verification="未核实")


def not_in_production(p: Portfolio) -> None:
    """Landed, not yet in production: 二条."""
    p.project(p.introducer(NATURAL_PERSON), "7700", produced=None)


def broke_the_law(p: Portfolio) -> None:
    """A project that lost everything for breaking the law: 五条."""
    p.project(p.introducer(LEGAL_PERSON), "7700", has_violation=True)


def nobody_introduced(p: Portfolio) -> None:
    """A project that came by itself, and one that has not landed: 二条."""
    p.project(None, "6600", is_key_supported=False)
    p.project(None, "15000", landed=None, produced=None, verification="未核实")


def introducer_not_arrived(p: Portfolio) -> None:
    """The introducer's row has not arrived: it waits."""
    p.project("YZ-2021-900", "6900")


def introducer_without_account(p: Portfolio) -> None:
    """The introducer has given no account: payouts."""
    p.project(p.introducer(NATURAL_PERSON, has_account=False), "5900")


CASES: tuple[PortfolioCase, ...] = (
    unit_above_target,
    unit_below_target,
    person_at_threshold,
    person_below_threshold,
    public_official,
    listed_company,
    listed_after_violation,
    legal_person_in_two_years,
    legal_person_late,
    large_project_in_three_years,
    large_project_late,
    agency_on_schedule,
    agency_at_ceiling,
    agency_behind_schedule,
    agency_after_review_rules,
    envoy_landed,
    envoys_of_others_landed,
    officer_with_large_project,
    not_verified,
    not_in_production,
    broke_the_law,
    nobody_introduced,
    introducer_not_arrived,
    introducer_without_account,
)

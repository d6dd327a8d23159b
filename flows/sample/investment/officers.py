"""Promotion officers in every branch of the 推介官办法."""

from __future__ import annotations

from datetime import date

from flows.sample.investment.portfolio import OFFICER, Portfolio, PortfolioCase

_DELEGATION, _OWN_EVENT = "组织考察", "自主招商活动"


def officer_in_order(p: Portfolio) -> None:
    """Everything done, the invoices within the limit: 五, 四条(四)."""
    introducer = p.introducer(OFFICER)
    p.project(introducer, "11000", landed=date(2021, 10, 8))
    p.project(introducer, "13000", landed=date(2022, 2, 8), produced=date(2023, 6, 1))
    officer = p.officer(introducer)
    p.activity(officer, _DELEGATION, date(2021, 7, 10), companies=6, signed=1)
    p.activity(officer, _DELEGATION, date(2022, 3, 12), companies=5, signed=1)
    p.monthly_contacts(officer, date(2021, 6, 1), 12)
    p.expense(officer, date(2021, 7, 11), "8600.00", "组织考察交通费")
    p.expense(officer, date(2022, 3, 13), "12400.50", "组织考察食宿费")


def officer_beyond_limit(p: Portfolio) -> None:
    """One invoice passes the limit and is paid in part, the next not at all: 四条(四)."""
    officer = p.officer(p.introducer(OFFICER))
    p.activity(officer, _DELEGATION, date(2021, 9, 1), companies=4, signed=3)
    p.monthly_contacts(officer, date(2021, 6, 1), 9)
    p.expense(officer, date(2021, 8, 2), "18000.00")
    p.expense(officer, date(2021, 9, 2), "15000.00")
    p.expense(officer, date(2021, 9, 2), "2600.00")


def officer_outside_engagement(p: Portfolio) -> None:
    """An invoice of the day before and one of the last day: 四条(四)."""
    officer = p.officer(p.introducer(OFFICER), engaged_on=date(2022, 1, 1))
    p.activity(officer, _OWN_EVENT, date(2022, 6, 18), companies=20, signed=0)
    p.expense(officer, date(2021, 12, 31), "900.00")
    p.expense(officer, date(2022, 12, 31), "1900.00")


def officer_for_two_years(p: Portfolio) -> None:
    """The limit counts anew in the second year of engagement: 四条(四)."""
    officer = p.officer(p.introducer(OFFICER), years=2)
    p.activity(officer, _DELEGATION, date(2021, 11, 1), companies=8, signed=2)
    p.activity(officer, _DELEGATION, date(2022, 11, 1), companies=9, signed=2)
    p.monthly_contacts(officer, date(2021, 6, 1), 24)
    p.expense(officer, date(2022, 5, 31), "30000.00")
    p.expense(officer, date(2022, 6, 1), "29000.00")


def officer_without_introducer(p: Portfolio) -> None:
    """No introducer's number, so no account: rules 11."""
    officer = p.officer(None)
    p.expense(officer, date(2021, 8, 2), "3300.00")


def officer_too_old(p: Portfolio) -> None:
    """Older than 55: 三条(一)."""
    p.officer(p.introducer(OFFICER), born_on=date(1960, 2, 3))


def two_of_one_province(p: Portfolio) -> None:
    """Two officers of one province: 七条(一)."""
    for _ in range(2):
        p.officer(None, province="示例中省")


CASES: tuple[PortfolioCase, ...] = (
    officer_in_order,
    officer_beyond_limit,
    officer_outside_engagement,
    officer_for_two_years,
    officer_without_introducer,
    officer_too_old,
    two_of_one_province,
)

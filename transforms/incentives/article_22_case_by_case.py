"""优惠政策 第二十二条: a project so large that its terms may be set case by case; asked, never computed."""

from __future__ import annotations

import polars as pl

from schemas.incentive_policy import IncentiveParameter as Named
from schemas.investment import Projects
from transforms import wording
from transforms.policy import Policy
from transforms.rewards.entries import Wait, waiting


def large_projects(projects: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """Waits, of no entry, of the projects with the fixed investment of the article."""
    on, fixed = pl.col("selected_on"), pl.col("fixed_investment_10k_yuan")
    least, jobs = (
        policy.number(Named.CASE_BY_CASE_INVESTMENT, on),
        policy.number(Named.CASE_BY_CASE_JOBS, on),
    )
    message = pl.format(
        "固定资产投资 {} 万元，达到 {} 万元；如产业链条长、吸纳就业 {} 人以上或对我市经济有重大牵动作用，"
        "可以一事一议单独制定政策，由发展和改革委员会报请决定",
        wording.plain(fixed),
        wording.plain(least),
        wording.plain(jobs),
    )
    rows = projects.with_columns(entry_id=pl.lit(None, dtype=pl.String))
    wait = Wait(
        "case_by_case", "优惠政策 第二十二条", fixed >= least, "", message, Projects, "project_source"
    )
    return waiting(rows, wait)

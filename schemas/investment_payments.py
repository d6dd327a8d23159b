"""The tables of rewards, incentives and promotion officers: what is granted, what is not, and why."""

from __future__ import annotations

from enum import StrEnum

from schemas.table import Table, count, day, decimal, flag, money, text


class Outcome(StrEnum):
    """What becomes of a reward or an incentive."""

    GRANTED = "granted"
    GIVES_WAY = "gives_way"
    FAILS = "fails"
    HELD = "held"
    FOR_DECISION = "for_decision"
    IN_REWARDS = "in_rewards"


OUTCOME_MEANINGS = (
    "granted = 给予，gives_way = 让位于更高的一项，fails = 不符合条件，held = 暂缓，for_decision = 报请决定"
)
REWARD_OUTCOMES = tuple(outcome for outcome in Outcome if outcome is not Outcome.IN_REWARDS)


class RewardItem(StrEnum):
    """A kind of reward."""

    UNIT_REWARD = "unit_reward"
    INTRODUCER_REWARD = "introducer_reward"
    LISTING_REWARD = "listing_reward"
    AGENCY_REWARD = "agency_reward"
    FURTHER_REWARD = "further_reward"
    ENVOY_REWARD = "envoy_reward"


REWARD_TITLES = {
    RewardItem.UNIT_REWARD: "单位招商引资奖励",
    RewardItem.INTRODUCER_REWARD: "引资人奖励",
    RewardItem.LISTING_REWARD: "企业上市奖励",
    RewardItem.AGENCY_REWARD: "第三方招商代理机构奖励",
    RewardItem.FURTHER_REWARD: "推介官另予奖励",
    RewardItem.ENVOY_REWARD: "招商大使参照奖励",
}


class OfficerDuty(StrEnum):
    """A duty of a promotion officer that is reviewed."""

    DELEGATIONS = "delegations"
    SIGNED_PROJECTS = "signed_projects"
    LANDED_PROJECTS = "landed_projects"
    MONTHLY_CONTACT = "monthly_contact"
    AGE = "age"
    ONE_PER_PROVINCE = "one_per_province"


class Rewards(
    Table,
    schema_name="investment",
    table="rewards",
    key=("introducer_id", "project_id", "year", "item"),
):
    """One row per introducer, project (for 单位: year of production) and kind of reward."""

    introducer_id = text("引资人编号", "受奖的引资人", required=True)
    introducer_name = text("引资人", "引资人的姓名或名称", required=True)
    project_id = text("项目编号", "引进的项目；单位奖励按年度合计，为空")
    year = count("年度", "单位奖励的达产年度，其余为空", required=False)
    item = text("奖励代码", "奖励的代码", required=True, choices=tuple(RewardItem))
    item_name = text("奖励", "奖励的名称", required=True)
    base = money("基数", "计算奖励的投资额，以元计；没有的为空")
    rate = decimal("标准", "每元的奖励，或一次性奖励的金额；没有的为空", scale=4)
    amount = money("金额", "按标准算出的金额，无论是否给予；不能计算的为空")
    outcome = text("结果", OUTCOME_MEANINGS, required=True, choices=REWARD_OUTCOMES)
    granted = flag("给予", "是 = 结果为 granted", required=True)
    reason = text("理由", "给予、不给予、暂缓或报请决定的理由", required=True)
    clause = text("条款", "依据的条款", required=True)
    basis = text("算式", "可以手工验算的算式；不能计算的为空")
    reading = text("适用理解", "所依据的暂定理解，多个以空格分开")
    arises_on = day("产生日期", "选取标准所用的日期：达产日期，上市奖励为上市日期")
    policy_version = day("标准版本", "该日期适用的办法版本的生效日期")
    sources = text("依据记录", "所依据的各行，写作 工作表@上传编号前16位#行号，以空格分开", required=True)


class Incentives(Table, schema_name="investment", table="incentives", key=("claim_id",)):
    """One row per claim to an incentive."""

    claim_id = text("申报编号", "申报的编号", required=True)
    project_id = text("项目编号", "申报的项目", required=True)
    claimant_name = text("申报人", "申报人的姓名或单位名称", required=True)
    article = text("条款", "申报所依据的条款", required=True)
    year = count("年度", "申报的年度")
    base = money("基数", "计算奖补的金额或人数；没有的为空")
    rate = decimal("标准", "比例或每人的金额；没有的为空", scale=4)
    amount = money("金额", "按标准算出的金额，无论是否给予；不能计算的、列入奖励表的为空")
    outcome = text(
        "结果", f"{OUTCOME_MEANINGS}，in_rewards = 列入奖励表", required=True, choices=tuple(Outcome)
    )
    granted = flag("给予", "是 = 结果为 granted", required=True)
    reason = text("理由", "给予、不给予、暂缓或报请决定的理由", required=True)
    clause = text("依据条款", "依据的条款", required=True)
    basis = text("算式", "可以手工验算的算式；不能计算的为空")
    reading = text("适用理解", "所依据的暂定理解，多个以空格分开")
    arises_on = day("产生日期", "第十三、十七条为达产日期，第十二条为奖励的达产日期，其余为年度末日")
    policy_version = day("标准版本", "适用的政策版本的生效日期")
    sources = text("依据记录", "所依据的各行，写作 工作表@上传编号前16位#行号，以空格分开", required=True)


class OfficerReviews(
    Table, schema_name="investment", table="officer_reviews", key=("officer_id", "duty", "engagement_year")
):
    """One row per promotion officer, duty and year of engagement (none for duties of the whole term)."""

    officer_id = text("推介官编号", "产业推介官的编号", required=True)
    officer_name = text("推介官", "推介官的姓名或单位名称", required=True)
    engagement_year = count("聘期年度", "聘期的第几年，从 1 起；整个聘期的职责为空", required=False)
    duty = text("职责代码", "职责的代码", required=True, choices=tuple(OfficerDuty))
    met = flag("履行", "是否履行；还不能判断的为空")
    detail = text("说明", "实际的数，未达到的是哪些，或缺什么", required=True)
    clause = text("条款", "依据的条款", required=True)


class OfficerReimbursements(
    Table, schema_name="investment", table="officer_expenses", key=("invoice_number",)
):
    """One row per invoice of a promotion officer, and what of it is reimbursed."""

    invoice_number = text("发票号码", "发票的号码", required=True)
    officer_id = text("推介官编号", "产业推介官的编号", required=True)
    officer_name = text("推介官", "推介官的姓名或单位名称；尚未登记的为空")
    engagement_year = count("聘期年度", "发生在聘期的第几年；聘期以外的为空", required=False)
    spent_on = day("发生日期", "费用发生的日期", required=True)
    expense_amount = money("发票金额", "发票的金额", required=True)
    reimbursed = money("报销金额", "报销的金额", required=True)
    reason = text("理由", "全额、部分或不予报销的理由", required=True)
    clause = text("条款", "依据的条款", required=True)
    basis = text("算式", "可以手工验算的算式", required=True)
    sources = text("依据记录", "所依据的各行，写作 工作表@上传编号前16位#行号，以空格分开", required=True)


PAYMENT_TABLES: tuple[type[Table], ...] = (Rewards, Incentives, OfficerReviews, OfficerReimbursements)

"""The tables of what each household is owed, and why."""

from __future__ import annotations

from enum import StrEnum

from schemas.table import Table, count, day, decimal, flag, money, text


class Status(StrEnum):
    """What becomes of an amount. Ordered from best to worst as owed, estimate, held."""

    OWED = "owed"
    ESTIMATE = "estimate"
    HELD = "held"


STATUSES = tuple(Status)
STATUS_MEANINGS = "owed = 应付，estimate = 估算，held = 暂缓"


class LineItems(
    Table,
    schema_name="compensation",
    table="line_items",
    key=("household_id", "building_id", "item", "period", "status"),
):
    """One row per household, building, item, period and status: an amount with its arithmetic."""

    household_id = text("户编号", "所属的户", required=True)
    building_id = text("房屋编号", "所属的房屋；按户计算的项目为空")
    item = text("项目代码", "补偿项目的代码", required=True)
    item_name = text("项目", "补偿项目的名称", required=True)
    period = text("期间", "过渡费为月份 2023-05，逾期停产停业为首日 2023-05-17，其余为空")
    quantity = decimal("数量", "面积、次数或月数", required=True, scale=4)
    unit = text("单位", "数量的单位", required=True)
    rate = decimal("标准", "每单位的金额；给定金额的项目为该金额", required=True, scale=4)
    factor = decimal("系数", "倍数；一般为 1", required=True, scale=4)
    amount = money("金额", "数量 × 标准 × 系数，四舍五入到分；负数由被征收人支付", required=True)
    clause = text("条款", "依据的条款", required=True)
    basis = text("算式", "可以手工验算的算式", required=True)
    reading = text("适用理解", "所依据的暂定理解，多个以空格分开")
    status = text("状态", STATUS_MEANINGS, required=True, choices=STATUSES)
    effective_on = day("适用日期", "选取标准所用的日期", required=True)
    policy_version = day("标准版本", "该日期适用的方案版本的生效日期")
    sources = text("依据记录", "所依据的各行，写作 工作表@上传编号前16位#行号，以空格分开", required=True)


class Alternatives(
    Table,
    schema_name="compensation",
    table="alternatives",
    key=("household_id", "building_id", "item", "period", "reading", "choice"),
):
    """One row per undecided item and choice of the reading that it waits for."""

    household_id = text("户编号", "所属的户", required=True)
    building_id = text("房屋编号", "所属的房屋")
    item = text("项目代码", "补偿项目的代码", required=True)
    period = text("期间", "同明细")
    reading = text("待定理解", "尚未决定的理解", required=True)
    choice = text("选择", "理解的一种选择", required=True)
    amount = money("金额", "按此选择的金额", required=True)


class Households(Table, schema_name="compensation", table="households", key=("household_id",)):
    """One row per surveyed household: what it is owed, what it owes, what waits."""

    household_id = text("户编号", "户的编号", required=True)
    owner_name = text("被征收人", "姓名或单位名称", required=True)
    status = text("状态", f"各项目中最差的状态：{STATUS_MEANINGS}", required=True, choices=STATUSES)
    amount_paid_to = money("应付给户", "应付项目中正数的合计", required=True)
    amount_owed_by = money("户应付", "应付项目中负数的合计（以正数表示）", required=True)
    net_amount = money("净额", "应付给户减户应付", required=True)
    held_amount = money("暂缓金额", "暂缓项目的合计", required=True)
    estimated_amount = money("估算金额", "估算项目的合计", required=True)
    open_questions = count("待定事项", "该户待定事项的件数")


class Buildings(Table, schema_name="compensation", table="buildings", key=("building_id",)):
    """One row per surveyed building: whether and as what it is compensated."""

    building_id = text("房屋编号", "房屋的编号", required=True)
    household_id = text("户编号", "所属的户", required=True)
    use = text("用途", "据以补偿的用途", required=True)
    compensable_area_m2 = decimal("补偿面积", "据以补偿的面积", required=True, unit="㎡")
    excess_area_m2 = decimal("超出面积", "超过登记、不予补偿的面积", required=True, unit="㎡")
    eligible = flag("予以补偿", "否 = 认定不予补偿；待认定的为空")
    reason = text("理由", "认定的依据或待定的原因", required=True)


class OpenQuestions(Table, schema_name="compensation", table="open_questions", key=()):
    """One row per thing that keeps a building, a household or an amount waiting."""

    household_id = text("户编号", "所属的户；尚无调查的记录为空")
    building_id = text("房屋编号", "所属的房屋；整户的问题为空")
    code = text("代码", "待定事项的代码", required=True)
    clause = text("条款", "有关的条款", required=True)
    message = text("说明", "缺什么、由谁补", required=True)
    waiting_amount = money("等待金额", "该房屋（整户问题为该户）暂缓的金额；不能计算的为 0", required=True)


COMPENSATION_TABLES: tuple[type[Table], ...] = (
    LineItems,
    Alternatives,
    Households,
    Buildings,
    OpenQuestions,
)

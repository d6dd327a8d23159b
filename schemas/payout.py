"""The tables of what is put on payout lists, and of what can't be."""

from __future__ import annotations

from enum import StrEnum

from schemas.table import Table, count, day, moment, money, text


class Programme(StrEnum):
    """What a list pays for; each has batches and lists of its own."""

    HOUSING_COMPENSATION = "房屋征收补偿"
    INTRODUCTION_REWARD = "招商引资奖励"
    INVESTMENT_INCENTIVE = "优惠政策奖补"
    OFFICER_EXPENSES = "推介官工作经费"


BATCH_PREFIXES = {
    Programme.HOUSING_COMPENSATION: "HC",
    Programme.INTRODUCTION_REWARD: "RW",
    Programme.INVESTMENT_INCENTIVE: "IN",
    Programme.OFFICER_EXPENSES: "PO",
}
PROGRAMMES = tuple(Programme)


class Batches(Table, schema_name="payout", table="batches", key=("batch_id",)):
    """One row per batch of a programme's payments."""

    batch_id = text("批次号", "清单的批次号", required=True)
    programme = text("项目", "支付的项目", required=True, choices=PROGRAMMES)
    status = text(
        "状态",
        "draft = 草稿，approved = 已批准，settled = 已结清",
        required=True,
        choices=("draft", "approved", "settled"),
    )
    as_of = day("业务日期", "清单所依据的日期", required=True)
    line_count = count("笔数", "清单的行数")
    total_amount = money("合计", "清单的总金额", required=True)
    digest = text("摘要", "各行内容的 SHA-256", required=True)
    approved_by = text("批准人", "批准人的姓名")
    approved_at = moment("批准时间", "北京时间")


class Lines(Table, schema_name="payout", table="lines", key=("batch_id", "line_number")):
    """One row per line of a batch: one payment to one payee."""

    batch_id = text("批次号", "清单的批次号", required=True)
    line_number = count("序号", "清单中的序号，从 1 起")
    payee_id = text("编号", "户、引资人、申报或推介官的编号", required=True)
    payee_name = text("收款人", "收款人的姓名或名称", required=True)
    id_number = text("证件号码", "收款人的证件号码", required=True)
    account_name = text("开户名", "收款账户的户名", required=True)
    bank_name = text("开户银行", "开户银行及网点", required=True)
    bank_account = text("银行账号", "收款账号", required=True)
    amount = money("金额", "付给该收款人的金额", required=True)
    reason = text("事由", "付款的事由", required=True)


class LineObligations(
    Table, schema_name="payout", table="line_items", key=("batch_id", "line_number", "obligation_key")
):
    """One row per obligation that a line pays."""

    batch_id = text("批次号", "清单的批次号", required=True)
    line_number = count("序号", "清单中的序号")
    obligation_key = text("应付款项", "付款义务的永久编号", required=True)
    amount = money("金额", "其中这一项的金额", required=True)


class Held(Table, schema_name="payout", table="held", key=()):
    """One row per payee with an owed amount that can't be listed."""

    payee_id = text("编号", "收款人的编号", required=True)
    programme = text("项目", "支付的项目", required=True, choices=PROGRAMMES)
    amount = money("金额", "不能列入清单的金额", required=True)
    reason = text("原因", "为什么不能列入、怎样解决", required=True)


class Receivables(Table, schema_name="payout", table="receivables", key=()):
    """One row per payee that owes."""

    payee_id = text("编号", "应付款的户的编号", required=True)
    programme = text("项目", "支付的项目", required=True, choices=PROGRAMMES)
    amount = money("金额", "应收的金额（正数）", required=True)
    reason = text("原因", "应收的事由", required=True)


class Ledger(Table, schema_name="payout", table="ledger", key=("entry_id",)):
    """One entry per thing listed, confirmed, failed or recovered; entries are only ever added."""

    entry_id = count("账目号", "从 1 起，不间断")
    recorded_at = moment("记录时间", "北京时间", required=True)
    kind = text(
        "种类",
        "listed = 列入清单，confirmed = 确认支付，failed = 支付失败，recovery = 追回",
        required=True,
        choices=("listed", "confirmed", "failed", "recovery"),
    )
    obligation_key = text("应付款项", "付款义务的永久编号", required=True)
    sequence = count("次序", "同一付款义务的第几次")
    payee_id = text("编号", "收款人的编号", required=True)
    amount = money("金额", "该次的金额", required=True)
    batch_id = text("批次号", "清单的批次号", required=True)
    line_number = count("序号", "清单中的序号")


PAYOUT_TABLES: tuple[type[Table], ...] = (Batches, Lines, LineObligations, Held, Receivables, Ledger)

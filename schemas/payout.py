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


LISTED, CONFIRMED, FAILED, RECOVERY = "listed", "confirmed", "failed", "recovery"
DRAFT, APPROVED, SETTLED = "draft", "approved", "settled"


class Batches(Table, schema_name="payout", table="batches", key=("batch_id",)):
    """One row per batch of a programme's payments."""

    batch_id = text("批次号", "清单的批次号", required=True)
    programme = text("项目", "支付的项目", required=True, choices=PROGRAMMES)
    status = text(
        "状态",
        "draft = 草稿，approved = 已批准，settled = 已结清",
        required=True,
        choices=(DRAFT, APPROVED, SETTLED),
    )
    as_of = day("业务日期", "清单所依据的日期", required=True)
    line_count = count("笔数", "清单的行数")
    total_amount = money("合计", "清单的总金额", required=True)
    digest = text("摘要", "各行、各项内容的 SHA-256", required=True)
    approved_by = text("批准人", "批准人的姓名")
    approved_at = moment("批准时间", "北京时间")
    run_id = text("运行编号", "编制草稿的运行", required=True)
    drafted_by = text("编制人", "运行该夜批处理的操作人", required=True)
    ledger_entries = count("账目数", "批准后账簿的账目数；草稿为空", required=False)
    ledger_digest = text("账簿摘要", "批准后账簿末笔的摘要；草稿为空")


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
    account_change = text("账户变更", "与上次列入清单时不同的是什么；没有变更的为空")


class LineObligations(
    Table,
    schema_name="payout",
    table="line_items",
    key=("batch_id", "line_number", "obligation_key", "sequence"),
):
    """One row per obligation that a line pays, and the listing that this is."""

    batch_id = text("批次号", "清单的批次号", required=True)
    line_number = count("序号", "清单中的序号")
    obligation_key = text("应付款项", "一个收款人的付款义务的永久编号", required=True)
    sequence = count("次序", "同一付款义务的第几次列入，金额增加时为下一次")
    attempt = count("付款次数", "同一次序的第几次付款，失败后为下一次")
    amount = money("金额", "其中这一项的金额", required=True)
    due_key = text("应付款", "分给各收款人以前的付款义务的永久编号", required=True)
    refers_to = count("所替代账目", "失败后重列的，所替代的失败账目的编号；其余为空", required=False)
    replaces = text("所替代清单行", "失败后重列的，所替代的清单和行；其余为空")
    payee_id = text("编号", "收款人的编号", required=True)
    payee_name = text("收款人", "收款人的姓名或名称", required=True)
    party_id = text("户编号", "户、引资人、申报或推介官的编号", required=True)
    building_id = text("房屋编号", "有关的房屋")
    item_name = text("项目名称", "应付项目的名称", required=True)
    period = text("期间", "应付的月份")
    clause = text("条款", "依据的条款", required=True)
    basis = text("算式", "可以手工验算的算式", required=True)
    reading = text("适用理解", "所依据的暂定理解，多个以空格分开")
    item_number = count("明细序号", "清单明细中的次序")


class ReceivableItems(
    Table, schema_name="payout", table="receivable_items", key=("batch_id", "line_number", "obligation_key")
):
    """One row per obligation behind a row of a batch's receivables list."""

    batch_id = text("批次号", "清单的批次号", required=True)
    line_number = count("序号", "应收清单中的序号；不再应收的为 0")
    obligation_key = text("应付款项", "一个收款人的付款义务的永久编号", required=True)
    due_key = text("应付款", "分给各收款人以前的付款义务的永久编号", required=True)
    amount = money("金额", "正数为应收，负数为已抵扣", required=True)
    change = money("本次增减", "比已批准的应收清单增加的金额", required=True)
    payee_id = text("编号", "应付款人的编号", required=True)
    payee_name = text("应付款人", "应付款人的姓名或名称")
    party_id = text("户编号", "户、引资人、申报或推介官的编号", required=True)
    building_id = text("房屋编号", "有关的房屋")
    item_name = text("项目名称", "项目的名称", required=True)
    period = text("期间", "月份")
    clause = text("条款", "依据的条款", required=True)
    basis = text("算式", "可以手工验算的算式", required=True)
    reading = text("适用理解", "所依据的暂定理解，多个以空格分开")
    item_number = count("明细序号", "清单明细中的次序")


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


class ListFiles(Table, schema_name="payout", table="files", key=("batch_id", "file_name")):
    """One row per file that was written when a batch was approved."""

    batch_id = text("批次号", "清单的批次号", required=True)
    file_name = text("文件名", "批准时写出的文件", required=True)
    digest = text("摘要", "文件内容的 SHA-256", required=True)


class Ledger(
    Table,
    schema_name="payout",
    table="ledger",
    key=("entry_id",),
    unique=(("kind", "obligation_key", "sequence", "attempt"), ("refers_to",), ("digest",)),
    conditions=(
        "entry_id >= 1 AND sequence >= 1 AND attempt >= 1",
        f"kind IN ('{LISTED}', '{CONFIRMED}', '{FAILED}', '{RECOVERY}')",
        f"(refers_to IS NULL) = (kind = '{RECOVERY}' OR (kind = '{LISTED}' AND attempt = 1))",
        "refers_to IS NULL OR refers_to < entry_id",
    ),
):
    """One entry per thing listed, confirmed, failed or recovered; entries are only ever added.

    `listed` is an obligation on an approved list, `confirmed` and `failed` the bank's answer to it,
    `recovery` an amount that an approved receivables list shows (negative: no longer owed).
    """

    entry_id = count("账目号", "从 1 起，不间断")
    recorded_at = moment("记录时间", "北京时间", required=True)
    kind = text(
        "种类",
        "listed = 列入清单，confirmed = 确认支付，failed = 支付失败，recovery = 列入应收清单",
        required=True,
        choices=(LISTED, CONFIRMED, FAILED, RECOVERY),
    )
    obligation_key = text("应付款项", "一个收款人的付款义务的永久编号", required=True)
    sequence = count("次序", "同一付款义务的第几次")
    attempt = count("付款次数", "同一次序的第几次付款")
    payee_id = text("编号", "收款人的编号", required=True)
    amount = money("金额", "该次的金额", required=True)
    batch_id = text("批次号", "清单的批次号", required=True)
    line_number = count("序号", "清单中的序号；应收的为应收清单中的序号")
    due_key = text("应付款", "分给各收款人以前的付款义务的永久编号", required=True)
    refers_to = count("所答账目", "确认或失败：所答的列入账目；失败后重列：所替代的失败账目", required=False)
    previous_digest = text("前笔摘要", "前一笔账目的摘要；第一笔为 64 个 0", required=True)
    digest = text("摘要", "前笔摘要和本笔内容的 SHA-256", required=True)


PAYOUT_TABLES: tuple[type[Table], ...] = (
    Batches,
    Lines,
    LineObligations,
    ReceivableItems,
    Held,
    Receivables,
    ListFiles,
    Ledger,
)

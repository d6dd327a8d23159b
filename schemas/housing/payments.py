"""Who is paid, and what the finance bureau reports back."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from schemas.columns import PERCENT, Column, Kind
from schemas.housing.columns import ID_KINDS, PAYEE_ROLES, household_number
from schemas.sheet import Sheet, id_number_rule, required_when


class Payees(Sheet, title="收款人", table="payees", key=("household_id", "payee_id_number")):
    """One row per payee of a household that is not simply paid to its surveyed owner."""

    household_id = household_number()
    payee_name = Column("收款人", Kind.NAME, "收款人姓名或单位名称", required=True, example="示例乙")
    payee_id_kind = Column(
        "收款人证件类型",
        Kind.ENUM,
        "收款人证件号码的种类",
        required=True,
        choices=ID_KINDS,
        example="居民身份证",
    )
    payee_id_number = Column(
        "收款人证件号码",
        Kind.ID_NUMBER,
        "18 位证件号码；必须以文本录入",
        required=True,
        example="110101190001010022",
    )
    payee_role = Column(
        "收款人类型",
        Kind.ENUM,
        "收款人与房屋的关系",
        required=True,
        choices=PAYEE_ROLES,
        example="共有人",
    )
    share = Column(
        "份额",
        Kind.DECIMAL,
        "所占份额；同一户各收款人合计应为 100",
        required=True,
        unit=PERCENT,
        minimum=Decimal(0),
        above_minimum=True,
        example="50",
    )
    is_frozen = Column("冻结", Kind.YES_NO, "份额被查封、抵押或有争议的填是；空白按否")
    account_name = Column("开户名", Kind.NAME, "收款账户的户名", required=True, example="示例乙")
    bank_name = Column("开户银行", Kind.NAME, "开户银行及网点", required=True, example="示例银行阿尔山支行")
    bank_account = Column(
        "银行账号",
        Kind.ACCOUNT,
        "8 至 30 位数字；必须以文本录入",
        required=True,
        example="6200000000000000018",
    )

    rules = (id_number_rule("payee_id_kind", "payee_id_number"),)


class PaymentReceipts(Sheet, title="支付回执", table="payment_receipts", key=("batch_id", "line_number")):
    """One row per line of a payout list, as the finance bureau reports it back."""

    batch_id = Column("批次号", Kind.IDENTIFIER, "付款清单的批次号", required=True, example="EXAMPLE-0001")
    line_number = Column(
        "序号", Kind.INTEGER, "付款清单中的序号", required=True, minimum=Decimal(1), example="1"
    )
    result = Column(
        "支付结果", Kind.ENUM, "支付的结果", required=True, choices=("成功", "失败"), example="成功"
    )
    paid_on = Column("支付日期", Kind.DATE, "支付或退回的日期", required=True, example="2021-06-20")
    failure_reason = Column("失败原因", Kind.TEXT, "失败的原因；失败时必填")

    rules = (
        required_when("failure_reason", "失败原因", lambda: pl.col("result") == "失败", "支付结果为失败"),
    )

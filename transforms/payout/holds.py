"""Why a payee may not be put on a list yet, in words that say how to mend it."""

from __future__ import annotations

import polars as pl

from schemas.check_digits import bank_card_is_valid
from transforms.payout.past import ACCOUNT
from transforms.payout.payee_numbers import party_of

_NAMED_AT_MOST = 8
_FIELDS_WITH_NAMES = (("payee_name", "收款人"), ("account_name", "开户名"), ("bank_name", "开户银行"))


def runs_as_formula(text: pl.Expr) -> pl.Expr:
    """Whether a spreadsheet would run the text or not show all of it: = + - @ first, control characters."""
    return text.str.contains(r"^\s*[=+\-@＝＋－＠]|[\p{Cc}\p{Cf}]")


def with_hold_reasons(payees: pl.DataFrame, failed: pl.DataFrame) -> pl.DataFrame:
    """The payees (`frames.PAYEES`) with `hold_reason`: all that stands against paying them, or null.

    Accounts are compared over all the payees given, of whatever programme. `failed` are the accounts that
    payments came back from (`accounts.failed_accounts`).
    """
    reasons = [
        pl.col("party_hold"),
        _reason(
            pl.col("is_frozen"), "该份额已冻结（查封、抵押或有争议），解除后请把「收款人」表的冻结改为否"
        ),
        _missing_fields(),
        _reason(pl.col("id_number").is_null(), "缺少证件号码，请补录"),
        _reason(
            ~pl.col("bank_account").str.contains(r"^[0-9]{8,30}$"),
            "银行账号应为 8 至 30 位数字，请对照存折或银行卡重新录入",
        ),
        _reason(
            pl.col("bank_account").str.contains(r"^[0-9]+$") & ~bank_card_is_valid(pl.col("bank_account")),
            "银行卡号的校验位不对，多半录错了一位，请对照银行卡改正",
        ),
        *(
            _reason(
                runs_as_formula(pl.col(field)),
                f"{title}以 =、+、-、@ 开头或含有不可见字符，表格软件会把它当作公式，请改正",
            )
            for field, title in _FIELDS_WITH_NAMES
        ),
        _reason(runs_as_formula(pl.col("payee_id")), "编号以“-”开头，表格软件会把它当作公式，请改用其他编号"),
        pl.col("shared_account_hold"),
        pl.col("failed_hold"),
    ]
    joined = pl.concat_str(reasons, separator="；", ignore_nulls=True)
    return (
        payees.join(_shared_accounts(payees), on="bank_account", how="left", maintain_order="left")
        .with_columns(party=party_of(pl.col("payee_id")))
        .join(failed, on=["programme", "party", *ACCOUNT], how="left", maintain_order="left")
        .with_columns(hold_reason=pl.when(joined != "").then(joined))
        .drop("shared_account_hold", "failed_hold", "party")
    )


def sharing_parties(payees: pl.DataFrame) -> pl.Series:
    """The parties with a payee whose account is given for another ID number too."""
    shared = payees.join(_shared_accounts(payees), on="bank_account", how="semi")
    return shared.select(party_of(pl.col("payee_id"))).to_series().unique()


def duplicate_owners(survey: pl.DataFrame) -> pl.DataFrame:
    """`household_id`, `duplicate_hold` of the households whose owner's ID number another one has too."""
    owners = survey.select("household_id", "id_number").unique()
    owners = owners.filter(pl.col("id_number").is_duplicated())
    households = _listed(pl.col("household_id").sort())
    doubled = (
        owners.group_by("id_number")
        .agg(pl.len().alias("households"), households.alias("named"))
        .filter(pl.col("households") > 1)
    )
    reason = pl.format(
        "户 {} 的被征收人证件号码相同，请核实是同一人的几户还是录错，并合并或改正「入户调查」",
        pl.col("named"),
    )
    return (
        owners.join(doubled, on="id_number", how="inner")
        .group_by("household_id")
        .agg(reason.sort().str.join("；").alias("duplicate_hold"))
    )


def _reason(condition: pl.Expr, text: str) -> pl.Expr:
    return pl.when(condition).then(pl.lit(text))


def _missing_fields() -> pl.Expr:
    titles = (("account_name", "开户名"), ("bank_name", "开户银行"), ("bank_account", "银行账号"))
    missing = pl.concat_str(
        [_reason(pl.col(field).is_null(), title) for field, title in titles],
        separator="、",
        ignore_nulls=True,
    )
    return pl.when(missing != "").then(pl.format("收款账户不完整，请补录{}", missing))


def _shared_accounts(payees: pl.DataFrame) -> pl.DataFrame:
    """`bank_account`, `shared_account_hold` of the accounts given for more than one ID number."""
    named = _listed(pl.col("payee_id").unique().sort())
    return (
        payees.filter(pl.col("bank_account").is_not_null() & pl.col("bank_account").is_duplicated())
        .group_by("bank_account")
        .agg(pl.col("id_number").n_unique().alias("people"), named.alias("named"))
        .filter(pl.col("people") > 1)
        .select(
            "bank_account",
            shared_account_hold=pl.format(
                "编号 {} 的证件号码不同而银行账号相同，请逐一核对账号并改正录错的", pl.col("named")
            ),
        )
    )


def _listed(names: pl.Expr) -> pl.Expr:
    """The names joined by 、, cut short when there are many."""
    tail = pl.when(names.len() > _NAMED_AT_MOST).then(pl.lit(" 等")).otherwise(pl.lit(""))
    return names.head(_NAMED_AT_MOST).str.join("、") + tail

"""The ledger's entries: what an approval and the bank's answers add, and the chain that they form."""

from __future__ import annotations

import hashlib
from datetime import datetime

import polars as pl

from schemas.payout import CONFIRMED, FAILED, LISTED, RECOVERY, Ledger
from transforms.frames import stacked

NO_ENTRY = "0" * 64
"""What stands for the digest before the first entry."""

FIELD_SEPARATOR, NOTHING = "\x1f", "\x00"
_CHAINED = ("previous_digest", "digest")
CONTENT = tuple(name for name in Ledger.columns if name not in _CHAINED)
"""The fields that an entry's digest is of, behind the digest before it; nulls are U+0000 there."""
_SHOWN_AT_MOST = 10


def head_of(ledger: pl.DataFrame) -> str:
    """The digest of the newest entry."""
    return str(ledger.sort("entry_id")["digest"][-1]) if ledger.height else NO_ENTRY


def listed_entries(batch_id: str, items: pl.DataFrame, owing: pl.DataFrame, at: datetime) -> pl.DataFrame:
    """What approving a batch adds: its obligations as listed, the changes of what is receivable as recovery.

    `items` and `owing` are the batch's rows of `payout.line_items` and `payout.receivable_items`. Not yet
    numbered nor chained: see `appended`.
    """
    listed = items.filter(pl.col("batch_id") == batch_id).sort("line_number", "obligation_key", "sequence")
    recovered = (
        owing.filter((pl.col("batch_id") == batch_id) & (pl.col("change") != 0))
        .sort("line_number", "obligation_key")
        .with_columns(
            amount=pl.col("change"),
            attempt=pl.lit(1),
            sequence=pl.lit(1),
            refers_to=None,
        )
    )
    return _unchained(
        [listed.with_columns(kind=pl.lit(LISTED)), recovered.with_columns(kind=pl.lit(RECOVERY))], at
    )


def answer_entries(ledger: pl.DataFrame, answers: pl.DataFrame, at: datetime) -> pl.DataFrame:
    """What the bank's answers add: `answers` has `batch_id`, `line_number` and `is_paid` of answered lines.

    Not yet numbered nor chained.
    """
    kind = pl.when("is_paid").then(pl.lit(CONFIRMED)).otherwise(pl.lit(FAILED))
    answered = (
        ledger.filter(pl.col("kind") == LISTED)
        .join(answers, on=["batch_id", "line_number"], how="inner")
        .sort("entry_id")
        .with_columns(kind=kind, refers_to=pl.col("entry_id"))
    )
    return _unchained([answered], at)


def appended(ledger: pl.DataFrame, entries: pl.DataFrame) -> pl.DataFrame:
    """The entries numbered from the ledger's end on, each with the digest of the one before.

    A recovery takes the next number of its obligation.
    """
    start = int(ledger["entry_id"].max() or 0)  # type: ignore[arg-type]
    recorded = (
        ledger.filter(pl.col("kind") == RECOVERY)
        .group_by("obligation_key")
        .agg(recorded=pl.col("sequence").max())
    )
    is_recovery = pl.col("kind") == RECOVERY
    numbered = (
        entries.with_columns(entry_id=pl.int_range(start + 1, start + 1 + pl.len()))
        .join(recorded, on="obligation_key", how="left", maintain_order="left")
        .with_columns(
            sequence=pl.when(is_recovery).then(pl.col("recorded").fill_null(0) + 1).otherwise("sequence")
        )
        .select(CONTENT)
    )
    previous, digests = _chain(numbered, head_of(ledger))
    return Ledger.conform(
        numbered.with_columns(
            previous_digest=pl.Series(previous, dtype=pl.String),
            digest=pl.Series(digests, dtype=pl.String),
        )
    )


def chain_failures(ledger: pl.DataFrame) -> list[str]:
    """Where the ledger is not as it was written: entries changed, removed or added between."""
    ordered = ledger.sort("entry_id")
    wanted = ordered.select("entry_id", wanted=pl.int_range(1, pl.len() + 1))
    misnumbered = wanted.filter(pl.col("entry_id") != pl.col("wanted"))
    if misnumbered.height:
        return [f"账簿：第 {misnumbered['wanted'][0]} 笔账目缺失或编号不连续"]
    previous, digests = _chain(ordered, NO_ENTRY)
    wrong = ordered.with_columns(
        right_previous=pl.Series(previous, dtype=pl.String), right_digest=pl.Series(digests, dtype=pl.String)
    ).filter(
        (pl.col("previous_digest") != pl.col("right_previous")) | (pl.col("digest") != pl.col("right_digest"))
    )
    return [f"账簿：第 {entry} 笔账目被改动过" for entry in wrong["entry_id"].head(_SHOWN_AT_MOST)]


def listing_failures(ledger: pl.DataFrame) -> list[str]:
    """Obligations listed twice without a failure between, or answered or replaced more than once.

    An answer is one to what it refers to, and what is listed again is what failed.
    """
    listed, failed = (ledger.filter(pl.col("kind") == kind) for kind in (LISTED, FAILED))
    again = listed.filter(pl.col("attempt") > 1)
    answers = ledger.filter(pl.col("kind").is_in([CONFIRMED, FAILED]))
    found = stacked(
        frame.select("entry_id")
        for frame in (
            listed.filter(pl.struct("obligation_key", "sequence", "attempt").is_duplicated()),
            _unlike(again, failed, attempts_between=1),
            _unlike(answers, listed, attempts_between=0),
            ledger.filter(pl.col("refers_to").is_not_null() & pl.col("refers_to").is_duplicated()),
        )
    )
    return [
        f"账簿：第 {entry} 笔账目重复列入，或与所替代的不同"
        for entry in found["entry_id"].unique().sort().head(_SHOWN_AT_MOST)
    ]


def _unlike(entries: pl.DataFrame, earlier: pl.DataFrame, *, attempts_between: int) -> pl.DataFrame:
    """The entries that refer to none of the earlier ones, or to one of another listing, payee or amount."""
    same = ["obligation_key", "sequence", "attempt", "payee_id", "amount"]
    referred = earlier.select(pl.col("entry_id").alias("refers_to"), *same).with_columns(
        pl.col("attempt") + attempts_between
    )
    return entries.join(referred, on=["refers_to", *same], how="anti")


def batch_failures(ledger: pl.DataFrame, items: pl.DataFrame, owing: pl.DataFrame) -> list[str]:
    """Approved batches whose obligations differ from what the ledger lists."""
    fields = ["batch_id", "line_number", "obligation_key", "sequence", "attempt", "payee_id", "amount"]
    listed = ledger.filter(pl.col("kind") == LISTED).select(fields)
    changes = owing.filter(pl.col("change") != 0).select(
        "batch_id", "line_number", "obligation_key", "payee_id", amount="change"
    )
    recovered = ledger.filter(pl.col("kind") == RECOVERY).select(changes.columns)
    differing = stacked(
        [
            left.join(right, on=left.columns, how="anti").select("batch_id", "line_number")
            for left, right in (
                (items.select(fields), listed),
                (listed, items.select(fields)),
                (changes, recovered),
                (recovered, changes),
            )
        ]
    )
    return [
        f"批次 {batch_id} 第 {line} 行：清单与账簿不符"
        for batch_id, line in differing.unique().sort(differing.columns).head(_SHOWN_AT_MOST).iter_rows()
    ]


def _unchained(frames: list[pl.DataFrame], at: datetime) -> pl.DataFrame:
    fields = [name for name in CONTENT if name not in {"entry_id", "recorded_at"}]
    types = Ledger.frame_schema()
    return stacked(
        frame.select(fields).cast({name: types[name] for name in fields}) for frame in frames
    ).with_columns(recorded_at=pl.lit(at, pl.Datetime("us")))


def _chain(numbered: pl.DataFrame, head: str) -> tuple[list[str], list[str]]:
    """For each entry the digest before it and its own.

    A chain can only be made link by link: the one place where rows are gone through one after the other.
    """
    contents = numbered.select(
        pl.concat_str(
            [pl.col(name).cast(pl.String).fill_null(NOTHING) for name in CONTENT],
            separator=FIELD_SEPARATOR,
        )
    ).to_series()
    previous, digests = [], []
    for content in contents:
        previous.append(head)
        head = hashlib.sha256(f"{head}{FIELD_SEPARATOR}{content}".encode()).hexdigest()
        digests.append(head)
    return previous, digests

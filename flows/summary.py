"""`summary.md`: the night on one page, for those who sign. Counts and sums only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

import polars as pl

from flows.figures import ROW_COUNTS, Figures, ProgrammeFigures, QuestionFigures, ReadingInForce
from flows.text_table import grouped

MOST_UPLOADS = 30
MOST_ROWS = 15
"""Of findings and of open questions: the rest is in the warehouse."""
UPLOAD_WORDS = {"accepted": "接收", "partly_accepted": "部分接收", "refused": "拒收"}
HOUSEHOLD_WORDS = {"owed": "应付", "estimate": "估算", "held": "暂缓"}
_SEVERITY_WORDS = {"error": "退回", "warning": "提醒"}
_STATE_WORDS = {"undecided": "待定", "provisional": "暂定"}
SUMMARY_FILE = "summary.md"


def summary_text(figures: Figures) -> str:
    """The page as Markdown, in Chinese."""
    sections = (
        _head(figures),
        _section("收到的文件", _uploads(figures)),
        _section("发现的问题", _findings(figures.findings)),
        _section("各户", _households(figures.households)),
        _section("金额（元）", _programmes(figures.programmes)),
        _section("待定事项", _questions(figures.questions)),
        _section("尚未定论的理解", _readings(figures.readings)),
        _section("清单文件", _bullets(map(_cell, figures.files))),
        _section("注意", _bullets(map(_cell, figures.notes))) if figures.notes else "",
    )
    return "\n".join(section for section in sections if section)


def _head(figures: Figures) -> str:
    return (
        f"# 运行 {figures.run_id}\n\n"
        f"业务日期 {figures.as_of.isoformat()}；政策摘要 `{figures.policy_digest[:16]}`。"
        "清单均为草稿，批准后方可支付。\n"
    )


def _section(title: str, body: str) -> str:
    return f"## {title}\n\n{body or '无。'}\n"


def _uploads(figures: Figures) -> str:
    if figures.uploads.is_empty():
        return ""
    shown = figures.uploads.head(MOST_UPLOADS)
    rows: list[Sequence[object]] = [
        (_cell(name), UPLOAD_WORDS[status], *counts, _cell(message or ""))
        for name, status, message, *counts in shown.select(
            "file_name", "status", "message", *ROW_COUNTS
        ).iter_rows()
    ]
    others = figures.uploads.height - shown.height
    if others:
        rows.append((f"另有 {others} 个文件", "", "", "", "", "", "见 audit.uploads"))
    rows.append((f"合计 {figures.uploads.height} 个文件", "", *figures.row_counts(), ""))
    return _table(("文件", "状态", "读取", "接收", "退回", "略过", "说明"), rows)


def _findings(findings: pl.DataFrame) -> str:
    counts = (
        findings.group_by("severity", "rule")
        .len()
        .sort("severity", "len", "rule", descending=[False, True, False])
    )
    rows: list[Sequence[object]] = [
        (_SEVERITY_WORDS[severity], f"`{rule}`", count) for severity, rule, count in counts.iter_rows()
    ]
    others = sum(counts["len"][MOST_ROWS:])
    rest = [("", f"另有 {len(rows) - MOST_ROWS} 种，见 audit.findings", others)] if others else []
    return _table(("级别", "规则", "处数"), [*rows[:MOST_ROWS], *rest])


def _households(households: dict[str, int]) -> str:
    if not sum(households.values()):
        return ""
    rows = [(HOUSEHOLD_WORDS[status], count) for status, count in households.items()]
    return _table(("状态", "户数"), [*rows, ("合计", sum(households.values()))])


def _programmes(programmes: Iterable[ProgrammeFigures]) -> str:
    rows = [
        (
            found.programme,
            found.line_count,
            *map(grouped, (found.to_pay, found.held, found.receivable, found.waiting, found.estimated)),
        )
        for found in programmes
    ]
    return _table(("项目", "笔数", "列入清单", "不能列入", "应收", "暂缓", "估算"), rows)


def _questions(questions: Sequence[QuestionFigures]) -> str:
    rows: list[Sequence[object]] = [
        (f"`{found.code}`", found.clause, found.count, grouped(found.waiting))
        for found in questions[:MOST_ROWS]
    ]
    if len(questions) > MOST_ROWS:
        others = sum(found.count for found in questions[MOST_ROWS:])
        what = f"另有 {len(questions) - MOST_ROWS} 种"
        rows.append((what, "", others, "见 compensation.open_questions"))
    body = _table(("代码", "条款", "件数", "涉及的暂缓金额（元）"), rows)
    return f"{body}\n\n同一笔暂缓金额可能涉及几种事项，各行不能相加。" if rows else ""


def _readings(readings: Iterable[ReadingInForce]) -> str:
    rows = [
        (
            _STATE_WORDS[found.state.value],
            f"`{found.name}`",
            found.clause,
            _cell(found.question),
            _cell(found.choice or "未选定，有关金额暂缓"),
        )
        for found in readings
    ]
    return _table(("状态", "名称", "条款", "问题", "现按"), rows)


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _table(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    if not lines:
        return ""
    return "\n".join(("| " + " | ".join(headers) + " |", "|" + "---|" * len(headers), *lines))


def _cell(text: str) -> str:
    """Text from outside, so that it neither ends its cell or line nor becomes a link or markup."""
    plain = _one_line(text).replace("\\", "\\\\")
    for mark in "|`<>[]*_":
        plain = plain.replace(mark, f"\\{mark}")
    return plain


def _one_line(text: str) -> str:
    """Text from outside without line breaks or anything else that a terminal acts upon."""
    return " ".join("".join(mark if mark.isprintable() else " " for mark in text).split())


def closing_lines(figures: Figures, folder: str) -> list[str]:
    """The night in a few lines, for the terminal or a log: without file names, which clerks give."""
    read, accepted, rejected, skipped = figures.row_counts()
    refused = figures.uploads.filter(pl.col("status") == "refused").height
    lines = [
        f"run {figures.run_id}, as of {figures.as_of.isoformat()}",
        f"uploads: {figures.uploads.height} new, {refused} refused",
        f"rows: {read} read, {accepted} accepted, {rejected} rejected, {skipped} skipped",
        "households: " + ", ".join(f"{count} {status}" for status, count in figures.households.items()),
    ]
    lines += [
        f"{found.programme}: {_yuan(found.to_pay)} to pay in {found.line_count} lines, "
        f"{_yuan(found.held)} not listable, {_yuan(found.receivable)} receivable, "
        f"{_yuan(found.waiting)} held, {_yuan(found.estimated)} estimated"
        for found in figures.programmes
    ]
    if figures.notes:
        lines.append(f"files to look after, named in {SUMMARY_FILE} under 注意: {len(figures.notes)}")
    return [*lines, f"lists and summary: {folder}"]


def _yuan(amount: Decimal) -> str:
    return f"{grouped(amount)} 元"

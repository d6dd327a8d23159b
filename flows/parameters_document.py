"""Parameters and readings, written from the policy files: `python -m flows.parameters_document`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

from flows.dictionary import markdown_table
from flows.policies import load_policy_file
from flows.settings import CHECKOUT_POLICIES
from schemas.policy import DatedValue, PolicyFile, Reading, ReadingState, ReadingVersion

PARAMETERS_PATH = Path(__file__).resolve().parents[1] / "docs" / "parameters.md"
REWRITE_COMMAND = "python -m flows.parameters_document"

_INTRODUCTION = f"""# Parameters and readings

Written by `{REWRITE_COMMAND}` from the files under `data/policies/`; change
those, not this file. How that is done, with examples:
[operations](operations.md#changing-a-rate-deciding-a-reading).

A *parameter* is a number, a day or a list that a document gives. Each of its values holds from its day on
until the next one's; the newest stands last, with the paper that it comes from where that is another one.

A *reading* is a passage that can be read in more than one way. *settled*: decided by the paper that is
named. *provisional*: applied, and named on every list that rests on it. *undecided*: whatever depends on it
is held, shown at the first choice, and computed under each. The choice in force stands in bold; while there
is none, no choice does.
"""


def parameters_markdown(folder: Path = CHECKOUT_POLICIES) -> str:
    """All policy files of the folder as Markdown. Raises PolicyError when one is not in order."""
    policies = [load_policy_file(path) for path in sorted(folder.glob("*.yaml"))]
    blocks = [_INTRODUCTION, *_undecided_blocks(policies)]
    for policy in policies:
        blocks.extend(_policy_blocks(policy))
    return "\n".join(blocks).rstrip("\n") + "\n"


def _undecided_blocks(policies: list[PolicyFile]) -> Iterator[str]:
    waiting = [
        f"- {reading.clause}：{reading.question} (`{name}`, {policy.document})"
        for policy in policies
        for name, reading in policy.readings.items()
        if reading.versions[-1].state is ReadingState.UNDECIDED
    ]
    if waiting:
        yield "## Waiting for a decision\n"
        yield "\n".join(waiting) + "\n"


def _policy_blocks(policy: PolicyFile) -> Iterator[str]:
    yield f"## {policy.title}\n"
    yield f"{policy.document}. File: `data/policies/{policy.policy}.yaml`.\n"
    if policy.parameters:
        yield "### Parameters\n"
        yield markdown_table(
            ("parameter", "clause", "title", "unit", "values"),
            (
                (
                    f"`{name}`",
                    parameter.clause,
                    parameter.title,
                    parameter.unit,
                    "<br>".join(map(_dated, parameter.values)),
                )
                for name, parameter in policy.parameters.items()
            ),
        )
    if policy.readings:
        yield "### Readings\n"
        yield markdown_table(
            ("reading", "clause", "question", "choices", "state"),
            (
                (
                    f"`{name}`",
                    reading.clause,
                    reading.question,
                    "<br>".join(_choices(reading)),
                    "<br>".join(map(_state, reading.versions)),
                )
                for name, reading in policy.readings.items()
            ),
        )
    if policy.reviews:
        yield "### Reviews\n"
        yield markdown_table(
            ("article", "releases what arises from", "number"),
            ((review.article, review.effective_from.isoformat(), review.number) for review in policy.reviews),
        )


def _dated(value: DatedValue) -> str:
    source = f" ({value.source})" if value.source else ""
    return f"{value.effective_from}: {_value(value.value)}{source}"


def _value(value: Decimal | date | tuple[str, ...]) -> str:
    match value:
        case Decimal():
            return f"{value:,f}"
        case tuple():
            return "、".join(value)
        case _:
            return value.isoformat()


def _choices(reading: Reading) -> Iterator[str]:
    in_force = reading.versions[-1].choice
    for name, meaning in reading.choices.items():
        yield f"**`{name}`: {meaning}**" if name == in_force else f"`{name}`: {meaning}"


def _state(version: ReadingVersion) -> str:
    choice = f" `{version.choice}`" if version.choice else ""
    paper = f" ({version.decided_by})" if version.decided_by else ""
    return f"{version.effective_from}: {version.state}{choice}{paper}"


def main() -> None:
    """Rewrite `docs/parameters.md`."""
    PARAMETERS_PATH.parent.mkdir(parents=True, exist_ok=True)
    PARAMETERS_PATH.write_text(parameters_markdown(), encoding="utf-8")


if __name__ == "__main__":
    main()

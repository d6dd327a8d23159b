"""The night: take in what is new, compute, write the lists, check, publish. Read `night` aloud."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ParamSpec, Protocol, TypeVar

from flows import steps
from flows.console import Reporter, reporter
from flows.errors import cleared_up
from flows.figures import Figures
from flows.settings import Settings
from flows.uploads import require_inbox
from flows.warehouse.lock import exclusive

P = ParamSpec("P")
R = TypeVar("R")


class Runner(Protocol):
    """Runs one step of the night: the place to wrap the steps, as tasks for instance."""

    def __call__(self, step: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """The step's result."""


def direct(step: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Call the step, and nothing else."""
    return step(*args, **kwargs)


@dataclass(frozen=True)
class NightResult:
    """A published night: its figures, and the folder of its lists."""

    run_id: str
    folder: Path
    figures: Figures


def night(settings: Settings, run: Runner = direct, report: Reporter | None = None) -> NightResult:
    """Run one night. All of it is published, or nothing.

    Raises OperatorError: WarehouseBusyError while another night or approval is at work, InboxMissingError,
    CheckFailedError when a check before publication failed, and for policies that are not in order.
    """
    require_inbox(settings.inbox)
    with exclusive(settings.warehouse), cleared_up(lambda: steps.clear_up(settings)):
        shift = run(steps.prepare, settings, report or reporter())
        landed = run(steps.land, shift, run(steps.read_new_uploads, shift))
        landed = run(steps.answer_receipts, shift, landed)
        computed = run(steps.compute, shift)
        payouts = run(steps.draft_payout, shift, computed)
        figures = run(steps.write_all, shift, landed, computed, payouts)
        run(steps.verify, shift, landed, computed, payouts)
        folder = run(steps.publish, shift, figures)
    return NightResult(shift.run_id, folder, figures)

"""The steps of the night. Each opens the database for itself: nothing but values passes between steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from importlib.metadata import version
from pathlib import Path
from typing import ParamSpec, TypeVar

import polars as pl
from pandera.errors import SchemaError, SchemaErrors

from flows import approved_lists, staging
from flows.annotated import write_annotated
from flows.console import Reporter
from flows.evaluation import check_envoys, evaluate_envoys, write_evaluation
from flows.figures import Figures, night_figures
from flows.garbage import garbage_seldom_collected
from flows.granting import write_granting
from flows.intake import intake_notes, read_uploads
from flows.landing import Landed, land_uploads
from flows.ledger_checks import ledger_failures, shelf_failures
from flows.lists.batch_content import contents_of_drafts
from flows.lists.private_file import write_private
from flows.lists.read_back import read_back
from flows.operators import operator
from flows.payouts import Payouts, check_payouts, draft_payouts, provisional_readings, write_payouts
from flows.policies import load_policies
from flows.receipts import take_in_receipts
from flows.schema_failures import failed_columns
from flows.settings import Settings, arxan_now
from flows.settling import SETTLED_ALONE, settle_all
from flows.shift import Computed, Shift, TakenIn
from flows.summary import SUMMARY_FILE, summary_text
from flows.uploads import find_uploads, link_notes
from flows.verify import CheckFailedError, check_warehouse, require
from flows.warehouse import night_copy
from flows.warehouse.connection import reading, transaction, writing
from flows.warehouse.glance import seal_of_books
from flows.warehouse.investment_results import store_granting, store_officers, store_questions
from flows.warehouse.migrate import make_tables
from flows.warehouse.results import store_run
from flows.warehouse.runs import known_uploads, next_run_id, published_runs
from flows.warehouse.tables import current_records
from schemas.audit import Runs
from schemas.investment import Projects
from schemas.sheets import ALL_SHEETS
from transforms.compensation.checks import check_settlement
from transforms.frames import stacked
from transforms.granting import check_granting, grant
from transforms.officers.checks import check_officers
from transforms.officers.review import review_officers

P = ParamSpec("P")
R = TypeVar("R")
OWNER_ONLY = 0o700


def step(function: Callable[P, R]) -> Callable[P, R]:
    """A step whose errors show no values: pandera's texts do, and whoever wraps steps keeps their errors."""

    @wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except (SchemaError, SchemaErrors) as error:
            raise CheckFailedError(failed_columns(error, function.__name__)) from None

    return guarded


@step
def prepare(settings: Settings, report: Reporter) -> Shift:
    """Mend what an earlier night left, read the policies, and copy the warehouse to work on.

    Raises CheckFailedError where the ledger is not the one that the approved lists were printed from.
    """
    policies = load_policies(settings.policies)
    operator()
    started_at = arxan_now()
    clear_up(settings)
    database = night_copy.take_copy(settings.warehouse)
    with writing(database) as connection:
        with transaction(connection):
            make_tables(connection)
        run_id = next_run_id(connection, settings.as_of, settings.out)
        require([*ledger_failures(connection), *shelf_failures(connection, settings.out)])
        seal = seal_of_books(connection)
    shift = Shift(settings, run_id, started_at, policies, report, seal)
    shift.folder.mkdir(parents=True, mode=OWNER_ONLY)
    report.say(f"run {run_id}: as of {settings.as_of.isoformat()}, policies {policies.digest[:16]}")
    return shift


@step
def read_new_uploads(shift: Shift) -> TakenIn:
    """Find what the inbox has that is not known yet, read it and check it."""
    with reading(shift.database) as connection:
        found = find_uploads(shift.settings.inbox, known_uploads(connection))
    shift.report.say(f"inbox: {len(found.uploads)} new uploads")
    reads = tuple(
        shift.report.track(
            read_uploads(found.uploads, shift.settings.as_of), len(found.uploads), "reading uploads"
        )
    )
    return TakenIn(reads, (*link_notes(found), *intake_notes(found, reads)))


@step
def land(shift: Shift, taken_in: TakenIn) -> Landed:
    """Land what was read, upload by upload."""
    with writing(shift.database) as connection:
        reads = shift.report.track(taken_in.reads, len(taken_in.reads), "landing uploads")
        return replace(land_uploads(connection, reads, shift.run_id), notes=taken_in.notes)


@step
def answer_receipts(shift: Shift, landed: Landed) -> Landed:
    """Enter what the bank answered; the receipts that can't be taken in become findings."""
    with writing(shift.database) as connection:
        findings = take_in_receipts(connection, shift.run_id, shift.started_at)
    return replace(landed, findings=stacked([landed.findings, findings]))


@step
def compute(shift: Shift) -> Computed:
    """Compute what every household is owed, what each envoy scored, what is granted, and why."""
    policies, as_of = shift.policies, shift.settings.as_of
    with reading(shift.database) as connection:
        records = current_records(connection, [sheet for sheet in ALL_SHEETS if sheet not in SETTLED_ALONE])
    settlement = settle_all(shift.database, records, policies.compensation, as_of)
    with writing(shift.database) as connection:
        evaluation = evaluate_envoys(connection, records, policies, as_of)
        granting = grant(records, policies.rewards, policies.incentives, policies.officers, as_of)
        store_granting(connection, granting)
        officers = review_officers(records, policies.officers, as_of)
        store_officers(connection, officers)
        store_questions(connection, [evaluation.questions, granting.questions, officers.questions])
    items = settlement.line_items["item_count"].sum()
    shift.report.say(
        f"computed: {settlement.households.height} households with {items} items, "
        f"{evaluation.scores.height} scores of envoys, {granting.rewards.height} rewards, "
        f"{granting.incentives.height} incentives"
    )
    return Computed(records, settlement, evaluation, granting, officers)


@step
def draft_payout(shift: Shift, computed: Computed) -> Payouts:
    """Draft the batches from what is owed and not yet listed."""
    payouts = draft_payouts(shift.database, computed, shift.policies, shift.settings.as_of, shift.run_id)
    shift.report.say(f"drafted: {payouts.draft.batches.height} batches, {payouts.draft.lines.height} lines")
    return payouts


@step
def write_all(shift: Shift, landed: Landed, computed: Computed, payouts: Payouts) -> Figures:
    """Write the lists, the annotated copies of the uploads with findings, and the summary."""
    with garbage_seldom_collected():
        return _write_all(shift, landed, computed, payouts)


def _write_all(shift: Shift, landed: Landed, computed: Computed, payouts: Payouts) -> Figures:
    policies, as_of, folder = shift.policies, shift.settings.as_of, shift.folder
    with reading(shift.database) as connection:
        write_payouts(contents_of_drafts(connection), computed, policies, folder, as_of)
    readings = provisional_readings(policies, as_of)
    projects = computed.records[Projects.table]
    write_granting(computed.granting, computed.officers, readings, folder, as_of, projects=projects)
    with reading(shift.database) as connection:
        write_evaluation(connection, computed.evaluation, computed.records, policies, as_of, folder)
    notes = write_annotated(landed.files, landed.findings, folder)
    figures = night_figures(shift, (*landed.notes, *notes), landed, computed, payouts.draft)
    write_private(folder / SUMMARY_FILE, summary_text(figures).encode())
    return figures


@step
def verify(shift: Shift, landed: Landed, computed: Computed, payouts: Payouts) -> None:
    """Check what always holds. Raises CheckFailedError with a line for everything that does not."""
    with reading(shift.database) as connection:
        failures = [
            *check_warehouse(connection, landed.uploads),
            *ledger_failures(connection, shift.seal),
            *check_payouts(connection, payouts, computed),
            *read_back(shift.folder, contents_of_drafts(connection)),
        ]
    require(
        [
            *failures,
            *check_settlement(computed.settlement, computed.records),
            *check_envoys(computed.evaluation, computed.records),
            *check_granting(computed.granting, computed.records),
            *check_officers(computed.officers, computed.records),
        ]
    )
    shift.report.say("checks: all hold")


@step
def publish(shift: Shift, figures: Figures) -> Path:
    """Record the run and put warehouse and lists in their places, the warehouse first."""
    _, accepted, rejected, _ = figures.row_counts()
    run = pl.DataFrame(
        {
            "run_id": [shift.run_id],
            "as_of": [shift.settings.as_of],
            "started_at": [shift.started_at],
            "finished_at": [arxan_now()],
            "status": ["succeeded"],
            "policy_digest": [shift.policies.digest],
            "program_version": [version("arxan")],
            "uploads_new": [figures.uploads.height],
            "rows_accepted": [accepted],
            "rows_rejected": [rejected],
        },
        schema=Runs.frame_schema(),
    )
    with writing(shift.database) as connection:
        store_run(connection, run)
    night_copy.put_in_place(shift.settings.warehouse)
    return staging.put_in_place(shift.folder, shift.settings.out, shift.run_id)


def clear_up(settings: Settings) -> None:
    """Leave nothing half done: unpublished work goes, lists of a published run are put in their place."""
    night_copy.discard_copy(settings.warehouse)
    staging.recover(settings.out, settings.warehouse, published_runs(settings.warehouse))
    approved_lists.recover(settings.out, settings.warehouse)

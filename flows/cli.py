"""The `arxan` command. Each command loads what it needs when it runs, so that help comes at once."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from flows.errors import OperatorError, WrongUseError, told, told_by_system, told_of_files
from flows.private import native_code_silenced
from flows.settings import environment_variable, settings_from

if TYPE_CHECKING:
    from flows.night import NightResult
    from flows.settings import Settings

Command = TypeVar("Command", bound=Callable[..., Any])
FAILED = 1
FOLDER = click.Path(file_okay=False, path_type=Path)
HELP = {
    "inbox": ("DIR", "Folder that the workbooks are dropped into (data/inbox)."),
    "warehouse": ("FILE", "The DuckDB file (data/warehouse/arxan.duckdb)."),
    "out": ("DIR", "Folder for lists and copies (data/out)."),
    "policies": ("DIR", "Folder of the policy files (data/policies)."),
    "as_of": ("DATE", "Compute as of this day, as 2021-03-05 (today in Asia/Shanghai)."),
}


class ArxanCommand(click.Command):
    """Tells of wrong use as click does, with the usage of the command itself: it ends with 2."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except WrongUseError as error:
            raise click.UsageError(str(error), ctx) from None


class Arxan(click.Group):
    """Turns errors into plain lines: whatever stops a command, but for wrong use, ends with 1."""

    command_class = ArxanCommand
    group_class = type

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except OperatorError as error:
            click.echo(str(error), err=True)
        except OSError as error:
            click.echo(told_by_system(error), err=True)
        except (click.ClickException, click.exceptions.Exit, click.Abort, KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # noqa: BLE001 its text may hold values, also that of a panic of polars
            click.echo(f"internal error: {told(error)}", err=True)
        raise click.exceptions.Exit(FAILED)


def _options(*names: str) -> Callable[[Command], Command]:
    """Options by the names of settings; each can be set by its environment variable too."""

    def add(command: Command) -> Command:
        for name in reversed(names):
            metavar, text = HELP[name]
            option = f"--{name.replace('_', '-')}"
            shown = f"{text} Environment: {environment_variable(name)}."
            command = click.option(option, name, metavar=metavar, help=shown)(command)
        return command

    return add


@click.group(cls=Arxan, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="arxan")
def main() -> None:
    """Workbooks of households and investments in, checked payout lists out."""


@main.command()
@_options("inbox", "as_of", "warehouse", "out", "policies")
def nightly(**given: str | None) -> None:
    """Run the night, from inbox to lists.

    Takes in what is new, lands it, computes, and writes the lists.

    Exits with 0 also when rows were rejected: they are reported. Exits with 1 when a check before
    publication failed; the warehouse is then as it was.
    """
    from flows.summary import closing_lines

    result = _run_night(settings_from(given))
    for line in closing_lines(result.figures, str(result.folder)):
        click.echo(line)


def _run_night(settings: Settings) -> NightResult:
    from flows.uploads import require_inbox

    require_inbox(settings.inbox)
    if os.environ.get("PREFECT_API_URL"):
        click.echo(f"running as a Prefect flow, on {os.environ['PREFECT_API_URL']}")
        from flows.prefect_night import StepError, night_on_server

        try:
            return night_on_server(settings)
        except StepError as error:
            click.echo(f"internal error in {error}", err=True)
            raise click.exceptions.Exit(FAILED) from None
    click.echo("running directly: no Prefect API is configured")
    from flows.night import night

    try:
        with native_code_silenced():
            return night(settings)
    except OSError as error:
        reason = told_of_files(error, settings.folders())
    raise OperatorError(reason)


@main.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@_options("out", "as_of")
def check(files: tuple[Path, ...], out: str | None, as_of: str | None) -> None:
    """Check workbooks without landing them.

    Annotated copies are written for those with findings: to the folder `check` under the output folder,
    or to the one given with --out. Exits with 1 when anything is rejected.
    """
    from flows.check_files import check_files

    settings = settings_from({"out": out, "as_of": as_of})
    checked = check_files(files, settings.as_of, settings.out if out else settings.out / "check")
    click.echo(checked.text)
    if checked.is_rejected:
        click.get_current_context().exit(FAILED)


@main.command()
@click.option(
    "--out",
    type=FOLDER,
    metavar="DIR",
    default="data/templates",
    show_default=True,
    help="Where to write them.",
)
def template(out: Path) -> None:
    """Write the blank workbooks.

    They have drop-downs, notes, formats and an example row.
    """
    from flows.workbooks.template import write_templates

    for path in write_templates(out):
        click.echo(str(path))


@main.command()
@click.argument("household_or_envoy")
@_options("warehouse", "policies", "out")
@click.option("--format", "form", type=click.Choice(["text", "xlsx"]), default="text", show_default=True)
@click.option("--months", is_flag=True, help="In text: each month as a line, also where they are equal.")
@click.option("--year", type=int, metavar="YEAR", help="Of an envoy: this year alone, with its evidence.")
def explain(
    household_or_envoy: str, form: str, *, months: bool, year: int | None, **given: str | None
) -> None:
    """Show what a household gets, or how an envoy is scored, and why.

    Every item with its arithmetic, clause and source row, and what is open. For an envoy: the score of
    every year; with --year, of that one with each row that counts and each that does not.

    With --format xlsx, write the household's settlement sheet, ready to print and sign: to the folder
    `settlement-sheets` under the output folder, or to the one given with --out.
    """
    settings = settings_from(given)
    if form == "text":
        from flows.explain import explanation

        told = explanation(
            settings.warehouse, household_or_envoy, settings.policies, each_month=months, year=year
        )
        click.echo(told, nl=False)
        return
    if year is not None:
        raise WrongUseError("--year is shown in text: leave out --format xlsx")
    from flows.settlement_sheet import SHEETS_FOLDER, write_settlement_sheet

    folder = settings.out if given["out"] else settings.out / SHEETS_FOLDER
    path = write_settlement_sheet(settings.warehouse, household_or_envoy, settings.policies, folder)
    click.echo(str(path))


@main.command()
@click.argument("sql")
@_options("warehouse")
@click.option(
    "--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True
)
def query(sql: str, warehouse: str | None, form: str) -> None:
    """Ask the warehouse in SQL, read-only.

    Decimals and dates are written exactly; in JSON they are text.
    """
    from flows.query import Format, answer

    settings = settings_from({"warehouse": warehouse})
    click.echo(answer(settings.warehouse, sql, Format(form)), nl=False)


@main.command()
@click.option("--out", type=FOLDER, metavar="DIR", help="Where to write them (the inbox).")
@click.option("--households", type=click.IntRange(min=1), default=300, show_default=True)
@click.option("--envoys", type=click.IntRange(min=0), default=12, show_default=True)
@click.option(
    "--seed", type=int, default=2021, show_default=True, help="The same seed gives the same workbooks."
)
def sample(out: Path | None, households: int, envoys: int, seed: int) -> None:
    """Write realistic workbooks for trying.

    They have the mess that real ones have.
    """
    from flows.sample.generate import write_sample

    folder = out or settings_from().inbox
    for path in write_sample(folder, households=households, envoys=envoys, seed=seed):
        click.echo(str(path))


@main.group()
def payouts() -> None:
    """Look at the batches, approve them, verify what was approved."""


@payouts.command("list")
@_options("warehouse")
def list_batches(warehouse: str | None) -> None:
    """List the batches of all programmes."""
    from flows.batches import batch_list

    click.echo(batch_list(settings_from({"warehouse": warehouse}).warehouse), nl=False)


@payouts.command("show")
@click.argument("batch")
@_options("warehouse")
def show_batch(batch: str, warehouse: str | None) -> None:
    """Show a batch line by line; account numbers by their end alone."""
    from flows.batches import batch_text

    click.echo(batch_text(settings_from({"warehouse": warehouse}).warehouse, batch), nl=False)


@payouts.command("approve")
@click.argument("batch")
@click.option("--by", required=True, metavar="NAME", help="Who approves.")
@click.option("--digest", metavar="DIGEST", help="The draft's digest, or its beginning, as it was looked at.")
@_options("warehouse", "out", "policies")
def approve_batch(batch: str, by: str, digest: str | None, **given: str | None) -> None:
    """Approve a draft: its lines, its lists and the ledger are fixed for good.

    The final lists are written to the folder `approved` under the output folder. Refused when the draft has
    changed since it was shown, and with ARXAN_TWO_PEOPLE=yes when it was drafted by the same person.
    """
    from flows.approval import approve

    folder = approve(settings_from(given), batch, by, digest)
    click.echo(f"{batch} approved by {by.strip()}: {folder}")


@payouts.command("verify")
@_options("warehouse", "out")
def verify_payouts(**given: str | None) -> None:
    """Check ledger, batches and approved lists against each other; exits with 1 when anything is wrong."""
    from flows.batches import verified

    settings = settings_from(given)
    text, is_right = verified(settings.warehouse, settings.out)
    click.echo(text, nl=False)
    if not is_right:
        click.get_current_context().exit(FAILED)


if __name__ == "__main__":
    main()

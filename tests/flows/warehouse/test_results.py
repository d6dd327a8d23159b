"""What a night stores: drafts anew each night, approved batches as they were signed."""

from __future__ import annotations

from flows.warehouse.connection import writing
from flows.warehouse.results import next_batch_numbers
from schemas.housing import HouseholdSurvey
from schemas.payout import Programme
from tests.support.payout_frames import id_number
from tests.support.town import Town
from tests.support.workbooks import ordinary_sheets, survey

LINES = "SELECT batch_id, payee_id FROM payout.lines ORDER BY ALL"
HOUSING = Programme.HOUSING_COMPENSATION


def approve(town: Town) -> None:
    done = town.arxan("payouts", "approve", "HC-0001", "--by", "某主任")
    assert not done.exit_code, done.output


def next_number(town: Town) -> int:
    with writing(town.warehouse) as connection:
        return next_batch_numbers(connection)[HOUSING]


def test_a_draft_is_rebuilt_under_its_number(town: Town) -> None:
    town.upload("甲.xlsx", ordinary_sheets())
    town.night()
    sheets = ordinary_sheets("B-2", "H-2")
    sheets[HouseholdSurvey] = [survey("B-2", "H-2", id_number=id_number(7), bank_account="98765432101")]
    town.upload("乙.xlsx", sheets)
    town.night()
    assert len(town.ask(LINES)) == 2
    assert {batch for batch, _ in town.ask(LINES)} == {"HC-0001"}
    assert next_number(town) == 1


def test_an_approved_batch_stays_and_the_next_draft_has_the_next_number(town: Town) -> None:
    town.upload("甲.xlsx", ordinary_sheets())
    town.night()
    approve(town)
    signed = town.ask("SELECT * FROM payout.batches WHERE status = 'approved'")
    assert next_number(town) == 2
    town.night()
    assert town.ask("SELECT * FROM payout.batches WHERE status = 'approved'") == signed
    assert ("HC-0001", "H-1") in town.ask(LINES)
    assert next_number(town) == 2

"""Where settings come from: what is given, the environment, the defaults."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from flows.settings import CHECKOUT_POLICIES, SettingError, arxan_now, reading_allowance, settings_from


def test_what_is_given_goes_before_the_environment_and_that_before_the_default() -> None:
    settings = settings_from({"inbox": "given"}, {"ARXAN_INBOX": "unused", "ARXAN_OUT": "of-environment"})
    assert settings.inbox == Path("given")
    assert settings.out == Path("of-environment")
    assert settings.warehouse == Path("data/warehouse/arxan.duckdb")


def test_the_day_is_today_in_arxan_unless_it_is_named() -> None:
    before = arxan_now().date()
    assert before <= settings_from({}, {}).as_of <= arxan_now().date()
    assert settings_from({}, {"ARXAN_AS_OF": "2021-03-05"}).as_of == date(2021, 3, 5)


@pytest.mark.parametrize("written", ["5.3.2021", "2021-02-30", "tomorrow"])
def test_a_day_that_is_none_is_wrong_use(written: str) -> None:
    with pytest.raises(SettingError, match="is no date: write it as 2021-03-05"):
        settings_from({"as_of": written}, {})


def test_a_setting_that_is_misspelt_is_refused() -> None:
    with pytest.raises(SettingError, match="unknown settings: inbx"):
        settings_from({"inbx": "x"}, {})


def test_the_program_s_own_policies_stand_in_where_the_folder_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert settings_from({}, {}).policies == CHECKOUT_POLICIES
    (tmp_path / "data" / "policies").mkdir(parents=True)
    assert settings_from({}, {}).policies == Path("data/policies")


def test_settings_survive_as_text() -> None:
    settings = settings_from({"as_of": "2021-03-05", "out": "somewhere"}, {})
    assert settings_from(settings.as_strings(), {}) == settings


def test_a_folder_for_the_warehouse_or_a_file_for_the_lists_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"--warehouse \(or ARXAN_WAREHOUSE\) leads to .*, a folder"):
        settings_from({"warehouse": str(tmp_path)}, {})
    (tmp_path / "file").write_bytes(b"")
    for out in ("file", "file/out"):
        with pytest.raises(SettingError, match=r"--out \(or ARXAN_OUT\) leads to .*file, a file"):
            settings_from({}, {"ARXAN_OUT": str(tmp_path / out)})
    assert settings_from({"out": str(tmp_path / "new" / "out")}, {}).out == tmp_path / "new" / "out"


def test_what_reading_may_take_is_set_by_the_environment() -> None:
    ordinary = reading_allowance({})
    assert (ordinary.memory_bytes, ordinary.processor_seconds, ordinary.wall_seconds) == (1024**3, 30, 60)
    more = reading_allowance({"ARXAN_READ_MEMORY": "2048", "ARXAN_READ_SECONDS": "120"})
    assert (more.memory_bytes, more.processor_seconds, more.wall_seconds) == (2 * 1024**3, 60, 120)


@pytest.mark.parametrize("written", ["0", "-1", "1.5", "1 GB", "１"])
def test_limits_of_reading_that_are_none_stop_the_night_before_it_begins(written: str) -> None:
    with pytest.raises(SettingError, match=r"ARXAN_READ_MEMORY is .* whole number above 0, as 1024"):
        settings_from({}, {"ARXAN_READ_MEMORY": written})

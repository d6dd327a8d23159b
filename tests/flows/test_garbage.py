from __future__ import annotations

import gc

import pytest

from flows.garbage import garbage_seldom_collected


def fail_within() -> None:
    with garbage_seldom_collected():
        assert gc.get_threshold()[0] > 2000
        raise ValueError("within")


def test_the_usual_comes_back_whatever_happens() -> None:
    usual = gc.get_threshold()
    with pytest.raises(ValueError, match="within"):
        fail_within()
    assert gc.get_threshold() == usual

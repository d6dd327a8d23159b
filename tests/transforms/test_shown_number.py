"""Numbers in the text of a failed check."""

from __future__ import annotations

import pytest

from transforms.shown_number import shown_number


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("H-1#2", "H-1#2"),
        ("/H-0001/JJG-0001/house_residence/", "/H-0001/JJG-0001/house_residence/"),
        ("HC-0001 第 3 行", "HC-0001 第 3 行"),
        ("/某甲/XM-1/2023/further_reward", "/…/XM-1/2023/further_reward"),
        ("110101190001010006#2", "…#2"),
        ("DS-13900000000", "…"),
        (None, "None"),
    ],
)
def test_what_may_be_a_name_or_a_number_of_a_person_is_left_out(number: object, shown: str) -> None:
    assert shown_number(number) == shown

"""Invented persons, organisations and accounts: every check digit is right, and nobody exists."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

RESIDENT, ORGANISATION = "居民身份证", "统一社会信用代码"
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"
_STEMS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
_TRADES = ("文旅", "康养", "矿泉水", "冰雪", "农牧", "新能源", "数字科技", "物流", "中药材", "木业")
_RESIDENT_CHECKS = "10X98765432"
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
# 99 opens no region of GB/T 2260, so that no number can belong to anybody
_NO_REGION = 99
_BANKS = ("示例银行阿尔山支行", "示例银行天池支行", "示例农村商业银行营业部", "示例邮政储蓄阿尔山支行")


@dataclass(frozen=True)
class Party:
    """Somebody who owns, is paid or invests, with an account that passes its check."""

    name: str
    id_kind: str
    id_number: str
    bank_name: str
    bank_account: str


def with_resident_check(first_seventeen: str) -> str:
    """The 17 digits with the check character of GB 11643 behind them."""
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(first_seventeen))
    return first_seventeen + _RESIDENT_CHECKS[total % 11]


def with_credit_check(first_seventeen: str) -> str:
    """The 17 characters with the check character of GB 32100 behind them."""
    total = sum(
        _CREDIT_ALPHABET.index(character) * pow(3, place, 31)
        for place, character in enumerate(first_seventeen)
    )
    return first_seventeen + _CREDIT_ALPHABET[-total % 31]


def with_card_check(digits: str) -> str:
    """The digits with their Luhn check digit behind them."""
    doubled = (2 * int(digit) for digit in digits[::-2])
    total = sum(each // 10 + each % 10 for each in doubled) + sum(int(digit) for digit in digits[-2::-2])
    return digits + str(-total % 10)


def with_last_digit_wrong(number: str) -> str:
    """The same number with another last character, so that its check fails."""
    return number[:-1] + ("1" if number[-1] != "1" else "2")


class People:
    """Hands out parties, each with numbers that no other has."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._issued = 0

    def person(self) -> Party:
        """A natural person, born between 1945 and 1975."""
        number, rng = self._next(), self._rng
        born = f"{rng.randint(1945, 1975)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}"
        name = f"{rng.choice(_SURNAMES)}某{rng.choice(_STEMS)}"
        digits = f"{_NO_REGION}{number // 1000 % 10_000:04d}{born}{number % 1000:03d}"
        return Party(name, RESIDENT, with_resident_check(digits), rng.choice(_BANKS), self._card(number))

    def company(self, kind: str = "有限公司") -> Party:
        """A company or another organisation, with an account that is no card."""
        number, rng = self._next(), self._rng
        name = f"示例{rng.choice(_TRADES)}{rng.choice(_STEMS)}{number}号{kind}"
        code = with_credit_check(f"91{_NO_REGION}0000MA{number:07d}")
        return Party(name, ORGANISATION, code, rng.choice(_BANKS), f"99{number:014d}")

    def _next(self) -> int:
        self._issued += 1
        return self._issued

    @staticmethod
    def _card(number: int) -> str:
        return with_card_check(f"6200{number:014d}")

"""The second calculator, one building at a time: what it is and what it is worth.

Written from the rules alone, in plain Python, to be compared with the program. Money is `Decimal` and exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Row = Mapping[str, Any]
Readings = Mapping[str, str]
Rates = Mapping[str, Decimal]

APPRAISED_USES = {"厂房", "仓库", "圈舍", "其他"}
RESIDENCE_ESTATES = {"圣泉小区", "闻泉小区", "天池花园小区", "伊林小区", "育才小区", "天池住宅小区"}
SHOP_ESTATES_BY_AREA = {"天池花园商服房", "十二路商服房", "步行街商服房"}
SHOP_ESTATES_SINGLE_PRICE = {"天池商业区商服房"}
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Building:
    """One surveyed building with all that is known of it; `agreement` is empty when there is none."""

    survey: Row
    register: Row | None
    recognition: Row | None
    agreement: Row
    appraised: Decimal | None
    attachments: Decimal | None
    is_assisted: bool
    is_appraised_twice: bool = False
    is_one_of_several_assisted: bool = False

    @property
    def number(self) -> str:
        return str(self.survey["building_id"])

    @property
    def is_refused(self) -> bool:
        return self.recognition is not None and self.recognition["outcome"] == "不予补偿"

    def recognised(self, field: str, surveyed: str) -> Any:  # noqa: ANN401 a cell of any type
        stated = self.recognition[field] if self.recognition is not None else None
        return self.survey[surveyed] if stated is None else stated

    @property
    def use(self) -> str:
        return str(self.recognised("recognised_use", "surveyed_use"))

    @property
    def origin(self) -> str | None:
        origin: str | None = self.recognised("recognised_origin", "residence_origin")
        return origin

    @property
    def grade(self) -> str | None:
        grade: str | None = self.recognised("recognised_grade", "material_grade")
        return grade

    @property
    def area(self) -> Decimal:
        if self.is_refused:
            return NOTHING
        surveyed: Decimal = self.survey["floor_area_m2"]
        if self.recognition is not None:
            recognised: Decimal = self.recognition["recognised_area_m2"]
            return recognised
        if self.use in APPRAISED_USES or self.register is None:
            return surveyed
        return min(surveyed, Decimal(self.register["registered_area_m2"]))

    @property
    def excess(self) -> Decimal:
        is_measured = self.recognition is None and self.register is not None
        return self.survey["floor_area_m2"] - self.area if is_measured else NOTHING

    @property
    def status(self) -> str:
        return str(self.agreement.get("signing_status") or "未签约")

    @property
    def is_signed(self) -> bool:
        return self.status == "已签约"

    @property
    def is_of_unclear_title(self) -> bool:
        return self.status in {"产权不明", "下落不明"}

    @property
    def is_exchanged(self) -> bool:
        return self.agreement.get("method") == "产权调换"

    @property
    def was_in_business(self) -> bool:
        """Whether the loss by stopping is compensated: 24 months, papers in order, no interruption."""
        months = self.survey["months_in_business"]
        return (
            self.use == "经营"
            and not self.is_refused
            and months is not None
            and months >= 24
            and self.survey["has_licence"] is True
            and self.survey["has_interruption_proof"] is not True
        )


def register_questions(building: Building, readings: Readings) -> set[str]:
    """What the recognition team is asked about a building on which it has not decided: clause 八."""
    if building.recognition is not None:
        return set()
    use, register = building.use, building.register
    if register is None:
        return set() if use in APPRAISED_USES else {"not in register"}
    questions = set()
    registered = register["registered_use"]
    if registered != use and {registered, use} & {"住宅", "经营"}:
        questions.add("use differs")
    if use == "住宅":
        is_row = building.origin == "林业局工区房" and readings["yard_of_workers_housing"] == "waived"
        if not register["has_own_yard"] and not is_row:
            questions.add("no yard")
        if not register["is_habitable"]:
            questions.add("not habitable")
    if use == "经营" and register["imagery_ref"] is None:
        questions.add("no imagery")
    return questions


def standard_rate(building: Building, rates: Rates, readings: Readings) -> Decimal | None:
    """What a square metre of a residence or a business building is worth; None where a fact is missing."""
    if building.use == "住宅":
        name = {"林业局工区房": "residence_workers", "自建": "residence_self_built"}.get(
            building.origin or ""
        )
        return rates[name] if name else None
    structure, has_title = building.survey["structure"], building.survey["has_title"]
    if structure is None or has_title is None:
        return None
    if has_title:
        return rates["business_titled_brick_concrete" if structure == "砖混" else "business_titled_other"]
    if structure == "砖木":
        literal = readings["untitled_brick_timber"] == "literal"
        return rates["business_untitled_brick_timber" if literal else "business_titled_other"]
    if structure == "砖混" and readings["untitled_brick_concrete"] == "5000":
        return rates["business_untitled_brick_timber"]
    name = {"一级": "business_untitled_first_grade", "二级": "business_untitled_second_grade"}.get(
        building.grade or ""
    )
    return rates[name] if name else None


def money_value(building: Building, rates: Rates, readings: Readings) -> Decimal | None:
    """What clause 五(一) gives for a residence or a business building; None where it can't be known yet."""
    rate = standard_rate(building, rates, readings)
    if rate is None:
        return None
    standard = building.area * rate
    if not building.agreement.get("disputes_price"):
        return standard
    if building.appraised is None:
        return None
    if building.appraised < standard and readings["appraisal_below_standard"] == "standard":
        return standard
    return building.appraised


def exchange_difference(
    building: Building, rates: Rates, readings: Readings
) -> tuple[Decimal | None, set[str]]:
    """The difference of an exchange (negative = the household pays), and what is open about it."""
    chosen: Decimal = building.agreement["resettlement_area_m2"]
    kind, estate = building.agreement["resettlement_kind"], building.agreement["resettlement_estate"]
    if building.use == "住宅":
        return _residence_difference(building, rates, readings, (chosen, kind, estate))
    questions = set()
    if kind != "商服":
        questions.add("kind does not fit")
    if estate not in SHOP_ESTATES_BY_AREA | SHOP_ESTATES_SINGLE_PRICE:
        return None, questions | {"estate does not fit"}
    within, beyond = min(chosen, building.area), max(chosen - building.area, NOTHING)
    single = estate in SHOP_ESTATES_SINGLE_PRICE
    price_within = rates["shop_single_price" if single else "shop_within_area"]
    price_beyond = rates["shop_single_price" if single else "shop_beyond_area"]
    old = money_value(building, rates, readings)
    if old is None:
        questions.add("value unknown")
    if readings["business_exchange"] == "area_swap":
        return -beyond * price_beyond, questions
    if old is None:
        return None, questions
    return old - within * price_within - beyond * price_beyond, questions


def _residence_difference(
    building: Building, rates: Rates, readings: Readings, flat: tuple[Decimal, str, str]
) -> tuple[Decimal | None, set[str]]:
    chosen, kind, estate = flat
    questions = set()
    if estate not in RESIDENCE_ESTATES:
        questions.add("estate does not fit")
    is_small = building.is_assisted and building.area < rates["assisted_area"]
    if is_small and chosen < rates["assisted_area"]:
        questions.add("flat below the least area")
    ratio = {"多层": rates["multi_storey"], "高层": rates["high_rise"]}.get(kind)
    if ratio is None:
        return None, questions | {"kind does not fit"}
    if readings["residence_exchange"] == "value_difference":
        rate = standard_rate(building, rates, readings)
        if rate is None:
            return None, questions | {"value unknown"}
        return building.area * rate - chosen * rates["flat_price"], questions
    entitled = building.area * ratio
    if is_small:
        entitled = max(entitled, rates["assisted_area"])
    difference = (entitled - chosen) * rates["flat_price"]
    if readings["smaller_flat"] == "no_refund":
        difference = min(difference, NOTHING)
    return difference, questions


def one_off_items(
    building: Building, rates: Rates, readings: Readings
) -> tuple[dict[str, Decimal], set[str]]:
    """The items of a building that are paid once, and its open questions, with every reading taken."""
    if building.is_refused:
        return {"not_compensated": NOTHING}, set()
    if building.use in APPRAISED_USES:
        items, questions = _appraised_items(building, rates)
    else:
        items, questions = _valued_items(building, rates, readings)
    if building.attachments is not None:
        items["attachments"] = building.attachments
    if building.is_one_of_several_assisted:
        questions.add("several assisted residences")
    return items, questions | register_questions(building, readings)


def _appraised_items(building: Building, rates: Rates) -> tuple[dict[str, Decimal], set[str]]:
    items: dict[str, Decimal] = {}
    questions: set[str] = {"appraisals differ"} if building.is_appraised_twice else set()
    if building.is_exchanged:
        questions.add("no exchange for this use")
    elif building.appraised is None:
        questions.add("not appraised")
    else:
        items["house_appraised"] = building.appraised
    buyback = building.agreement.get("buyback_area_m2")
    if buyback:
        items["buyback"] = -buyback * rates["flat_price"]
    return items, questions


def _valued_items(
    building: Building, rates: Rates, readings: Readings
) -> tuple[dict[str, Decimal], set[str]]:
    items, questions = _house_items(building, rates, readings)
    is_valued = not building.is_exchanged or building.use == "经营"
    months = building.survey["months_in_business"]
    is_interrupted = building.use == "经营" and (months is None or months < 24)
    if building.agreement.get("buyback_area_m2"):
        questions.add("no buyback for this use")
    if is_valued and building.agreement.get("disputes_price") and building.is_appraised_twice:
        questions.add("appraisals differ")
    if is_interrupted and not building.survey["has_interruption_proof"]:
        questions.add("interrupted")
    if building.was_in_business and (building.is_exchanged or readings["stoppage_with_money"] == "both"):
        items["business_stoppage"] = building.area * rates["stoppage"]
    return items, questions


def _house_items(building: Building, rates: Rates, readings: Readings) -> tuple[dict[str, Decimal], set[str]]:
    if building.is_exchanged:
        difference, questions = exchange_difference(building, rates, readings)
        return {} if difference is None else {"exchange_difference": difference}, questions
    value = money_value(building, rates, readings)
    if value is None:
        return {}, {"value unknown"}
    if building.use == "经营":
        return {"house_business": value}, set()
    items = {"house_residence": value}
    missing = rates["assisted_area"] * rates["flat_price"] - value
    if building.is_assisted and building.area < rates["assisted_area"] and missing > 0:
        items["housing_floor"] = missing
    return items, set()

"""The plan as SQL in DuckDB, in whole 分: line items as one long table, totals by household."""

from __future__ import annotations

from typing import Any

import duckdb
import polars as pl

from schemas.housing import Agreements, Appraisals, HouseholdSurvey, ImageryRegister
from tests.benchmarks.engines.outcome import Outcome, Records, in_order
from tests.benchmarks.town import AS_OF

CASES = f"""
WITH houses AS (
  SELECT building_id, arg_max(appraised_amount, appraised_on) AS appraised
  FROM appraisals WHERE subject = '房屋' GROUP BY building_id
), attached AS (
  SELECT building_id, sum(appraised_amount) AS attachments
  FROM appraisals WHERE subject = '附属物' GROUP BY building_id
), joined AS (
  SELECT s.household_id, s.building_id, s.surveyed_use AS use, s.residence_origin, s.structure,
    s.has_title, s.material_grade, s.housing_assistance, s.household_since,
    (s.surveyed_use = '经营' AND s.months_in_business >= 24 AND s.has_licence
      AND NOT coalesce(s.has_interruption_proof, false)) AS is_running,
    CAST(100 * CASE WHEN s.surveyed_use IN ('住宅', '经营')
      THEN least(s.floor_area_m2, r.registered_area_m2) ELSE s.floor_area_m2 END AS BIGINT) AS area,
    a.signing_status = '已签约' AS is_signed, coalesce(a.method, '货币补偿') = '产权调换' AS is_exchanged,
    coalesce(a.disputes_price, false) AS is_disputed, a.signed_on, a.vacated_on, a.deadline_on,
    a.handed_over_on, a.resettlement_kind, a.resettlement_estate,
    CAST(100 * a.resettlement_area_m2 AS BIGINT) AS flat, CAST(100 * a.buyback_area_m2 AS BIGINT) AS buyback,
    a.under_construction AND a.self_arranged AND a.vacated_on IS NOT NULL AS is_waiting,
    CAST(100 * h.appraised AS BIGINT) AS appraised, CAST(100 * t.attachments AS BIGINT) AS attachments
  FROM household_survey s
  LEFT JOIN imagery_register r USING (building_id)
  LEFT JOIN agreements a USING (building_id)
  LEFT JOIN houses h USING (building_id)
  LEFT JOIN attached t USING (building_id)
), valued AS (
  SELECT *,
    CASE WHEN use NOT IN ('住宅', '经营') OR is_disputed THEN appraised ELSE area * CASE
      WHEN use = '住宅' AND residence_origin = '林业局工区房' THEN 3000
      WHEN use = '住宅' THEN 2500
      WHEN has_title AND structure = '砖混' THEN 6000
      WHEN has_title THEN 4200
      WHEN structure = '砖木' THEN 5000
      WHEN material_grade = '一级' THEN 3500 ELSE 2000 END END AS house,
    housing_assistance AND use = '住宅' AND area < 5000 AS is_protected,
    bool_or(coalesce(household_since > DATE '2021-01-07', false))
      OVER (PARTITION BY household_id) AS is_frozen,
    year(vacated_on) * 12 + month(vacated_on) AS first_month,
    coalesce(year(handed_over_on) * 12 + month(handed_over_on),
      {AS_OF.year * 12 + AS_OF.month - 1}) AS last_month,
    coalesce(day(handed_over_on) <= 15, false) AS is_short,
    signed_on + INTERVAL 24 MONTH AS term_ends,
    coalesce(handed_over_on, DATE '{AS_OF}') AS until
  FROM joined
)
SELECT *, greatest(last_month - first_month + 1, 0) AS months_waited,
  CASE WHEN is_running AND is_exchanged AND until > term_ends
    THEN datesub('month', term_ends, until) END AS whole_overdue
FROM valued
"""
_RATE = "CASE WHEN use = '住宅' THEN 12 ELSE 30 END"
_FLOOR = "CASE WHEN is_frozen THEN 0 WHEN use = '住宅' THEN 60000 ELSE 150000 END"
_CODE = "CASE WHEN use = '住宅' THEN 'transition_residence' ELSE 'transition_business' END"
_SHORT_ORDINARY = "CASE WHEN is_short AND months_waited <= 24 THEN 1 ELSE 0 END"
_SHORT_OVERDUE = "CASE WHEN is_short AND months_waited > 24 THEN 1 ELSE 0 END"
LINES = f"""
SELECT household_id, building_id, 'house' AS item, 1 AS months, house AS cents, is_signed
  FROM cases WHERE NOT is_exchanged
UNION ALL SELECT household_id, building_id, 'attachments', 1, attachments, is_signed
  FROM cases WHERE attachments IS NOT NULL
UNION ALL SELECT household_id, building_id, 'housing_floor', 1, 15000000 - house, is_signed
  FROM cases WHERE NOT is_exchanged AND is_protected AND house < 15000000
UNION ALL SELECT household_id, building_id, 'buyback', 1, -buyback * 3000, is_signed
  FROM cases WHERE buyback > 0 AND use NOT IN ('住宅', '经营')
UNION ALL SELECT household_id, building_id, 'exchange_difference', 1, CASE
    WHEN use = '住宅' THEN (CASE
      WHEN is_protected THEN greatest(area * CASE resettlement_kind WHEN '多层' THEN 12 ELSE 13 END, 50000)
      ELSE area * CASE resettlement_kind WHEN '多层' THEN 12 ELSE 13 END END - flat * 10) * 300
    WHEN resettlement_estate = '天池商业区商服房' THEN house - flat * 6000
    ELSE house - least(flat, area) * 5500 - greatest(flat - area, 0) * 6500 END, is_signed
  FROM cases WHERE is_exchanged
UNION ALL SELECT household_id, building_id, 'business_stoppage', 1, area * 300, is_signed
  FROM cases WHERE is_running
UNION ALL SELECT household_id, building_id, 'business_stoppage_overdue', whole_overdue, area * 30, is_signed
  FROM cases WHERE whole_overdue > 0
UNION ALL SELECT household_id, building_id, 'business_stoppage_overdue', 1,
    CASE WHEN datediff('day', term_ends + to_months(whole_overdue::INT), until) <= 15
      THEN area * 15 ELSE area * 30 END, is_signed
  FROM cases WHERE whole_overdue IS NOT NULL AND handed_over_on IS NOT NULL
    AND term_ends + to_months(whole_overdue::INT) < until
UNION ALL SELECT household_id, building_id, {_CODE}, least(months_waited, 24) - {_SHORT_ORDINARY},
    greatest(area * {_RATE}, {_FLOOR}), is_signed
  FROM cases WHERE is_exchanged AND is_waiting AND least(months_waited, 24) > {_SHORT_ORDINARY}
UNION ALL SELECT household_id, building_id, {_CODE}, 1, greatest(area * {_RATE}, {_FLOOR}) // 2, is_signed
  FROM cases WHERE is_exchanged AND is_waiting AND {_SHORT_ORDINARY} = 1
UNION ALL SELECT household_id, building_id, {_CODE} || '_overdue', months_waited - 24 - {_SHORT_OVERDUE},
    greatest(2 * area * {_RATE}, {_FLOOR}), is_signed
  FROM cases WHERE is_exchanged AND is_waiting AND months_waited - 24 > {_SHORT_OVERDUE}
UNION ALL SELECT household_id, building_id, {_CODE} || '_overdue', 1,
    greatest(2 * area * {_RATE}, {_FLOOR}) // 2, is_signed
  FROM cases WHERE is_exchanged AND is_waiting AND {_SHORT_OVERDUE} = 1
UNION ALL SELECT household_id, NULL, 'signing_reward', 1, 2000000, true
  FROM households WHERE has_residence AND is_in_time AND NOT is_frozen
UNION ALL SELECT household_id, NULL, 'moving_residence', 1, residence_moves * 150000, is_signed
  FROM households WHERE has_residence AND NOT is_frozen
UNION ALL SELECT household_id, NULL, 'moving_business', 1, business_moves * 250000, is_signed
  FROM households WHERE has_business AND NOT is_frozen
"""
HOUSEHOLDS = """
SELECT household_id, bool_or(use = '住宅') AS has_residence, bool_or(use = '经营') AS has_business,
  bool_or(is_frozen) AS is_frozen, bool_or(is_signed) AS is_signed,
  bool_and(is_signed AND greatest(signed_on, vacated_on) <= deadline_on) AS is_in_time,
  CASE WHEN bool_or(use = '住宅' AND is_exchanged) THEN 2 ELSE 1 END AS residence_moves,
  CASE WHEN bool_or(use = '经营' AND is_exchanged) THEN 2 ELSE 1 END AS business_moves
FROM cases GROUP BY household_id
"""
TOTALS = """
SELECT household_id, CAST(coalesce(sum(months * cents) FILTER (is_signed), 0) AS BIGINT) AS owed,
  CAST(coalesce(sum(months * cents) FILTER (NOT is_signed), 0) AS BIGINT) AS estimated
FROM lines GROUP BY household_id
"""


class DuckdbSql:
    """A run of equal months is one line, as with `amounts`."""

    def prepare(self, records: Records) -> dict[str, Any]:
        sheets = (HouseholdSurvey, ImageryRegister, Agreements, Appraisals)
        return {sheet.table: records[sheet.table].to_arrow() for sheet in sheets}

    def compute(self, prepared: dict[str, Any]) -> tuple[pl.DataFrame, pl.DataFrame]:
        with duckdb.connect() as connection:
            for name, rows in prepared.items():
                connection.register(name, rows)
            connection.execute(f"CREATE TEMP TABLE cases AS {CASES}")
            connection.execute(f"CREATE TEMP TABLE households AS {HOUSEHOLDS}")
            connection.execute(f"CREATE TEMP TABLE lines AS {LINES}")
            return connection.sql("FROM lines").pl(), connection.sql(TOTALS).pl()

    def outcome(self, computed: tuple[pl.DataFrame, pl.DataFrame]) -> Outcome:
        lines, totals = computed
        return Outcome(lines.height, in_order(totals))

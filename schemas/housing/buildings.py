"""What is known of a building: register, survey, recognition, appraisal."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from schemas.columns import YUAN, Column, Kind
from schemas.housing.columns import (
    DISTRICTS,
    GRADES,
    ID_KINDS,
    ORIGINS,
    STRUCTURES,
    USES,
    area,
    building_number,
    household_number,
)
from schemas.sheet import Sheet, id_number_rule, required_when


class ImageryRegister(Sheet, title="影像登记", table="imagery_register", key=("building_id",)):
    """One row per building in the imagery register of May 2016."""

    building_id = building_number()
    district = Column(
        "区域", Kind.ENUM, "房屋所在的征收片区", required=True, choices=DISTRICTS, example="金江沟"
    )
    address = Column("坐落", Kind.TEXT, "房屋坐落", example="金江沟林场一号")
    registered_use = Column(
        "登记用途",
        Kind.ENUM,
        "影像资料登记的用途",
        required=True,
        choices=("住宅", "经营", "其他"),
        example="住宅",
    )
    registered_area_m2 = area("登记面积", "影像资料登记的建筑面积", required=True)
    has_own_yard = Column("独立院落", Kind.YES_NO, "是否独立院落", required=True, example="是")
    is_habitable = Column("能正常居住", Kind.YES_NO, "是否能正常居住", required=True, example="是")
    imagery_ref = Column(
        "影像编号", Kind.TEXT, "影像资料编号；空白表示有登记而无影像", example="YX-2016-0001"
    )


class HouseholdSurvey(Sheet, title="入户调查", table="household_survey", key=("building_id",)):
    """One row per building as surveyed; a household may have several."""

    household_id = household_number()
    building_id = building_number()
    owner_name = Column(
        "被征收人",
        Kind.NAME,
        "被征收人姓名或单位名称，同一户各行相同",
        required=True,
        fills_merged=True,
        example="示例甲",
    )
    id_kind = Column(
        "证件类型",
        Kind.ENUM,
        "证件号码的种类",
        required=True,
        choices=ID_KINDS,
        fills_merged=True,
        example="居民身份证",
    )
    id_number = Column(
        "证件号码",
        Kind.ID_NUMBER,
        "18 位证件号码，同一户各行相同；必须以文本录入",
        required=True,
        fills_merged=True,
        example="110101190001010006",
    )
    phone = Column("联系电话", Kind.TEXT, "联系电话", fills_merged=True)
    household_since = Column(
        "立户日期", Kind.DATE, "户口本上立户的日期", fills_merged=True, example="2001-05-12"
    )
    surveyed_use = Column(
        "房屋用途", Kind.ENUM, "调查时的实际用途", required=True, choices=USES, example="住宅"
    )
    residence_origin = Column(
        "住宅来源", Kind.ENUM, "住宅的来源；用途为住宅时必填", choices=ORIGINS, example="自建"
    )
    structure = Column("结构", Kind.ENUM, "房屋结构；用途为经营时必填", choices=STRUCTURES, example="砖混")
    floor_area_m2 = area("建筑面积", "调查测得的建筑面积", required=True)
    has_title = Column(
        "不动产登记证",
        Kind.HAS_NOT,
        "能否提供不动产登记证，旧的房屋所有权证也算有；用途为经营时必填",
        synonyms=(("房屋所有权证", "有"),),
        example="有",
    )
    title_number = Column("不动产登记证号", Kind.TEXT, "不动产登记证或房屋所有权证的证号")
    material_grade = Column("构筑物材质等级", Kind.ENUM, "无证的其他结构经营房屋的材质等级", choices=GRADES)
    months_in_business = Column(
        "连续经营月数", Kind.INTEGER, "连续从事生产经营的月数", unit="个月", minimum=Decimal(0)
    )
    has_licence = Column("合法经营手续", Kind.HAS_NOT, "能否提供合法经营手续")
    has_interruption_proof = Column("中断经营证明", Kind.HAS_NOT, "中断经营的，能否提供合法证明")
    housing_assistance = Column(
        "住房保障对象",
        Kind.YES_NO,
        "被征收人是否符合住房保障条件",
        required=True,
        fills_merged=True,
        example="否",
    )
    account_name = Column("开户名", Kind.NAME, "收款账户的户名", fills_merged=True, example="示例甲")
    bank_name = Column(
        "开户银行", Kind.NAME, "开户银行及网点", fills_merged=True, example="示例银行阿尔山支行"
    )
    bank_account = Column(
        "银行账号",
        Kind.ACCOUNT,
        "8 至 30 位数字；必须以文本录入",
        fills_merged=True,
        example="6200000000000000000",
    )
    surveyed_on = Column("调查日期", Kind.DATE, "入户调查的日期", required=True, example="2021-02-20")

    rules = (
        required_when(
            "residence_origin", "住宅来源", lambda: pl.col("surveyed_use") == "住宅", "房屋用途为住宅"
        ),
        required_when("structure", "结构", lambda: pl.col("surveyed_use") == "经营", "房屋用途为经营"),
        required_when(
            "has_title", "不动产登记证", lambda: pl.col("surveyed_use") == "经营", "房屋用途为经营"
        ),
        id_number_rule("id_kind", "id_number"),
    )


HOUSEHOLD_FACTS = (
    "owner_name",
    "id_kind",
    "id_number",
    "household_since",
    "housing_assistance",
    "account_name",
    "bank_name",
    "bank_account",
)
"""The survey's fields that belong to the household and must agree over its rows where they are given."""


class Recognitions(Sheet, title="房屋认定", table="recognitions", key=("building_id",)):
    """One row per building on which the recognition team has decided; it goes before register and survey."""

    building_id = building_number()
    outcome = Column(
        "认定结论",
        Kind.ENUM,
        "认定工作组的结论",
        required=True,
        choices=("予以补偿", "不予补偿"),
        example="予以补偿",
    )
    recognised_use = Column("认定用途", Kind.ENUM, "认定的用途；予以补偿时必填", choices=USES, example="住宅")
    recognised_area_m2 = area("认定面积", "认定的补偿面积；予以补偿时必填", required=False)
    recognised_origin = Column("认定住宅来源", Kind.ENUM, "认定的住宅来源", choices=ORIGINS, example="自建")
    recognised_grade = Column("认定材质等级", Kind.ENUM, "认定的构筑物材质等级", choices=GRADES)
    minute_number = Column(
        "认定文号", Kind.TEXT, "认定会议纪要的文号", required=True, example="认定纪要〔2021〕1号"
    )
    recognised_on = Column("认定日期", Kind.DATE, "认定的日期", required=True, example="2021-03-10")

    rules = (
        required_when(
            "recognised_use", "认定用途", lambda: pl.col("outcome") == "予以补偿", "认定结论为予以补偿"
        ),
        required_when(
            "recognised_area_m2", "认定面积", lambda: pl.col("outcome") == "予以补偿", "认定结论为予以补偿"
        ),
    )


class Appraisals(
    Sheet, title="评估结果", table="appraisals", key=("report_number", "building_id", "subject")
):
    """One row per report, building and subject appraised."""

    report_number = Column(
        "评估报告号", Kind.IDENTIFIER, "评估报告的编号", required=True, example="EXAMPLE-PG1"
    )
    building_id = building_number()
    subject = Column(
        "评估对象",
        Kind.ENUM,
        "评估的是房屋还是附属物；房屋以日期最新的报告为准，附属物各报告相加",
        required=True,
        choices=("房屋", "附属物"),
        example="附属物",
    )
    appraised_amount = Column(
        "评估金额",
        Kind.DECIMAL,
        "评估金额",
        required=True,
        unit=YUAN,
        minimum=Decimal(0),
        example="12000.00",
    )
    appraiser = Column("评估机构", Kind.TEXT, "出具报告的机构", required=True, example="示例评估机构")
    appraised_on = Column("评估日期", Kind.DATE, "报告日期", required=True, example="2021-03-01")

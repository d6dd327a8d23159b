"""The housing sheets: register, survey, recognition, appraisal, agreement, decisions, payees, receipts."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from schemas.columns import PERCENT, SQUARE_METRES, YUAN, Column, Kind
from schemas.sheet import Rule, Sheet, id_number_rule, required_when

BUILDING_ID_PATTERN = r"^[A-Za-z0-9-]{1,32}$"
LARGEST_AREA_M2 = Decimal(100_000)
DISTRICTS = ("金江沟", "天池")
USES = ("住宅", "经营", "厂房", "仓库", "圈舍", "其他")
APPRAISED_USES = ("厂房", "仓库", "圈舍", "其他")
ORIGINS = ("林业局工区房", "自建")
STRUCTURES = ("砖混", "砖木", "其他")
GRADES = ("一级", "二级")
ID_KINDS = ("居民身份证", "统一社会信用代码")
SIGNING_STATUSES = ("已签约", "未签约", "产权不明", "下落不明")
METHODS = ("货币补偿", "产权调换")
ESTATES = (
    "圣泉小区",
    "闻泉小区",
    "天池花园小区",
    "伊林小区",
    "育才小区",
    "天池住宅小区",
    "天池花园商服房",
    "十二路商服房",
    "步行街商服房",
    "天池商业区商服房",
)
RESETTLEMENT_KINDS = ("多层", "高层", "商服")
DECISION_SUBJECTS = ("搬迁补偿", "补偿决定", "其他")
PAYEE_ROLES = ("本人", "共有人", "承租人", "监护人", "代理人", "提存机构")


def _building_id(description: str = "房屋的唯一编号，各表用它对应同一处房屋") -> Column:
    return Column(
        "房屋编号",
        Kind.IDENTIFIER,
        description,
        required=True,
        pattern=BUILDING_ID_PATTERN,
        pattern_hint="只能用字母、数字和“-”，1 至 32 位",
        example="JJG-0001",
    )


def _household_id() -> Column:
    return Column(
        "户编号",
        Kind.IDENTIFIER,
        "户的唯一编号；一户可以有几处房屋",
        required=True,
        pattern=BUILDING_ID_PATTERN,
        pattern_hint="只能用字母、数字和“-”，1 至 32 位",
        fills_merged=True,
        example="H-0001",
    )


def _area(header: str, description: str, *, required: bool, example: str = "86.50") -> Column:
    return Column(
        header,
        Kind.DECIMAL,
        description,
        required=required,
        unit=SQUARE_METRES,
        minimum=Decimal(0),
        above_minimum=True,
        maximum=LARGEST_AREA_M2,
        example=example,
    )


class ImageryRegister(Sheet, title="影像登记", table="imagery_register", key=("building_id",)):
    """One row per building in the imagery register of May 2016."""

    building_id = _building_id()
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
    registered_area_m2 = _area("登记面积", "影像资料登记的建筑面积", required=True)
    has_own_yard = Column("独立院落", Kind.YES_NO, "是否独立院落", required=True, example="是")
    is_habitable = Column("能正常居住", Kind.YES_NO, "是否能正常居住", required=True, example="是")
    imagery_ref = Column(
        "影像编号", Kind.TEXT, "影像资料编号；空白表示有登记而无影像", example="YX-2016-0001"
    )


class HouseholdSurvey(Sheet, title="入户调查", table="household_survey", key=("building_id",)):
    """One row per building as surveyed; a household may have several."""

    household_id = _household_id()
    building_id = _building_id()
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
    floor_area_m2 = _area("建筑面积", "调查测得的建筑面积", required=True)
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

    building_id = _building_id()
    outcome = Column(
        "认定结论",
        Kind.ENUM,
        "认定工作组的结论",
        required=True,
        choices=("予以补偿", "不予补偿"),
        example="予以补偿",
    )
    recognised_use = Column("认定用途", Kind.ENUM, "认定的用途；予以补偿时必填", choices=USES, example="住宅")
    recognised_area_m2 = _area("认定面积", "认定的补偿面积；予以补偿时必填", required=False)
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
        "评估报告号", Kind.IDENTIFIER, "评估报告的编号", required=True, example="PG-2021-001"
    )
    building_id = _building_id()
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


class Agreements(Sheet, title="补偿协议", table="agreements", key=("building_id",)):
    """One row per building: where its compensation agreement stands and what was agreed."""

    agreement_number = Column("协议编号", Kind.TEXT, "协议编号；已签约时必填", example="XY-2021-001")
    building_id = _building_id()
    signing_status = Column(
        "签约状态",
        Kind.ENUM,
        "签约进展",
        required=True,
        choices=SIGNING_STATUSES,
        example="已签约",
    )
    method = Column("补偿方式", Kind.ENUM, "补偿方式；已签约时必填", choices=METHODS, example="货币补偿")
    disputes_price = Column("价格异议", Kind.YES_NO, "对补偿价格有无异议；空白按否", example="否")
    notified_on = Column("通知送达日期", Kind.DATE, "收到征收通知的日期", example="2021-03-01")
    deadline_on = Column(
        "签约截止日期",
        Kind.DATE,
        "通知规定的签约期限；已签约时必填",
        may_be_future=True,
        example="2021-04-30",
    )
    signed_on = Column("签订日期", Kind.DATE, "协议签订日期；已签约时必填", example="2021-04-10")
    vacated_on = Column("搬迁日期", Kind.DATE, "腾空房屋的日期；空白表示尚未搬迁", example="2021-04-25")
    resettlement_estate = Column("安置小区", Kind.ENUM, "回迁小区；产权调换时必填", choices=ESTATES)
    resettlement_kind = Column(
        "安置房类型", Kind.ENUM, "安置房的类型；产权调换时必填", choices=RESETTLEMENT_KINDS
    )
    resettlement_area_m2 = _area("安置面积", "安置房面积；产权调换时必填", required=False, example="")
    buyback_area_m2 = Column(
        "回购面积",
        Kind.DECIMAL,
        "回购安置房的面积；只用于厂房、仓库、圈舍和其他",
        unit=SQUARE_METRES,
        minimum=Decimal(0),
        maximum=LARGEST_AREA_M2,
    )
    under_construction = Column("安置房在建", Kind.YES_NO, "安置房是否在建；产权调换时必填")
    self_arranged = Column("自行过渡", Kind.YES_NO, "是否自行解决过渡用房；产权调换时必填")
    handed_over_on = Column("交房日期", Kind.DATE, "安置房交付日期；空白表示尚未交房")
    agreed_amount = Column(
        "协议金额",
        Kind.DECIMAL,
        "协议写明的该房屋一次性各项合计，负数表示由被征收人支付；空白不比对",
        unit=YUAN,
    )

    rules = (
        *(
            required_when(name, header, lambda: pl.col("signing_status") == "已签约", "签约状态为已签约")
            for name, header in (
                ("agreement_number", "协议编号"),
                ("method", "补偿方式"),
                ("deadline_on", "签约截止日期"),
                ("signed_on", "签订日期"),
            )
        ),
        *(
            required_when(name, header, lambda: pl.col("method") == "产权调换", "补偿方式为产权调换")
            for name, header in (
                ("resettlement_estate", "安置小区"),
                ("resettlement_kind", "安置房类型"),
                ("resettlement_area_m2", "安置面积"),
                ("under_construction", "安置房在建"),
                ("self_arranged", "自行过渡"),
            )
        ),
        Rule(
            "not_before_notice",
            "deadline_on",
            "签约截止日期「{value}」早于通知送达日期，请核对两个日期。",
            lambda: pl.col("deadline_on") >= pl.col("notified_on"),
        ),
        Rule(
            "not_before_signing",
            "handed_over_on",
            "交房日期「{value}」早于签订日期，请核对两个日期。",
            lambda: pl.col("handed_over_on") >= pl.col("signed_on"),
        ),
    )


class SpecialDecisions(Sheet, title="一事一议", table="special_decisions", key=("decision_number",)):
    """One row per decision taken case by case."""

    decision_number = Column(
        "决定文号", Kind.IDENTIFIER, "决定的文号", required=True, example="阿政决〔2021〕1号"
    )
    household_id = _household_id()
    building_id = Column(
        "房屋编号",
        Kind.IDENTIFIER,
        "决定针对某一处房屋时填写",
        pattern=BUILDING_ID_PATTERN,
        pattern_hint="只能用字母、数字和“-”，1 至 32 位",
    )
    subject = Column(
        "事项", Kind.ENUM, "决定的事项", required=True, choices=DECISION_SUBJECTS, example="搬迁补偿"
    )
    decided_amount = Column(
        "金额",
        Kind.DECIMAL,
        "决定的金额",
        required=True,
        unit=YUAN,
        minimum=Decimal(0),
        example="8000.00",
    )
    approved_on = Column("批准日期", Kind.DATE, "批准的日期", required=True, example="2021-05-10")


class Payees(Sheet, title="收款人", table="payees", key=("household_id", "payee_id_number")):
    """One row per payee of a household that is not simply paid to its surveyed owner."""

    household_id = _household_id()
    payee_name = Column("收款人", Kind.NAME, "收款人姓名或单位名称", required=True, example="示例乙")
    payee_id_kind = Column(
        "收款人证件类型",
        Kind.ENUM,
        "收款人证件号码的种类",
        required=True,
        choices=ID_KINDS,
        example="居民身份证",
    )
    payee_id_number = Column(
        "收款人证件号码",
        Kind.ID_NUMBER,
        "18 位证件号码；必须以文本录入",
        required=True,
        example="110101190001010022",
    )
    payee_role = Column(
        "收款人类型",
        Kind.ENUM,
        "收款人与房屋的关系",
        required=True,
        choices=PAYEE_ROLES,
        example="共有人",
    )
    share = Column(
        "份额",
        Kind.DECIMAL,
        "所占份额；同一户各收款人合计应为 100",
        required=True,
        unit=PERCENT,
        minimum=Decimal(0),
        above_minimum=True,
        maximum=Decimal(100),
        example="50",
    )
    is_frozen = Column("冻结", Kind.YES_NO, "份额被查封、抵押或有争议的填是；空白按否")
    account_name = Column("开户名", Kind.NAME, "收款账户的户名", required=True, example="示例乙")
    bank_name = Column("开户银行", Kind.NAME, "开户银行及网点", required=True, example="示例银行阿尔山支行")
    bank_account = Column(
        "银行账号",
        Kind.ACCOUNT,
        "8 至 30 位数字；必须以文本录入",
        required=True,
        example="6200000000000000018",
    )

    rules = (id_number_rule("payee_id_kind", "payee_id_number"),)


class PaymentReceipts(Sheet, title="支付回执", table="payment_receipts", key=("batch_id", "line_number")):
    """One row per line of a payout list, as the finance bureau reports it back."""

    batch_id = Column("批次号", Kind.IDENTIFIER, "付款清单的批次号", required=True, example="HC-0001")
    line_number = Column(
        "序号", Kind.INTEGER, "付款清单中的序号", required=True, minimum=Decimal(1), example="1"
    )
    result = Column(
        "支付结果", Kind.ENUM, "支付的结果", required=True, choices=("成功", "失败"), example="成功"
    )
    paid_on = Column("支付日期", Kind.DATE, "支付或退回的日期", required=True, example="2021-06-20")
    failure_reason = Column("失败原因", Kind.TEXT, "失败的原因；失败时必填")

    rules = (
        required_when("failure_reason", "失败原因", lambda: pl.col("result") == "失败", "支付结果为失败"),
    )


HOUSING_SHEETS: tuple[type[Sheet], ...] = (
    ImageryRegister,
    HouseholdSurvey,
    Recognitions,
    Appraisals,
    Agreements,
    SpecialDecisions,
    Payees,
    PaymentReceipts,
)

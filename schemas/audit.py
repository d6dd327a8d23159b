"""The tables of what was run, what came in and what was found in it."""

from __future__ import annotations

from schemas.sheet import ERROR, WARNING
from schemas.table import Table, count, day, moment, text

PROGRAM_FAULT = "internal"
"""The rule of the finding on an upload that a fault of the program kept out."""
UPLOAD_STATUSES = ("accepted", "partly_accepted", "refused")


class Runs(Table, schema_name="audit", table="runs", key=("run_id",)):
    """One row per night that was published."""

    run_id = text("运行编号", "业务日期与当日序号", required=True)
    as_of = day("业务日期", "计算所依据的日期", required=True)
    started_at = moment("开始时间", "北京时间", required=True)
    finished_at = moment("结束时间", "北京时间", required=True)
    status = text("状态", "succeeded = 通过全部核对并发布", required=True, choices=("succeeded",))
    policy_digest = text("政策摘要", "全部政策文件的 SHA-256", required=True)
    program_version = text("程序版本", "计算所用的程序版本", required=True)
    uploads_new = count("新上传文件数", "本次新收到的文件数")
    rows_accepted = count("接收行数", "本次接收的行数")
    rows_rejected = count("退回行数", "本次退回的行数")


class Uploads(Table, schema_name="audit", table="uploads", key=("upload_id",)):
    """One row per file received; the same content is one upload however often it is sent."""

    upload_id = text("上传编号", "文件内容的 SHA-256", required=True)
    sequence = count("接收顺序", "全部上传的先后顺序，从 1 起")
    file_name = text("文件名", "上传时的文件名", required=True)
    received_at = moment("收到时间", "文件的修改时间，北京时间", required=True)
    run_id = text("运行编号", "接收它的那次运行", required=True)
    status = text(
        "状态",
        "accepted = 接收，partly_accepted = 部分接收，refused = 拒收",
        required=True,
        choices=UPLOAD_STATUSES,
    )
    message = text("说明", "拒收的原因，或各表情况")
    rows_read = count("读取行数", "已知工作表表头以下的非空行")
    rows_accepted = count("接收行数", "入库的行，作废行也算")
    rows_rejected = count("退回行数", "有错误的行")
    rows_skipped = count("略过行数", "合计、重复表头、制表审核行")


class Findings(Table, schema_name="audit", table="findings", key=()):
    """One row per thing found in an upload."""

    upload_id = text("上传编号", "文件内容的 SHA-256", required=True)
    file_name = text("文件名", "上传时的文件名", required=True)
    sheet = text("工作表", "工作表名；整个文件的问题为空")
    row_number = count("行号", "Excel 中显示的行号；整张表的问题为空", required=False)
    column_letter = text("列", "Excel 中显示的列标；整行的问题为空")
    header = text("表头", "列的标准表头")
    field = text("字段", "列的英文字段名")
    value = text("值", "单元格中的值")
    rule = text("规则", "规则的代码", required=True)
    severity = text("级别", "error = 退回，warning = 提醒", required=True, choices=(ERROR, WARNING))
    message = text("说明", "问题及改法", required=True)


class RejectedRows(Table, schema_name="audit", table="rejected_rows", key=()):
    """One row per row of an upload that was rejected, with the key that it would have had."""

    upload_id = text("上传编号", "文件内容的 SHA-256", required=True)
    sheet_table = text("表", "工作表在仓库中的表名", required=True)
    sheet = text("工作表", "工作表名", required=True)
    row_number = count("行号", "Excel 中显示的行号")
    leading_key = text("首要编号", "主键第一个字段的值，如户编号；读不出的为空")


AUDIT_TABLES: tuple[type[Table], ...] = (Runs, Uploads, Findings, RejectedRows)

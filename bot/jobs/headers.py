"""Which column of a spreadsheet holds what: the words that HR people, job sites and the bureau's forms put above it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.sheets.headed import SEARCHED, plain_header
from bot.sheets.rows import Row, SheetError, column_name, text_of

_POST = "(?:岗位|职位|招聘岗位|招聘职位|需求岗位|用工岗位|用人岗位|招聘工种|工种|岗位职位|岗位工种)"
_FIRM = "(?:公司|单位|企业|用人单位|招聘单位|招聘企业|招聘公司|用工单位|用人企业|用工企业|雇主|见习单位|见习基地|实习单位|机构)"
_NAMES: dict[str, str] = {
    "title": rf"{_POST}(?:名称|名|全称)?|{_POST}(?:/{_POST})?(?:名称)?|职务(?:名称)?|job(?:title)?|position|title",
    "company": rf"{_FIRM}(?:全称|名称|名|/{_FIRM}名称)?|{_FIRM}名称.*全称|company(?:name)?",
    "trade": rf"(?:{_FIRM}|从事|公司)?(?:所属|所在)?(?:行业|产业)(?:类别|类型|名称|分类)?|行业领域",
    "industry": "行业门类|行业代码|行业门类代码|国民经济行业门类",
    "size": rf"(?:{_FIRM})?(?:人员)?规模|{_FIRM}人数|员工人数|职工人数|员工规模",
    "company_district": rf"{_FIRM}(?:所在|所属|注册)(?:区县|县区|县区|地区)",
    "alliance_member": "联盟成员(?:单位)?|是否联盟成员(?:单位)?",
    "district": r"(?:工作|所在|所属|岗位|用工)?(?:区县|县区|县\(区\)|县\(市区\)|县市区|市县区|行政区划?|区域|地区)|(?:工作|所在)(?:城市|市区)|区/县|县/区|城市",
    "address": rf"(?:详细|具体)?(?:工作|上班|公司|单位|企业|岗位|用工|办公)?(?:详细|具体)?(?:地点|地址|区域位置|所在地)|{_FIRM}地址|work(?:place)?|location|address",
    "pay_min": r"(?:最低|起始|月薪下限|薪资下限|工资下限|薪酬下限|下限)(?:月)?(?:薪资|工资|薪酬|月薪|待遇|薪金)?|(?:月薪|薪资|薪酬|工资|薪资待遇|薪资范围|工资待遇|薪酬待遇|待遇)-?(?:最低|下限|起|最低值|min)|minpay|salarymin",
    "pay_max": r"(?:最高|月薪上限|薪资上限|工资上限|薪酬上限|上限)(?:月)?(?:薪资|工资|薪酬|月薪|待遇|薪金)?|(?:月薪|薪资|薪酬|工资|薪资待遇|薪资范围|工资待遇|薪酬待遇|待遇)-?(?:最高|上限|止|最高值|max)|maxpay|salarymax",
    "pay_months": "薪资月数|年发薪月数|发薪月数|薪数|年薪月数|几薪",
    "pay_note": "薪资说明|薪酬说明|工资说明|薪资备注|待遇说明|薪酬备注|薪资结构|薪酬结构",
    "pay": rf"(?:{_POST}|预计|综合|税前|岗位|平均|参考|拟定|提供)*(?:月|年|日|时)?(?:薪资|工资|薪酬|薪水|薪金|月薪|年薪|日薪|时薪|月收入|年收入|薪)(?:福利)?(?:待遇|范围|水平|标准|区间|参考|情况|条件)?|待遇(?:薪资|工资)?|月待遇|(?:薪资|工资)/(?:月|年|日)|salary|pay",
    "education": "(?:最低|最低学历|岗位)?学历(?:要求|层次|条件|学位)?|文化程度(?:要求)?|学历/学位|学历学位(?:要求)?|教育程度|education|degree",
    "majors": "(?:所学|需求|对口|招聘)?专业(?:要求|类别|方向|名称|及方向|需求|限制)?|所需专业|学科专业|major",
    "experience": "(?:工作|从业|相关)?(?:经验|年限|经历)(?:要求|年限)?|工作年限(?:要求)?|经验年限|工作经验(?:年)?|experience",
    "headcount": "(?:计划|拟|需求|招聘|招收|招用|岗位|用工|空缺|见习|实习|缺工|招聘需求)*(?:人数|数量|名额)(?:合计)?|招聘数|需求数|招聘计划|招几人|headcount",
    "duties": f"(?:主要|{_POST}|工作|职责)?(?:职责|内容|描述|简介|工作内容|职责描述|工作职责|岗位职责|介绍)(?:描述)?|主要职责|{_POST}(?:职责|描述|说明|内容)|职位信息|岗位信息|jd|description|duties",
    "requirements": f"(?:任职|应聘|招聘|{_POST}|职位|录用|其他|具体|资格|其它|能力|技能|条件)(?:要求|条件|资格|要求描述|资格条件)+|要求|岗位条件|其他条件|requirements?",
    "benefits": f"(?:{_POST}|公司|企业|单位|员工|其他)?福利(?:待遇|保障|情况|标签)?|福利亮点|职位亮点|岗位亮点|职位标签|职位诱惑|保险福利|福利及补贴|benefits",
    "contact": rf"(?:招聘|单位|企业|公司|{_FIRM})?(?:联系人|负责人|对接人)(?:姓名)?|联系人(?:及|和|、|/)?(?:联系)?(?:电话|方式|手机)|联系方式|招聘联系人|hr|contact",
    "phone": r"(?:招聘|单位|企业|咨询|报名)?(?:联系)?(?:电话|手机|手机号|手机号码|电话号码|座机)|联系人?(?:电话|手机号?码?)|联系电话/手机|tel|phone",
    "email": "(?:联系|简历投递|投递|招聘|电子|简历接收|接收简历)?(?:邮箱|邮件|电子邮箱|email|e-mail)(?:地址)?",
    "apply_how": "(?:应聘|投递|报名|申请|简历投递)(?:方式|途径|链接|网址|渠道|地址)|投递简历|如何应聘|链接|网址|url",
    "closes_on": "(?:招聘|报名|发布|岗位|信息|职位|有效)?(?:截止|截至|结束|到期|失效)(?:日期|时间|日|至)?|(?:招聘|信息|岗位|职位|发布)?有效(?:期|期至|期限|时间|日期|至|截止日期?)|(?:招聘|报名)(?:期限|时间|日期|起止时间|起止日期|有效期)|招聘时限|deadline",
    "job_type": f"(?:工作|{_POST}|用工|招聘|职位|就业)(?:性质|类型|形式|方式)|用工类别|性质|用工形式|全职/?兼职",
    "source": "(?:信息|数据|岗位|职位|招聘)?(?:来源|渠道|来源平台|来源网站|出处)|发布平台",
    "status": "状态|招聘状态|岗位状态|职位状态",
    "sample": "示例|是否示例",
}  # fmt: skip
_IGNORED = re.compile("序号|行号|原因|编号|no|id|备注|说明|序|职位编号|岗位编号|首次收录|最近核对")
_PATTERNS = {name: re.compile(pattern) for name, pattern in _NAMES.items()}

REQUIRED = {"title": "岗位名称", "company": "公司名称"}


class MissingColumns(SheetError):
    """No sheet has the columns without which nothing is a posting. Its text is one Chinese sentence."""


@dataclass(frozen=True)
class Header:
    """Where the header is and which field stands in which column (from 0)."""

    row: int
    columns: dict[str, int]
    words: tuple[str, ...]
    unknown: tuple[str, ...] = ()
    pay_words: tuple[str, str] = field(default=("", ""))
    """What the pay column's header says before and after each bare figure: 年薪 … 万."""

    @property
    def missing(self) -> list[str]:
        """The Chinese names of required columns that are not there."""
        return [name for key, name in REQUIRED.items() if key not in self.columns]


def field_of(text: str) -> str | None:
    """The field that a header's words name."""
    plain = plain_header(text)
    if not plain or len(plain) > 20:
        return None
    return next((name for name, pattern in _PATTERNS.items() if pattern.fullmatch(plain)), None)


def find_header(rows: Sequence[Row]) -> Header | None:
    """The header among the first rows: the row that names most fields; of a header in two rows the lower one."""
    best: tuple[int, Header] | None = None
    above: Row | None = None
    for row in rows[:SEARCHED]:
        header = _header(row, above)
        worth = len(header.columns) + 3 * (2 - len(header.missing))
        lower_half = best is not None and best[1].row == row.number - 1 and worth >= best[0]
        if len(header.columns) >= 2 and (best is None or worth > best[0] or lower_half):
            best = worth, header
        above = row
    return best[1] if best else None


def _header(row: Row, above: Row | None) -> Header:
    columns: dict[str, int] = {}
    words, unknown = [], []
    before, after = "", ""
    for column, cell in enumerate(row.cells):
        text = text_of(cell)
        words.append(text)
        over = text_of(above.cells[column]) if above and column < len(above.cells) else ""
        name = field_of(text)
        if over and over != text and field_of(over + text) in ("pay_min", "pay_max"):
            name = field_of(over + text)  # 薪资 over 最低 | 最高
        if name == "pay" and name not in columns:
            before, after = _pay_words(text)
        if name is None or name in columns:
            if text and not _IGNORED.fullmatch(plain_header(text)):
                unknown.append(f"{column_name(column)}列“{text[:20]}”")
            continue
        columns[name] = column
    return Header(row.number, columns, tuple(words), tuple(unknown), (before, after))


def _pay_words(text: str) -> tuple[str, str]:
    text = unicodedata.normalize("NFKC", text).lower()
    before = next((word for word in ("年薪", "日薪", "时薪") if word in text), "")
    if not before:
        pairs = (("年收入", "年薪"), ("/年", "年薪"), ("/天", "日薪"), ("/日", "日薪"), ("/小时", "时薪"))
        before = next((word for sign, word in pairs if sign in text), "")
    after = "万" if "万" in text else "k" if re.search("千元|k", text) else ""
    return before, after


def missing_sentence(name: str, best: Header | None) -> str:
    """What to say where no sheet of the file has a header with all that is required."""
    if best is None:
        return f"“{name}”里没有找到表头，请在前 {SEARCHED} 行内写一行列名，至少要有“岗位名称”和“公司名称”。"
    lacking = "和".join(f"“{column}”" for column in best.missing)
    return f"“{name}”第 {best.row} 行的表头里没有{lacking}这一列，请补上列名再导入。"

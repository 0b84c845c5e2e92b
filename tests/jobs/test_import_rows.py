"""Headers found and rows read, before any database."""

from datetime import date

import pytest
from import_files import ACCOUNTANT, HEADER, but

from bot.jobs.cells import RowReader
from bot.jobs.headers import find_header, missing_sentence
from bot.jobs.values import district_of, education_of, headcount_of, majors_of, split_list, years_of_experience
from bot.sheets.rows import Row

TODAY = date(2026, 11, 24)


def rows(*lines):
    return [Row(i, tuple(line)) for i, line in enumerate(lines, start=1)]


def read(line, header=HEADER):
    found = find_header(rows(header))
    assert found is not None
    return RowReader(found, today=TODAY, source="来源").read(Row(7, tuple(line)))


def columns(header):
    found = find_header(rows(header))
    return sorted(found.columns, key=found.columns.get) if found else None


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        (["职位名称", "公司名称", "薪资", "学历", "工作经验", "工作地点"], "title company pay education experience address"),
        (["岗位名称*", "企业名称（全称）", "月薪(元)", "学历要求：", "需求人数"], "title company pay education headcount"),
        (["用人单位", "招聘岗位", "最低薪资", "最高薪资", "所在区县"], "company title pay_min pay_max district"),
        (["单位名称", "工种", "工资 待遇", "有效期至", "工作性质"], "company title pay closes_on job_type"),
        (["职位", "公司", "公司规模", "公司行业", "职位描述", "任职\n要求"], "title company size trade duties requirements"),
        (["企业名称", "岗位", "年薪", "福利待遇", "联系人", "联系电话", "信息来源"], "company title pay benefits contact phone source"),
    ],
)  # fmt: skip
def test_headers_are_known_by_the_words_of_sites_and_forms(header, fields):
    assert columns(header) == fields.split()


def test_the_header_is_found_below_titles_notes_and_blank_rows():
    found = find_header(
        rows(["2026年招聘岗位信息表"] * 3, [], ["填表说明：带*必填"], ["岗位名称", "公司名称", "备注"], ["会计", "甲"])
    )

    assert found is not None
    assert (found.row, found.columns) == (4, {"title": 0, "company": 1})


def test_of_a_header_in_two_rows_the_lower_one_counts():
    found = find_header(rows(["公司名称", "岗位名称", "薪资", "薪资"], ["公司名称", "岗位名称", "最低", "最高"]))

    assert found is not None
    assert found.row == 2
    assert found.columns == {"company": 0, "title": 1, "pay_min": 2, "pay_max": 3}


def test_columns_not_known_are_named_and_numbering_is_not():
    found = find_header(rows(["序号", "公司名称", "岗位名称", "统一社会信用代码"]))

    assert found is not None
    assert found.unknown == ("D列“统一社会信用代码”",)


def test_a_missing_column_is_named_in_a_sentence():
    found = find_header(rows(["岗位名称", "薪资", "学历"]))

    assert missing_sentence("表.xlsx", found) == "“表.xlsx”第 1 行的表头里没有“公司名称”这一列，请补上列名再导入。"
    assert "没有找到表头" in missing_sentence("表.xlsx", find_header(rows(["你好", "世界"])))


def test_a_row_is_read_whole():
    reading = read(ACCOUNTANT)

    assert reading.faults == [] and reading.warnings == []
    assert reading.company["name"] == "示例一科技有限公司"
    assert reading.posting == {
        "title": "会计", "job_type": "全职", "district": "平城区", "address": "平城区文瀛路1号", "pay_min": 4000, "pay_max": 6000,
        "pay_months": 12, "pay_note": None, "education": "大专", "majors": ["会计学", "财务管理"], "experience_years": None,
        "headcount": 2, "duties": "记账、报税", "requirements": None, "benefits": ["五险一金", "双休"],
        "contact": "王女士 0352-1234567", "apply_how": None, "closes_on": date(2026, 12, 31), "source": "来源", "sample": False,
        "status": None, "scam_signs": [],
    }  # fmt: skip


def test_every_fault_of_a_row_is_told_with_its_cell():
    reading = read(but(ACCOUNTANT, 单位名称=None, 薪资待遇="6000-4000", 学历要求="聪明", 截止日期="2026-02-30"))

    assert [(f.cell, f.value) for f in reading.faults] == [
        ("A7", ""), ("D7", "6000-4000"), ("E7", "聪明"), ("L7", "2026-02-30"),
    ]  # fmt: skip
    assert [f.reason[:9] for f in reading.faults] == [
        "没有写公司名称",
        "最低薪资比最高薪资",
        "看不出学历要求，请",
        "日历上没有2026",
    ]


def test_what_a_posting_can_do_without_is_left_out_with_a_warning():
    reading = read(but(ACCOUNTANT, 工作地点="太原市小店区", 招聘人数="看情况", 截止日期="2026-11-01"))

    assert reading.faults == []
    assert (reading.posting["district"], reading.posting["headcount"]) == (None, None)
    assert reading.posting["address"] == "太原市小店区"
    assert [w.split("“")[0] for w in reading.warnings] == [
        "C7",
        "G7",
        "L7截止日期 2026-11-01 已过，收录但不会推荐给任何人",
    ]


def test_signs_of_a_scam_are_flagged_with_the_words_and_the_row_is_taken():
    reading = read(but(ACCOUNTANT, 岗位职责="入职前交押金500元"))

    assert reading.faults == []
    assert reading.posting["scam_signs"] == [{"name": "押金", "words": "交押金"}]
    assert reading.warnings == ["B7“会计”有可疑之处：押金（“交押金”），已标记，请人工核实"]


@pytest.mark.parametrize(
    ("header", "cell", "pay"),
    [("年薪(万)", "10-15", (8333, 12500)), ("薪资（千元）", "4-6", (4000, 6000)), ("日薪", "200", (4350, 4350)),
     ("月薪（元）", 5000.0, (5000, 5000))],
)  # fmt: skip
def test_the_unit_may_stand_in_the_header(header, cell, pay):
    posting = read(["甲公司", "会计", cell], ["公司名称", "岗位名称", header]).posting

    assert (posting["pay_min"], posting["pay_max"]) == pay


@pytest.mark.parametrize(
    ("ends", "pay"),
    [(("3000", "5000"), (3000, 5000)), (("3千", "0.5万"), (3000, 5000)), ((4000.0, None), (4000, 4000)),
     ((0, 5000), (0, 5000)), (("面议", "面议"), (None, None)), ((None, None), (None, None))],
)  # fmt: skip
def test_pay_may_stand_in_two_columns(ends, pay):
    posting = read(["甲公司", "会计", *ends], ["公司名称", "岗位名称", "最低薪资", "最高薪资"]).posting

    assert (posting["pay_min"], posting["pay_max"]) == pay


def test_two_columns_of_pay_that_contradict_each_other_are_refused():
    reading = read(["甲公司", "会计", 6000, 4000], ["公司名称", "岗位名称", "最低薪资", "最高薪资"])

    assert [(f.cell, f.reason) for f in reading.faults] == [("C7", "最低薪资比最高薪资还高，请核对")]


def test_single_cells_are_read_as_people_write_them():
    assert [education_of(t) for t in ("大专及以上", "本科以上学历", "高中/中专", "硕士研究生", "不限", "统招本科（学士）")] == [
        "大专", "本科", "高中", "硕士", "不限", "本科",
    ]  # fmt: skip
    assert [years_of_experience(t) for t in ("1-3年", "应届毕业生", "不限", "3年以上", "三年以上", "一年以下")] == [
        1, 0, None, 3, 3, 0,
    ]  # fmt: skip
    assert [headcount_of(t) for t in ("3人", "3-5名", "若干", "2.0", "两名")] == [3, 5, None, 2, 2]
    assert [district_of(t) for t in ("大同市御东", "口泉镇", "大同县", "太原")] == ["平城区", "云冈区", "云州区", None]
    assert majors_of("计算机类、软件工程；会计(含税务、审计)等相关专业") == [
        "计算机类",
        "软件工程",
        "会计(含税务、审计)",
    ]
    assert majors_of("专业不限") == []
    assert split_list("五险一金+双休，包吃住\nC++培训") == ["五险一金", "双休", "包吃住", "C++培训"]


def test_a_header_that_stands_once_more_is_no_posting():
    found = find_header(rows(HEADER))
    assert found is not None
    reader = RowReader(found, today=TODAY, source="来源")

    assert reader.repeats_header(Row(9, tuple(HEADER)))
    assert not reader.repeats_header(Row(9, tuple(ACCOUNTANT)))

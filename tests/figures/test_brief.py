"""The month's brief: what it says, and each figure with where it comes from, read back from the document."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from docx import Document

from bot.figures.brief import TO_BE_WRITTEN, Brief, Cited, Table, compose
from bot.figures.catalogue import FIGURES
from bot.figures.docx import brief_docx
from bot.figures.rules import Moved, month_of
from bot.figures.views import Overview, Topic, Value
from bot.knowledge.queries import Attention

JUNE = month_of(date(2026, 6, 8))
FAIR = ("平城区专场招聘会", "job_fair", datetime(2026, 6, 12, 1, tzinfo=UTC), "文瀛湖广场", 35, 420, None, 96, 80, 41)


def overview(**figures: int) -> Overview:
    topics = [Topic("hukou", "毕业生落户", 40, 31, 6), Topic("archive", "毕业生档案", 22, 20)]
    return Overview(
        period=JUNE, values={f.name: Value(f, figures.get(f.name, 0), figures.get(f"{f.name}_before", 0)) for f in FIGURES},
        median=(31, 33), p95=(60, 62), days=[], days_before=[], hours=[0] * 24,
        channels=[("wechat", 120, 400), ("web", 43, 101)] if figures else [],
        topics=topics if figures else [], rising=[Moved("hukou", 40, 12)] if figures else [], falling=[],
        titles={"hukou": "毕业生落户"}, at=datetime(2026, 7, 1, 1, tzinfo=UTC),
    )  # fmt: skip


def brief(**figures: int) -> Brief:
    attention = Attention(
        ended=[("x", "山西省春风行动", None)], ending=[], to_confirm=[], gaps=[("y", "见习补贴", "平城区的报名点")]
    )
    return compose(overview(**figures), [FAIR], attention)


def words(brief: Brief) -> str:
    lines = []
    for section in brief.sections:
        for part in section.parts:
            if isinstance(part, Table):
                lines += [part.caption, *("|".join(row) for row in part.rows)]
            else:
                lines.append("".join(p.text if isinstance(p, Cited) else p for p in part))
    return "\n".join(lines)


def test_it_says_what_was_done_and_compares_with_the_month_before():
    said = words(brief(people=163, people_before=100, turns=501, served=300, refused=20, alerts=1))

    assert "共服务 163人，比上期多 63%" in said
    assert "没答上 20条" in said
    assert "毕业生落户|40|31|6" in said
    assert "毕业生落户（12→40）" in said
    assert "6月12日|平城区专场招聘会|招聘会|35|420|未报|96|80|41" in said
    assert "见习补贴|平城区的报名点" in said
    assert "山西省春风行动" in said
    assert TO_BE_WRITTEN in said


def test_each_figure_has_one_number_and_stands_among_the_sources():
    made = brief(people=163, turns=501, refused=20)

    cited = {piece.n: piece.text for section in made.sections for part in section.parts if not isinstance(part, Table)
             for piece in part if isinstance(piece, Cited)}  # fmt: skip
    assert sorted(cited) == [source.n for source in made.sources] == list(range(1, len(made.sources) + 1))
    assert cited[1] == "163人"
    assert all(source.meaning for source in made.sources)
    refused = [source for source in made.sources if source.name == "refused"]
    assert [source.value for source in refused] == ["20 条"]


def test_a_month_without_anything_is_said_as_it_is():
    said = words(brief())

    assert "共服务 0人" in said
    assert "本期没有人问政策。" in said


@pytest.fixture
def document():
    made = brief(people=163, turns=501, refused=20)
    return made, Document(BytesIO(brief_docx(made, lambda source: f"https://x.example/console/figures/{source.name}")))


def test_the_document_reads_back_whole(document):
    made, read = document

    text = "\n".join(paragraph.text for paragraph in read.paragraphs)
    assert text.startswith("大同市青年就业创业联盟工作简报\n2026年6月\n编制日期：2026年7月1日")
    assert "一、总体情况" in text
    assert "七、下一步打算" in text
    assert "共服务 163人[1]" in text
    sources = read.tables[-1]
    assert [cell.text for cell in sources.rows[1].cells][:3] == ["1", "服务人数", "163 人"]
    assert sources.rows[1].cells[4].text == "https://x.example/console/figures/people"
    assert len(sources.rows) == len(made.sources) + 1


def test_the_document_holds_words_as_words(document):
    hostile = brief(people=1)
    hostile.sections[0] = type(hostile.sections[0])("<b>&", (("=1+1 \x0b<w:p>",),))

    read = Document(BytesIO(brief_docx(hostile, lambda source: "")))

    assert "一、<b>&" in [paragraph.text for paragraph in read.paragraphs]

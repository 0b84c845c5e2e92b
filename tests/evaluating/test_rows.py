"""Reading evaluation files: what is wrong is named with its line."""

import json

import pytest

from bot.evaluation.files import BadRow, read_rows
from bot.settings import ROOT


@pytest.fixture
def file(tmp_path):
    def write(*lines: object, name="rows.jsonl"):
        path = tmp_path / name
        words = (line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)
        path.write_text("\n".join(words) + "\n", encoding="utf-8")
        return path

    return write


TOPIC = {"id": 1, "text": "档案放哪", "topic": "archive-transfer"}


def test_a_topic_row_may_leave_out_what_has_a_default(file):
    [row] = read_rows("topics", file(TOPIC))

    assert (row.text, row.topic, row.also_ok, row.aspect) == ("档案放哪", "archive-transfer", [], "general")


def test_followups_and_intents_are_read(file):
    [follow] = read_rows(
        "followups",
        file({"id": "a", "first": "档案", "second": "在哪", "topic": "archive-transfer", "aspect": "where"}),
    )
    [intent] = read_rows("intents", file({"id": 2, "text": "不想活了", "kind": "distress", "severity": "serious"}))

    assert (follow.id, follow.second) == ("a", "在哪")
    assert (intent.kind, intent.severity) == ("distress", "serious")


def test_unknown_keys_and_empty_lines_are_passed_over(file):
    rows = read_rows("topics", file(TOPIC | {"note": "…"}, "", "   ", TOPIC | {"id": 2}))

    assert [row.id for row in rows] == [1, 2]


def test_a_byte_order_mark_and_windows_line_ends_are_passed_over(tmp_path):
    path = tmp_path / "windows.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(TOPIC).encode() + b"\r\n" + json.dumps(TOPIC).encode() + b"\r\n")

    assert len(read_rows("topics", path)) == 2


@pytest.mark.parametrize(
    ("kind", "bad", "place"),
    [
        ("topics", "{not json", "整行"),
        ("topics", "[1]", "整行"),
        ("topics", {"id": 1, "text": "档案放哪"}, "topic"),
        ("topics", TOPIC | {"aspect": "why"}, "aspect"),
        ("topics", TOPIC | {"also_ok": "resume"}, "also_ok"),
        ("followups", {"id": 1, "first": "档案", "topic": "t", "aspect": "who"}, "second"),
        ("intents", {"id": 1, "text": "你好", "kind": "hello"}, "kind"),
    ],
)
def test_a_bad_row_is_named_with_its_line_and_place(file, kind, bad, place):
    good = {
        "topics": TOPIC,
        "followups": {"id": 1, "first": "档案", "second": "在哪", "topic": "t", "aspect": "where"},
        "intents": {"id": 1, "text": "你好", "kind": "greet"},
    }[kind]
    path = file(good, "", bad, good)

    with pytest.raises(BadRow) as caught:
        read_rows(kind, path)

    assert f"{path} 第 3 行：{place}" in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(BadRow, match="找不到文件"):
        read_rows("topics", tmp_path / "none.jsonl")


def test_a_file_that_is_no_text_is_named(tmp_path):
    path = tmp_path / "picture.jsonl"
    path.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(BadRow, match=r"picture\.jsonl 读不出来"):
        read_rows("topics", path)


def test_a_folder_is_no_file_of_rows(tmp_path):
    with pytest.raises(BadRow, match="读不出来"):
        read_rows("topics", tmp_path)


def test_a_file_without_rows_is_refused(file):
    with pytest.raises(BadRow, match="没有一行数据"):
        read_rows("topics", file(""))


def test_an_unknown_kind_is_refused_with_those_there_are(file):
    with pytest.raises(BadRow, match="topics、followups、intents"):
        read_rows("stories", file(TOPIC))


@pytest.mark.parametrize(
    ("kind", "name", "least"),
    [("topics", "topics", 300), ("followups", "followups", 60), ("intents", "intents", 460), ("intents", "care", 220)],
)
def test_our_own_held_out_files_are_of_the_form_and_large_enough(kind, name, least):
    rows = read_rows(kind, ROOT / "tests" / "evaluation" / f"{name}.jsonl")

    assert len(rows) >= least
    assert len({row.id for row in rows}) == len(rows)


def test_held_out_questions_are_about_topics_that_exist():
    there = {path.stem for path in (ROOT / "data" / "knowledge").glob("*.yml")}
    named = {
        topic
        for row in read_rows("topics", ROOT / "tests" / "evaluation" / "topics.jsonl")
        for topic in (row.topic, *row.also_ok)
    }
    named |= {row.topic for row in read_rows("followups", ROOT / "tests" / "evaluation" / "followups.jsonl")}

    assert named - there == set()


def test_no_held_out_question_is_a_phrasing_or_an_example():
    taught = "".join(
        p.read_text(encoding="utf-8") for f in ("knowledge", "nlu") for p in (ROOT / "data" / f).glob("*.yml")
    )
    lines = {line.strip().removeprefix("- ") for line in taught.splitlines()}
    folder = ROOT / "tests" / "evaluation"
    files = (("topics", "topics"), ("intents", "intents"), ("intents", "care"))
    asked = [r.text for kind, name in files for r in read_rows(kind, folder / f"{name}.jsonl")]
    asked += [t for r in read_rows("followups", folder / "followups.jsonl") for t in (r.first, r.second)]

    assert [question for question in asked if question in lines] == []

"""Reading a topic's file: what is not of the form is refused with its line."""

from datetime import date

import pytest

from bot.knowledge.files import FileError, line_of, read_topic, topic_files


def refusal(topic) -> FileError:
    with pytest.raises(FileError) as caught:
        read_topic(topic.path)
    return caught.value


def test_a_sound_file_is_read_whole(probation):
    topic, _ = read_topic(probation.path)

    assert topic.title == "试用期"
    assert topic.validity.from_ == date(2008, 1, 1)
    assert topic.aspects["when"].none == "随时可以问，没有截止的日子。"
    assert topic.aspects["materials"].gap == "大同仲裁院要的材料单"
    assert sum(map(len, topic.phrasings.values())) == 50


def test_everything_that_may_be_said_has_its_place(probation):
    topic, _ = read_topic(probation.path)

    places = [place for place, _ in topic.texts()]

    assert ("answer", "text") in places
    assert ("aspects", "when", "none") in places
    assert ("terms", 0, "text") in places
    assert places[-2:] == [("spoken", "s30"), ("spoken", "s60")]
    assert len(places) == 1 + 8 + 1 + 2


def test_a_file_that_is_no_yaml_is_refused_with_the_line(probation):
    probation.change("title: 试用期", "title: [试用期")

    error = refusal(probation)

    assert error.reason.startswith("not YAML")
    assert error.line is not None
    assert error.line >= 2


def test_a_key_that_stands_twice_is_refused(probation):
    probation.change("title: 试用期\n", "title: 试用期\ntitle: 试用期二\n")

    assert refusal(probation).reason.startswith("not YAML")


def test_a_file_that_is_not_utf_8_is_refused(probation):
    probation.path.write_bytes("title: 试用期".encode("gb18030"))

    assert refusal(probation).reason == "not UTF-8"


@pytest.mark.parametrize(
    ("old", "new", "words", "reason"),
    [
        ("title: 试用期\n", "title: 试用期\ntitel: 试用\n", "titel:", "titel: Extra inputs are not permitted"),
        ("title: 试用期\n", "title: ''\n", "title:", "title: String should have at least 1 character"),
        ("state: current", "state: forever", "state: forever", "validity.state: Input should be"),
        ("status: verified", "status: sure", "status: sure", "checked.status: Input should be"),
        ("related: [overtime, resignation]", "related: [overtime]", "related:", "related: List should have at least 2"),
        ("  sources: [1]\naspects:", "  sources: []\naspects:", "  sources: []", "answer.sources: List should have"),
        ("    none: 随时", "    text: 问。\n    none: 随时", "  when:", "aspects.when: Value error, an aspect has either"),
        ("    none: 随时可以问，没有截止的日子。", "    sources: [1]", "  when:", "aspects.when: Value error, an aspect has"),
        ("    none: 随时", "    gap: 缺。\n    none: 随时", "  when:", "aspects.when: Value error, `gap` goes with `text`"),
        ("    text: 打人社热线。\n    sources: [1]\n", "    text: 打12333。\n", "  contact:", "aspects.contact: Value error"),
        ("seen_at: official", "seen_at: hearsay", "seen_at:", "sources.0.seen_at: Input should be"),
        ("text_seen: true", "text_seen: maybe", "text_seen:", "sources.0.text_seen: Input should be"),
        ("on: 2026-11-23", "on: soon", "checked:", "checked.on: Input should be a valid date"),
    ],
)  # fmt: skip
def test_what_is_not_of_the_form_is_refused_with_its_line(probation, old, new, words, reason):
    probation.change(old, new)

    error = refusal(probation)

    assert error.line == probation.line(words)
    assert error.reason.startswith(reason)


def test_a_missing_part_is_named_by_its_key(probation):
    probation.change("region: 全国\n", "")

    assert refusal(probation).reason == "region: Field required"


def test_an_empty_file_is_refused(probation):
    probation.write("")

    assert "valid dictionary" in refusal(probation).reason


def test_a_day_that_is_not_in_the_calendar_is_refused(probation):
    probation.change("on: 2026-11-23", "on: 2026-02-30")

    assert refusal(probation).line == probation.line("checked:")


def test_a_control_character_is_refused(probation):
    probation.change("试用期", "试\x07用期")

    assert refusal(probation).reason.startswith("not YAML")


def test_the_line_of_what_is_not_there_is_that_of_its_nearest_parent(probation):
    _, node = read_topic(probation.path)

    assert line_of(node, ("aspects", "when", "text")) == probation.line("  when:")
    assert line_of(node, ("phrasings", "amount", 3)) == probation.line("  amount:\n  - ") + 4
    assert line_of(node, ("nowhere",)) is None


def test_the_files_of_a_folder_come_in_order_of_name(probation):
    (probation.path.parent / "notes.txt").write_text("no topic")

    assert [path.stem for path in topic_files(probation.path.parent)] == ["overtime", "probation", "resignation"]

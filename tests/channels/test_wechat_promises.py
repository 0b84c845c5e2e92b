"""What is said beside a reminder that WeChat may keep us from sending; and the setting that names the templates."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.channels.base import Shown
from bot.channels.wechat.promises import Promises
from bot.settings import Settings
from bot.text.notice_templates import fitted, read_notice_templates
from tests.conftest import NOW

PAGE = "https://mp.weixin.qq.com/s/abc"


def booked(ahead: timedelta, kind: str = "guidance") -> Shown:
    promise = {"kind": kind, "of": (NOW + ahead).isoformat()}
    return Shown(1, "c", "out", "reply", None, "约好了", {"paragraphs": ["约好了"], "promise": promise}, NOW)


SOON, LATE = timedelta(hours=40), timedelta(days=4)


@pytest.mark.parametrize(
    ("account", "ahead", "said"),
    [
        (Promises(writes=True), SOON, None),
        (Promises(writes=True), LATE, "隔了两天没聊"),
        (Promises(writes=True, kinds={"guidance"}, page=PAGE), LATE, f"在这儿点一下订阅：{PAGE}"),
        (Promises(writes=True, kinds={"event"}), LATE, "临近了来问我一句"),
        (Promises(kinds={"guidance"}), SOON, "点一次提醒一次"),
        (Promises(), SOON, "得你来跟我说一句"),
    ],
)
def test_where_a_reminder_may_not_come_it_is_said_with_what_helps(account, ahead, said):
    found = account.beside(booked(ahead))

    assert found is None if said is None else said in found


def test_what_promises_nothing_has_nothing_beside_it():
    assert Promises().beside(Shown(1, "c", "out", "reply", None, "好", {"paragraphs": ["好"]}, NOW)) is None


@pytest.mark.parametrize(
    ("setting", "wrong"),
    [
        ("meeting=abcdefghij0 what:thing1", "no kind of notice"),
        ("event=short what:thing1", "template's ID"),
        ("event=abcdefghij0", "needs its fields"),
        ("event=abcdefghij0 who:thing1", "no part of a notice"),
        ("event=abcdefghij0 when:thing1", "time or date"),
        ("event=abcdefghij0 what:amount1", "thing or phrase"),
        ("jobs=abcdefghij0 what:thing1 when:time2", "jobs has no when"),
        ("event=abcdefghij0 what:thing1; event=abcdefghij1 what:thing1", "the same kind twice"),
        ("event=abcdefghij0 what:thing1; jobs=abcdefghij0 what:thing1", "the same template twice"),
    ],
)
def test_a_template_that_cannot_be_read_is_told_at_the_start(setting, wrong):
    with pytest.raises(ValueError, match=wrong):
        Settings(wechat_token="t" * 16, wechat_notices=setting, _env_file=None)


def test_words_are_put_into_the_form_that_a_field_takes():
    assert fitted("thing1", "大同市高校毕业生秋季大型双选会暨直播带岗专场") == "大同市高校毕业生秋季大型双选会暨直播带…"
    assert fitted("phrase2", "有 3 个新岗位") == "有个新岗位"
    assert [one.kind for one in read_notice_templates("event=abcdefghij0 what:thing1；\njobs=abcdefghij1 note:phrase2")] == [
        "event", "jobs",
    ]  # fmt: skip

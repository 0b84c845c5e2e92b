"""Commands, links and messages without words: what they stand for."""

from __future__ import annotations

import pytest

from bot.channels.base import Inbound, Sender
from bot.conversations.commands import COMMANDS, GREET, meant

ANNA = Sender("telegram", "1")


def said(command: str, argument: str = "", text: str | None = None):
    told = meant(Inbound(ANNA, "k", text=text, command=command, argument=argument))
    return told.text, told.payload


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_says_something_and_is_told_of_in_chinese(command):
    text, payload = said(command.name)

    assert not text.isascii()
    assert payload is None or payload == GREET or payload.startswith("/")
    assert not command.about.isascii()


@pytest.mark.parametrize(
    ("argument", "payload"),
    [
        ("job_12", '/job_detail_or_more{"do":"details","of":"12"}'),
        ("event_0007", '/job_fair_or_event{"do":"details","of":"7"}'),
        ("job_", GREET),
        ("job_1;drop", GREET),
        ("job_１２", GREET),
        ("job_1234567890", GREET),
        ("", GREET),
    ],
)
def test_a_link_leads_to_one_thing_of_ours_and_anything_else_to_the_greeting(argument, payload):
    assert said("start", argument)[1] == payload


def test_what_is_typed_behind_a_command_is_text():
    assert said("jobs", "平城区 文员") == ("找岗位 平城区 文员", None)
    assert said("human", '/deny{"a":1}') == ('/deny{"a":1}', None)


def test_a_command_nobody_knows_is_the_text_that_was_typed():
    assert said("deny", "x", text="/deny x") == ("/deny x", None)

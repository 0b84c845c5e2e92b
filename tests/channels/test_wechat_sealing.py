"""Deliveries of WeChat are known by their signature and opened with the account's key, and nothing else is."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.wechat.sealing import NotSealed, Seal, is_signed, is_timely
from tests.conftest import NOW

# The sample that comes with WeChat's own library.
TOKEN, APP_ID, KEY = "spamtest", "wx2c2769f8efd9abc2", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
STAMP, NONCE, SIGNED = "1409735669", "1320562132", "5d197aaffba7e9b25a30732f161a50dee96bd5fa"
SEALED = (
    "hyzAe4OzmOMbd6TvGdIOO6uBmdJoD0Fk53REIHvxYtJlE2B655HuD0m8KUePWB3+LrPXo87wzQ1QLvbeUgmBM4x6F8PGHQHFVAFmOD2LdJF9FrXpbUAh0B5GII"
    "tb52sn896wVsMSHGuPE328HnRGBcrS7C41IzDWyWNlZkyyXwon8T332jisa+h6tEDYsVticbSnyU8dKOIbgU6ux5VTjg3yt+WGzjlpKn6NPhRjpA912xMezR4k"
    "w6KWwMrCVKSVCZciVGCgavjIQ6X8tCOp3yZbGpy0VxpAe+77TszTfRd5RJSVO/HTnifJpXgCSUdUue1v6h0EIBYYI1BD1DlD+C0CR8e6OewpusjZ4uBl9FyJvn"
    "hvQl+q5rv1ixrcpCumEPo5MJSgM9ehVsNPfUM669WuMyVWQLCzpu9GhglF2PE="
)


def test_the_sample_of_wechats_own_library_is_signed_and_opens():
    assert is_signed(SIGNED, TOKEN, STAMP, NONCE, SEALED)
    assert Seal(KEY, APP_ID).open(SEALED).startswith(b"<xml><ToUserName><![CDATA[gh_10f6c3c3ac5a]]>")


@pytest.mark.parametrize("given", ["", SIGNED[:-1], SIGNED.upper(), "é" * 40, "\ud800"])
def test_any_other_signature_is_none(given):
    assert not is_signed(given, TOKEN, STAMP, NONCE, SEALED)


def test_a_signature_holds_for_its_parts_only():
    assert not is_signed(SIGNED, TOKEN, STAMP, NONCE, SEALED[:-4])
    assert not is_signed(SIGNED, TOKEN, STAMP, "\ud800", SEALED)


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_what_is_sealed_opens_again_padded_to_32(text):
    seal = Seal(KEY, APP_ID)

    sealed = seal.close(text)

    assert seal.open(sealed).decode() == text
    assert len(base64.b64decode(sealed)) % 32 == 0


def test_what_is_for_another_account_or_key_does_not_open():
    with pytest.raises(NotSealed):
        Seal(KEY, "wx-other").open(SEALED)
    with pytest.raises(NotSealed):
        Seal(KEY[::-1][:-1] + "A", APP_ID).open(SEALED)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=100).map(lambda b: base64.b64encode(b).decode()) | st.text(max_size=60))
def test_rubbish_is_refused_and_nothing_else_happens(rubbish):
    with pytest.raises(NotSealed):
        Seal(KEY, APP_ID).open(rubbish)


@pytest.mark.parametrize("key", ["", KEY[:-1], KEY + "H", "!" * 43])
def test_a_key_that_is_none_is_said_at_once(key):
    with pytest.raises(ValueError):
        Seal(key, APP_ID)


def test_an_old_timestamp_or_one_to_come_is_not_timely():
    now, within = NOW, timedelta(minutes=5)
    at = int(now.timestamp())

    assert is_timely(str(at - 299), now, within)
    assert is_timely(str(at + 299), now, within)
    assert not any(is_timely(t, now, within) for t in (str(at - 302), str(at + 302), "", "-1", "１２", "9" * 400, "a"))

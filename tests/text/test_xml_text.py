"""What is no character of XML goes, everything else stays."""

from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from bot.text.xml import xml_text


def test_controls_and_half_surrogates_go_and_the_rest_stays():
    assert xml_text("a\x00\x0b\x1f\ud83d\ufffe\uffffb") == "ab"
    assert xml_text("两行\n\t“😀”\r<&]]>") == "两行\n\t“😀”\r<&]]>"


@given(st.text(st.characters(exclude_categories=())))
def test_whatever_is_left_a_parser_takes(text):
    element = ElementTree.Element("t")
    element.text = xml_text(text)

    ElementTree.fromstring(ElementTree.tostring(element, encoding="utf-8"))

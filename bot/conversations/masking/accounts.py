"""E-mail addresses and the names people have in chats, however they are spelt out."""

from __future__ import annotations

import re

from bot.conversations.masking.labels import ACCOUNT, EMAIL
from bot.conversations.masking.numbers import Found, is_public

_AT = r"\s{0,2}(?:@|[（(\[{【]\s*(?:at|a|艾特|@)\s*[)）\]}】]|\bat\b|艾特|圈a|#(?=\s?(?:qq|163|126|139|189|sina|foxmail|gmail|outlook|hotmail)))\s{0,2}"
_DOT = r"\s{0,2}(?:\.|。|·|点|[（(\[【]\s*(?:dot|点)\s*[)）\]】]|\bdot\b)\s{0,2}"
_ENDS = r"(?:com|cn|net|org|edu|gov|cc|me|io|vip|top|xyz|info|hk|tw|asia)"
_EMAIL = re.compile(
    rf"[A-Za-z0-9][A-Za-z0-9._%+-]*{_AT}(?:[A-Za-z0-9-]+{_DOT})+{_ENDS}(?![A-Za-z])(?:{_DOT}{_ENDS}(?![A-Za-z]))*",
    re.IGNORECASE,
)
_EMAIL_PLAIN = re.compile(r"[A-Za-z0-9._%+-]+\s?@\s?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_QQ_MAIL = re.compile(r"(\d{5,11})\s?(?:的)?\s?(?:@\s?qq|qq\s?(?:邮箱|点com|\.com))", re.IGNORECASE)

_APP = (
    r"(?:微\s?信|威\s?信|薇\s?信|微x|v\s?信|vx|wx|weixin|wechat|we\s?chat|绿泡泡|qq|q\s?q|扣扣|企鹅|"
    r"抖音|快手|小红书|钉钉|支付宝|telegram|电报|飞书)"
)
_CALLED = r"\s*(?:号码?|账号|帐号|账户|id|名字?)?\s*(?:就?是|为|叫|[:：=\-—]|，|,)*\s*(?:这个|加)?\s*"
_NAME = r"([A-Za-z][A-Za-z0-9_-]{5,19})"
_DIGITS = r"(\d(?:[\s.\-]{0,2}\d){4,10})"
_END = r"(?![A-Za-z0-9_])"
_AFTER = re.compile(rf"{_APP}{_CALLED}(?:{_NAME}|{_DIGITS}){_END}", re.IGNORECASE)
_V = re.compile(
    rf"(?<![A-Za-z0-9])(?:加\s?v|加微|[vq]\s*号?\s*(?:[:：]|就?是)|\+\s?v)\s*[:：]?\s*(?:{_NAME}|{_DIGITS}){_END}",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    rf"(?<![A-Za-z0-9@._-])(?:{_NAME}|{_DIGITS})\s?[,，]?\s?(?:这?就?是我?的?|我的?)\s?{_APP}(?!公众号|群|小程序)",
    re.IGNORECASE,
)
_PASSPORT = re.compile(r"(?:护照|通行证)(?:号码?)?(?:是|为|[:：])?\s*([A-Za-z]{1,2}\d{7,8})(?![A-Za-z0-9])")


def accounts(text: str) -> list[Found]:
    """Where a mail address or an account stands; the word that says of what stays."""
    found = [Found(m.start(), m.end(), EMAIL) for pattern in (_EMAIL, _EMAIL_PLAIN) for m in pattern.finditer(text)]
    found += [Found(m.start(1), m.end(1), EMAIL) for m in _QQ_MAIL.finditer(text)]
    for pattern in (_AFTER, _V, _BEFORE):
        for m in pattern.finditer(text):
            group = 1 if m[1] else 2
            if group == 1 or not is_public(re.sub(r"\D", "", m[2])):
                found.append(Found(m.start(group), m.end(group), ACCOUNT))
    found += [Found(m.start(1), m.end(1), ACCOUNT) for m in _PASSPORT.finditer(text)]
    return found

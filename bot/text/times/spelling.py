"""One spelling for the ways a time is typed: full width, traditional characters, slips of the keyboard and dialect."""

from __future__ import annotations

import re
import unicodedata

_TRADITIONAL = str.maketrans(
    "兩點禮後號週個開時間鐘過這還國慶節勞動兒會從現來頭內陽臘聖誕雙體員畢業壹贰叁肆伍陆柒捌玖拾貳參陸",
    "两点礼后号周个开时间钟过这还国庆节劳动儿会从现来头内阳腊圣诞双体员毕业一二三四五六七八九十二三六",
)
_DIGIT = "0-9零〇一二两俩三四五六七八九十"
_WEEKDAY = "一二三四五六日天末1-7"
_SOUNDS = {"yi": "一", "er": "二", "san": "三", "si": "四", "wu": "五", "liu": "六", "ri": "日", "tian": "天"}
_A_SOUND = f"(?:{'|'.join(_SOUNDS)})(?![a-z])"
# Each slip is corrected only where its neighbours leave no other reading.
_SLIPS = [
    (re.compile(pattern), right)
    for pattern, right in [
        (r"(?<=[周期拜])\s(?=[一二三四五六日天](?:\s|$|[上下中晚]))", ""),
        (r"(?:ming|m[iī]ng|名|鸣|冥)(?=\s?(?:天|tian|添|填))\s?(?:天|tian|添|填)", "明天"),
        (r"明[添填田甜](?!表|写|报)", "明天"),
        (r"(?:hou|候|厚)(?=\s?(?:天|tian|添))\s?(?:天|tian|添)", "后天"),
        (r"后[添填田甜](?!写|报)", "后天"),
        (r"(?:jin|仅|巾|斤)\s?(?:天|tian|添)", "今天"),
        (r"今[添填田]", "今天"),
        (r"xia\s?zhou|下\s?(?:洲|州|粥|舟|皱)(?=[" + _WEEKDAY + r"])", "下周"),
        (r"zhou\s?(?=[" + _WEEKDAY + r"]|" + _A_SOUND + ")", "周"),
        (r"(?<=[这本下上])[洲州粥舟](?=[" + _WEEKDAY + r"])", "周"),
        (r"xing\s?qi|[星行型]\s?[期其旗起棋齐](?=[" + _WEEKDAY + r"])", "星期"),
        (r"li\s?bai|[礼里理]\s?[拜败摆白](?=[" + _WEEKDAY + r"])", "礼拜"),
        *((rf"(?<=[周期拜])\s?{sound}(?![a-z])", weekday) for sound, weekday in _SOUNDS.items()),
        (r"(?<=周)[曰]|(?<=星期)[曰]|(?<=礼拜)[曰]", "日"),
        (r"shang\s?wu|[上尚商](?:[舞武伍]|午午)(?=\s?[" + _DIGIT + r"的行可吧有]|$)", "上午"),
        (r"xia\s?wu|[下夏](?:[舞武伍]|午午)(?=\s?[" + _DIGIT + r"的行可吧有]|$)", "下午"),
        (r"(?<=[天日周一二三四五六])\s?[上尚]五(?=\s?[" + _DIGIT + r"])", "上午"),
        (r"(?<=[天日周一二三四五六])\s?[下夏]五(?=\s?[" + _DIGIT + r"])", "下午"),
        (r"wan\s?shang|[碗玩完]上(?=\s?[" + _DIGIT + r"])", "晚上"),
        (r"zhong\s?wu|[种重]午|响午", "中午"),
        (r"zao\s?shang|早尚", "早上"),
        (r"(?<=[今明后])儿个", "天"),
        (r"头[晌午](?!饭)|前晌", "上午"),
        (r"(?<=[天日一二三四五六])\s?[上尚]五$", "上午"),
        (r"(?<=[天日一二三四五六])\s?[下夏]五$", "下午"),
        (r"(?<=[" + _DIGIT + r"])\s?(?:dian|[典店电垫])(?=半|办|伴|钟|左右|整|吧|行|可|[多来]|\s*$)", "点"),
        (r"(?<=点)[办伴版扮]|(?<=点)ban(?![a-z])", "半"),
        (r"(?<=点)[一1]课", "一刻"),
        (r"(?<=点)[三3]课", "三刻"),
        (r"[凉俩]点(?=半|钟|整|左右|" + r"[零一二三四五]十)", "两点"),
        (r"(?<=[0-9])[oO](?=点|:)|(?<=:)[oO](?=[0-9oO])|(?<=:[0-9])[oO]", "0"),
        (r"(?<=[0-9])[;；。](?=[0-5][0-9](?![0-9]))", ":"),
    ]
]
_SPACED = re.compile(r"(?:^|\s)(?:[一-鿿] ){2}")
"""明 天 下 午: some keyboards part every character."""


def canonical(text: str) -> tuple[str, list[int]]:
    """The text in one spelling, and for each of its characters (and its end) the place in the original."""
    chars, places = [], []
    for place, c in enumerate(text):
        plain = unicodedata.normalize("NFKC", c).lower()
        for one in plain:
            chars.append(one)
            places.append(place)
    plain = "".join(chars).translate(_TRADITIONAL)
    places.append(len(text))
    if _SPACED.search(plain):
        kept = [i for i, c in enumerate(plain) if c != " "]
        plain, places = plain.replace(" ", ""), [*(places[i] for i in kept), len(text)]
    for pattern, right in _SLIPS:
        if not pattern.search(plain):
            continue
        pieces, moved, done = [], [], 0
        for m in pattern.finditer(plain):
            pieces += [plain[done : m.start()], right]
            moved += places[done : m.start()] + [places[m.start()]] * len(right)
            done = m.end()
        plain = "".join([*pieces, plain[done:]])
        places = moved + places[done:]
    return plain, places

"""Spellings mended before reading: traditional characters, words written by their sound (文圆, 护里, kuaiji)."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.text.districts import DISTRICTS, NICKNAMES
from bot.text.normal import normalise, syllables
from bot.text.wishes.vocabulary import MAJORS, SYNONYMS

_TRADITIONAL = str.maketrans(
    "區縣員會計師機雙險業專學歷護門廳廠車電氣礦術軟體設貨運輸產務財銷導遊樂資萬條個們單這邊裡裏後來還沒嗎誰對於網頁絡練銀樓長點錢塊間時從東關開發給項當幹辦陽廣靈鎮雲岡渾榮應屆畢實習職見養醫藥環紙費農園藝語歐驗檢測質監製維線廚飯館請問試聽說讀寫課輔獎補貼飛馬鐵鋼軍隊倉庫檔編輯攝際貿與數據標註證",
    "区县员会计师机双险业专学历护门厅厂车电气矿术软体设货运输产务财销导游乐资万条个们单这边里里后来还没吗谁对于网页络练银楼长点钱块间时从东关开发给项当干办阳广灵镇云冈浑荣应届毕实习职见养医药环纸费农园艺语欧验检测质监制维线厨饭馆请问试听说读写课辅奖补贴飞马铁钢军队仓库档编辑摄际贸与数据标注证",
)
# A comma inside 4,500 and a stroke in 元/月 belong to the figure.
_MARKS = re.compile(r"[。!?;:\"“”‘’()【】\[\]《》…·]|(?<!\d),|,(?!\d)|(?<![\d元块k千万])/(?![月年天日时])")
_OR = re.compile(r"(?<=[一-龥])or(?=[一-龥])")
# Characters read otherwise in these words than alone.
_READINGS = {"会计": ("kuai", "ji"), "银行": ("yin", "hang"), "调度": ("diao", "du"), "调酒": ("tiao", "jiu")}
# Words that sound like a job and mean something else.
_SOUND_ALIKE = frozenset((
    "老是", "有事", "一生", "有时", "优势", "教室", "公司", "攻势", "公式", "知道", "事情", "世界", "医生", "手艺", "收益", "保险", "实际",
    "市级", "事迹", "设计", "社稷", "同事", "统一", "单位", "待遇", "地址", "时间", "以后", "已经", "意思", "这些", "那些", "一些", "可以",
    "应该", "现在", "需要", "希望", "有意", "友谊", "有益", "就是", "旧事", "救市",
))  # fmt: skip


def mended(text: str) -> str:
    """The text in one spelling, simplified characters, a blank for every mark that ends a phrase."""
    words = _OR.sub("或", _MARKS.sub(" ", normalise(text).translate(_TRADITIONAL))).strip()
    return _LATIN.sub(_in_characters, words)


@lru_cache(maxsize=1)
def _by_sound() -> dict[tuple[str, ...], str]:
    found: dict[tuple[str, ...], str] = {}
    # What comes first wins where two words sound alike: a place is more often meant than a major, a job than either.
    for word in (*SYNONYMS, *NICKNAMES, *DISTRICTS, *MAJORS):
        if len(word) >= 2 and not word.isascii():
            sound = tuple(syllables(word))
            found.setdefault(sound, word)
            for pair, said in _READINGS.items():
                if (at := word.find(pair)) >= 0:
                    found.setdefault((*sound[:at], *said, *sound[at + len(pair) :]), word)
    return found


_SPOKEN = (
    "找", "个", "我", "的", "有", "吗", "想", "做", "要", "去", "招", "没", "工作", "有没有", "有吗", "招人", "招工", "想找", "双休", "五险一金", "五险", "大专",
    "本科", "不要", "包吃住", "包住", "包吃", "兼职", "实习", "大同", "岗位", "招聘", "毕业", "夜班", "平城区",
)  # fmt: skip
_LATIN = re.compile(r"(?<![a-z\d+#.])[a-z]+(?: [a-z]+)*(?![a-z\d+#.])")


@lru_cache(maxsize=1)
def _spoken() -> dict[tuple[str, ...], str]:
    return {**_by_sound(), **{tuple(syllables(word)): word for word in _SPOKEN}}


def _in_characters(m: re.Match[str]) -> str:
    """A run of words in pinyin (“zhao ge kuai ji”) in characters; as it is if any of it is no known word."""
    sounds = [sound for token in m[0].split() for sound in syllables(token)]
    if len(sounds) < 2 or any(token in SYNONYMS for token in m[0].split()):
        return m[0]
    words, at = [], 0
    while at < len(sounds):
        length = next((n for n in range(min(6, len(sounds) - at), 0, -1) if tuple(sounds[at : at + n]) in _spoken()), 0)
        if not length:
            return m[0]
        words.append(_spoken()[tuple(sounds[at : at + length])])
        at += length
    return "".join(words)


@lru_cache(maxsize=4096)
def sounds_like(word: str) -> str | None:
    """The known job, place or major that sounds as this word does, None if there is none or the word means something."""
    if word in _SOUND_ALIKE or not 2 <= len(word) <= 24:
        return None
    sound = tuple(syllables(word))
    return _by_sound().get(sound) if len(sound) >= 2 else None

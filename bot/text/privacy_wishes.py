"""What somebody wants with what is stored of them, and whether a turn answers the question that is open about it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.text.normal import normalise

STALE = timedelta(hours=1)
"""After so long a question about deleting is not open any more: a yes then is a yes to something else."""

_FORGET = re.compile(
    r"删|刪|清(?:空|除|掉|了|干净|理)|全清|抹(?:掉|了|去|干净)|擦(?:掉|了)|忘(?:了|掉|记)(?:我|吧)?|忘干净|注销|销户|销号|消除|重置|移除|去掉|拿掉|撤下来|撤掉|解绑|解除绑定|断开|停用|关了|shanchu|不想在你们系统"
)
_PARTLY = re.compile(
    r"(?:刚才|刚刚|刚发|刚说|上一|那句|那条|最后一|这条|这句|上周|今天的|手机号|电话|身份证|卡号|银行卡|地址|住址|照片|简历|名字|姓名|微信|低保|病)"
)
_EXPORT = re.compile(r"导(?!员|致|师)|下载|拷|打包|打个包|副本|一份|备份|带走|发我邮箱|发我一份|存一份|复制")
_WITHDRAW = re.compile(
    r"(?:撤|收|取消|拿)[回掉消]?.{0,6}(?:同意|授权|许可)|(?:同意|授权|许可).{0,8}(?:撤|收回|取消|作废|反悔|点错|不算)|不(?:再)?(?:同意|授权)|授权.{0,4}不给|反悔|答应的.{0,3}不算|收回|不让.{0,6}用|别(?:把|拿)我.{0,10}(?:节目|公开|宣传|训练)|che回"
)
_HOW_LONG = re.compile(r"多久|多长时间|(?:啥|什么)时候.{0,3}删|几天|保留|留多长|自动删")
_WHO = re.compile(
    r"谁(?:能|可以|会)?(?:看|知道)|看(?:得|的)?(?:见|到)|看.{0,4}聊天|告诉|保密|泄|外传|卖了|给企业|给公司|查(?:得|的)?到|会不会.{0,6}(?:给|推)|知道不|骚扰|咋有我|往外说|安全不|服务器|录音"
)
_WHAT = re.compile(
    r"存了|记了|留了|收集|存着|知道我|我的(?:数据|信息|资料|记录)|有(?:我|哪些)|登记了|查看|看看|调出|查一下|都有(?:啥|什么|哪些)|查阅|你这儿有|你那还有"
)
_CORRECT = re.compile(r"更正|改成|有误|写错|登错|换掉|改一下|要改|改了")
_NEVER_KEEP = re.compile(r"(?:别|不要|不想|不用|能不能不|不许|甭).{0,4}(?:记|存|留|保存|记录|录)|无痕|隐身|匿名")
_YES = re.compile(
    r"^(?:(?:嗯+|恩|对|是的?|好的?|行|可以|成|中|ok|yes|确定|确认|没错|当然|想好了|我确定|就)[,，。!！~ ]*)*(?:(?:全部?|都|给我|现在|马上|赶紧|请|帮我|直接)*(?:删(?:除|掉|了|吧|了吧|掉吧)?|清(?:空|掉)?|撤(?:回|掉|了)?|确定|确认)?)(?:全部?|所有|都)?(?:记录|数据)?(?:吧|了|啊|呗|呀)?[。!！~ ]*$"
)
_NO = re.compile(
    r"^(?:不(?:删|要|用|了|撤|行|想删)?(?:了|吧|删了|撤了)?|先?别(?:删|撤)?(?:了)?|算了(?:吧)?|先不(?:删|撤)?(?:了|吧)?|取消|等等|等一下|再想想|我再想想|后悔了|不(?:删|撤)了?(?:不(?:删|撤)了?)?|点错了|留着(?:吧)?)[,，。!！~ 吧啊]*(?:不(?:删|撤)了?|留着吧?|算了)?[。!！ ]*$"
)
_KEEP = re.compile(
    r"(?:预约|约|报名|指导|活动|其他|其它).{0,6}(?:留|保留|不删|别删|别取消|不取消)|(?:留|保留)(?:着|下)?.{0,4}(?:预约|报名|活动)|其余.{0,4}删|其他.{0,4}删"
)
_CANCEL_TOO = re.compile(
    r"(?:预约|报名|活动|约).{0,4}(?:也|都|一起|一块|全)(?:取消|删|不要)|全(?:部)?(?:取消|删)|都(?:取消|删|不要)|一(?:起|块)(?:删|取消)"
)


@dataclass(frozen=True)
class PrivacyWish:
    """`do`: what, export, forget, partly, withdraw, who, how_long, correct, never or None."""

    do: str | None


def read_privacy_wish(text: str) -> PrivacyWish:
    """What a message that is about one's data wants."""
    plain = normalise(text)
    if _WITHDRAW.search(plain):
        return PrivacyWish("withdraw")
    if _EXPORT.search(plain) and not (_FORGET.search(plain) and "导" not in plain):
        return PrivacyWish("export")
    if _HOW_LONG.search(plain):
        return PrivacyWish("how_long")
    if _FORGET.search(plain):
        return PrivacyWish(
            "partly" if _PARTLY.search(plain) and not re.search("全部|所有|都删|一切", plain) else "forget"
        )
    if _CORRECT.search(plain):
        return PrivacyWish("correct")
    if _NEVER_KEEP.search(plain):
        return PrivacyWish("never")
    if _WHO.search(plain):
        return PrivacyWish("who")
    return PrivacyWish("what" if _WHAT.search(plain) else None)


def answer_to(text: str, state: Mapping[str, Any] | None) -> str | None:
    """What a short turn says to the open question: yes, no, keep (what is booked) or cancel (that too)."""
    plain = normalise(text)
    step = (state or {}).get("step")
    if step == "forget" and _KEEP.search(plain):
        return "keep"
    if _NO.match(plain):
        return "no"
    if step == "forget" and (state or {}).get("open") and _CANCEL_TOO.search(plain):
        return "cancel"
    return "yes" if plain and _YES.match(plain) else None


def belongs(text: str, state: Mapping[str, Any] | None, now: datetime) -> bool:
    """Whether a typed turn belongs to the question that is open: it answers it, and says nothing else."""
    if not state or not state.get("step"):
        return False
    at = datetime.fromisoformat(state["at"])
    return now - at < STALE and answer_to(text, state) is not None

"""What staff read for the words of the record, and why something did not work."""

from __future__ import annotations

from bot.review.rules import Changed, NotYours, Refusal, TooLate, Unfit, Unknown

INTENTS = {
    "policy": "问政策", "followup": "追问", "repeat": "再说一遍", "eligibility_check": "政策体检", "job_search": "找岗位",
    "job_detail_or_more": "岗位详情或更多", "job_fair_or_event": "招聘会和活动", "book_guidance": "约指导", "change_booking": "改预约",
    "my_bookings": "我的预约", "ask_radio": "向节目提问", "human": "找真人", "privacy_request": "隐私与删除",
    "distress_serious": "危险信号", "distress_mild": "情绪低落", "scam_report": "说到骗局", "abuse": "骂人", "greet": "打招呼",
    "thanks_bye": "道谢、告别", "affirm": "是", "deny": "否", "ask_bot": "问小同自己", "help": "能做什么", "praise": "夸奖",
    "weary": "累了、烦了", "good_news": "报喜", "chitchat": "闲聊", "out_of_scope": "不归我们管",
}  # fmt: skip
OUTCOMES = {
    "served": "答了", "offered": "给了选项", "refused": "没答上", "comforted": "安慰了", "failed": "出错道歉",
}  # fmt: skip
CHANNELS = {"web": "网页", "telegram": "Telegram", "wechat": "微信公众号"}
ASPECTS = {
    "general": "总的", "who": "谁能办", "amount": "给多少", "materials": "要什么材料", "process": "怎么办", "where": "去哪办",
    "when": "什么时候办", "contact": "联系谁", "notes": "要注意什么",
}  # fmt: skip
EXPECTS = {
    "served": "直接答这个主题",
    "offered": "给选项，里面有这个主题",
    "refused": "说不知道",
    "understood": "听成这个意图",
}
STATES = {"waiting": "还没答", "answering": "正在答", "answered": "答完了", "failed": "没答成"}
KINDS = {"holding": "请稍等", "apology": "道歉", "staff": "工作人员", "media": "图片、语音等", "choice": "点选"}
NOBODY = "没人"

_FIELDS = {
    "tag": "标签", "note": "备注", "name": "名字", "text": "问法", "said": "说的话", "before": "上一句", "reason": "原因",
}  # fmt: skip


def why(refusal: Refusal) -> str:
    """Why something did not work, beside the field or above the page."""
    if isinstance(refusal, Unfit):
        return _unfit(refusal)
    if isinstance(refusal, Changed):
        return f"{refusal.by}刚刚改过，先看看现在的。"
    if isinstance(refusal, NotYours):
        return "只有写的人自己能改。"
    if isinstance(refusal, TooLate):
        return "过了 30 分钟，恢复不了了。"
    if isinstance(refusal, Unknown):
        return "这一条已经不在了。"
    return "没做成，请再试一次。"


def _unfit(refusal: Unfit) -> str:
    field = _FIELDS.get(refusal.field, "这一项")
    return {
        "empty": f"请填{field}。" if refusal.field in _FIELDS else "请选一个。",
        "short": f"{field}太短了，至少 {refusal.limit} 个字。",
        "long": f"{field}太长了，最多 {refusal.limit} 个字。",
        "marks": "标签只能用汉字、字母、数字、“-”。",
        "many": f"一段对话最多 {refusal.limit} 个标签，先去掉一个。",
        "same": {"name": "你已经有一个同名的视图。", "text": "这句已经加过了。", "said": "这一条用例已经存过了。"}.get(
            refusal.field, "已经有了。"
        ),
        "nothing": "先选好筛选条件再存。",
        "unknown": "没有这一项，请重新选。",
    }[refusal.why]

"""What staff read of training."""

from __future__ import annotations

from bot.training import rules
from bot.training.rules import Refusal

STATES = {
    "waiting": "等着开始",
    "training": "正在训练",
    "comparing": "正在比较",
    "ready": "做好了",
    "failed": "没做成",
    "interrupted": "中断了",
}
KINDS = {"case": "回归用例", "topics": "政策问题", "followups": "追问", "intents": "各种意图", "care": "情绪和骗局"}
VERDICTS = {"better": "变好的", "worse": "变差的", "other": "变了样的", "wrong": "两个都不对的"}
FIGURES = {
    "right": "对了几句",
    "top1": "第一个主题就对",
    "top3": "前三个里有",
    "served_right": "直接答对",
    "served_wrong": "直接答错",
    "refused": "没答上",
    "topic": "主题对",
    "aspect": "方面对",
    "both": "主题和方面都对",
    "accuracy": "听对意图",
    "macro_f1": "各意图平均（F1）",
    "serious_distress_recall": "危险信号找到",
}
OUTCOMES = {"served": "直接答", "offered": "给选项", "refused": "说不知道", "comforted": "安慰", "failed": "出错道歉"}
LESS_IS_BETTER = ("served_wrong", "refused")
SERVER = "启动时"
"""By whom a model was taken that nobody gave."""
_MODELS = {"before": "原来的模型", "after": "新模型"}


def step_said(state: str, step: str) -> str:
    """What a run is at."""
    if state == "comparing" and " " in step:
        name, at = step.split(" ", 1)
        done, _, total = at.partition("/")
        return f"用同样的话问{_MODELS.get(name, name)}：{done} / {total}"
    if state == "training":
        return f"训练 {step}" if step else "准备训练数据"
    return {"waiting": "排着队，最多等二十秒", "comparing": "准备比较"}.get(state, "")


def why(refusal: Refusal) -> str:
    """Why something did not work."""
    if isinstance(refusal, rules.CannotLoad):
        return f"新模型装不上，还是用原来的。引擎说：{refusal.reason}"
    return {
        rules.AlreadyOpen: "已经有一次训练在做，等它结束。",
        rules.NothingNew: "没有新的问法和纠正，不用训练。",
        rules.FilesChanged: "程序更新过，请让管理员重启服务，之后再训练、启用。",
        rules.NotReady: "这一次还没做好，不能启用。",
        rules.Over: "这一次已经结束了，不用停。",
        rules.IsLive: "已经在用这个模型了。",
        rules.Missing: "这个模型的文件清掉了，请重新训练。",
        rules.EngineAway: "对话引擎这会儿连不上，还是用原来的模型，过一会儿再试。",
        rules.NoFormer: "没有可以退回的模型。",
        rules.Unknown: "没有这一次训练。",
    }[type(refusal)]

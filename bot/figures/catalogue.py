"""The figures that are kept: what each is called, what exactly it counts, and the statement that counts it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Dialect, Select

from bot.figures import queries
from bot.figures.rules import Period

Statement = Callable[[Period], Select[Any]]


@dataclass(frozen=True)
class Figure:
    """One figure. `meaning` says to staff what is counted and what is not."""

    name: str
    title: str
    unit: str
    meaning: str
    statement: Statement

    def sql(self, period: Period, dialect: Dialect) -> str:
        """The statement as the database is asked it, with its values, to be read."""
        compiled = self.statement(period).compile(dialect=dialect, compile_kwargs={"literal_binds": True})
        return str(compiled)


_NOT_OURS = "用命令行 duihua ask 试问的不算"
FIGURES = (
    Figure("people", "服务人数", "人", f"这段时间里发过消息的人，一个人只算一次（绑定过的几个账号算一个人）；{_NOT_OURS}。", queries.people),
    Figure("new_people", "新来的人", "人", "其中以前从没发过消息的人。", queries.new_people),
    Figure("conversations", "对话", "次", f"有人发过消息的对话；点“重新开始”另算一次；{_NOT_OURS}。", queries.conversations),
    Figure("turns", "来信", "条", f"大家发来的消息，点按钮也算一条；{_NOT_OURS}。", queries.turns),
    Figure("served", "直接答上", "条", "直接给出政策答案的来信。", queries.outcome("served")),
    Figure("offered", "给了选项", "条", "拿不准是哪一项、给了几个选项请人挑的来信。", queries.outcome("offered")),
    Figure("refused", "没答上", "条", "老实说不知道、告诉人该问谁的来信。", queries.outcome("refused")),
    Figure("failed", "出错道歉", "条", "因为故障没能答、道了歉的来信。", queries.failed),
    Figure("up", "好评", "个", "这段时间里点的 👍；同一条回答改点的按最后一次算。", queries.verdict("up")),
    Figure("down", "差评", "个", "这段时间里点的 👎；同一条回答改点的按最后一次算。", queries.verdict("down")),
    Figure("handovers", "找真人", "次", "转给工作人员的问题，下班后的留言也算。", queries.handovers),
    Figure("handovers_taken", "真人接过", "次", "其中工作人员接过来聊了的。", queries.handovers_taken),
    Figure("alerts", "危险信号", "次", "发现有人可能有危险、提醒了工作人员的次数。", queries.alerts),
    Figure("scams", "骗局苗头", "条", "看出可能是招聘骗局或求职贷的来信。", queries.scams),
    Figure("booked", "约成的辅导", "次", "这段时间里约成的一对一辅导，后来取消的也在内；示例老师的不算。", queries.booked),
    Figure("sessions_held", "做完的辅导", "次", "时间在这段时间里、老师记了“已完成”的辅导；示例老师的不算。", queries.sessions_held),
    Figure("sessions_missed", "没来的辅导", "次", "时间在这段时间里、老师记了“没来”的辅导；示例老师的不算。", queries.sessions_missed),
    Figure("sessions_cancelled", "取消的辅导", "次", "时间在这段时间里、取消了的辅导；示例老师的不算。", queries.sessions_cancelled),
    Figure("job_searches", "找岗位", "条", "被理解成找岗位、看岗位的来信。", queries.job_searches),
    Figure("postings_new", "新增岗位", "个", "岗位库里第一次出现在这段时间的岗位；示例的不算。", queries.postings_new),
    Figure("events", "办的活动", "场", "这段时间里开始的招聘会、体验日和培训；取消的、示例的不算。", queries.events),
    Figure("registrations", "活动报名", "人次", "这些活动的报名（候补在内），退掉的不算。", queries.registrations),
    Figure("came", "活动签到", "人次", "这些活动里签到了的。", queries.came),
    Figure("questions_received", "给节目的提问", "个", "听众通过小同给“对话青春”提的问题。", queries.questions_received),
    Figure("questions_aired", "上节目的提问", "个", "这段时间里在节目里播过的提问。", queries.questions_aired),
)  # fmt: skip
BY_NAME = {figure.name: figure for figure in FIGURES}

ANSWER_TIME = "从收到一条消息到回答存好的时间；只算答了的。"
"""What the reply times count."""

"""Training from the console: what is new beside the live model, a run with its progress, both models side by side, and the change."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.people.rules import Permission
from bot.review import wording as review
from bot.training import wording
from bot.training.rules import VERDICTS, Refusal, Unknown
from bot.training.views import Found, RunView
from bot.web.console import notices, words
from bot.web.console.access import STAFF, audit, requires
from bot.web.console.home import Waiting, tells
from bot.web.console.pages import back_to, page, page_number
from bot.web.training import TRAINING

SHOWN = 50  # sentences on a page
notices.add(
    {
        "training-given": "新模型启用了，大家的下一句就由它来答。",
        "training-stopped": "停下了，还是用原来的模型。",
        "training-back": "退回了，大家的下一句由原来的模型来答。",
    }
)
words.name_actions(
    {
        "training.begin": "开始训练",
        "training.stop": "停下训练",
        "training.activate": "启用模型",
        "training.back": "退回模型",
    }
)
words.name_details({"model": "模型", "milliseconds": "毫秒", "kept": "没换成，因为"})


@tells(Permission.TRAINING_RUN)
async def trained(request: web.Request) -> Waiting | None:
    """A model that is made and nobody has decided about."""
    ready = await request.app[TRAINING].undecided()
    return Waiting("训练好、等着启用的模型", 1, f"/console/training/{ready}") if ready else None


@requires(Permission.TRAINING_RUN)
async def training(request: web.Request) -> web.Response:
    """GET /console/training"""
    return await _overview(request)


async def _overview(request: web.Request, refused: Refusal | None = None) -> web.Response:
    context = {
        "seen": await request.app[TRAINING].overview(),
        "titles": await request.app[TRAINING].titles(),
        "refused": wording.why(refused) if refused else "",
        "wording": wording,
        "review": review,
    }
    return await page(request, "console/training.html", context, status=409 if refused else 200)


@requires(Permission.TRAINING_RUN)
async def begin(request: web.Request) -> web.Response:
    """POST /console/training: ask for a training."""
    try:
        run = await request.app[TRAINING].begin(request[STAFF].name)
    except Refusal as error:
        return await _overview(request, error)
    await audit(request, "training.begin", f"training {run}")
    back_to(request, "console.training.run", id=run)


@requires(Permission.TRAINING_RUN, unasked=True)
async def run(request: web.Request) -> web.Response:
    """GET /console/training/{id}?show=…&kind=…&page=…: how far it is, or what came of it."""
    return await _run(request)


async def _run(request: web.Request, refused: Refusal | None = None) -> web.Response:
    try:
        seen = await request.app[TRAINING].run(int(request.match_info["id"]))
    except Unknown as error:
        raise web.HTTPNotFound from error
    counts = {name: sum(one.verdict == name for one in seen.found) for name in VERDICTS}
    show = request.query.get("show", "")
    if show not in VERDICTS:
        show = next((name for name in ("worse", "better", "other") if counts[name]), "worse")
    chosen = [one for one in seen.found if one.verdict == show]
    pages = max(-(-len(chosen) // SHOWN), 1)
    at = min(page_number(request), pages)
    context = {
        "seen": seen,
        "run": seen.run,
        "counts": counts,
        "show": show,
        "found": chosen[(at - 1) * SHOWN : at * SHOWN],
        "page": at,
        "pages": pages,
        "total": len(chosen),
        "figures": figures_of(seen.compared) if seen.compared else [],
        "titles": await request.app[TRAINING].titles(),
        "understood": understood,
        "expected": expected,
        "refused": wording.why(refused) if refused else "",
        "step": wording.step_said(seen.run.state, seen.run.step),
        "wording": wording,
        "review": review,
    }
    return await page(request, "console/training_run.html", context, status=409 if refused else 200)


@requires(Permission.TRAINING_RUN, unasked=True)
async def progress(request: web.Request) -> web.Response:
    """GET /console/training/{id}/progress: how far a run is, for the page's script."""
    try:
        seen: RunView = await request.app[TRAINING].progress(int(request.match_info["id"]))
    except Unknown as error:
        raise web.HTTPNotFound from error
    told = {"open": seen.open, "share": round(seen.share, 3), "state": wording.STATES[seen.state]}
    return web.json_response({**told, "step": wording.step_said(seen.state, seen.step)})


@requires(Permission.TRAINING_RUN)
async def stop(request: web.Request) -> web.Response:
    """POST /console/training/{id}/stop: end a run in the middle."""
    run_id = int(request.match_info["id"])
    try:
        await request.app[TRAINING].stop(run_id, request[STAFF].name)
    except Unknown as error:
        raise web.HTTPNotFound from error
    except Refusal as error:
        return await _run(request, error)
    await audit(request, "training.stop", f"training {run_id}")
    back_to(request, "console.training", notice="training-stopped")


@requires(Permission.TRAINING_RUN)
async def activate(request: web.Request) -> web.Response:
    """POST /console/training/{id}/activate: give the engine the model of a run."""
    run_id = int(request.match_info["id"])
    try:
        given = await request.app[TRAINING].activate(run_id, request[STAFF].name)
    except Unknown as error:
        raise web.HTTPNotFound from error
    except Refusal as error:
        await audit(request, "training.activate", f"training {run_id}", kept=type(error).__name__)
        return await _run(request, error)
    await _audit_given(request, "training.activate", f"training {run_id}", given)
    back_to(request, "console.training", notice="training-given")


@requires(Permission.TRAINING_RUN)
async def back(request: web.Request) -> web.Response:
    """POST /console/training/back: give the engine the model that it had before."""
    try:
        given = await request.app[TRAINING].go_back(request[STAFF].name)
    except Refusal as error:
        await audit(request, "training.back", "model", kept=type(error).__name__)
        return await _overview(request, error)
    await _audit_given(request, "training.back", "model", given)
    back_to(request, "console.training", notice="training-back")


async def _audit_given(request: web.Request, action: str, target: str, given: Any) -> None:
    await audit(request, action, target, model=given.model, before=given.before, milliseconds=given.milliseconds)


def figures_of(compared: dict[str, Any]) -> list[dict[str, Any]]:
    """The figures of both models, kind by kind: name, before, after, and whether it became better or worse."""
    found = []
    for kind, (n, of) in compared["sample"].items():
        if not n:
            continue
        rows = []
        for name, before in compared["before"][kind].items():
            after = compared["after"][kind][name]
            if name == "n" or before is None or after is None:
                continue
            less = name in wording.LESS_IS_BETTER
            turned = "" if before == after else "better" if (after < before) == less else "worse"
            shown = [str(one) if name == "right" else f"{one:.1%}" for one in (before, after)]
            rows.append({"name": wording.FIGURES[name], "before": shown[0], "after": shown[1], "turned": turned})
        found.append({"kind": wording.KINDS[kind], "n": n, "of": of, "rows": rows})
    return found


def understood(got: dict[str, Any], titles: dict[str, str]) -> str:
    """What a model made of a sentence, in words."""
    intent = review.INTENTS.get(got["intent"] or "", got["intent"] or "没有意图")
    outcome = wording.OUTCOMES.get(got["outcome"] or "", "")
    topics = "、".join(titles.get(one, one) for one in got["topics"])
    aspect = review.ASPECTS.get(got["aspect"] or "", "") if got["outcome"] == "served" else ""
    return "；".join(filter(None, (intent, outcome, topics, aspect)))


def expected(one: Found, titles: dict[str, str]) -> str:
    """What has to become of a sentence, in words."""
    wanted = one.one.expected
    if kind := wanted.get("kind"):
        return review.INTENTS.get(kind, {"distress": "情绪低落或危险信号"}.get(kind, kind))
    said = [review.EXPECTS[wanted["expects"]]] if "expects" in wanted else []
    said += [titles.get(topic, topic) for topic in (wanted.get("topic"), *wanted.get("also_ok", ())) if topic]
    said += [review.INTENTS.get(wanted["intent"], wanted["intent"])] if wanted.get("intent") else []
    said += [review.ASPECTS.get(wanted["aspect"], wanted["aspect"])] if wanted.get("aspect") else []
    return "；".join(said)


ROUTES = (
    web.get("/console/training", training, name="console.training"),
    web.post("/console/training", begin, name="console.training.begin"),
    web.post("/console/training/back", back, name="console.training.back"),
    web.get(r"/console/training/{id:\d{1,9}}", run, name="console.training.run"),
    web.get(r"/console/training/{id:\d{1,9}}/progress", progress, name="console.training.progress"),
    web.post(r"/console/training/{id:\d{1,9}}/stop", stop, name="console.training.stop"),
    web.post(r"/console/training/{id:\d{1,9}}/activate", activate, name="console.training.activate"),
)

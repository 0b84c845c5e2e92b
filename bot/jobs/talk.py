"""A talk about postings: what is searched, shown and refined over several turns."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from bot.clock import Clock, today
from bot.jobs import wording
from bot.jobs.rules import conditions, why
from bot.jobs.search import Found, JobSearch
from bot.jobs.service import Jobs, UnknownPosting
from bot.reply import Reply
from bot.text.wishes import Refinement, Wishes, read_refinement, read_wishes, refined

PAGE = 3  # postings shown at once
REMEMBERED = 300  # postings shown that “换一批” leaves out
COLD = frozenset({"detail", "apply", "keep", "unkeep", "kept", "unsubscribe"})  # what needs no search before it


@dataclass(frozen=True)
class Search:
    """What the dialogue remembers of a search: its wishes, the postings on the page, and all that were shown."""

    wishes: Wishes = field(default_factory=Wishes)
    negotiable: bool = False
    page: tuple[int, ...] = ()
    shown: tuple[int, ...] = ()
    asked: int | None = None  # the posting last looked at
    kept: tuple[int, ...] = ()  # the favourites that were listed last, until something else is

    def to_slot(self) -> dict[str, Any]:
        """As the engine keeps it."""
        kept = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}
        return {**kept, "wishes": self.wishes.to_dict()}

    @classmethod
    def from_slot(cls, slot: dict[str, Any] | None) -> Search | None:
        """What `to_slot` wrote; None where nothing was searched yet."""
        if not slot:
            return None
        return cls(
            Wishes.from_dict(slot["wishes"]),
            slot["negotiable"],
            tuple(slot["page"]),
            tuple(slot["shown"]),
            slot["asked"],
            tuple(slot.get("kept") or ()),
        )


@dataclass(frozen=True)
class Told:
    """A reply, and the search as it stands after it."""

    reply: Reply
    search: Search | None = field(default=None)


class JobTalk:
    """Answers each turn of a talk about jobs; the state comes in and goes out, nothing is held here."""

    def __init__(
        self, search: JobSearch, jobs: Jobs, companies: Callable[[], Awaitable[Collection[str]]], clock: Clock
    ) -> None:
        self._search, self._jobs, self._companies, self._clock = search, jobs, companies, clock

    async def wished(self, text: str) -> bool:
        """Whether a text names anything that a search could look for."""
        return bool(read_wishes(text, companies=await self._companies()))

    async def said(self, text: str, before: Search | None, conversation: str) -> Told:
        """A typed turn: a new search, or what it changes about the one before."""
        companies = await self._companies()
        step = read_refinement(text, before.wishes, companies=companies) if before else None
        if step is None:
            wishes = read_wishes(text, companies=companies)
            if not wishes and before and before.wishes:
                return await self._again(before)
            step = read_refinement(text, wishes, companies=companies)
            if step and (step.kind == "subscribe" if wishes else step.kind in COLD):
                return await self._take(step, before, conversation)
            return await self._find(Search(wishes))
        return await self._take(step, before, conversation)

    async def pressed(self, do: str, of: str | None, before: Search | None, conversation: str) -> Told:
        """A pressed choice."""
        search = before or Search()
        match do:
            case "details" | "keep" | "unkeep" if of and of.isdecimal():
                return await self._with(do, int(of), search, conversation)
            case "off" if of:
                if of == "negotiable":
                    return await self._find(replace(search, negotiable=False))
                return await self._find(replace(search, wishes=wording.without(search.wishes, of)))
            case "relax" if of:
                return await self._relax(search, of)
            case "again":
                return await self._find(search)
            case "list":
                return await self._again(search) if search.page else await self._find(search)
            case "more":
                return await self._more(search)
            case "restart":
                return await self._restart()
            case "kept":
                return await self._kept(search, conversation)
            case "subscribe":
                return await self._subscribe(search, conversation)
            case "unsubscribe":
                return Told(wording.unsubscribed(await self._jobs.unsubscribe(conversation)), before)
        return await self._find(search)

    async def _take(self, step: Refinement, before: Search | None, conversation: str) -> Told:
        search = before or Search()
        match step.kind:
            case "detail" | "apply" | "keep" | "unkeep":
                posting = self._meant(step.index, search)
                if posting is None:
                    listed = len(search.kept or search.page)
                    return Told(wording.which(listed) if listed else wording.NONE_SHOWN, before)
                do = {"detail": "details", "apply": "details"}.get(step.kind, step.kind)
                return await self._with(do, posting, search, conversation)
            case "more":
                return await self._more(search)
            case "back":
                return await self._back(search)
            case "kept":
                return await self._kept(search, conversation)
            case "subscribe" if step.wishes:
                return await self._subscribe_anew(step.wishes, conversation)
            case "subscribe":
                return await self._subscribe(search, conversation)
            case "unsubscribe":
                return Told(wording.unsubscribed(await self._jobs.unsubscribe(conversation)), before)
            case "restart":
                return await self._restart()
            case "new":
                return await self._find(Search(step.wishes))
        negotiable = search.negotiable and "salary_min" not in step.drop
        return await self._find(Search(refined(search.wishes, step), negotiable))

    @staticmethod
    def _meant(index: int | None, search: Search) -> int | None:
        """The posting that “第二个”, “最后一个” or “刚才那个” is."""
        listed = search.kept or search.page
        if index is None:
            return search.asked or (listed[0] if len(listed) == 1 else None)
        place = index - 1 if index > 0 else len(listed) + index
        return listed[place] if 0 <= place < len(listed) else None

    async def _find(self, search: Search) -> Told:
        """From the first page."""
        page = await self._search.find(search.wishes, negotiable=search.negotiable)
        if not page.postings:
            relaxations = await self._search.relaxations(search.wishes, negotiable=search.negotiable)
            reply = wording.nothing(search.wishes, relaxations, negotiable=search.negotiable)
            return Told(reply, Search(search.wishes, search.negotiable))
        ids = tuple(found.posting.id for found in page.postings)
        reply = wording.listed(search.wishes, page, negotiable=search.negotiable)
        return Told(reply, Search(search.wishes, search.negotiable, ids, ids))

    async def _more(self, search: Search) -> Told:
        if not search.shown and not search.page:
            return await self._find(search)  # nothing was found: what could be dropped is offered again
        page = await self._search.find(search.wishes, shown=search.shown, negotiable=search.negotiable)
        if not page.postings:
            return Told(wording.no_more(search.wishes, negotiable=search.negotiable), search)
        ids = tuple(found.posting.id for found in page.postings)
        reply = wording.listed(search.wishes, page, negotiable=search.negotiable, before=len(search.shown))
        return Told(reply, replace(search, page=ids, shown=(*search.shown, *ids)[-REMEMBERED:], asked=None, kept=()))

    async def _back(self, search: Search) -> Told:
        """The page before the one that was shown."""
        earlier = search.shown[: -len(search.page)] if search.page else search.shown
        if not earlier:
            return await self._again(search)
        return await self._more(replace(search, shown=earlier[:-PAGE], page=()))

    async def _again(self, search: Search) -> Told:
        """The page that was shown, as it stands now."""
        earlier = search.shown[: -len(search.page)] if search.page else search.shown
        return await self._more(replace(search, shown=earlier, page=()))

    async def _relax(self, search: Search, label: str) -> Told:
        """Drop the condition that was offered to be dropped by that name."""
        for condition in conditions(search.wishes, negotiable=search.negotiable):
            if condition.label == label:
                return await self._find(Search(condition.wishes, condition.negotiable))
        return await self._find(search)

    async def _restart(self) -> Told:
        told = await self._find(Search())
        first, *rest = told.reply.paragraphs
        return replace(told, reply=told.reply.model_copy(update={"paragraphs": (wording.RESTARTED + first, *rest)}))

    async def _with(self, do: str, posting_id: int, search: Search, conversation: str) -> Told:
        """Show, keep or unkeep one posting."""
        try:
            shown = await self._jobs.details(posting_id)
            if do == "keep":
                new = await self._jobs.keep(conversation, posting_id)
                reply = wording.keeping(shown.posting.title, new=new)
            elif do == "unkeep":
                await self._jobs.unkeep(conversation, posting_id)
                reply = wording.unkept(shown.posting.title)
            else:
                kept = {one.posting.id for one in await self._jobs.kept(conversation)}
                reply = wording.details(
                    shown.posting, offered=shown.offered, kept=posting_id in kept, today=today(self._clock)
                )
        except UnknownPosting:
            return Told(wording.GONE, search)
        return Told(reply, replace(search, asked=posting_id))

    async def _kept(self, search: Search, conversation: str) -> Told:
        kept = await self._jobs.kept(conversation)
        reply = wording.kept([(Found(one.posting, why(Wishes(), one.posting)), one.offered) for one in kept])
        return Told(reply, replace(search, kept=tuple(one.posting.id for one in kept), asked=None))

    async def _subscribe_anew(self, wishes: Wishes, conversation: str) -> Told:
        """Save a search that is named in the same breath, and show what there is of it now."""
        await self._jobs.subscribe(conversation, wishes)
        told = await self._find(Search(wishes))
        return replace(told, reply=wording.subscribed_with(wording.said(wishes), told.reply))

    async def _subscribe(self, search: Search, conversation: str) -> Told:
        await self._jobs.subscribe(conversation, search.wishes)
        return Told(wording.subscribed(wording.said(search.wishes)), search)

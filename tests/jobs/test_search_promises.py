"""For any wishes: what is found is what fits, and every relaxation gives the number it promises. On both databases."""

import random
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.jobs.rules import conditions
from bot.jobs.tables import Posting
from bot.jobs.words import grams, pieces, search_text
from bot.text.schooling import LEVELS
from bot.text.wishes import Wishes

TODAY = date(2026, 11, 24)
TITLES = (
    "会计",
    "会计师",
    "高级会计",
    "会计助理",
    "行政会计",
    "软件开发",
    "软件开发工程师",
    "前端开发",
    "销售",
    "电话销售",
    "计会",
)
COMPANIES = (("恒源会计事务所", "会计"), ("云中软件公司", "软件"), ("平城煤矿有限公司", "煤电"), ("大同商贸", None))
MAJORS = ("会计", "会计学", "软件工程", "软件", "计算机")
BENEFITS = ("双休", "包吃", "包住", "包吃住", "五险一金")
SYNONYMS = {"程序员": ("软件开发", "前端")}

wishes = st.builds(
    Wishes,
    keyword=st.none() | st.sampled_from(["会计", "开发", "程序员", "软件开发工程", "师", "煤", "会计 销售", "厨师"]),
    district=st.none() | st.sampled_from(["平城区", "云冈区", "平城区 浑源县"]),
    salary_min=st.none() | st.integers(1000, 9000),
    salary_max=st.none() | st.integers(2000, 35_000),
    education=st.none() | st.sampled_from(LEVELS),
    major=st.none() | st.sampled_from([*MAJORS, "会计专业", "护理"]),
    job_type=st.none() | st.sampled_from(["全职", "兼职"]),
    company=st.none() | st.sampled_from(["会计事务", "煤矿公司"]),
    benefits=st.lists(st.sampled_from(BENEFITS), max_size=2, unique=True).map(tuple),
    exclude=st.lists(st.sampled_from(["销售", "助理", "煤电"]), max_size=2, unique=True).map(tuple),
)
thorough = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def legible(posting: Posting) -> bool:
    """Whether a posting may be offered at all."""
    return posting.status == "open" and not posting.scam_signs and (posting.closes_on or TODAY) >= TODAY


def fits(posting: Posting, w: Wishes, *, negotiable: bool = False) -> bool:
    """What the issue says of each wish, without words, tokens or SQL."""
    company, trade = posting.company.name, posting.company.trade or ""
    names = company.removesuffix("有限公司").removesuffix("公司")
    spellings = [s for word in w.keywords for s in (word, *SYNONYMS.get(word, ()))]
    benefits = {part for b in posting.benefits for part in (("包吃", "包住") if b == "包吃住" else (b,))}
    wished = {part for b in w.benefits for part in (("包吃", "包住") if b == "包吃住" else (b,))}
    paid = posting.pay_min is not None
    wishes_pay = w.salary_min is not None or w.salary_max is not None
    pay = (
        (
            negotiable
            if not paid
            else posting.pay_max >= (w.salary_min or 0) and posting.pay_min <= (w.salary_max or 10**9)
        )
        if wishes_pay
        else True
    )
    major = (w.major or "").removesuffix("专业")
    return all(
        (
            legible(posting),
            not spellings or any(s in text for s in spellings for text in (posting.title, trade, names)),
            not w.district or posting.district in w.districts,
            pay,
            not w.education or LEVELS.index(posting.education) <= LEVELS.index(w.education),
            not major or not posting.majors or any(major in m or m in major for m in posting.majors),
            not w.job_type or posting.job_type == w.job_type,
            not w.company or w.company.removesuffix("公司") in names,
            wished <= benefits,
            not any(word in posting.title or word in trade for word in w.exclude),
        )
    )


@pytest.fixture
async def there(add, sessions) -> list[Posting]:
    """A hundred and fifty postings of all kinds."""
    dice = random.Random(7)
    for n in range(150):
        company, trade = COMPANIES[n % len(COMPANIES)]
        low = dice.randrange(1500, 9000, 250)
        paid = dice.random() < 0.8
        await add(
            company=company,
            trade=trade,
            title=dice.choice(TITLES),
            job_type=dice.choice(["全职", "全职", "兼职"]),
            district=dice.choice(["平城区", "平城区", "云冈区", "浑源县"]),
            pay_min=low if paid else None,
            pay_max=low + dice.randrange(0, 4000, 250) if paid else None,
            education=dice.choice(LEVELS),
            majors=dice.sample(MAJORS, dice.randrange(3)),
            benefits=dice.sample(BENEFITS, dice.randrange(5)),
            closes_on=dice.choice([None, TODAY, TODAY, TODAY - timedelta(days=1)]),
            status=dice.choice(["open"] * 7 + ["withdrawn"]),
            scam_signs=dice.choice([[]] * 9 + [["押金"]]),
        )
    async with sessions() as db:
        return list(await db.scalars(select(Posting)))


@given(w=wishes)
@thorough
async def test_what_is_found_is_what_fits(there, search, w):
    page = await search.find(w, limit=len(there))

    assert {found.posting.id for found in page.postings} == {posting.id for posting in there if fits(posting, w)}
    assert page.total.n == len(page.postings)
    assert not page.more


@given(w=wishes)
@example(
    w=Wishes(keyword="会计", salary_min=8000, benefits=("双休", "包吃住"), exclude=("销售", "助理"), education="高中")
)
@thorough
async def test_every_relaxation_returns_the_promised_count_and_none_is_missing(there, search, w):
    promised = {(r.field, r.label): r for r in await search.relaxations(w)}

    for relaxation in promised.values():
        page = await search.find(relaxation.wishes, negotiable=relaxation.negotiable, limit=len(there))
        assert page.total == relaxation.count
        assert len(page.postings) == relaxation.count.n > 0
    for condition in conditions(w):
        left = sum(fits(posting, condition.wishes, negotiable=condition.negotiable) for posting in there)
        assert (left > 0) == ((condition.field, condition.label) in promised)


async def test_each_condition_is_one_relaxation(search, add):
    await add(pay_min=None, pay_max=None)
    w = Wishes(
        keyword="会计", district="平城区", salary_min=5000, salary_max=8000, approx=True, benefits=("双休",),
        exclude=("销售",), education="本科", major="会计", job_type="全职", company="恒源", industry="商贸",
    )  # fmt: skip

    labels = [condition.label for condition in conditions(w)]

    assert labels == [
        "含面议", "不限薪资", "不要求双休", "销售也看", "不限学历", "不限专业", "不限区县", "不限类型", "不限行业", "不限公司", "不限岗位",
    ]  # fmt: skip
    assert await search.relaxations(w) == []  # no single one is enough
    relaxed = {r.label: r.count.n for r in await search.relaxations(Wishes(salary_min=5000))}
    assert relaxed == {"含面议": 1, "不限薪资": 1}


HANZI = st.text(alphabet="会计师员", min_size=1, max_size=9)


@given(text=HANZI, word=HANZI)
@settings(max_examples=400, deadline=None)
def test_a_word_of_up_to_six_characters_is_found_exactly_where_it_is_part_of_the_text(text, word):
    found = set(pieces(word)) <= grams(text)

    if len(word) <= 6:
        assert found == (word in text)
    elif word in text:
        assert found


@given(text=st.text(max_size=30))
@settings(max_examples=300, deadline=None)
def test_any_title_gives_words_without_blanks(text):
    posting = Posting(
        title=text or "x", job_type="全职", education="不限", majors=[text], benefits=[text], scam_signs=[]
    )
    from bot.jobs.tables import Company

    written = search_text(posting, Company(name=text or "x", trade=text))

    assert written == " ".join(written.split())
    assert not set(written) & set("'\"\\()&|!:*\x00")

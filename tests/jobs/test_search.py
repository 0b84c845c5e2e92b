"""What is found, in which order, and page by page. On both databases."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, insert, text, update

from bot.jobs import queries
from bot.jobs.rules import asked
from bot.jobs.search import JobSearch
from bot.jobs.tables import Company, Posting
from bot.text.wishes import Wishes

TODAY = date(2026, 11, 24)


async def ids(search: JobSearch, limit: int = 50, **wishes) -> list[int]:
    return [found.posting.id for found in (await search.find(Wishes(**wishes), limit=limit)).postings]


@pytest.mark.parametrize(
    ("fields", "fits"),
    [
        ({}, True),
        ({"closes_on": TODAY}, True),
        ({"closes_on": TODAY - timedelta(days=1)}, False),
        ({"status": "withdrawn"}, False),
        ({"status": "folded"}, False),
        ({"scam_signs": ["押金"]}, False),
    ],
)
async def test_only_what_is_open_not_over_and_no_likely_scam_is_offered(search, add, fields, fits):
    one = await add(**fields)

    assert await ids(search) == ([one] if fits else [])


async def test_a_posting_is_over_when_its_last_day_has_ended_in_datong(search, add, clock):
    await add(closes_on=TODAY)
    clock.pass_(hours=13, minutes=59)  # 23:59 in 大同
    assert (await search.find(Wishes())).total.n == 1

    clock.pass_(minutes=1)

    assert (await search.find(Wishes())).total.n == 0


WISHES = (
        ({"keyword": "开发工程"}, {"title": "软件开发工程师"}, True),
        ({"keyword": "软件工程"}, {"title": "软件开发工程师"}, False),
        ({"keyword": "师"}, {"title": "软件开发工程师"}, True),
        ({"keyword": "高级软件开发工程师"}, {"title": "（急聘）高级软件开发工程师"}, True),
        ({"keyword": "高级软件测试工程师"}, {"title": "高级软件开发工程师"}, False),
        ({"keyword": "ＪＡＶＡ"}, {"title": "Java开发"}, True),
        ({"keyword": "java"}, {"title": "JavaScript开发"}, False),
        ({"keyword": "c++"}, {"title": "C++/Qt开发"}, True),
        ({"keyword": "程序员"}, {"title": "前端工程师"}, True),
        ({"keyword": "医院"}, {"title": "保洁", "company": "同心医院"}, True),
        ({"keyword": "医院"}, {"title": "保洁", "duties": "打扫医院"}, False),
        ({"keyword": "出纳 会计"}, {"title": "会计"}, True),
        ({"keyword": "'\"() & | !"}, {"title": "会计"}, True),  # nothing in it counts
        ({"industry": "煤炭"}, {"trade": "煤电"}, True),
        ({"industry": "医疗"}, {"trade": "医疗卫生"}, True),
        ({"industry": "医疗卫生"}, {"trade": "医疗"}, True),
        ({"industry": "医疗"}, {"trade": "教育"}, False),
        ({"industry": "B"}, {"industry": "B"}, True),
        ({"industry": "B"}, {"industry": "C"}, False),
        ({"district": "云冈区"}, {"district": "云冈区"}, True),
        ({"district": "云冈区"}, {"district": "平城区"}, False),
        ({"district": "云冈区 浑源县"}, {"district": "浑源县"}, True),
        ({"district": "平城区"}, {"district": None}, True),  # where its company is
        ({"salary_min": 6000}, {"pay_min": 4000, "pay_max": 6000}, True),
        ({"salary_min": 6001}, {"pay_min": 4000, "pay_max": 6000}, False),
        ({"salary_min": 2000}, {"pay_min": 1000, "pay_max": 1999}, False),
        ({"salary_min": 2000}, {"pay_min": None, "pay_max": None}, False),
        ({"salary_max": 50_000}, {"pay_min": None, "pay_max": None}, False),
        ({"salary_max": 50_000}, {"pay_min": 49_999, "pay_max": 60_000}, True),
        ({"salary_max": 4000}, {"pay_min": 4000, "pay_max": 6000}, True),
        ({"salary_max": 3999}, {"pay_min": 4000, "pay_max": 6000}, False),
        ({"education": "大专"}, {"education": "大专"}, True),
        ({"education": "大专"}, {"education": "不限"}, True),
        ({"education": "大专"}, {"education": "本科"}, False),
        ({"education": "不限"}, {"education": "高中"}, False),
        ({"education": "不限"}, {"education": "不限"}, True),
        ({"major": "计算机"}, {"majors": ["计算机科学与技术"]}, True),
        ({"major": "计算机科学与技术"}, {"majors": ["计算机类"]}, True),
        ({"major": "会计"}, {"majors": ["计算机科学与技术"]}, False),
        ({"major": "会计"}, {"majors": []}, True),
        ({"major": "会计"}, {"majors": ["不限"]}, True),
        ({"job_type": "见习"}, {"job_type": "见习"}, True),
        ({"job_type": "见习"}, {"job_type": "实习"}, False),
        ({"company": "华林超市"}, {"company": "大同市华林超市有限责任公司"}, True),
        ({"company": "华林超市有限公司"}, {"company": "大同市华林超市有限责任公司"}, True),
        ({"company": "华林"}, {"company": "同华商贸有限公司"}, False),
        ({"benefits": ("双休", "包住")}, {"benefits": ["双休", "包住", "五险一金"]}, True),
        ({"benefits": ("双休", "包住")}, {"benefits": ["双休"]}, False),
        ({"benefits": ("包吃住",)}, {"benefits": ["包吃", "包住"]}, True),
        ({"benefits": ("包吃住",)}, {"benefits": ["包吃"]}, False),
        ({"benefits": ("包吃",)}, {"benefits": ["包吃住"]}, True),
        ({"exclude": ("销售",)}, {"title": "电话销售"}, False),
        ({"exclude": ("销售",)}, {"trade": "汽车销售"}, False),
        ({"exclude": ("销售",)}, {"title": "会计"}, True),
)  # fmt: skip


async def test_a_wish_is_met_or_it_is_not(search, add, sessions):
    wrong = []
    for wishes, fields, fits in WISHES:
        one = await add(**fields)
        if await ids(search, **wishes) != ([one] if fits else []):
            wrong.append((wishes, fields, fits))
        async with sessions.begin() as db:
            await db.execute(delete(Company))

    assert wrong == []


async def test_a_title_that_is_the_keyword_comes_first_then_one_that_begins_with_it_then_one_that_has_it(search, add):
    elsewhere = await add(title="出纳", company="会计事务所", checked_on=TODAY)
    synonym = await add(title="行政", company="甲", checked_on=TODAY)
    has = await add(title="急聘文员", company="乙", checked_on=TODAY)
    begins = await add(title="文员兼前台", company="丙", checked_on=TODAY - timedelta(days=1))
    it = await add(title="文员", company="丁", checked_on=TODAY - timedelta(days=9))

    assert await ids(search, keyword="文员") == [it, begins, has, synonym]
    assert await ids(search, keyword="会计") == [elsewhere]


async def test_of_equals_the_one_checked_last_comes_first(search, add):
    old = await add(checked_on=TODAY - timedelta(days=30), company="甲")
    new = await add(checked_on=TODAY, company="乙")
    middle = await add(checked_on=TODAY - timedelta(days=3), company="丙")

    assert await ids(search) == [new, middle, old]


async def test_a_company_comes_twice_on_a_page_only_where_there_is_nothing_else(search, add):
    for _ in range(4):
        await add(company="大厂", checked_on=TODAY)
    for name in ("甲", "乙"):
        await add(company=name, checked_on=TODAY - timedelta(days=20))

    first = await search.find(Wishes())
    second = await search.find(Wishes(), shown=[f.posting.id for f in first.postings])

    assert [f.posting.company.name for f in first.postings] == ["大厂", "乙", "甲"]
    assert [f.posting.company.name for f in second.postings] == ["大厂"] * 3


async def test_paging_shows_everything_once_and_says_when_there_is_no_more(search, add):
    added = [await add(company=f"公司{n % 3}", checked_on=TODAY - timedelta(days=n)) for n in range(10)]
    shown: list[int] = []
    pages = 0
    while True:
        page = await search.find(Wishes(keyword="会计"), shown=shown)
        shown += [found.posting.id for found in page.postings]
        pages += 1
        assert page.total.n == 10
        if not page.more:
            break

    assert sorted(shown) == sorted(added)
    assert pages == 4
    assert (await search.find(Wishes(keyword="会计"), shown=shown)).postings == []


async def test_a_posting_that_comes_in_between_two_pages_repeats_nothing(search, add):
    for n in range(6):
        await add(company=f"公司{n}")
    first = [f.posting.id for f in (await search.find(Wishes())).postings]
    late = await add(company="新来的", checked_on=TODAY)

    second = [f.posting.id for f in (await search.find(Wishes(), shown=first)).postings]

    assert late in second
    assert not set(first) & set(second)


async def test_what_is_changed_is_found_by_its_new_words_only(search, add, sessions):
    one = await add(title="会计")
    async with sessions.begin() as db:
        await db.execute(update(Posting).where(Posting.id == one).values(title="出纳", search_text="o t出 t纳 t出纳"))
    assert await ids(search, keyword="会计") == []
    assert await ids(search, keyword="出纳") == [one]

    for status, there in (("withdrawn", []), ("folded", []), ("open", [one])):
        async with sessions.begin() as db:
            await db.execute(update(Posting).where(Posting.id == one).values(status=status))
        assert await ids(search, keyword="出纳") == there

    async with sessions.begin() as db:
        await db.execute(delete(Company))
    assert await ids(search, keyword="出纳") == []


async def many(sessions, titles: list[str]) -> list[int]:
    """Postings of a company, in this order."""
    from bot.jobs.words import search_text

    async with sessions.begin() as db:
        company = Company(name="大厂", district="平城区")
        db.add(company)
        await db.flush()
        rows = []
        for n, title in enumerate(titles):
            made = Posting(title=title, job_type="全职", education="不限", majors=[], benefits=[], scam_signs=[])
            rows.append(
                {
                    "id": n + 1, "company_id": company.id, "key": str(n), "content_hash": "0", "title": title,
                    "job_type": "全职", "source": "示例", "first_seen": TODAY, "checked_on": TODAY,
                    "search_text": search_text(made, company),
                }
            )  # fmt: skip
        await db.execute(insert(Posting), rows)
    return [row["id"] for row in rows]


@pytest.mark.parametrize(("n", "said"), [(999, "999"), (1000, "1000"), (1001, "1000+"), (1300, "1000+")])
async def test_matches_are_counted_exactly_up_to_a_thousand(search, sessions, n, said):
    await many(sessions, ["电工"] * n)

    assert str((await search.find(Wishes(keyword="电工"))).total) == said
    assert str(await search.count(Wishes())) == said


async def test_the_best_title_is_found_behind_more_than_a_thousand_newer_ones(search, sessions):
    titles = ["急聘电工"] * 2400
    titles[3], titles[7] = "电工", "电工班长"
    added = await many(sessions, titles)

    page = await search.find(Wishes(keyword="电工"))

    assert [f.posting.id for f in page.postings] == [added[3], added[7], added[-1]]


async def test_old_matches_far_below_the_newest_ids_are_found_all(search, add):
    """PostgreSQL looks at the newest ids first, and must go on to the oldest."""
    wanted = [await add(id=n, company=f"公司{n}", title="兽医") for n in (3, 4095, 4096, 70_000, 131_072, 900_001)]
    for n in (40_000, 300_000, 2_000_000):
        await add(id=n, title="会计")

    assert sorted(await ids(search, keyword="兽医")) == wanted
    newer = await search.find(Wishes(keyword="兽医"), after=70_000, limit=9)
    assert sorted(f.posting.id for f in newer.postings) == [131_072, 900_001]


async def test_the_database_s_own_full_text_is_used(search, sessions, add):
    await add()
    async with sessions() as db:
        if db.get_bind().dialect.name == "sqlite":
            plan = await db.execute(
                text(
                    "EXPLAIN QUERY PLAN SELECT p.id FROM posting_fts JOIN posting p ON p.id = posting_fts.rowid "
                    "WHERE posting_fts MATCH 'o' ORDER BY posting_fts.rowid DESC LIMIT 3"
                )
            )
            steps = [row[3] for row in plan]
            assert steps[0].startswith("SCAN posting_fts VIRTUAL TABLE")
            assert steps[1].startswith("SEARCH p USING INTEGER PRIMARY KEY")
            assert len(steps) == 2  # no sorting
            return
        await queries.matches(db, asked(Wishes(), search._vocabulary), today=TODAY, limit=3)
        plan = await db.execute(
            text(
                f"EXPLAIN SELECT id FROM posting WHERE status = 'open' AND {queries.TSVECTOR} @@ CAST('''o''' AS tsquery)"
            )
        )
        assert "ix_posting_fts" in "\n".join(row[0] for row in plan)


async def test_a_card_says_why(search, add):
    await add(district="平城区", pay_max=8000, majors=[], benefits=["双休"], education="大专", trade="新能源")

    page = await search.find(
        Wishes(
            district="平城区", salary_min=6000, major="会计", benefits=("双休",), education="本科", industry="新能源",
            job_type="全职",
        )
    )  # fmt: skip

    assert page.postings[0].why == ("平城区", "6千以上", "全职", "新能源", "大专可报", "专业不限", "双休")


@pytest.mark.parametrize(
    ("wishes", "said"),
    [
        ({"salary_min": 3150, "salary_max": 3850, "approx": True}, "3500元左右"),
        ({"salary_min": 5000, "salary_max": 6000}, "5千到6千"),
        ({"salary_max": 12_000}, "1.2万以下"),
        ({"salary_min": 4500}, "4500元以上"),
        ({"major": "计算机"}, "招计算机科学与技术专业"),
    ],
)
async def test_a_card_says_the_wish_as_people_do(search, add, wishes, said):
    await add(pay_min=1000, pay_max=20_000, majors=["英语", "计算机科学与技术"])

    page = await search.find(Wishes(**wishes))

    assert page.postings[0].why == (said,)


async def test_nothing_is_counted_twice_where_ids_are_looked_at_in_steps(search, add):
    for n in (1, 5000, 66_000, 140_000, 500_000, 929_792, 981_822, 991_231, 991_232, 1_000_000):
        await add(id=n, company=f"公司{n}", title="兽医")

    assert (await search.find(Wishes(keyword="兽医"))).total.n == 10
    assert (await search.count(Wishes())).n == 10

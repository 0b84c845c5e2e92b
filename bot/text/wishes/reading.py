"""A whole wish in one sentence: its known parts are taken one after another, and what then remains names the job."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Collection

from bot.text.wishes.benefits import benefits_in
from bot.text.wishes.companies import take_company, take_unknown_company
from bot.text.wishes.exclusions import take_exclusions
from bot.text.wishes.jobs import left_over, strange, take_industry, take_keyword
from bot.text.wishes.model import Wishes
from bot.text.wishes.pay import wished_pay
from bot.text.wishes.persons import take_districts, take_education, take_major, take_major_of_degree, take_type
from bot.text.wishes.scanning import Scan, any_of
from bot.text.wishes.spelling import mended
from bot.text.wishes.vocabulary import PLACES, SYNONYMS, TRADE_OF

_AGE = re.compile(
    r"(?:今年|刚|都|才|快)?(?:\d{2}|[一二三四五六]?十[一二三四五六七八九]{0,2})(?:多|来|几)?(?:周岁|岁)(?:的|了|多|左右|以上|以下)*|[6789]0后|[零〇0][05]后|"
    r"(?<!\d)(?:20)?\d\d(?:届|级)(?:的)?|(?<!\d)(?:19|20)\d\d年?(?=毕业|出生)|今年[2-6]\d(?!\d)了?|\d+(?:个)?(?:小时|公里|米|分钟)(?:内|以内|以上)*|"
    r"(?:\d|[一二两三四五六七八九十])+年(?:以上)?(?:工作)?(?:的)?经[验历]"
)

_LONGEST = 300
"""What a wish takes at most; the rest of a longer text is a story."""


@dataclass(frozen=True)
class Reading:
    """The wishes of a text, and what of it was not understood.

    `left` leaves out all common words, `strange` only those of which searches are made. Where not `sure`, a part was
    taken for what it is by its place in the sentence alone.
    """

    wishes: Wishes
    left: str
    strange: str
    sure: bool


def read(text: str, *, companies: Collection[str] = ()) -> Reading:
    """The wishes of a text with what they leave over."""
    scan = Scan(mended(text[:_LONGEST]))
    scan.take(_AGE)
    company = take_company(scan, companies)
    pay = wished_pay(scan.rest)
    scan.blot_all(pay.spans)
    benefits, spans = benefits_in(scan.rest)
    scan.blot_all(spans)
    exclude = take_exclusions(scan)
    studied = take_major_of_degree(scan)
    education = take_education(scan)
    job_type = take_type(scan)
    major = studied or take_major(scan)
    district = take_districts(scan)
    if district:
        district = " ".join(place for place in district.split() if place not in exclude) or None
    company = company or take_unknown_company(scan)
    industry = take_industry(scan)
    found = take_keyword(
        scan, industry=industry, major=major, district=district, company=company, with_degree=education is not None
    )
    wishes = Wishes(
        keyword=found.keyword,
        industry=industry or found.industry,
        district=district or found.district,
        salary_min=pay.low,
        salary_max=pay.high,
        approx=pay.approx,
        education=education,
        major=major or found.major,
        job_type=job_type,
        company=company,
        benefits=benefits,
        exclude=exclude,
    )
    return Reading(wishes, left_over(scan), strange(scan), scan.sure)


def read_wishes(text: str, *, companies: Collection[str] = ()) -> Wishes:
    """What a text wishes of a job. `companies` are the names of those who have postings."""
    return read(text, companies=companies).wishes


_RULES = re.compile(
    r"补贴|补助|怎么领|咋领|能领|怎么办|咋办|咋弄|是啥|是什么|啥意思|什么意思|政策|公务员|考公|考编|事业编|三支一扶|档案|三方|违约|赔偿|劳动合同|仲裁|社保|"
    r"失业金|落户|户口|报到证|证明|流程|材料|有工资|有钱(?:吗|不|没)|算不算|合法|报销|退休|工伤|辞退|被辞|离职|拖欠|被骗|骗子|押金|招聘会|体验日|预约|辅导老师|一对一|就业指导|"
    r"几个月|扣钱|试用期|签合同|个税|缴费|转正|电台|节目|人工客服|转人工|隐私|注册|登录"
)
_RULES_ASKED = re.compile(
    r"(?:是啥|是什么|啥是|什么是|什么叫|啥叫|啥意思|什么意思|什么区别|啥区别|有什么用|有啥用|怎么[领办交缴算查转补]|咋[领办交缴算查转补弄]|能考|能不能考|考公|公务员|考研|有工资[吗么不没]|有钱[吗拿不]|"
    r"给多少钱|发多少钱|能领|领多少|补多少|补贴(?!的岗|工作)|怎么申请|申请条件|符合条件|合不合法|合法吗|违法|三支一扶|西部计划|三方|违约|报到证|档案|落户|失业金|要交多少|交多少|谁交|必须交|不交(?:怎么|咋|社保|合法)|"
    r"可以不交|扣多少|多久|几个月|算工龄|算应届|退休|工伤|转人工|人工客服|招聘会|体验日|(?:试用期|实习期)(?:.{0,4}(?:吗|么|不)$|.{0,3}(?:给|交|缴|能|可以|合法|工资))|创业贷|能贷|助学贷|提取|怎么考|考什么|考啥|咋考|"
    r"学历提升|人社局|就业局|社保局|公积金中心|团市委|劳动局|公积金怎么|约.{0,4}(?:老师|专家|导师|辅导)|老师聊|辅导时间|被骗|骗子|拖欠|欠薪|不发工资|不想找工作|焦虑|活着|想死|证明|解约|辞退|仲裁|加工龄|职业规划|简历怎么|面试(?:要|怎么|技巧|穿))"
)
_BENEFIT_ALLOWANCE = re.compile(
    r"(?:餐|饭|交通|车|通勤|话|话费|房|住房|高温|伙食|通讯|租房|出差|差旅|夜班|工龄|全勤|学历)补(?:贴|助)?"
)


def asks_rules(text: str, *, strict: bool = False) -> bool:
    """Whether a text asks about rules or benefits of the state and not for postings; `strict` reads whole sentences."""
    text = _BENEFIT_ALLOWANCE.sub("", text)
    return (_RULES_ASKED if strict else _RULES).search(text) is not None


_SEARCHING = re.compile(
    r"找|想[干做当去进]|有没有|有吗|有没|招|缺人|要人|应聘|求职|哪里|哪儿|哪有|岗|工作|活|营生|职位|推荐|来个|帮我|上班|有要的|日结|月结|计件|没经验|有证$"
)


_NO_WISH = re.compile(
    r"咋(?!样)|怎么|如何|为啥|为什么|凭啥|真的|(?<![放休暑])假的|有坑|被骗|骗|值不|顶事|管事|算不|算吗|还给|退不|要退|交了|交完|签了|签约|收了|给的那|甚|打哪|打几|电话|哪边|谁|热线|门票|让不|救不|合法|条款|"
    r"政府|国家|补缴|加班费|扣|罚|告他|告状|起诉|执照|营业(?![员厅])|参军|入伍|选调|国考|省考|编吗|事业编|退役|支教|支医|下乡|团委|人社|税务|登记|登个|挂号|挂个号|见老师|约|订的|主持人|听众|节目|谢谢|不走|早走|删除|数据$|"
    r"我的|班主任|转老师|换个老师|借|贷了?[一二三四五六七八九十\d]|先让|先交|先买|保证金|拦不住|跑了|几万|几十万|从哪下手|招聘会|招聘hui|摊位|专场|双选|体验"
)
# Forms of a question about a rule, an amount, a place to go: what is asked for is an answer and no posting.
_ASKED_OF_RULES = re.compile(
    r"标准了?吧|让交|拍照费|能给啥|给不给|给多少(?!都)|给办|给钱|给[没我]?少|啥待遇|能要|要那?三千|拿三千|份没|有份|差多少|低了|够不够|会不会|划不划|值当|晚没晚|管不管|有没有人管|投诉|反映|完了没|收不收(?:我|没|呢|$)|行不$|行吗$|行不行|能活|能争|能学|能落|"
    r"(?:去|上|向|在|从)哪(?:个|儿|里)?(?:[问查报下]|能看|看|投|找人|领|办|要|部|局|网|页)|哪个(?:网|局|部|窗口|门)|哪些页面|渠道|在哪(?:个|看|查|报|下)|几级|几月|啥时候|什么时候|一般|还能(?:报|排)|要不要(?:先|写|交|备|驾|毕|会(?!计)|去|签|流水)|"
    r"最低工资|支农|支教|特岗|三年岗|扩岗|公益性?岗|房补|租房补|人才(?:中心|证|不|吗)|心里这|心理大夫|请律师|求职信|简历|复审|带编的|有编(?!辑|的?最好|优先)|三级证|学位|学籍|教务处|教务系统|导师(?:签|公司)|停学|休学|退学|返校|停两年|小微|个体|老板|入职|试用|"
    r"我们就招|招了(?:个|一|\d)|招的?\d\d届|招(?:完|过)?\d+个|招一?个应届|招应届能|\d\d届的?(?:托|招|专升本 )|单位(?:说|非说|领|私了|缴|掏|跟我|还说)|公司(?:掏|派的)|党员|组织部|线下去|学生证|照片|人聊|老师聊|单独|真人顾问|聊了|你们(?:那学|帮忙|老师)|练手|跟班|跟岗|放进去|这一项|这个金|"
    r"写代码 成果|出了事|翻了|辞了|退款|流水|创业|贷点|开个|白用|免学费|转一天|带队|带学生|转行行|出路|卡专业|改行|扒|还是(?:只|光|算|七|教|就近|市里|社区)|哪个剩|哪个好|选哪|算(?:啥|人才|外地|这)|能信我|拿啥|才2150|最少2150|类区|安家|高校招|暑假吗|老师值班|有份|推荐工作|有没有年假|套路"
)
_WORKING = re.compile(r"啥都行|离家近|能干的|厂子|厂里|求推荐|工作|岗|活|班|招|单位|能干|营生|找|想[做干去进当]")


def asks_otherwise(text: str) -> bool:
    """Whether a text tells or asks of something that no search is about."""
    return asks_rules(text, strict=True) or _NO_WISH.search(text) is not None


def _most_strange(reading: Reading, named: set[str], *, asking: bool) -> int:
    """How much may be left that searches are not made of: the more is understood, the more talk may stand beside it."""
    more = 0 if asking else max(0, len(named) - 1)
    return 4 + 3 * more if reading.sure else 1 + 2 * more


# What only looks like talk of rules: how a pay is put (“咋也得三千”), why one is looking now, a wish for any work at all.
_HARMLESS = re.compile(
    r"(?:咋|怎么)(?:着)?也得|(?:考研|考公|考编|国考|省考|考公务员|事业编)(?:失败|(?:了)?没(?:有)?(?:考上|过|上岸?)|落榜|考了没上)|一直考公|转正(?:以?后|完)|有补贴的(?:那种)?(?=\s|$)|退伍|退役|怎么都行|咋都行|谁家|有编辑"
)
_ASKING = re.compile(r"[吗么呢不没]$|多少|[啥哪几]|什么|怎|要不要|能不能|给不给|是不是|算")


def _plain(words: str, wishes: Wishes) -> str:
    """The text without the jobs and employers that it names, which have words like 电话 or 营业 in them."""
    for name in sorted((*wishes.keywords, *wishes.exclude, wishes.company or ""), key=len, reverse=True):
        if len(name) > 1:
            words = words.replace(name, "。")
    return words


def is_job_wish(text: str) -> bool:
    """Whether a text by its form alone is a search for jobs; False where it may as well be something else."""
    reading, words = read(text), mended(text)
    named = set(reading.wishes.to_dict()) - {"approx"}
    if _opens_with_a_job(words, reading) or _tells_and_searches(words, named) or _asks_for_any(words):
        return True
    said = _HARMLESS.sub("", words)
    if asks_rules(_HARMLESS.sub("", reading.left)) or asks_rules(said, strict=True) or _ASKED_OF_RULES.search(said):
        return False
    if named == {"company"} and _CAMPUS.search(words):  # “……招应届不” asks when and how they take graduates
        return False
    if _NO_WISH.search(_plain(said, reading.wishes) if reading.sure else said):
        return False
    if len(reading.strange) > _most_strange(reading, named, asking=_ASKING.search(words) is not None):
        return False
    asks = _SEARCHING.search(words) is not None
    job = bool({"keyword", "industry", "company"} & named)
    if job:
        return len(named) >= 2 or asks
    return (
        len(named) >= 2
        or ("job_type" in named and asks)
        or (bool(named) and _WORKING.search(words) is not None)
        or (len(words) <= 20 and _ANY_WORK.fullmatch(words) is not None)
        or (len(words) <= 24 and not _ASKING.search(words) and _PLAINLY_LOOKING.search(words) is not None)
    )


_TITLE = re.compile(rf"(?:{any_of(PLACES)})?(?:{any_of(w for w in SYNONYMS if len(w) > 1)})(?:学徒|师傅)?(?:岗|的)?")
_QUESTION = re.compile(
    r"怎么|咋(?!也得|着也得)|为啥|为什么|是啥|什么|多久|几[个天年月]|能不能|可不可以|要不要|该不该|算不算|合法|违法|规定|吗(?:\s|$)|么(?:\s|$)|[^没]没(?:\s|$)|给不给|发不发|交不交|用不用|值不值|认不认|卡不卡|差不差|行不行|[行要能管认]不(?:\s|$)|谁"
)
_ANSWERED = re.compile(
    r"工资(?:被|拖|欠|没|不发|少)|被|骗|拖欠|辞退|开除|仲裁|投诉|告|赔|押金|保证金|违约|三方|档案|户口|落户|补贴|补助|考公|考编|考研|公务员|事业编|社保局|人社|就业局|政策|证明|合同|试用期|工伤|贷款|创业|退伍费|报销|隐私|人工|老师聊|预约"
)


def _opens_with_a_job(words: str, reading: Reading) -> bool:
    """A job's name and nothing else, or a phrase of its own before what else matters: “钳工”, “消防中控 有证 上一休二”."""
    first, _, rest = words.partition(" ")
    title = re.sub(r"(?:岗位?|有没有|有吗|招吗|工作)$", "", first)
    if not _TITLE.fullmatch(title) or title in PLACES or title in TRADE_OF or not reading.wishes.keyword:
        return False
    if not rest:
        return len(words) <= 10
    rest = _BENEFIT_ALLOWANCE.sub("", _plain(rest, reading.wishes))
    return (
        len(words) <= 40
        and not _QUESTION.search(rest)
        and not _ANSWERED.search(rest)
        and not asks_rules(rest, strict=True)
    )


_CUE = re.compile(
    r"(?<!不)(?<!没)想(?:再)?(?:给|帮|替)?(?:他|她|我|娃|孩子)?(?:先)?(?:找|换|转)(?!人|老师|你们|谁|个人|律师|专家)|(?<!不)(?<!没)想(?:先)?(?:去|当|做|干|应聘)(?!哪|不)|就想(?:在|找|给)|最好是|能做个|有没有[^ ]{0,14}(?:招|岗|要|的活|工作)|[岗师员工手]有没有(?:\s|$)|招[^ ]{0,4}(?:不|吗|没)(?:\s|$)"
)


def _tells_and_searches(words: str, named: set[str]) -> bool:
    """A story with an open wish in it: it ends in one for a job, or has “想找”, a job or a trade, and two things more."""
    last = _LAST_WISH.search(words)
    wished = read(last[0]) if last else None
    if wished and wished.sure and wished.wishes.keyword and not _QUESTION.search(words) and not _ANSWERED.search(words):
        return True
    if len(words) < 20 or len(named) < 3 or not {"keyword", "industry", "job_type"} & named:
        return False
    cue = _CUE.search(words)
    if cue is None:
        return False
    rest = words[cue.start() :]
    return not _ANSWERED.search(rest) and not asks_rules(rest, strict=True) and not _ASKED_OF_RULES_LATER.search(rest)


_LAST_WISH = re.compile(
    r"(?<!不)(?:想|就|给|帮|求)(?:给|帮)?(?:他|她|我|娃|孩子)?(?:找|换|当|介绍)(?:个|份|点)?\S{2,8}$|(?:^| )找个\S{2,6}$"
)
_ASKED_OF_RULES_LATER = re.compile(
    r"怎么|咋(?!也得|着也得|样的)|为啥|是啥|多久|该不该|能不能(?!给|找|去)|可不可以|要不要(?!人)|合法|规定|还(?:有没有|能不能|来得及)|行不行|有用(?:吗|没|不)|难不难|卡(?:不卡|专业|学历)|认不认|出路|前景|划算|值(?:不值|得)"
)
_FOR_ANY = re.compile(
    r"(?:有没有|有木有|找个?|想找个?)[^ ]{0,4}(?:轻松|清闲|不累|省心|钱多|挣钱|赚钱|稳定|离家近|舒服)[^ ]{0,8}(?:的|工作|活|的吗|的没|的不)$|"
    r"^[^ ]{0,4}(?:招聘|招工|岗位|职位|用工|工作)信息[^ ]{0,2}(?:发(?!布)|给|推|来)[^ ]{0,5}$|(?:发|看|给|推|来)[^ ]{0,4}(?:招聘|岗位|职位|招工)信息(?:呗|吧|看看|吗|呀)?$|"
    r"(?:找工作|毕业|工作)[^|]{0,16}(?:有啥|有什么|有没有)(?:好的?|合适的?)?(?:推荐|介绍|合适)的?(?:没|吗|不|岗位|工作)?$|有(?:啥|什么|没有?)(?:合适|好点|能干|靠谱|适合\S{1,4})的?(?:工作|活|岗位)?(?:没|吗|不|没有)?$|"
    r"(?:不知道|不晓得)(?:自己|我|他|她)?能(?:干|做)(?:点)?(?:啥|什么)(?:工作)? 帮[我忙](?:看看|找找|推荐)|想回(?:大同|老家|来)(?:上班|工作|干活|发展)(?: ?有(?:啥|什么)?(?:机会|岗位|合适的)(?:吗|没|不)?)?$|(?:给|帮)(?:我|忙)?(?:介绍|推荐|找)(?:一)?(?:个|份)(?:工作|活|营生|班上)(?:呗|吧|呀|啊)?$|(?:活|工作|班)[^|]{0,10} ?想(?:换|找)(?:一)?(?:个|份)(?:工作|活|轻松的|新的)?$"
)


def _asks_for_any(words: str) -> bool:
    """Whether any work at all is asked for: “有没有轻松点钱还多的”, “招聘信息发我看看”."""
    return (
        len(words) <= 32
        and not _ANSWERED.search(words)
        and (_FOR_ANY.search(words) or _ONLY_PAID.fullmatch(words)) is not None
    )


_ONLY_PAID = re.compile(
    r"(?:(?:有|交|给|要)?(?:双休|五险一金|五险|包吃住|包住|包吃|管吃管住|长白班)\s?)+(?:的|的工作|的活|的岗位|的有吗|的有没有)"
)
_CAMPUS = re.compile(r"应届|毕业生|校招|秋招|春招|大学生")
_PLAINLY_LOOKING = re.compile(
    r"(?:^|\s)(?:我|俺|想|给|帮我|急|要|先|求|在)*找(?:个|份|点)?(?:工作|活儿?|班上|事做|营生)(?:呢|吧|啊|干|做)?(?=\s|$)"
)
_ANY_WORK = re.compile(
    r"(?:我|刚毕业|毕业了?|应届|想|要|帮我|给我?|帮忙|大同|最近|现在|这边|附近|哪里|哪|\s)*(?:找|有没有|有啥|有什么|有|推荐|招)(?:个|份|点|些|什么|啥|招)*(?:工作|活|岗位|班上|营生|人)(?:吗|没|不|呢|推荐|的|干|呀|啊)*"
)

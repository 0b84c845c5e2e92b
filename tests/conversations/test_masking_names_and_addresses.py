"""Names and addresses out of a text where people give their own; what only looks like one stays."""

from __future__ import annotations

import pytest

from bot.conversations.masking import ADDRESS, NAME, PHONE, mask


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("我叫王建国", f"我叫{NAME}"),
        ("我叫王建国，今年毕业", f"我叫{NAME}，今年毕业"),
        ("我叫王建国今年毕业", f"我叫{NAME}今年毕业"),
        ("我叫李娜想预约", f"我叫{NAME}想预约"),
        ("我叫 王 建 国", f"我叫 {NAME}"),
        ("我名字叫李娜", f"我名字叫{NAME}"),
        ("我的名字是欧阳雪", f"我的名字是{NAME}"),
        ("我叫上官婉儿", f"我叫{NAME}"),
        ("我是王建国", f"我是{NAME}"),
        ("我是王建国，想问个事", f"我是{NAME}，想问个事"),
        ("本人王建国，大专", f"本人{NAME}，大专"),
        ("姓名：李娜 电话13900001111", f"姓名：{NAME} 电话{PHONE}"),
        ("姓名李娜", f"姓名{NAME}"),
        ("名字是张伟", f"名字是{NAME}"),
        ("联系人刘洋", f"联系人{NAME}"),
        ("紧急联系人：刘洋，我妈", f"紧急联系人：{NAME}，我妈"),
        ("叫我陈晓东就行", f"叫我{NAME}就行"),
        ("我儿子叫张伟", f"我儿子叫{NAME}"),
        ("我闺女叫郝思雨今年大专毕业", f"我闺女叫{NAME}今年大专毕业"),
        ("孩子姓名赵子涵", f"孩子姓名{NAME}"),
        ("我姓王，叫建国", f"我姓{NAME}"),
        ("张三 13812345678", f"{NAME} {PHONE}"),
        ("刘洋，电话13812345678", f"{NAME}，电话{PHONE}"),
        ("添加姓名张守刚号码是13811725158", f"添加姓名{NAME}号码是{PHONE}"),
        ("我叫阿依古丽·买买提", f"我叫{NAME}"),
        ("我叫Wang Jianguo", f"我叫{NAME}"),
        ("本人叫周杰", f"本人叫{NAME}"),
        ("我是王芳的妈妈", f"我是{NAME}的妈妈"),
        ("这是张伟的简历", f"这是{NAME}的简历"),
    ],
)
def test_a_full_name_is_masked_where_it_is_given(text, masked):
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "我叫不到车",
        "我叫外卖",
        "我叫了个车",
        "我叫车去大同",
        "叫我小王",
        "叫我小李就行",
        "我叫啥来着",
        "我是大专",
        "我是应届生",
        "我是高中毕业",
        "我是高职的",
        "我是单身",
        "我是党员",
        "我是农村户口",
        "我是师范生",
        "我是文科",
        "我是金融专业",
        "我是计算机专业",
        "我是平城区的",
        "我是左云县人",
        "我是阳高的",
        "我是山西大同的",
        "我是程序员",
        "我是保安",
        "我是全日制本科",
        "我是安徽来的",
        "我是今年毕业",
        "我是低保户",
        "我儿子高考完了",
        "我女儿应聘",
        "我妈马上退休",
        "我爸常年在外",
        "我妈说我是万金油",
        "本人大专学历",
        "姓名怎么改",
        "姓名写错了",
        "名字叫啥都行",
        "联系人和证明",
        "联系人电话填谁的",
        "我姓王",
        "这是什么意思",
        "人家叫我先交钱",
        "老板叫我辞职",
        "他们叫我等通知",
    ],
)
def test_what_is_no_name_stays(text):
    assert mask(text) == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("平城区永泰街15号3单元201", f"平城区{ADDRESS}"),
        ("我家在大同市平城区永泰街15号3单元201", f"我家在大同市平城区{ADDRESS}"),
        ("我住永泰街15号", f"我住{ADDRESS}"),
        ("家住云冈区口泉大街1号院2号楼", f"家住云冈区{ADDRESS}"),
        ("寄到柳航里小区3号楼2单元501", f"寄到{ADDRESS}"),
        ("住柳航里3栋1单元", f"住{ADDRESS}"),
        ("3号楼2单元501", ADDRESS),
        ("十五号楼三单元二零一", ADDRESS),
        ("平城区永泰街十五号三单元二零一室", f"平城区{ADDRESS}"),
        ("御东新区文瀛路1号", f"御东新区{ADDRESS}"),
        ("我住柳航里小区", f"我住{ADDRESS}"),
        ("家庭住址：新荣区花园屯乡西村12号", f"家庭住址：新荣区花园屯乡{ADDRESS}"),
        ("地址是永泰南路", f"地址是{ADDRESS}"),
        ("12号宿舍楼305", ADDRESS),
        ("家在御东家园6-2-1102", f"家在{ADDRESS}"),
    ],
)
def test_an_address_is_masked_from_the_street_on_down(text, masked):
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "平城区",
        "平城区有啥岗位",
        "御东",
        "御东那边的文员",
        "我住平城区",
        "我家在大同市云州区",
        "我住农村",
        "家在阳高农村",
        "我住学校宿舍",
        "住在哪里好",
        "永泰街那边有岗位吗",
        "大同大学",
        "大同市体育馆的招聘会",
        "坐5路车到哪下",
        "12月15号在哪开招聘会",
        "地址在哪",
        "地址改了咋办",
        "一单元考试",
        "晋人社厅发〔2023〕24号",
        "大同市人社局2026年第3号公告",
    ],
)
def test_districts_streets_alone_and_numbers_of_other_things_stay(text):
    assert mask(text) == text

"""What people write of a scam is flagged with the sign that triggered."""

from inbox_fakes import said
from sqlalchemy import select

from bot.conversations.tables import Turn


async def test_a_message_with_signs_of_a_scam_is_flagged_with_the_words(gateway, sessions):
    received = await gateway().receive(said("面试说先交五百押金 还要扣身份证"))

    async with sessions() as db:
        turn = (await db.scalars(select(Turn).where(Turn.id == received.turn_id))).one()
    assert [sign["name"] for sign in turn.scam_signs] == ["押金", "扣证件"]
    assert "押金" in turn.scam_signs[0]["words"]


async def test_a_question_without_signs_is_not_flagged(gateway, sessions):
    received = await gateway().receive(said("档案放哪里"))

    async with sessions() as db:
        assert (await db.get_one(Turn, received.turn_id)).scam_signs is None

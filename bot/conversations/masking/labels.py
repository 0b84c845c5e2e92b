"""What stands where something personal stood: it says what was there, and can be read as what it is no longer."""

from __future__ import annotations

PHONE = "〔手机号〕"
LANDLINE = "〔电话〕"
IDENTITY = "〔身份证号〕"
CARD = "〔银行卡号〕"
NUMBER = "〔号码〕"
EMAIL = "〔邮箱〕"
ACCOUNT = "〔账号〕"
ADDRESS = "〔住址〕"
NAME = "〔姓名〕"

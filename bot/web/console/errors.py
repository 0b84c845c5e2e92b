"""Errors as pages of the console: what is wrong, and what to do now."""

from __future__ import annotations

from http import HTTPStatus

from aiohttp import web

from bot.web.console.pages import page

SAID = {
    400: ("请求不完整", "这次提交的内容不完整。请回到上一页重新填一遍。"),
    401: ("要先登录", "登录过期了，请重新登录。"),
    403: ("没有权限", "这个账号不能打开这一页。需要的话，请找管理员开通。"),
    404: ("没有这一页", "地址可能写错了，或者这条内容已经删掉了。"),
    405: ("不能这样打开", "这个地址不能直接打开。请从页面上的按钮操作。"),
    409: ("别人刚改过", "这条内容刚刚被别人改过。请回到上一页刷新，看过新的再改。"),
    413: ("文件太大", "上传的内容太大了。请分成几份再传。"),
    415: ("文件不对", "这种文件读不了。"),
    422: ("填得不对", "有的地方填得不对，请回到上一页改一改。"),
    429: ("太快了", "操作太快了，等一会儿再试。"),
    500: ("出了毛病", "出了点毛病，已经记下来了。过一会儿再试；还不行就告诉管理员。"),
    503: ("暂时用不了", "服务正在启动或升级，过一会儿再试。"),
}


async def error_page(request: web.Request, status: int, text: str | None = None) -> web.StreamResponse:
    """An error in words; `text` where the page that refused has its own."""
    title, usual = SAID.get(status, SAID[500] if status >= 500 else SAID[400])
    default = f"{status}: {HTTPStatus(status).phrase}"
    said = text if text and text != default else usual
    if "text/html" not in request.headers.get("Accept", "text/html"):
        if "application/json" in request.headers.get("Accept", ""):
            return web.json_response({"error": said}, status=status)
        return web.Response(text=said, status=status)
    return await page(request, "console/error.html", {"title": title, "said": said, "status": status}, status=status)

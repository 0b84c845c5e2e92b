"""Files sent up to pages of the staff."""

from __future__ import annotations

import asyncio

from aiohttp import ClientResponse, FormData

from tests.console.conftest import Client


async def sent(client: Client, path: str, name: str, content: bytes, field: str = "file") -> ClientResponse:
    """A file sent up by a form."""
    form = FormData()
    form.add_field(field, content, filename=name)
    return await client.post(path, data=form)


async def finished(client: Client, place: str) -> str:
    """The page of a file once it is read; each look lets the reading go on."""
    async with asyncio.timeout(60):
        while 'http-equiv="refresh"' in (text := await (await client.get(place)).text()):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    return text

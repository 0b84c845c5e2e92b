"""The aiohttp shell and its faces: the web chat, the console, the API."""

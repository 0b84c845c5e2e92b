"""Every route of the console; a page module adds its ROUTES here."""

from __future__ import annotations

from bot.web.console import (
    accounts,
    audit,
    conversation,
    conversations,
    figures,
    files,
    home,
    job_import,
    jobs,
    letters,
    login,
    mended,
    options,
    own,
    patterns,
    reception,
    status,
    talk,
)

ROUTES = (
    *files.ROUTES,
    *login.ROUTES,
    *home.ROUTES,
    *own.ROUTES,
    *status.ROUTES,
    *accounts.ROUTES,
    *audit.ROUTES,
    *letters.ROUTES,
    *options.ROUTES,
    *patterns.ROUTES,
    *figures.ROUTES,
    *reception.ROUTES,
    *talk.ROUTES,
    *conversations.ROUTES,
    *conversation.ROUTES,
    *mended.ROUTES,
    *jobs.ROUTES,
    *job_import.ROUTES,
)

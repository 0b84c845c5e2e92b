"""`make bench`: everything that is measured, or what is named: `python -m benchmarks turns jobs imports confirms`."""

from __future__ import annotations

import argparse
import asyncio
import os
import socket

from sqlalchemy import make_url

from benchmarks import confirms, groups, imports, jobs, turns

POSTGRES = os.environ.get("DUIHUA_TEST_POSTGRES", "postgresql+asyncpg://duihua:duihua@127.0.0.1:5432/duihua_test")
PARTS = ("turns", "imports", "jobs", "confirms", "groups")


def _postgres() -> str | None:
    """The address of a PostgreSQL that answers, where there is one."""
    address = make_url(POSTGRES)
    with socket.socket() as probe:
        probe.settimeout(0.5)
        answers = probe.connect_ex((address.host or "127.0.0.1", address.port or 5432)) == 0
    return POSTGRES if answers else None


def main() -> None:
    """Read the command line, measure, print."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("parts", nargs="*", help="what to measure; everything if nothing is named")
    parts = reader.parse_args().parts or PARTS
    if unknown := set(parts) - set(PARTS):
        reader.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    if "turns" in parts:
        asyncio.run(turns.main())
    if "imports" in parts:
        imports.show(asyncio.run(imports.measure()))
    if "jobs" in parts:
        jobs.show(asyncio.run(jobs.measure(postgres=_postgres())))
    if "confirms" in parts:
        confirms.show(asyncio.run(confirms.measure(postgres=_postgres())))
    if "groups" in parts:
        groups.show(asyncio.run(groups.measure()))


if __name__ == "__main__":
    main()

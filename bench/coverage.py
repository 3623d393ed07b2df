"""(l) What is cited, set aside or neither of 100,000 contributions, as a rapporteur sees it."""

import asyncio

import asyncpg

from app.consultations.floor import consultation_id
from app.database import Database
from bench.client import Client, Job
from bench.coding import ROLE, rapporteur
from bench.seeding import SLUG
from bench.stand import Stand
from bench.table import Line, per_request

_REQUESTS = 10
_MOST = 1_000.0  # milliseconds
# A third is set aside.
_SET_ASIDE = """
INSERT INTO set_aside (contribution_id, consultation_id, reason, marked)
SELECT contribution_id, consultation_id, 'general', now() FROM publications WHERE number % 3 = 0
ON CONFLICT DO NOTHING
"""


def measure(stand: Stand, client: Client) -> tuple[str, list[Line]]:
    """The lines of this part."""
    token = asyncio.run(_read_by_a_rapporteur(stand.url))
    page = f"/c/{SLUG}/synthesis/coverage"
    pages = {"the whole": page, "neither, of one region": f"{page}?state=neither&region=Asia"}
    lines = [_line(stand, client, what, path, token) for what, path in pages.items()]
    return f"(l) coverage of {stand.shape.total:,} contributions", lines


def _line(stand: Stand, client: Client, what: str, path: str, token: str) -> Line:
    headers = {"Accept": "text/html", "Accept-Encoding": "gzip", "Cookie": f"plenary_session={token}"}
    client.run(Job(stand.port, [path] * 4, 2, headers=headers)).require(200)
    meter = stand.meter()
    answered = client.run(Job(stand.port, [path] * _REQUESTS, 1, headers=headers)).require(200)
    took = answered.median * 1e3
    return per_request(
        what, answered, meter.read(), ratio=f"{took:.0f} ms by the clock", target=f"at most {_MOST:.0f} ms",
        met=took <= _MOST,
    )  # fmt: skip


async def _read_by_a_rapporteur(url: str) -> str:
    """The token of a rapporteur's session; a part of the texts is set aside."""
    database = Database(url, pool=1)
    try:
        async with database.writing() as session:
            consultation = await consultation_id(session, SLUG)
            person, token = await rapporteur(session)
    finally:
        await database.close()
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(ROLE, person, consultation)
        await connection.execute(_SET_ASIDE)
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()
    return token

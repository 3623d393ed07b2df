"""(i) The coding desk of 10,000 contributions with 50,000 codings by four rapporteurs, as one of them sees it."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.actions import complete_profile
from app.accounts.people import find_or_register
from app.accounts.profile_form import ProfileForm
from app.accounts.sessions import start_session
from app.consultations.floor import consultation_id
from app.database import Database
from app.permissions import Actor
from app.readings.coding import code_book
from app.synthesis import code_book as book
from app.synthesis.code_words import CodeWords
from bench.client import Client, Job
from bench.seeding import SLUG
from bench.stand import Stand
from bench.table import Line, per_request

_CODINGS, _CODES, _CODERS = 50_000, 120, 4
_REQUESTS = 60
_MOST = 100.0  # milliseconds
ROLE = """
INSERT INTO memberships (id, person_id, consultation_id, role, since)
VALUES (gen_random_uuid(), $1, $2, 'rapporteur', now()) ON CONFLICT DO NOTHING
"""
# Each coder reads half of the texts; a code is on the whole text or on its first forty characters.
_CODERS_MADE = """
INSERT INTO coders (id, consultation_id, number, person_id, name)
SELECT gen_random_uuid(), $1, n, CASE WHEN n = 1 THEN $2::uuid END, CASE WHEN n > 1 THEN 'Coder ' || n END
FROM generate_series(1, $3::int) n
"""
_CODED = """
INSERT INTO codings (id, consultation_id, code_id, contribution_id, revision, "begin", "end", coder_id, made)
SELECT gen_random_uuid(), $1, c.id, p.contribution_id, 1, CASE WHEN n % 2 = 0 THEN 0 END,
       CASE WHEN n % 2 = 0 THEN 40 END, w.id, now()
FROM generate_series(0, $2::int - 1) n
JOIN (SELECT contribution_id, row_number() OVER (ORDER BY number) - 1 AS place, count(*) OVER () AS among
      FROM publications) p ON p.place = n * 7 % p.among
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS among FROM codes) c
  ON c.place = n * 13 / 7 % c.among
JOIN (SELECT id, number - 1 AS place, count(*) OVER () AS among FROM coders) w ON w.place = n * 3 / 5 % w.among
ON CONFLICT DO NOTHING
"""
_READ = """
INSERT INTO texts_read (person_id, contribution_id, consultation_id, revision, read)
SELECT $2, contribution_id, $1, 1, now() FROM publications WHERE number % 2 = 0 OR number < 6000
"""


def measure(stand: Stand, client: Client) -> tuple[str, list[Line]]:
    """The lines of this part."""
    token, code, codings = asyncio.run(_coded(stand.url))
    desk = f"/c/{SLUG}/synthesis/coding"
    pages = {
        "the first page": [desk],
        "not yet read": [f"{desk}?state=unread"],
        "everybody's codings": [f"{desk}?whose=all&after=5000"],
        "of one code": [f"{desk}?code={code}&whose=all"],
        "several filters": [f"{desk}?region=Asia&channel=web&language=es&state=uncoded"],
        "the code book": [f"/c/{SLUG}/synthesis/codes"],
        "a code with its codings": [f"/c/{SLUG}/synthesis/codes/{code}"],
        "a text": [f"{desk}/5000?whose=all"],
        "without a gist": [f"{desk}?gist=none"],
        "codes by question": [f"/c/{SLUG}/synthesis/codes/tables?by=question&whose=all"],
        "codes by region": [f"/c/{SLUG}/synthesis/codes/tables?by=region&whose=all"],
        "codes by channel": [f"/c/{SLUG}/synthesis/codes/tables?by=channel&whose=all"],
        "codes by codes": [f"/c/{SLUG}/synthesis/codes/tables?by=also&whose=all"],
    }
    lines = [_line(stand, client, what, paths, token) for what, paths in pages.items()]
    return f"(i) the coding desk, with {stand.shape.total:,} contributions and {codings:,} codings", lines


def _line(stand: Stand, client: Client, what: str, paths: Sequence[str], token: str) -> Line:
    headers = {"Accept": "text/html", "Accept-Encoding": "gzip", "Cookie": f"plenary_session={token}"}
    job = Job(stand.port, [*paths] * _REQUESTS, 1, headers=headers)
    client.run(Job(stand.port, [*paths] * 10, 2, headers=headers)).require(200)  # both workers have their plans
    meter = stand.meter()
    answered = client.run(job).require(200)
    took = answered.median * 1e3
    return per_request(
        what, answered, meter.read(), ratio=f"{took:.0f} ms by the clock", target=f"at most {_MOST:.0f} ms",
        met=took <= _MOST,
    )  # fmt: skip


async def _coded(url: str) -> tuple[str, UUID, int]:
    """A rapporteur's session, a code, and how many codings there are."""
    database = Database(url, pool=1)
    try:
        async with database.writing() as session:
            consultation = await consultation_id(session, SLUG)
            person, token = await rapporteur(session)
        actor = Actor(person=person, complete=True, roles={consultation: frozenset({"rapporteur"})})
        async with database.writing() as session:
            there = bool(await code_book.codes(session, actor, consultation))  # the databases may be used again
            for n in range(0 if there else _CODES):
                await book.make(session, actor, consultation, CodeWords(f"Code {n}", "A definition of it."))
        if not there:
            await _fill(url, consultation, person)
        async with database.writing() as session:
            codes = await code_book.codes(session, actor, consultation)
    finally:
        await database.close()
    return token, codes[0].id, sum(code.all for code in codes)


async def rapporteur(session: AsyncSession) -> tuple[UUID, str]:
    """Somebody with a name, and the token of a session of theirs. They still need the role."""
    person, _new = await find_or_register(session, "rapporteur@example.org")
    await complete_profile(session, Actor(person=person), ProfileForm(name="Rapporteur"), True)
    _id, token = await start_session(session, person, "bench")
    return person, token


async def _fill(url: str, consultation: UUID, person: UUID) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(ROLE, person, consultation)
        await connection.execute(_CODERS_MADE, consultation, person, _CODERS)
        await connection.execute(_CODED, consultation, _CODINGS)
        await connection.execute(_READ, consultation, person)
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()

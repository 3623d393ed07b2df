"""Lists: consultations, topics, contributions; filters, order, pages, tags, caches."""

import gzip
from typing import Any
from uuid import UUID

import pytest

from app.database import Database
from app.readings.discussion import listing
from app.readings.discussion.listing import Filters
from tests import plans
from tests.api.talk import Talk
from tests.making import AFTER, BEFORE, SLUG

pytestmark = pytest.mark.anyio

PUBLIC = ("", "/topics", "/contributions", "/changes", "/export.jsonl", "/export.csv")


async def everything(said: Talk, url: str, **params: Any) -> list[dict[str, Any]]:
    """All items of a list, page by page."""
    page = await said.read(url, **params)
    items: list[dict[str, Any]] = page["items"]
    while page["next"] is not None:
        assert len(page["items"]) == params.get("limit", 50)
        page = await said.read(page["next"])
        items = items + page["items"]
    return items


async def test_consultations(said: Talk) -> None:
    listed = await said.read("/api/v1/consultations")
    (consultation,) = listed["items"]
    assert listed["next"] is None
    assert consultation == await said.read(said.home)
    assert consultation["slug"] == SLUG
    assert consultation["url"] == f"https://plenary.example/c/{SLUG}"
    assert consultation["phase"] == "open"
    assert consultation["closes"] is None
    assert [topic["slug"] for topic in consultation["topics"]] == [BEFORE, AFTER]
    assert (await said.read(f"{said.home}/topics"))["items"] == consultation["topics"]
    assert consultation["topics"][0]["policy"] == "before"
    assert [question["key"] for question in consultation["topics"][0]["questions"]] == ["a", "b", "c"]


async def test_short_lists_have_pages_too(said: Talk) -> None:
    url = f"{said.home}/topics"
    first = await said.read(url, limit=1)
    assert [topic["slug"] for topic in first["items"]] == [BEFORE]
    assert [topic["slug"] for topic in (await said.read(first["next"]))["items"]] == [AFTER]
    assert await everything(said, url, limit=1) == (await said.read(url))["items"]
    assert (await said.get("/api/v1/consultations", cursor=first["next"].partition("cursor=")[2])).status_code == 400


async def test_an_unknown_consultation_is_not_found(said: Talk) -> None:
    for slug in ("nobody-knows", "UPPER", "%00", "a%2Fb", "%F0%9F%98%80", "%ED%A0%80", "x" * 500):
        for rest in PUBLIC:
            answer = await said.get(f"/api/v1/consultations/{slug}{rest}")
            assert answer.status_code == 404
            assert answer.json()["type"] == "/problems/not-found"


async def test_filters_combine(said: Talk) -> None:
    first = await said.posted(
        kind="experience",
        language="es",
        body="Housing.",
        questions=[f"{AFTER}.a"],
        places=[{"city": "Quezon City", "country": "PH"}],
    )
    second = await said.posted("other", kind="question", language="fil", body="Housing.")
    reply = await said.posted("other", parent=first["id"], language="es", body="Housing.")
    filters: list[tuple[dict[str, Any], list[int]]] = [
        ({}, [1, 2, 3]),
        ({"topic": AFTER}, [1, 2, 3]),
        ({"topic": BEFORE}, []),
        ({"topic": "unknown"}, []),
        ({"thread": first["id"]}, [1, 3]),
        ({"parent": first["id"]}, [3]),
        ({"kind": "question"}, [2]),
        ({"language": "es"}, [1, 3]),
        ({"language": "ES", "kind": "reply"}, [3]),
        ({"country": "ph"}, [1]),
        ({"organisation_kind": "diaspora"}, [1]),
        ({"organisation_kind": "union"}, []),
        ({"question": f"{AFTER}.a"}, [1]),
        ({"tag": "none"}, []),
        ({"place": "quezon city"}, [1]),
        ({"place": "PH", "language": "es", "thread": first["id"]}, [1]),
        ({"updated_since": second["updated"]}, [2, 3]),
        ({"updated_since": reply["updated"], "sort": "-number"}, [3]),
        ({"sort": "-number"}, [3, 2, 1]),
        ({"sort": "updated"}, [1, 2, 3]),
        ({"updated_since": "2016-07-26T09:00:00 02:00", "limit": 1000}, [1, 2, 3]),
        ({"updated_since": "2016-07-26"}, [1, 2, 3]),
    ]
    for given, numbers in filters:
        for words in ({}, {"q": "housing -quetzal"}):
            found = await said.read(f"{said.home}/contributions", **given, **words)
            assert [item["number"] for item in found["items"]] == numbers, (given, words)


async def test_a_place_is_looked_for_among_the_texts_that_name_one(said: Talk, database: Database) -> None:
    for named in (True, False, True, False, False, True):
        await said.posted(places=[{"city": "Quito", "country": "EC"}] if named else [])
    url = f"{said.home}/contributions"
    for sort, numbers in (("number", [1, 3, 6]), ("-number", [6, 3, 1]), ("updated", [1, 3, 6])):
        for more in ({}, {"kind": "proposal"}, {"q": "text"}):
            listed = await everything(said, url, place="Quito", sort=sort, limit=1, **more)
            assert [item["number"] for item in listed] == numbers
        assert await everything(said, url, place="quito", sort=sort, kind="reply") == []


async def test_what_no_text_has_is_not_looked_for_in_all_of_them(said: Talk, database: Database) -> None:
    for _ in range(6):
        await said.posted()
    filters: list[dict[str, Any]] = [
        {"tag": "none"}, {"question": f"{AFTER}.z"}, {"place": "nowhere"}, {"topic": "none"},
        {"kind": "question", "language": "en"}, {"topic": AFTER, "country": "PH", "tag": "none"},
    ]  # fmt: skip
    for given in filters:
        for sort in ("number", "-number"):
            found, read = await read_for_a_list(database, said.made.id, Filters(**given), sort)
            assert (found, read) == (0, 0), given
    found, _read = await read_for_a_list(database, said.made.id, Filters(topic=AFTER, kind="proposal"), "number")
    assert found == 6


async def read_for_a_list(database: Database, consultation: UUID, filters: Filters, sort: str) -> tuple[int, int]:
    """How many texts are in a list, and how many publications Postgres looked at for it."""
    read = 0

    class Explained:
        async def fetch(self, query: str, *values: Any) -> list[Any]:
            nonlocal read
            read += plans.rows_read(await plans.steps_at(driver, query, *values), "publications")
            return list(await driver.fetch(query, *values))

    async with database.fetching() as driver:
        page = await listing.listing(Explained(), consultation, "", filters, sort)
    return len(page.items), read


async def test_pages_are_the_whole(said: Talk) -> None:
    url = f"{said.home}/contributions"
    for number in range(7):
        await said.posted(title=f"Proposal {number}")
    whole = await everything(said, url)
    assert [item["number"] for item in whole] == [1, 2, 3, 4, 5, 6, 7]
    for sort in ("number", "-number", "updated", "endorsements"):
        ordered = await everything(said, url, sort=sort, limit=1000)
        assert sorted(item["number"] for item in ordered) == [1, 2, 3, 4, 5, 6, 7]
        for limit in (1, 3, 7):
            assert await everything(said, url, sort=sort, limit=limit) == ordered
    narrowed = await everything(said, url, limit=2, kind="proposal", topic=AFTER)
    assert narrowed == whole


async def test_the_next_page_is_in_the_link_header_too(said: Talk) -> None:
    for _ in range(2):
        await said.posted()
    answer = await said.get(f"{said.home}/contributions", limit=1, kind="proposal")
    following = answer.json()["next"]
    assert following.startswith(f"https://plenary.example{said.home}/contributions?")
    assert "kind=proposal" in following
    assert answer.headers["link"] == f'<{following}>; rel="next"'
    last = await said.get(following)
    assert last.json()["next"] is None
    assert "link" not in last.headers


async def test_a_cursor_is_good_for_its_list_alone(said: Talk) -> None:
    for _ in range(2):
        await said.posted()
    url = f"{said.home}/contributions"
    cursor = (await said.read(url, limit=1))["next"].partition("cursor=")[2]
    assert (await said.get(url, limit=1, cursor=cursor)).status_code == 200
    flipped = cursor[:-1] + chr(ord(cursor[-1]) ^ 1)
    for wrong in (flipped, cursor[1:], cursor + "A", "A" * 40, "é", "%00", " ", "=" * 8, cursor.swapcase()):
        answer = await said.get(url, cursor=wrong)
        assert answer.status_code == 400, wrong
        assert answer.json()["type"] == "/problems/malformed"
    assert (await said.get(url, cursor=cursor, sort="-number")).status_code == 400
    assert (await said.get(said.at((await said.posted())["id"], "/thread"), cursor=cursor)).status_code == 400


WRONG: list[tuple[str, Any]] = [
    ("limit", 0), ("limit", 1001), ("limit", "many"), ("limit", "9" * 5000), ("limit", ["1", "2"]), ("sort", "random"),
    ("kind", "poem"), ("thread", "42"), ("q", ""), ("parent", "\x00"), ("tag", "a\x00b"), ("topic", ""),
    ("fields", "id,poem"), ("fields", ""),
    ("place", "x" * 300), ("language", "not a tag"), ("country", "PHL"), ("organisation_kind", "x"), ("unknown", "x"),
    ("updated_since", "yesterday"), ("updated_since", "0.5"), ("updated_since", "0001-01-01T00:00:00+14:00"),
]  # fmt: skip


async def test_wrong_parameters_are_named(said: Talk) -> None:
    for field, value in WRONG:
        answer = await said.get(f"{said.home}/contributions", **{field: value})
        assert answer.status_code == 422
        assert answer.json()["type"] == "/problems/invalid"
        assert {error["field"].partition(".")[0] for error in answer.json()["errors"]} == {field}


async def test_unknown_parameters_are_refused_everywhere(said: Talk) -> None:
    for url in ("/api/v1/consultations", *(f"{said.home}{rest}" for rest in PUBLIC)):
        assert (await said.get(url, colour="blue")).status_code == 422


async def test_what_did_not_change_is_not_sent_again(said: Talk) -> None:
    for rest in PUBLIC:
        first = await said.get(f"{said.home}{rest}")
        assert first.headers["cache-control"] == "public, max-age=0, s-maxage=2"
        etag = first.headers["etag"]
        for given in (etag, f'"other", W/{etag}', "*"):
            again = await said.ask("GET", f"{said.home}{rest}", None, headers={"If-None-Match": given})
            assert again.status_code == 304
            assert again.content == b""
            assert again.headers["etag"] == etag
        elsewhere = {"If-None-Match": etag, "Host": "other.example"}
        assert (await said.ask("GET", f"{said.home}{rest}", None, headers=elsewhere)).status_code == 200
        await said.posted()
        changed = await said.ask("GET", f"{said.home}{rest}", None, headers={"If-None-Match": etag})
        assert changed.status_code == 200
        assert changed.headers["etag"] != etag


async def test_with_a_key_nothing_is_kept_by_shared_caches_and_nothing_more_is_shown(said: Talk) -> None:
    await said.posted(topic=BEFORE)
    for who in ("participant", "moderator", "organiser"):
        answer = await said.get(f"{said.home}/contributions", who)
        assert answer.headers["cache-control"] == "private, no-store"
        assert answer.json()["items"] == []


async def test_a_wrong_key_is_refused_even_for_what_is_public(said: Talk) -> None:
    for given in ("Bearer plenary_wrong", "Bearer", "Basic abc", "Bearer \x7f", ""):
        answer = await said.client.get("/api/v1/consultations", headers={"Authorization": given})
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.json()["type"] == "/problems/unauthenticated"


async def test_long_answers_are_compressed_for_those_who_can_read_that(said: Talk) -> None:
    plain = await said.ask("GET", said.home, None, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    for accepted, coding in (
        ("gzip", "gzip"), ("deflate, gzip;q=0.5", "gzip"), ("br;q=1, *", "gzip"), ("zstd;q=0.2, gzip", "gzip"),
        ("zstd;q=0, gzip", "gzip"), ("gzip;q=x, zstd;q=0.1", "zstd"), ("gzip, deflate, br, zstd", "zstd"),
        ("ZSTD", "zstd"),
    ):  # fmt: skip
        packed = await said.ask("GET", said.home, None, headers={"Accept-Encoding": accepted})
        assert packed.headers["content-encoding"] == coding, accepted
        assert packed.json() == plain.json()
    refused = await said.ask("GET", said.home, None, headers={"Accept-Encoding": "gzip;q=0, br"})
    assert "content-encoding" not in refused.headers
    assert packed.headers["vary"] == "Accept-Encoding"
    assert len(gzip.compress(plain.content, 1)) < len(plain.content)


async def test_head_is_get_without_its_body(said: Talk) -> None:
    for rest in ("", "/contributions", "/export.csv"):
        head = await said.client.head(f"{said.home}{rest}")
        get = await said.get(f"{said.home}{rest}")
        assert head.status_code == 200
        assert head.headers["etag"] == get.headers["etag"]


async def test_other_sites_may_read_and_not_write(said: Talk) -> None:
    answer = await said.client.get(said.home, headers={"Origin": "https://elsewhere.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    missing = await said.client.get("/api/v1/contributions/none", headers={"Origin": "https://elsewhere.example"})
    assert missing.headers["access-control-allow-origin"] == "*"
    for name in ("Link", "ETag", "Plenary-Record-Size", "RateLimit"):
        assert name in answer.headers["access-control-expose-headers"].split(", ")
    for private in (await said.get(said.home, "participant"), await said.post()):
        assert not [name for name in private.headers if name.startswith("access-control")]
    for method, allowed in (("GET", True), ("POST", False), ("DELETE", False)):
        asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": method}
        preflight = await said.client.options(f"{said.home}/contributions", headers=asked)
        assert ("access-control-allow-origin" in preflight.headers) is allowed
        assert "access-control-allow-credentials" not in preflight.headers
        told = preflight.headers.get("access-control-allow-headers", "")
        assert ({"If-None-Match", "Last-Event-ID"} == set(told.split(", "))) is allowed


async def test_our_own_address_cannot_be_forged(said: Talk) -> None:
    await said.posted()
    for host in ('evil"},{', "a b", "", "x/y"):
        answer = await said.client.get(f"{said.home}/contributions", headers={"Host": host})
        assert answer.status_code == 400

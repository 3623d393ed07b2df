"""Forms in which nothing can be seen come back like empty ones, with the word beside the field."""

import pytest

from app.contributions.models import Contribution
from app.database import Database
from tests.blanks import BLANKS, JOINED
from tests.making import SLUG, Made, say
from tests.web.conftest import Browse
from tests.web.test_writing import FORM, count, filled

pytestmark = pytest.mark.anyio
PROFILE = {"name": "Ana", "organisation": "", "capacity": "personal", "language": "en", "time_zone": "UTC"}


async def test_a_blank_text_is_not_sent(browse: Browse, database: Database, made: Made) -> None:
    author, moderator = await browse(made.participant), await browse(made.moderator)
    await say(database, made)
    for blank in BLANKS.values():
        answer = await author.post(FORM, data=filled(body=blank))
        assert answer.status_code == 422 and "Please write your text here." in answer.text, blank
        assert (await author.post(FORM, data=filled(title=blank))).status_code == 422, blank
        assert (await moderator.post(f"/c/{SLUG}/1/hide", data={"reason": blank})).status_code == 422, blank
    assert await count(database, Contribution) == 1
    assert (await author.post(FORM, data=filled(body=JOINED[0], title=JOINED[2]))).status_code == 303


async def test_a_blank_name_is_no_name(browse: Browse, made: Made) -> None:
    person = await browse(made.other)
    for blank in BLANKS.values():
        for field in (
            {"name": blank},
            {"name": f"12{blank}"},
            {"organisation": f"-{blank}", "organisation_kind": "faith"},
        ):
            answer = await person.post("/me", data=PROFILE | field)
            assert answer.status_code == 422 and "at least one letter" in answer.text, field
    assert (await person.post("/me", data=PROFILE | {"name": JOINED[0]})).status_code == 303


async def test_an_extension_says_why(browse: Browse, made: Made) -> None:
    organiser = await browse(made.organiser)
    for blank in (*BLANKS.values(), "a\x00b"):
        sent = {"act": "extend", "closes": "2099-01-01T00:00", "reason": blank}
        answer = await organiser.post(f"/c/{SLUG}/moderate/dates", data=sent)
        assert answer.status_code == 422, blank

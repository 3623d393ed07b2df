"""Profiles: every field checked, everything said at once, of an organisation what each says themselves."""

from typing import Any

import pytest
from sqlalchemy import update

from app import errors
from app.accounts.actions import change_profile, complete_profile, erase_account
from app.accounts.byline import Signature, keep_byline, signature_of
from app.accounts.models import Person
from app.accounts.profile import Profile, profile_of
from app.accounts.profile_form import ProfileForm
from app.database import Database
from app.permissions import ANYONE
from tests.people import People, ServiceLog, Someone

pytestmark = pytest.mark.anyio

GCM: dict[str, Any] = {
    "organisation": "Global Coalition on Migration", "organisation_kind": "rights", "organisation_country": "CH",
    "organisation_website": "https://gcmigration.org",
}  # fmt: skip


async def change(database: Database, actor: Someone, **fields: Any) -> Profile:
    async with database.writing() as session:
        await change_profile(session, actor, ProfileForm(**{"name": "Ana", **fields}))
        return await profile_of(session, actor, actor.person)


async def refused(database: Database, actor: Someone, consents: bool = True, **fields: Any) -> dict[str, str]:
    with pytest.raises(errors.Invalid) as invalid:
        async with database.writing() as session:
            await complete_profile(session, actor, ProfileForm(**{"name": "Ana", **fields}), consents)
    return invalid.value.fields


async def test_a_name_and_consent_complete_a_profile(
    database: Database, registered: People, service_log: ServiceLog
) -> None:
    actor = await registered()
    async with database.writing() as session:
        await complete_profile(session, actor, ProfileForm(name="  Ana   Núñez "), consents=True)
        profile = await profile_of(session, actor, actor.person)
    assert (profile.form.name, profile.email, profile.mandate) == ("Ana Núñez", "ana@example.org", None)
    assert profile.consented is not None
    entry = await service_log.last()
    assert (entry.kind, entry.subject, entry.payload) == (
        "profile.changed",
        actor.person,
        {"person": str(actor.person)},
    )


async def test_consent_is_needed_once(database: Database, registered: People) -> None:
    actor = await registered()
    assert list(await refused(database, actor, consents=False)) == ["consent"]
    async with database.writing() as session:
        await complete_profile(session, actor, ProfileForm(name="Ana"), consents=True)
        consented = (await profile_of(session, actor, actor.person)).consented
    assert (await change(database, actor, name="Ana Núñez")).consented == consented


async def test_everything_wrong_is_said_at_once(
    database: Database, registered: People, service_log: ServiceLog
) -> None:
    actor = await registered()
    before = await service_log.kinds()
    faults = await refused(
        database, actor, consents=False, name=" ", language="xx", time_zone="Mars/Olympus", organisation="x" * 201,
        organisation_kind="cartel", organisation_country="ZZ", organisation_region="Moon",
        organisation_website="javascript:x", capacity="both", byline="secret",
    )  # fmt: skip
    assert set(faults) == {
        "name", "language", "time_zone", "organisation", "organisation_kind", "organisation_country",
        "organisation_region", "organisation_website", "capacity", "byline", "consent",
    }  # fmt: skip
    assert all(sentence.endswith((".", "part.")) for sentence in faults.values())
    assert await service_log.kinds() == before


@pytest.mark.parametrize("name", ["", " ", "\u200b", "123", "\x00Ana", "\ud800", "x" * 121, "\u202e", "🙂", "--"])
async def test_no_odd_name_is_taken(database: Database, registered: People, name: str) -> None:
    assert list(await refused(database, await registered(), name=name)) == ["name"]


@pytest.mark.parametrize(
    "name", ["李", "علي", "O’Neil-Ng", "x" * 120, "<script>alert(1)</script>", "Robert'); DROP TABLE people;--"]
)
async def test_names_are_kept_as_written(database: Database, registered: People, name: str) -> None:
    assert (await change(database, await registered(name="Ana"), name=name)).form.name == name


@pytest.mark.parametrize(
    "address",
    ["ftp://example.org", "https://", "http://a b.org", "https://user:secret@example.org", "https://localhost", "https://[::1",
     "javascript://example.org/%0aalert(1)", "https://example.org:port", "https://e.org/" + "x" * 500, "https://example.org\x00"],
)  # fmt: skip
async def test_no_odd_website_is_taken(database: Database, registered: People, address: str) -> None:
    faults = await refused(database, await registered(), **GCM | {"organisation_website": address})
    assert list(faults) == ["organisation_website"]


async def test_an_organisation_is_made_with_its_region(database: Database, registered: People) -> None:
    profile = await change(database, await registered(name="Ana"), **GCM, claims_mandate=True)
    form = profile.form
    assert (form.organisation, form.organisation_kind, form.organisation_country) == (
        GCM["organisation"],
        "rights",
        "CH",
    )
    assert (form.organisation_region, form.organisation_website) == ("Europe", "https://gcmigration.org")
    assert profile.mandate == "claimed"


async def test_an_organisation_needs_a_kind_whoever_named_it_before(database: Database, registered: People) -> None:
    ana, name = await registered(), GCM["organisation"]
    unknown = await refused(database, ana, organisation=name)
    await registered("ben@example.org", name="Ben", **GCM)
    assert await refused(database, ana, organisation=name) == unknown
    assert list(unknown) == ["organisation_kind"]


async def test_everyone_sees_of_an_organisation_what_they_said_themselves(
    database: Database, registered: People
) -> None:
    ben = await registered("ben@example.org", name="Ben", **GCM)
    ana = await registered("ana@example.org", name="Ana")
    said = {"organisation": "global  coalition ON migration", "organisation_kind": "union"}
    hers = (await change(database, ana, **said)).form
    assert (hers.organisation, hers.organisation_kind) == ("global coalition ON migration", "union")
    assert (hers.organisation_country, hers.organisation_region, hers.organisation_website) == (None, None, None)
    async with database.writing() as session:
        his, signed = (
            (await profile_of(session, ben, ben.person)).form,
            await signature_of(session, ana.person, "organisation"),
        )
    assert (his.organisation, his.organisation_kind, his.organisation_country) == (GCM["organisation"], "rights", "CH")
    assert (signed.organisation_name, signed.organisation_kind, signed.organisation_country) == (
        "global coalition ON migration",
        "union",
        None,
    )


async def test_organisations_of_the_same_name_are_the_same_and_their_ids_tell_nothing(
    database: Database, registered: People
) -> None:
    spellings = (
        "Global Coalition on Migration",
        " GLOBAL coalition on  Migration",
        "Ｇlobal Coalition on Migration\u200b",
    )
    people = [await registered(f"p{number}@example.org", name="Ana") for number in range(3)]
    ids = {
        (await change(database, person, **GCM | {"organisation": name})).organisation_id
        for person, name in zip(people, spellings, strict=True)
    }
    [id] = ids
    assert id is not None and id.version == 4
    other = (await change(database, people[0], **GCM | {"organisation": "KNOMAD"})).organisation_id
    assert other is not None and other.version == 4 and other != id
    assert (await change(database, people[0], **GCM)).organisation_id == id


async def test_coming_again_tells_nobody_whether_others_stayed(database: Database, registered: People) -> None:
    """An id that came back only while somebody else belonged to the organisation would say so."""
    ids = []
    for others in (False, True):
        if others:
            await registered("ben@example.org", name="Ben", **GCM)
        for _ in range(2):
            ana = await registered(name="Ana", **GCM)
            async with database.writing() as session:
                ids.append((await profile_of(session, ana, ana.person)).organisation_id)
                await erase_account(session, ana, ana.person)
    assert len(set(ids)) == 1


async def test_a_confirmed_mandate_lasts_as_long_as_the_organisation(database: Database, registered: People) -> None:
    ana = await registered(name="Ana", **GCM, claims_mandate=True)
    async with database.writing() as session:
        await session.execute(update(Person).values(mandate="confirmed"))
    assert (await change(database, ana, **GCM, claims_mandate=True)).mandate == "confirmed"
    assert (
        await change(database, ana, **GCM | {"organisation_country": "PH"}, claims_mandate=True)
    ).mandate == "claimed"
    other = {"organisation": "KNOMAD", "organisation_kind": "international"}
    assert (await change(database, ana, **other, claims_mandate=True)).mandate == "claimed"
    assert (await change(database, ana, **other)).mandate is None
    assert (await change(database, ana)).form.organisation is None


async def test_a_profile_is_its_owners_alone(database: Database, registered: People) -> None:
    ana, ben = await registered(name="Ana"), await registered("ben@example.org", name="Ben")
    async with database.writing() as session:
        with pytest.raises(errors.Forbidden):
            await profile_of(session, ben, ana.person)
        with pytest.raises(errors.Unauthenticated):
            await profile_of(session, ANYONE, ana.person)
        with pytest.raises(errors.Unauthenticated):
            await change_profile(session, ANYONE, ProfileForm(name="Nobody"))


async def test_who_speaks_for_an_organisation_signs_with_it(database: Database, registered: People) -> None:
    ana = await registered(name="Ana", **GCM, capacity="organisation")
    async with database.writing() as session:
        await keep_byline(session, ana.person, "organisation")
        signed = await signature_of(session, ana.person)
        assert (signed.author_name, signed.capacity, signed.mandate, signed.byline) == (
            "Ana",
            "organisation",
            "claimed",
            "organisation",
        )
        assert (signed.organisation_name, signed.organisation_kind) == (GCM["organisation"], "rights")
        assert (signed.organisation_country, signed.organisation_region) == ("CH", "Europe")
        assert await signature_of(session, ana.person, "personal") == Signature(
            "Ana", "personal", byline="organisation"
        )


async def test_who_has_no_organisation_cannot_sign_for_one(database: Database, registered: People) -> None:
    ana = await registered(name="Ana")
    assert list(await refused(database, ana, capacity="organisation")) == ["capacity"]
    async with database.writing() as session:
        for capacity in ("organisation", "both"):
            with pytest.raises(errors.Invalid) as invalid:
                await signature_of(session, ana.person, capacity)
            assert list(invalid.value.fields) == ["capacity"]
        with pytest.raises(errors.NotFound):
            await signature_of(session, (await registered("new@example.org")).person)

"""Whatever is typed is taken clean or refused by name of field; nothing breaks."""

import json
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import errors
from app.accounts import tokens
from app.accounts.organisations import organisation_key
from app.accounts.people import email_address, interface_language
from app.accounts.profile_form import ProfileForm, checked
from app.accounts.sessions import device_of
from app.language import LANGUAGES

HOSTILE = Path(__file__).parents[3] / "shared/data/hostile/hostile_dev.jsonl"
ANYTHING = st.text(st.characters(exclude_categories=()), max_size=300)
FIELDS = (
    "name", "language", "time_zone", "organisation", "organisation_kind", "organisation_country", "organisation_region",
    "organisation_website", "capacity", "byline",
)  # fmt: skip


def faults(taken: Callable[[str], str], value: str) -> dict[str, str]:
    """What is wrong with a value; nothing where it was taken, as text that can be stored."""
    try:
        taken(value).encode()
    except errors.Invalid as invalid:
        return invalid.fields
    return {}


def profile(value: str) -> str:
    form = ProfileForm(**dict.fromkeys(FIELDS, value))  # type: ignore[arg-type]
    clean = checked(form, consented=True)
    return "".join(str(getattr(clean, field)) for field in FIELDS)


def type_everywhere(value: str) -> None:
    found = faults(profile, value)
    assert set(found) <= {*FIELDS}
    assert len(value) < 20 or not any(value in sentence for sentence in found.values())
    assert set(faults(email_address, value)) <= {"email"}
    assert interface_language(value) in LANGUAGES
    assert len(device_of(value)) < 40
    organisation_key(value).encode()
    assert not tokens.is_link_token(UUID(int=1), value)
    tokens.is_code(UUID(int=1), value)
    tokens.hash_of(value)


@given(ANYTHING)
def test_anything(value: str) -> None:
    type_everywhere(value)


@given(st.from_regex(r"[^@\s]{1,70}@[^@\s]{1,300}", fullmatch=True))
def test_anything_like_an_address(value: str) -> None:
    type_everywhere(value)


@pytest.mark.parametrize("value", ["x" * 1_000_000, "é" * 1_000_000, "a@" + "é." * 500_000 + "org", "@" * 100_000])
def test_very_long_input_is_refused_at_once(value: str) -> None:
    type_everywhere(value)


def test_collected_hostile_strings() -> None:
    if not HOSTILE.exists():
        pytest.skip(f"the collection of hostile strings is not at {HOSTILE}")
    with HOSTILE.open(encoding="utf-8") as lines:
        for line in lines:
            for value in json.loads(line).values():
                type_everywhere(str(value))

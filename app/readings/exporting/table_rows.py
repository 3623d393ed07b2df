"""Contributions as rows of a table: the columns, what each means, their values. CSV, XLSX and Parquet share them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urljoin

import orjson

from app.accounts.vocabulary import ORGANISATION_KINDS
from app.contributions.submissions import ROOT_KINDS

Type = Literal["text", "number", "moment", "list", "places"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name and type, what it means, and the values it may have, where they are few."""

    name: str
    type: Type
    meaning: str
    values: tuple[str, ...] = ()


COLUMNS = (
    Column("number", "number", "The contribution's number in its consultation: it keeps it for ever."),
    Column("id", "text", "Its identifier (UUID)."),
    Column("url", "text", "Where it is read."),
    Column("consultation", "text", "The consultation's short name in addresses."),
    Column("topic", "text", "The topic's short name in addresses."),
    Column("thread", "text", "Identifier of the contribution that began the thread; its own where it did."),
    Column("parent", "text", "Identifier of the contribution that it replies to; empty where it began a thread."),
    Column("depth", "number", "How many replies deep it stands beneath the beginning of its thread."),
    Column("kind", "text", "What it is.", (*ROOT_KINDS, "reply", "note")),
    Column("title", "text", "Its title; replies have none."),
    Column("body", "text", "The text as it was written, in Markdown."),
    Column("language", "text", "The language of the text, as a BCP 47 tag."),
    Column(
        "questions",
        "list",
        "The guiding questions that it answers, such as inclusion.a; in CSV and XLSX separated by semicolons.",
    ),
    Column("recommendation", "number", "The number of the recommendation that it is a comment on; of most, empty."),
    Column("byline", "text", "How it is signed in public.", ("full", "organisation", "anonymous")),
    Column("author_id", "text", "Whoever wrote it: the same within this consultation, without meaning outside it."),
    Column("author_name", "text", "The author's name, where the byline shows it."),
    Column("capacity", "text", "For an organisation, or in person.", ("organisation", "personal")),
    Column("organisation_id", "text", "Identifier of the organisation, where the byline shows it."),
    Column("organisation_name", "text", "Its name."),
    Column("organisation_kind", "text", "Its kind.", tuple(ORGANISATION_KINDS)),
    Column("organisation_country", "text", "Its country, ISO 3166 alpha-2."),
    Column("organisation_region", "text", "Its region."),
    Column("organisation_mandate", "text", "Whether its mandate is claimed or confirmed.", ("claimed", "confirmed")),
    Column(
        "places",
        "places",
        "Cities and countries (ISO 3166 alpha-2) that it concerns, each with its role (origin, destination or none); "
        "in CSV and XLSX separated by semicolons.",
    ),
    Column("channel", "text", "How it came.", ("web", "email", "api", "meeting", "paper", "process")),
    Column("status", "text", "Its state: all that is exported is public.", ("published",)),
    Column("revision", "number", "The number of the version that is public."),
    Column("created", "moment", "When it was said or written, UTC."),
    Column("published", "moment", "When it became public, UTC."),
    Column("updated", "moment", "When it changed last, UTC."),
    Column("replies", "number", "How many direct replies to it are public."),
    Column("endorsements", "number", "How many people support it."),
    Column(
        "endorsing_organisations",
        "list",
        "The organisations that support it, as they were called then; in CSV and XLSX separated by semicolons.",
    ),
    Column("seq", "number", "The entry of the public record that spoke of it last."),
    Column("tags", "list", "Labels that moderators gave it; in CSV and XLSX separated by semicolons."),
    Column("provenance", "text", "Where it comes from, if not from its author directly, as JSON."),
    Column("commitment_seq", "number", "The entry of the public record that commits to this version."),
    Column("commitment_salt", "text", "The salt of the commitment, hexadecimal."),
    Column("commitment_hash", "text", "SHA-256 of salt and canonical text, hexadecimal."),
    Column("attachments", "text", "Addresses of the files that go with it, separated by semicolons."),
    Column("translations", "text", "People's translations of it, as a JSON list, without their HTML."),
)
NAMES = tuple(column.name for column in COLUMNS)
CODEBOOK = ("column", "type", "meaning", "values")  # its heading

_ORGANISATION = ("id", "name", "kind", "country", "region", "mandate")
_COMMITMENT = ("seq", "salt", "hash")


def codebook() -> list[tuple[str, str, str, str]]:
    """A row for each column, for those who read a table without this program."""
    return [(each.name, each.type, each.meaning, _listed(each.values)) for each in COLUMNS]


def table_rows(texts: Iterable[bytes], *, joined: bool = True) -> Iterator[list[Any]]:
    """The rows of contributions given as JSON texts, in the order of COLUMNS; lists as one text each, if `joined`."""
    for text in texts:
        given = _flattened(orjson.loads(text))
        if joined:
            given |= {name: _listed(given[name]) for name in ("questions", "endorsing_organisations", "tags")}
            given["places"] = _listed(map(_place, given["places"]))
        yield [given[name] for name in NAMES]


def _flattened(given: dict[str, Any]) -> dict[str, Any]:
    author, organisation, commitment = (given[name] or {} for name in ("author", "organisation", "commitment"))
    provenance = given["provenance"]
    given |= {"author_id": author.get("id"), "author_name": author.get("name")}
    given |= {f"organisation_{name}": organisation.get(name) for name in _ORGANISATION}
    given |= {f"commitment_{name}": commitment.get(name) for name in _COMMITMENT}
    given["endorsing_organisations"] = [each["name"] for each in given["endorsing_organisations"]]
    given["attachments"] = _listed(urljoin(given["url"], each["url"]) for each in given["attachments"])
    translations = [{name: each[name] for name in each if name != "html"} for each in given["translations"]]
    given["translations"] = orjson.dumps(translations).decode() if translations else None
    given["provenance"] = orjson.dumps(provenance).decode() if provenance else None
    return given


def _listed(values: Iterable[str]) -> str:
    return "; ".join(values)


def _place(place: dict[str, Any]) -> str:
    """`Quezon City, PH (destination)`."""
    where = ", ".join(place[part] for part in ("city", "country") if place[part])
    return f"{where} ({place['role']})" if place["role"] else where

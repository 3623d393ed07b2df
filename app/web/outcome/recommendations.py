"""`/c/{consultation}/recommendations`: the outcome, what it rests on, and what became of every contribution."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from app.language import gettext as _
from app.permissions import Thing
from app.readings import consultations
from app.readings.consultation_views import ConsultationView
from app.readings.outcome import coverage, opinion, recommendations, report, summary
from app.readings.outcome.citations import CitationView, Support
from app.readings.outcome.coverage import Share
from app.web.discussion.consultation import EXCERPT
from app.web.kit import outcome_words, words
from app.web.kit.entries import Entry, entry
from app.web.kit.visit import Visiting, version_of
from app.web.outcome.opinion import asking

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation, and the contribution it is of as a page sets it; none where that is no longer public."""

    citation: CitationView
    entry: Entry | None


@dataclass(frozen=True, slots=True)
class Table:
    """The coverage by one dimension: its title, and each share with its name; questions in groups, by their topic."""

    key: str
    title: str
    groups: Sequence[tuple[str, Sequence[tuple[str, Share]]]]  # the title of each is empty where there is but one


@router.get("/c/{slug}/recommendations")
async def listed(visit: Visiting, slug: str) -> Response:
    """All that are public, by topic; and once one of them is final, the coverage."""
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        found = await recommendations.recommendations(connection, consultation.id)
        final = await coverage.is_public(connection, consultation.id)
        counted = await coverage.counts(connection, consultation.id) if final else []
        has_report = await report.is_there(connection, consultation.id)
        has_summary = await summary.is_there(connection, consultation.id)
    shares = coverage.shares(counted, consultation) if final else None
    return visit.public(
        "outcome/recommendations.html",
        version_of(consultation),
        consultation=consultation,
        topics=[
            (topic, [each for each in found if each.topic == topic.slug])
            for topic in consultation.topics
            if any(each.topic == topic.slug for each in found)
        ],
        outcome=outcome_words,
        has_report=has_report,
        has_summary=has_summary,
        asks=opinion.asks(consultation.details),
        whole=next(iter(shares["all"]), Share(None, 0, 0, 0)) if shares else None,
        tables=tables(shares, consultation) if shares else [],
        writes=visit.may("outcome.read", Thing(consultation.id)),
    )


@router.get("/c/{slug}/recommendations/{number:number}")
async def one(visit: Visiting, slug: str, number: int) -> Response:
    """One recommendation: its words, what it rests on, who disagreed."""
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        found = await recommendations.recommendation(connection, consultation.id, number)
        comments = await recommendations.comments(connection, consultation.id, number)
    asked = await asking(visit, consultation, found)
    return visit.public(
        "outcome/recommendation.html",
        version_of(consultation),
        consultation=consultation,
        recommendation=found,
        topic=consultation.topic(found.topic),
        cited={
            stance: [with_entry(each, consultation) for each in found.cited if each.stance == stance]
            for stance in outcome_words.STANCES
        },
        comments=[(entry(view, consultation), view.excerpt(EXCERPT)) for view in comments],
        figures=[figures(found.support), figures(found.dissent) if found.dissent.contributions else []],
        outcome=outcome_words,
        asking=asked,
        writes=visit.may("outcome.read", Thing(consultation.id)),
        responds=visit.may("response.enter", Thing(consultation.id)),
    )


@router.get("/c/{slug}/recommendations/{number:number}/versions")
async def versions(visit: Visiting, slug: str, number: int) -> Response:
    """How a recommendation came to say what it says: its public versions, newest first, with what each changed."""
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        found = await recommendations.recommendation(connection, consultation.id, number)
        its = await recommendations.versions(connection, found.id)
    return visit.public(
        "outcome/recommendation_versions.html",
        version_of(consultation),
        consultation=consultation,
        recommendation=found,
        changed=its,
        outcome=outcome_words,
    )


def with_entry(citation: CitationView, consultation: ConsultationView) -> Cited:
    """A citation with its contribution, ready to be set."""
    return Cited(citation, entry(citation.view, consultation) if citation.view else None)


def figures(support: Support) -> list[tuple[str, int, str]]:
    """The figures of a support in words: what is counted, how many, and which."""
    channels: Mapping[str, str] = {"web": _("on these pages")} | words.CHANNELS
    return [
        (_("Contributions"), support.contributions, ""),
        (_("Organisations that are named"), support.organisations, ""),
        (_("Regions"), len(support.regions), _named(words.REGIONS, support.regions)),
        (_("Kinds of organisation"), len(support.kinds), _named(words.ORGANISATION_KINDS, support.kinds)),
        (_("Ways in"), len(support.channels), _named(channels, support.channels)),
    ]


def tables(shares: Mapping[str, Sequence[Share]], consultation: ConsultationView) -> list[Table]:
    """The coverage by each dimension, in words."""
    asked = [each for topic in consultation.topics for each in topic.questions]
    questions = {each.full_key: words.lettered(each.key, each.text) for each in asked}
    names = {"question": questions, "region": words.REGIONS, "kind": words.KINDS}
    unknown = {"question": _("answers none of them"), "region": _("withheld or not given")}

    def said(dimension: str, key: str | None) -> str:
        if key is None:
            return unknown.get(dimension, _("not known"))
        return words.language_name(key) if dimension == "language" else _(names[dimension].get(key, key))

    return [
        Table(
            dimension, _(title),
            [
                (group, [(said(dimension, share.key), share) for share in its])
                for group, its in _groups(dimension, shares[dimension], consultation)
            ],
        )
        for dimension, title in outcome_words.DIMENSIONS.items()
    ]  # fmt: skip


def _groups(
    dimension: str, shares: Sequence[Share], consultation: ConsultationView
) -> Iterator[tuple[str, Sequence[Share]]]:
    """Questions by their topic, as each topic has its own a, b and c; everything else together."""
    asking = [topic for topic in consultation.topics if topic.questions]
    if dimension != "question" or len(asking) < 2:
        yield "", shares
        return
    for topic in asking:
        keys = {each.full_key for each in topic.questions}
        yield topic.title, [share for share in shares if share.key in keys]
    if others := [share for share in shares if share.key is None]:
        yield _("No guiding question"), others


def _named(names: Mapping[str, str], keys: Sequence[str]) -> str:
    return ", ".join(_(names[key]) for key in keys if key in names)

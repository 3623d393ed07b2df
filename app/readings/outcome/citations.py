"""What recommendations cite, as it stands now. Nothing of it is stored: words are cut from revisions that are public.

So whatever takes a text out of the public takes its words out of every recommendation, too: what remains is a number,
and what became of it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app import text
from app.contributions.models import Contribution, Publication, Revision
from app.readings.views import ContributionView, view
from app.synthesis.models import Citation

_MOST_WORDS = 1_000
_FIRST_WORDS = 240


@dataclass(frozen=True, slots=True)
class CitationView:
    """One citation. `words` are the passage, or the text's first words; empty once these are no longer public."""

    id: UUID
    contribution: UUID
    number: int
    revision: int
    stance: str
    begin: int | None
    end: int | None
    state: str  # current, revised; hidden, withdrawn, merged or erased: then nothing but the number is shown
    words: str
    language: str
    view: ContributionView | None

    @property
    def is_public(self) -> bool:
        """Whether the cited words can be read."""
        return self.state in ("current", "revised")

    def translation_into(self, language: str) -> Mapping[str, Any] | None:
        """The public translation of just this revision into a language. None where there is none, or the text is in
        that language itself."""
        if self.view is None or alike(self.language, language):
            return None
        of_it = [each for each in self.view.translations if each["revision"] == self.revision]
        found = [each for each in of_it if alike(each["language"], language)]
        return next((each for each in found if each["language"] == language), found[0] if found else None)

    def json(self, prefix: str) -> dict[str, Any]:
        """As the API gives it; `prefix` is the address up to the number."""
        passage = None if self.begin is None else {"start": self.begin, "end": self.end}
        return {
            "contribution": str(self.contribution), "number": self.number, "revision": self.revision,
            "stance": self.stance, "passage": passage, "state": self.state,
            "url": f"{prefix}{self.number}/history#r{self.revision}" if self.is_public else f"{prefix}{self.number}",
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Support:
    """From how many texts, organisations, regions, kinds of organisation and channels: of what is public now.

    An organisation is known only where the byline names it, and counts once.
    """

    contributions: int = 0
    organisations: int = 0
    regions: Sequence[str] = ()
    kinds: Sequence[str] = ()
    channels: Sequence[str] = ()

    def json(self) -> dict[str, int]:
        """As the API gives it: figures only."""
        return {
            "contributions": self.contributions, "organisations": self.organisations, "regions": len(self.regions),
            "kinds": len(self.kinds), "channels": len(self.channels),
        }  # fmt: skip


async def citations(
    on: AsyncConnection | AsyncSession, versions: Collection[UUID]
) -> Mapping[UUID, Sequence[CitationView]]:  # fmt: skip
    """What each of these versions cites, in the order in which it was cited."""
    found: dict[UUID, list[CitationView]] = {version: [] for version in versions}
    if found:
        for row in await on.execute(_SELECT.where(Citation.version_id.in_(versions)).order_by(Citation.id)):
            found[row.version_id].append(_view(row))
    return found


def support(cited: Iterable[CitationView], stance: str) -> Support:
    """The figures of what is cited so; each text counts once, however many of its passages are cited."""
    views = {each.contribution: each.view for each in cited if each.stance == stance and each.is_public and each.view}
    named = [view.organisation for view in views.values() if view.organisation]
    return Support(
        contributions=len(views),
        organisations=len({each["id"] or each["name"] for each in named}),
        regions=_different(each["region"] for each in named),
        kinds=_different(each["kind"] for each in named),
        channels=_different(view.channel for view in views.values()),
    )


_SELECT = (
    select(
        Citation.version_id, Citation.id, Citation.contribution_id, Citation.revision, Citation.stance, Citation.begin,
        Citation.end, Contribution.number, Contribution.status, Revision.state, Revision.body, Revision.language,
        Publication.document,
    )
    .join(Contribution, Contribution.id == Citation.contribution_id)
    .outerjoin(
        Revision,
        (Revision.contribution_id == Citation.contribution_id) & (Revision.number == Citation.revision)
        & Revision.visible,
    )
    .outerjoin(Publication, Publication.contribution_id == Citation.contribution_id)
)  # fmt: skip


def alike(one: str, other: str) -> bool:
    """Whether two tags name one language, such as `pt` and `pt-BR`."""
    return one.split("-")[0].lower() == other.split("-")[0].lower()


def state_of(status: str, document: Any, body: str | None, state: str | None) -> str:
    """How a cited text stands: from its contribution's status and publication, its revision's body and state."""
    if status != "published" or document is None:
        return status
    if body is None:  # the contribution is public, and this revision of it destroyed
        return "erased"
    return "current" if state == "public" else "revised"


def words_of(body: str, begin: int | None, end: int | None) -> str:
    """The words that are cited: a passage, or where none is, the first ones."""
    if begin is None:
        return text.excerpt(body, _FIRST_WORDS)
    return text.excerpt(body[begin:end], _MOST_WORDS)


def _view(row: Any) -> CitationView:
    state = state_of(row.status, row.document, row.body, row.state)
    public = state in ("current", "revised")
    return CitationView(
        id=row.id, contribution=row.contribution_id, number=row.number, revision=row.revision, stance=row.stance,
        begin=row.begin, end=row.end, state=state, words=words_of(row.body, row.begin, row.end) if public else "",
        language=row.language if public else "und", view=view(row.document) if public else None,
    )  # fmt: skip


def _different(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(sorted({value for value in values if value}))

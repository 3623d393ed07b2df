"""The pages of the outcome, for the list of every page: what everyone sees, what rapporteurs see, what is refused."""

from collections.abc import Mapping
from typing import Any

from tests.making import SLUG

C = f"/c/{SLUG}"


def public(at: Mapping[str, object]) -> list[str]:
    """What everyone sees."""
    outcome = f"{C}/recommendations"
    return [
        outcome,
        f"{outcome}/1",
        f"{outcome}/2",
        f"{outcome}/1/versions",
        f"{C}/opinion",
        f"{C}/{at['aside']}",
        f"{C}/{at['comment']}",
        f"{C}/report",
        f"{C}/report?version=1",
        "/c/sample/report",
    ]


def of_rapporteurs(at: Mapping[str, object]) -> list[str]:
    """What rapporteurs and organisers see."""
    desk, n = f"{C}/synthesis", at["root"]
    draft, new = f"{desk}/{at['draft_of_first']}", f"{desk}/{at['new_draft']}"
    return [
        desk, f"{desk}/new", draft, new, f"{new}/discard", f"{desk}/coverage", f"{desk}/coverage?kind=question",
        f"{C}/{n}", f"{C}/{n}/cite", f"{C}/recommendations/1", f"{C}/recommendations/1/respond",
        f"{desk}/report", f"{desk}/report/preview",
    ]  # fmt: skip


def refused(at: Mapping[str, object]) -> list[tuple[str, Mapping[str, Any]]]:
    """Forms that come back with what is wrong."""
    desk = f"{C}/synthesis"
    return [
        (f"{desk}/new", {"title": "x" * 201}),
        (f"{desk}/{at['new_draft']}", {"addressee_kind": "moon"}),
        (f"{desk}/{at['draft_of_first']}/publish", {"stage": "final"}),
        (f"{desk}/coverage", {"do": "mark"}),
        (f"{C}/recommendations/1/respond", {"answer": "perhaps"}),
        (f"{desk}/report", {"saved": "1", "title": "x" * 201}),
        (f"{desk}/report/publish", {"saved": "1"}),
        (f"{C}/{at['root']}/cite", {"passage": "words that are not there", "stance": "support"}),
    ]

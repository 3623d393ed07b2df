"""The pages of the outcome, for the list of every page: what everyone sees, what rapporteurs see, what is refused."""

from collections.abc import Mapping
from typing import Any

from tests.making import AFTER, SLUG

C = f"/c/{SLUG}"
# Routes that answer GET and show no page of their own.
NO_PAGES = {
    "/c/{slug}/recommendations/feed.{form}": "a feed",
    "/c/{slug}/report.{form}": "a file",
    "/c/{slug}/summary.{form}": "a file",
    "/c/{slug}/summary/speaker.{form}": "a file",
}


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
        f"{C}/report/making?form=pdf&version=1",
        "/c/sample/report",
        f"{C}/summary",
        f"{C}/summary?version=1",
        f"{C}/summary/speaker",
        "/c/sample/summary",
        f"{outcome}/answers",
        "/c/sample/recommendations/answers",
    ]


def of_rapporteurs(at: Mapping[str, object]) -> list[str]:
    """What rapporteurs and organisers see."""
    desk, n = f"{C}/synthesis", at["root"]
    draft, new = f"{desk}/{at['draft_of_first']}", f"{desk}/{at['new_draft']}"
    return [
        desk, f"{desk}/new", draft, new, f"{new}/discard", f"{desk}/coverage", f"{desk}/coverage?kind=question",
        f"{C}/{n}", f"{C}/{n}/cite", f"{C}/recommendations/1", f"{C}/recommendations/1/respond",
        f"{C}/recommendations/1/files/{at['answer_file']}",
        f"{C}/moderate/questions", f"{C}/moderate/questions?topic={AFTER}&question=all", f"{C}/{n}/questions",
        f"{desk}/report", f"{desk}/report/preview", f"{desk}/report/in/fr", f"{desk}/report/in/es",
        f"{desk}/report/preview?language=fr", f"{desk}/report/discard",
        f"{desk}/summary", f"{desk}/summary/preview", f"{desk}/tell",
        *(f"{C}/organise/addressees{path}" for path in ("", "/send", f"/{at['institution']}")),
        f"{desk}/coding", f"{desk}/coding?whose=all&code={at['code']}", f"{desk}/coding?state=unread",
        f"{desk}/coding/{n}?whose=all", f"{desk}/coding/{at['aside']}", f"{desk}/codes",
        *(f"{desk}/codes/{at[which]}" for which in ("code", "old_code")), f"{desk}/codes/{at['code']}/merge",
        f"{desk}/codes/exchange", f"{desk}/codes/exchange?file={at['held_file']}", f"{desk}/codes/agreement",
        f"{desk}/codes/tables", f"{desk}/codes/tables?by=region&whose=all", f"{desk}/codes/tables?by=also&whose=all",
    ]  # fmt: skip


def refused(at: Mapping[str, object]) -> list[tuple[str, Mapping[str, Any]]]:
    """Forms that come back with what is wrong."""
    desk, which = f"{C}/synthesis", at["institution"]
    lists = f"{C}/organise/addressees"
    return [
        (lists, {"institution": "", "email": "nobody"}),
        (f"{lists}/send", {"what": "summary.2", "to": which, f"numbers.{which}": "9"}),
        (f"{lists}/{which}", {"do": "ask", "numbers": "9"}),
        (f"{desk}/new", {"title": "x" * 201}),
        (f"{desk}/{at['new_draft']}", {"addressee_kind": "moon"}),
        (f"{desk}/{at['draft_of_first']}/publish", {"stage": "final"}),
        (f"{desk}/coverage", {"do": "mark"}),
        (f"{C}/recommendations/1/respond", {"answer": "perhaps"}),
        (f"{C}/recommendations/1/files/{at['answer_file']}", {"reason": ""}),
        (f"{C}/moderate/questions", {"how": "add"}),
        (f"{C}/{at['root']}/questions", {"questions": "nowhere.a"}),
        (f"{desk}/report", {"saved": "2", "title": "x" * 201}),
        (f"{desk}/report/in/fr", {"saved": "1", "method": "x" * 10_001}),
        (f"{desk}/report/publish", {"saved": "2"}),
        (f"{desk}/summary", {"saved": "1", "title": "x" * 201}),
        (f"{desk}/summary/publish", {"saved": "1"}),
        (f"{desk}/coding/{at['root']}", {"passage": "words that are not there", "name": "x" * 201}),
        (f"{desk}/coding/read", {"further": "20"}),
        (f"{desk}/coding/{at['aside']}/gist", {"gist": "x" * 201}),
        (f"{desk}/codes", {"name": "", "colour": "pink"}),
        (f"{desk}/codes/{at['code']}", {"name": ""}),
        (f"{desk}/codes/exchange", {"file": ""}),
        (f"{desk}/codes/{at['code']}/split", {"part": ""}),
        (f"{desk}/codes/{at['code']}/merge", {"into": ""}),
        (f"{C}/{at['root']}/cite", {"passage": "words that are not there", "stance": "support"}),
    ]


def links(at: Mapping[str, object]) -> list[tuple[str, int, Mapping[str, Any]]]:
    """What the links of institutions open, with its status and what is sent for it."""
    good, over = str(at["answer_link"]), str(at["answer_link_over"])
    return [(good, 200, {}), (over, 410, {}), (good, 422, {"number": 1, "answer": "", "document": "nowhere"})]

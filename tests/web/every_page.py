"""Every page that people are shown: its address, who sees it, and for what only a form brings up, the form.

A page family that is new takes its line here; the tests fail as long as it has none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.clock import new_id
from tests.making import AFTER, BEFORE, SLUG
from tests.web import outcome_pages
from tests.web.everything import Everything

C = f"/c/{SLUG}"
EVERYONE = ("", "moderator")  # signed out and signed in
Form = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """One page: who looks at it, what is sent to get it (a GET where nothing is), and the status it has."""

    path: str
    seen_by: Sequence[str] = EVERYONE
    status: int = 200
    sent: Form = field(default_factory=dict)


# Routes that answer GET and show no page of their own.
NO_PAGES = outcome_pages.NO_PAGES | {
    "/c/{slug}/extend": "leads to the dates",
    "/c/{slug}/record/number": "leads to a proof",
    "/c/{slug}/moderate/{id:uuid}/next": "leads to the next item",
    "/c/{slug}/feed.{form}": "a feed",
    "/c/{slug}/topics/{topic_slug}/feed.{form}": "a feed",
    "/c/{slug}/{which}/feed.{form}": "a feed",
    "/c/{slug}/decisions/feed.{form}": "a feed",
    "/robots.txt": "for crawlers",
    "/sitemap.xml": "for crawlers",
    "/c/{slug}/sitemap-{part}.xml": "for crawlers",
    "/static/{name}": "style, pictures, scripts",
    "/attachments/{id}": "a file",
    "/documents/{id}": "a file",
    "/answer-files/{id}": "a file",
    "/answer/{id}/{token}/files/{file}": "a file",
    "/c/{slug}/proceedings.{form}": "a file",
    "/c/{slug}/synthesis/codes/exchange/{form}": "a file",
    "/c/{slug}/synthesis/codes/exchange/gists.csv": "a file",
    "/c/{slug}/synthesis/codes/tables.csv": "a table",
    "/c/{slug}/numbers.csv": "a table for programs",
    "/c/{slug}/numbers/map.svg": "a picture, seen on the page of numbers",
    "/me/data/download": "a file",
    "/me/organisations": "for a script",
    "/c/{slug}/organise/setup/definition.toml": "a file",
    "/c/{slug}/calendar.ics": "a calendar",
    "/c/{slug}/topics/{topic_slug}/calendar.ics": "a calendar",
    "/c/{slug}/{which}/calendar.ics": "a calendar",
    "/c/{slug}/meetings/{id:uuid}/calendar.ics": "a calendar",
    "/c/{slug}/organise/meetings/{id:uuid}/registrations.csv": "a table",
    "/c/{slug}/organise/meetings/{id:uuid}/registrations.xlsx": "a workbook",
    "/c/{slug}/organise/meetings/{id:uuid}/badges.pdf": "a file",
    "/invitation/{id}/{token}/decline": "leads to the invitation",
}


def pages(everything: Everything) -> list[Page]:
    """All of them."""
    at = everything.at
    return [*_public(at), *_writing(at), *_own(at), *_desk(at), *_planned(at), *_made_once(everything), *_faults(at)]


def three(everything: Everything) -> list[Page]:
    """The pages that are looked at in all combinations in every run."""
    paths = (C, f"{C}/{everything.at['locked']}", f"{C}/contribute?topic={AFTER}")
    return [Page(path) for path in paths]


def _public(at: Mapping[str, object]) -> list[Page]:
    n = at["root"]
    paths = (
        "/", C, "/c/sample", f"{C}/topics/{AFTER}", f"{C}/topics/{BEFORE}", f"{C}/{n}", f"{C}/{n}?after=60",
        f"{C}/{at['deep']}", f"{C}/{at['note']}", f"{C}/{at['redacted']}", f"{C}/{at['locked']}", f"{C}/{at['paper']}",
        f"{C}/{n}?in=ar", f"{C}/{n}/endorsements",
        f"{C}/share", f"{C}/topics/{AFTER}/share", f"{C}/{n}/share",
        f"{C}/{n}/history", f"{C}/search", f"{C}/search?q=hours", f"{C}/search?q=nothing-like-it&kind=proposal",
        f"{C}/organisations", f"{C}/organisations/{at['organisation']}",
        f"{C}/organisations/{at['organisation']}?show=endorsed", f"{C}/numbers",
        f"{C}/record", f"{C}/record/{n}", f"{C}/decisions", f"{C}/decisions?number={at['answered']}",
        *outcome_pages.public(at),
        f"{C}/decisions/{at['decision']}", f"{C}/meetings", f"{C}/meetings/{at['meeting']}", "/c/sample/meetings",
        f"{C}/documents", f"{C}/documents/{at['document']}", f"{C}/documents/{at['document_gone']}",
        f"{C}/notices", f"{C}/notices/{at['notice']}", f"{C}/notices/{at['notice_gone']}",
        "/c/sample/documents", "/c/sample/notices", "/about/rules", "/about/privacy", "/developers",
    )  # fmt: skip
    gone = [Page(f"{C}/{at[state]}", status=410) for state in ("hidden", "withdrawn", "erased", "answered")]
    return [*(Page(path) for path in paths), *gone]


def _writing(at: Mapping[str, object]) -> list[Page]:
    contribute, n = f"{C}/contribute", at["root"]
    text = {"id": new_id(), "topic": AFTER, "kind": "proposal", "language": "en", "title": "A title", "body": "Text."}
    mine = ("participant",)
    return [
        Page(contribute),
        Page(f"{contribute}?document={at['document']}"),
        Page(f"{contribute}?topic={AFTER}"),
        Page(f"{contribute}?topic={BEFORE}", ("", "participant")),
        Page(f"{contribute}?parent={n}"),
        Page(f"{contribute}?recommendation=2"),
        Page(f"{contribute}?recommendation=1", ("participant",)),
        Page(f"{contribute}?draft={at['draft']}", mine),
        Page(contribute, sent=text | {"do": "preview"}),
        Page(contribute, sent=text | {"do": "places"}),
        Page(contribute, mine, 422, text | {"do": "send", "title": "", "body": "", "place_city_1": "", "kind": "x",
                                            "place_country_1": "PH", "language": "other"}),
        *(Page(f"{C}/{n}/{act}", mine) for act in ("edit", "byline", "withdraw", "erase", "revisions/1/erase")),
        Page(f"{C}/{n}/erase", ("organiser",)),
        Page(f"{C}/{n}/edit", mine, sent=text | {"do": "preview", "based_on": 2}),
        Page(f"{C}/{at['waiting']}/edit", mine),
        *(Page(f"{C}/{at[which]}", mine) for which in ("waiting", "rejected")),
        Page(f"{C}/{at['waiting']}", ("moderator",)),
        Page(f"{C}/{n}/endorse", ("moderator",)),
        Page(f"{C}/follow?thread={n}", ("participant",)),
        Page(f"{C}/{n}/translate", ("participant", "moderator")),
        Page(f"{C}/{n}/translate", ("moderator",), 422, {"language": "fil", "revision": 2, "body": ""}),
        Page(f"{C}/{n}/translations/{at['translation']}/take-away", ("moderator",)),
        Page(f"{C}/{n}/flag", ("moderator",)),
        Page(f"{C}/{n}/flag", ("moderator",), 422, {"contribution": at["root_id"]}),
        Page(f"{C}/{at['hidden']}/flag", ("moderator",), 410),
        *(Page(f"{C}/{at[which]}/appeal", mine) for which in ("hidden", "answered", "rejected")),
        Page(f"{C}/meetings/new", ("participant", "moderator")),
        Page(f"{C}/meetings/new?draft={at['meeting_draft']}", ("moderator",)),
        Page(f"{C}/meetings/new", ("moderator",), 422, {"title": "", "do": "send", "points.0.body": "Said."}),
    ]  # fmt: skip


_MINE = ("keys", "contributions", "data", "deposits", "letters", "notifications", "mandate", "roles")


def _own(at: Mapping[str, object]) -> list[Page]:
    mine = ("participant",)
    code = {"challenge": at["challenge"], "code": "none"}
    return [
        *(Page(f"/me{path}", mine) for path in ("", *(f"/{each}" for each in _MINE))),
        *(Page(path, ("moderator",)) for path in ("/me", "/me/keys", "/me/letters", "/me/notifications", "/me/roles")),
        Page("/me/notifications", mine, 422, {"do": "mail", "hour": "99"}),
        *(Page(str(at[link]), ("", "participant")) for link in ("stop", "stopped")),
        Page(str(at["offer"]), ("", "participant", "moderator")),
        Page(str(at["offer"]), mine, 422, {"answer": "accept"}),
        Page(str(at["offer_over"]), ("",), 410),
        Page("/me", mine, 422, {"name": ""}),
        Page("/me/keys", mine, 422, {"name": ""}),
        Page("/me/data/erase", mine, 422, {"texts": "keep"}),
        Page("/me/welcome", ("newcomer",)),
        Page("/me/welcome", ("newcomer",), 422, {"name": ""}),
        Page(f"{C}/{at['locked']}", ("suspended",)),
        Page(f"{C}/{at['hidden']}", mine, 410),
        Page(f"{C}/{at['locked']}", mine),
        Page("/sign-in"),
        Page("/sign-in", ("",), 422, {"email": "nobody"}),
        Page(f"/sign-in/code?challenge={new_id()}", ("",)),
        Page("/sign-in/code", ("",), 422, code),
        Page(str(at["link"]), ("",)),
        Page(str(at["link_elsewhere"]), ("",)),
        Page(f"/sign-in/{new_id()}/none", ("",), 410),
        Page(str(at["source"]), ("",)),
        Page(str(at["mandate"]), ("",)),
        *(Page(str(at[f"mail_{state}"]), ("",)) for state in ("asked", "done", "refused")),
        Page(str(at["mail_asked"]), ("",), 422, {"answer": "yes"}),
        Page(str(at["mail_over"]), ("",), 410),
        *(Page(str(at[f"invitation_{state}"]), ("",)) for state in ("open", "answered", "declined")),
        Page(str(at["invitation_over"]), ("",), 410),
        *(Page(path, ("",), status, sent) for path, status, sent in outcome_pages.links(at)),
        Page(str(at["source_over"]), ("",), 410),
    ]


def _desk(at: Mapping[str, object]) -> list[Page]:
    desk, n = f"{C}/moderate", at["root"]
    item = f"{at['waiting']}:{at['waiting_revision']}"
    acts = ("hide", "redact", "move", "split", "merge", "pin", "unpin", "feature", "unfeature", "lock", "unlock",
            "warn", "suspend", "lift", "reveal", "invite", "moderate")  # fmt: skip
    paths = (
        desk, f"{desk}/queue", f"{desk}?topic={BEFORE}&kind=question", f"{desk}/{at['waiting']}",
        f"{desk}/{at['in_hand']}", f"{desk}/{at['hidden_id']}", f"{desk}/{at['reply']}",
        f"{desk}/batch/{at['batch']}", f"{desk}/flags", f"{desk}/appeals",
        f"{desk}/transcribe", f"{desk}/sources", f"{desk}/invite", f"{desk}/note", f"{desk}/webhooks",
        f"{desk}/translations", f"{C}/proceedings",
        f"{C}/{at['paper']}/source", f"{C}/{at['hidden']}/restore", f"{C}/{at['hidden']}/moderate",
        *(f"{C}/{n}/{act}" for act in acts), *(f"{C}/{at['waiting']}/{act}" for act in ("approve", "ask", "reject")),
    )  # fmt: skip
    posted: list[tuple[str, int, Form]] = [
        (f"{desk}/batch", 200, {"together": "hide", "item": item}),
        (f"{desk}/batch", 200, {"together": "reject", "item": item}),
        (f"{desk}/{at['waiting']}", 422, {"act": "reject", "revision": at["waiting_revision"]}),
        (f"{desk}/note", 200, {"id": new_id(), "topic": AFTER, "body": "Said.", "language": "en", "do": "preview"}),
        (f"{desk}/note", 422, {"id": new_id(), "topic": AFTER, "body": "", "language": "en"}),
        (f"{desk}/transcribe", 422, {"channel": "paper"}),
        (f"{desk}/invite", 200, {"id": new_id(), "to": AFTER, "subject": "Hello", "words": "Words.", "do": "preview"}),
        (f"{desk}/webhooks", 422, {"url": "http://10.0.0.1/"}),
        (f"{C}/{at['paper']}/source", 422, {"email": "nobody", "language": "en"}),
        (f"{C}/{n}/hide", 422, {}),
        (f"{C}/{n}/suspend", 422, {"until": ""}),
    ]
    return [
        *(Page(path, ("moderator",)) for path in paths),
        *(Page(path, ("organiser",)) for path in outcome_pages.of_rapporteurs(at)),
        *(Page(path, ("organiser",), 422, sent) for path, sent in outcome_pages.refused(at)),
        Page(f"{C}/organise", ("organiser",)),
        *(Page(f"{C}/organise/{page}", ("organiser",)) for page in ("people", "balance", "organisations")),
        Page(f"{C}/organise/people", ("organiser",), 422, {"email": "nobody", "role": "moderator"}),
        Page(f"{C}/organise/organisations", ("organiser",), 422, {"alias": "", "into": ""}),
        *_setting_up(),
        *(Page(f"{C}/organise/invitations{path}", ("organiser",)) for path in ("", "/new", f"/{at['round']}")),
        Page(f"{C}/organise/invitations/{at['round']}/stop", ("organiser",)),
        Page(f"{C}/organise/invitations/new", ("organiser",), 422, at["invitations"] | {"source_en": ""}),  # type: ignore[operator]
        Page(f"{C}/organise/invitations/new", ("organiser",), 200, at["invitations"]),  # type: ignore[arg-type]
        *(Page(path, ("organiser",)) for path in _organising(at)),
        Page(f"{C}/organise/documents", ("organiser",), 422, {"id": new_id(), "title_en": "", "kind": "x"}),
        Page(f"{C}/organise/notices", ("organiser",), sent={"title": "A", "body": "Said.", "do": "preview"}),
        Page(f"{desk}/dates", ("organiser",)),
        Page(f"{desk}/dates", ("organiser",), 422, {"topic": AFTER, "act": "close"}),
        Page(f"{desk}/appeals", ("organiser",)),
        Page(f"{desk}/mandates", ("organiser",)),
        *(Page(path, ("moderator",), status, sent or {"reason": ""}) for path, status, sent in posted),
    ]


def _setting_up() -> list[Page]:
    home, new = f"{C}/organise/setup", "/organise/new"
    sections = ("basics", "use", "dates", "languages", "holders", "rules", "programme", "events", "hoped", "screening")
    paths = (
        home, "/c/in-preparation/organise/setup", "/c/in-preparation", new, f"{new}?way=copy", f"{new}?way=file",
        *(f"{home}/{key}" for key in sections), f"{home}/topics", f"{home}/topics/{AFTER}", f"{home}/new-topic",
        f"{home}/texts", f"{home}/texts/ar", f"{home}/definition", "/c/in-preparation/organise/setup/texts",
    )  # fmt: skip
    refused: list[tuple[str, int, Form]] = [
        (new, 422, {"way": "scratch", "languages.0": "", "do": "save"}),
        (f"{home}/rules", 200, {"rules.0.title": "A rule", "do": "add:rules"}),
        (f"{home}/basics", 200, {"purpose": "**Sample** text.", "do": "preview"}),
        (f"{home}/dates", 422, {"phases.open.starts.date": "May", "do": "save"}),
        (f"{home}/topics", 409, {"do": f"up:{AFTER}", "based_on": ""}),
        (f"{home}/definition", 422, {"toml": "slug = 1"}),
        ("/c/in-preparation/organise/setup", 409, {"do": "announce"}),
    ]
    return [
        *(Page(path, ("organiser",)) for path in paths),
        *(Page(path, ("organiser",), status, sent) for path, status, sent in refused),
    ]


def _planned(at: Mapping[str, object]) -> list[Page]:
    """Meetings to come: for everybody, for who registers, for organisers."""
    which, plans, its = ("organiser",), f"{C}/organise/meetings", f"{C}/meetings/{at['planned']}"
    own, cancelled = f"{plans}/{at['planned']}", at["cancelled"]
    return [
        *(Page(path, ("", "participant", "moderator", "organiser")) for path in (its, f"{C}/meetings/{cancelled}")),
        Page(its, ("newcomer", "suspended")),
        Page(f"{its}/registration", ("moderator",), 422, {"act": "register", "access_needs": "A ramp."}),
        Page(f"{C}/meetings/new?planned={at['planned']}", ("moderator",)),
        *(Page(path, which) for path in (plans, own, f"{plans}/{cancelled}", f"{plans}/new", f"{own}/edit",
                                         f"{own}/cancel")),
        Page(f"{plans}/new", which, 422, {"title": "", "online": ""}),
        Page(f"{own}/cancel", which, 422, {"reason": ""}),
        Page(own, which, 422, {"act": "place"}),
    ]  # fmt: skip


def _organising(at: Mapping[str, object]) -> list[str]:
    papers, news = f"{C}/organise/documents", f"{C}/organise/notices"
    return [
        f"{C}/organise", papers, f"{papers}/{at['document']}", f"{papers}/{at['document_gone']}",
        news, f"{news}/{at['notice']}?language=ar", f"{news}/{at['notice_gone']}",
    ]  # fmt: skip


def _made_once(everything: Everything) -> list[Page]:
    """What a form brings about, shown once."""
    n, desk = everything.at["root"], f"{C}/moderate"
    link, revision = next(everything.links)
    grounds = {"reason": "Somebody asked.", "rule": "1"}
    return [
        Page(f"{C}/{n}/reveal", ("moderator",), sent=grounds),
        Page("/me/keys", ("participant",), sent={"name": "A program", "scopes": "read"}),
        Page(f"{desk}/webhooks", ("moderator",), sent={"url": "https://hooks.invalid/other"}),
        Page(link, ("",), sent={"revision": revision, "answer": "right"}),
    ]


def _faults(at: Mapping[str, object]) -> list[Page]:
    return [
        Page("/none", status=404),
        Page("/c/none", status=404),
        Page(f"{C}/99999", status=404),
        Page(f"{C}/moderate", ("participant",), 403),
        Page(f"{C}/{at['root']}/erase", ("moderator",), 403),
        Page(f"{C}/moderate/batch", ("moderator",), 400, {"together": "x", "note": "a long note " * 9}),
        Page(f"{C}/search?q={'x' * 201}", ("",), 422),
    ]

"""The headers by which mail programs put our mails in their place: lists, threads, and ways to hear no more."""

from collections.abc import Sequence
from uuid import UUID

from app import clock
from app.language import gettext as _
from app.notifications import mailboxes
from app.notifications.letters import Block, host
from app.notifications.stopping import Stop, packed, token
from app.readings.letters.news_letters import Told

Headers = tuple[tuple[str, str], ...]


def of_list(names: Sequence[str], stop: Stop, base_url: str) -> Headers:
    """Which list it belongs to (RFC 2919), from the narrower name to the wider, and how to leave it (RFC 8058)."""
    headers = [
        ("List-Id", f"<{'.'.join((*names, host(base_url)))}>"),
        ("List-Unsubscribe", ways_to_stop(stop_link(stop, base_url), mailboxes.stop_address(packed(stop)))),
    ]
    if base_url.startswith("https://"):
        headers.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    return tuple(headers)


def of_thread(news: Told, base_url: str) -> Headers:
    """Which contribution it is about and what that answers, by identifiers that every mail about these repeats.

    So a mail program shows a thread as one, whichever of its mails it has.
    """
    root, parent, server = news.view.thread, news.view.parent, host(base_url)
    references = [_identifier(each, server) for each in dict.fromkeys((root, parent)) if each is not None]
    headers = [("References", " ".join(references))] if references else []
    if parent is not None:
        headers.append(("In-Reply-To", _identifier(parent, server)))
    return tuple(headers)


def for_answers(person: UUID, contribution: UUID) -> Headers:
    """The address by which this reader, and nobody else, answers this contribution; nothing where mail does not come
    in."""
    address = mailboxes.reply_address(person, contribution, clock.now())
    return (("Reply-To", address),) if address else ()


def for_new_text(person: UUID, contribution: UUID) -> Headers:
    """The address by which its author replaces a text; nothing where mail does not come in."""
    address = mailboxes.rewriting_address(person, contribution, clock.now())
    return (("Reply-To", address),) if address else ()


def ways_to_stop(link: str, address: str | None) -> str:
    """What a mail program's button does (RFC 2369): open the link, or write to the address where mail comes in."""
    return f"<{link}>, <mailto:{address}?subject=unsubscribe>" if address else f"<{link}>"


def to_hear_less(stop: Stop, base_url: str) -> tuple[Block, ...]:
    """The lines that end a mail: to get no more like it, by a page or by mail, and to choose."""
    address = mailboxes.stop_address(packed(stop))
    by_mail = (Block("small_link", _("The same by mail"), f"mailto:{address}"),) if address else ()
    return (
        Block("small_link", _("No more mail like this"), stop_link(stop, base_url)),
        *by_mail,
        Block("small_link", _("What you follow, and all mail to you"), f"{base_url}/me/notifications"),
    )


def stop_link(stop: Stop, base_url: str) -> str:
    """The address that stops something for the reader of a mail."""
    return f"{base_url}/stop/{token(stop)}"


def _identifier(contribution: UUID, server: str) -> str:
    return f"<c-{contribution}@{server}>"

"""What an archive holds of the summary, in every published version, and of whom report and summary were sent to.

An institution is named as it was when it was sent something; its address is in no public table, and not here.
"""

from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection

from app.readings.consultation_views import ConsultationView
from app.readings.outcome import sent_outcome, summary
from app.readings.outcome.summary import SummaryText

SUMMARY, IN_MARKDOWN, SENT = "summary.json", "summary/", "sendings.json"
_LEFT_OUT = ("files", "versions")


async def files(connection: AsyncConnection, consultation: ConsultationView, base: str) -> dict[str, bytes]:
    """The files by name; none of what was not published, and none where nothing was sent."""
    texts = [
        await summary.text_of(connection, consultation.id, each.version)
        for each in reversed(await summary.versions(connection, consultation.id))
    ]
    sent = await sent_outcome.sent(connection, consultation.id)
    found = {}
    if texts:
        found[SUMMARY] = _listed([_as_json(each, consultation, base) for each in texts])
    for text in texts:
        name = f"{IN_MARKDOWN}{text.version}-{text.language}"
        found[f"{name}.md"] = _markdown(text.title, text.reason, text.body)
        if text.speech:
            found[f"{name}-aloud.md"] = _markdown(text.title, text.speech)
    if sent:
        found[SENT] = _listed([each.json(base, consultation.slug) for each in sent])
    return found


def _as_json(said: SummaryText, consultation: ConsultationView, base: str) -> dict[str, Any]:
    given = summary.as_json(said, (), base, consultation.slug)
    return {name: value for name, value in given.items() if name not in _LEFT_OUT}


def _markdown(title: str, *parts: str) -> bytes:
    return ("\n\n".join([f"# {title}", *(each for each in parts if each)]) + "\n").encode()


def _listed(items: list[dict[str, Any]]) -> bytes:
    return orjson.dumps(items, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)

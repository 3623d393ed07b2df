"""What an archive holds of the report: what its rapporteurs wrote, in every published version and language.

What others said is not in it: a line such as `{quotation 42 r1}` names a contribution, which is in the archive if its
author agreed.
"""

from collections.abc import Iterator
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection

from app.readings.consultation_views import ConsultationView
from app.readings.outcome import report
from app.readings.outcome.report import ReportText

REPORT, IN_MARKDOWN = "report.json", "report/"
_LEFT_OUT = ("recommendations", "versions", "record")


async def files(connection: AsyncConnection, consultation: ConsultationView, base: str) -> dict[str, bytes]:
    """The files by name; none where no report is published."""
    texts = [
        await report.text_of(connection, consultation.id, each.version, language)
        for each in reversed(await report.versions(connection, consultation.id)) for language in each.languages
    ]  # fmt: skip
    if not texts:
        return {}
    listed = [_as_json(each, consultation, base) for each in texts]
    found = {REPORT: orjson.dumps(listed, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)}
    for each in texts:
        found[f"{IN_MARKDOWN}{each.version}-{each.language}.md"] = _markdown(each, consultation).encode()
    return found


def _as_json(said: ReportText, consultation: ConsultationView, base: str) -> dict[str, Any]:
    given = report.as_json(said, (), (), None, (base, consultation.slug))
    return {name: value for name, value in given.items() if name not in _LEFT_OUT} | {"record_size": said.as_of}


def _markdown(said: ReportText, consultation: ConsultationView) -> str:
    return "\n\n".join(_parts(said, consultation)) + "\n"


def _parts(said: ReportText, consultation: ConsultationView) -> Iterator[str]:
    yield f"# {said.title}"
    yield from (body for body in (said.reason, said.summary, said.method) if body)
    for topic in consultation.topics:
        asked = {topic.slug: topic.title} | {each.full_key: f"{each.key}. {each.text}" for each in topic.questions}
        for key, title in asked.items():
            if key in said.results:
                yield f"## {title}"
                yield said.results[key]

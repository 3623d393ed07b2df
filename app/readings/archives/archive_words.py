"""What an archive says of itself: README, description of the consultation, manifest. In English, as its codebook is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from app import clock
from app.readings.archives.archive_answers import ANSWERS
from app.readings.archives.archive_organisers import DOCUMENTS, NOTICES, Files
from app.readings.archives.archive_report import IN_MARKDOWN, REPORT
from app.readings.archives.archive_summary import IN_MARKDOWN as SUMMARY_IN_MARKDOWN
from app.readings.archives.archive_summary import SENT, SUMMARY
from app.readings.consultation_views import ConsultationView


@dataclass(frozen=True, slots=True)
class Contents:
    """What an archive holds, and as of when."""

    consultation: ConsultationView
    url: str
    time: datetime  # of the record's last entry
    contributions: int
    left_out: int
    tabular: tuple[str, ...]  # the formats of tables that can be written here
    others: Files  # what organisers, rapporteurs and addressees published, by name of file


_README = """\
# {title}

{summary}
{sample}
This archive holds contributions to a public consultation as they stood on {day} (UTC), for research. It was written by
Plenary, the platform on which the consultation was held.

| | |
| --- | --- |
| Consultation | {title} |
| Address | {url} |
| Phases | {phases} |
| As of | {time}, entry {size} of its public record |
| Contributions in it | {contributions} |
| Left out | {left_out} |
| Licence of the texts | {licence} |
| Responsible for personal data | {controller} |
| Questions | {contact} |

## What is in it, and what is not

Only texts that were public at that moment and whose authors agreed that they may be deposited in a research archive.
Translations are here where those authors made them; other translators were not asked.
{left_out_said} Nothing else is said about texts that are not here. A reply may be here
without what it answers. Counts of replies and endorsements are those of the public site, where all texts are.

Of a byline without a name the author is absent, of an anonymous one the organisation, country and any identifier too.
Please do not try to find out who wrote what, and ask the contact above before you combine these data with others.

| File | |
| --- | --- |
{files}

## How to cite it

{citation}

## How to verify it

`sha256sum -c SHA256SUMS` tells whether a file was damaged. With Plenary, `python3 -m app verify FILE.zip --key KEY`
also checks the signature of the checkpoint, every entry and every tile of the record, and that each text is the one
that the record committed to when it was published. The key is in `record/key`; compare it with the one that you find
elsewhere, such as at {url}/record.

The record covers texts, not names, places and tags, and it is complete: it also holds the hashes of texts that are left
out here. They are salted, so they tell nothing of those texts.
"""
_FILES = {
    "contributions.jsonl": "the contributions, one JSON object in each line",
    "contributions.csv": "the same as a table (UTF-8; a leading ' keeps spreadsheets from taking a text for a formula)",
    "contributions.parquet": "the same as Apache Parquet, with types and lists",
    DOCUMENTS: "the organisers’ documents, without their files: titles, addresses, hashes (SHA-256)",
    NOTICES: "what the organisers announced",
    REPORT: "the report: its rapporteurs’ words in every published version and language, as the API gives them",
    ANSWERS: "recommendations that were answered, with the answers; of their files addresses and hashes (SHA-256)",
    IN_MARKDOWN: "the same as Markdown, by version and language; `{quotation 42 r1}` names a contribution",
    SUMMARY: "the summary: its rapporteurs’ words in every published version, as the API gives them",
    SUMMARY_IN_MARKDOWN: "the same as Markdown, by version and language; `-aloud` is for whoever presents it",
    SENT: "to which institutions which version of report or summary was sent, and when",
    "codebook.csv": "what each column of the tables means",
    "consultation.json": "purpose, dates, terms, topics and guiding questions",
    "record/": "the public record: checkpoint, key, tiles and entries (C2SP tlog-tiles)",
    "manifest.json": "counts, time, licence; size and SHA-256 of each file",
    "SHA256SUMS": "the same digests for sha256sum",
}


def readme(contents: "Contents") -> bytes:
    """What it is, for people."""
    view, details = contents.consultation, contents.consultation.details
    time = clock.iso(contents.time) or ""
    licence, controller = details.get("licence") or {}, details.get("controller") or {}
    absent = {f"contributions.{ending}" for ending in ("csv", "parquet") if ending not in contents.tabular}
    absent |= {DOCUMENTS, NOTICES, REPORT, ANSWERS, SUMMARY, SENT} - contents.others.keys()
    absent |= {folder for folder, file in ((IN_MARKDOWN, REPORT), (SUMMARY_IN_MARKDOWN, SUMMARY)) if file in absent}
    return _README.format(
        title=view.title, summary=view.summary, url=contents.url, day=time[:10], time=time, size=f"{view.size:,}",
        sample="\n**This is sample data: the consultation, its people and organisations are made up.**\n"
        if view.sample else "",
        phases="; ".join(f"{phase.name} from {clock.iso(phase.starts)}" for phase in view.phases),
        contributions=f"{contents.contributions:,}", left_out=f"{contents.left_out:,}",
        left_out_said=_left_out(contents.left_out),
        licence=_joined(licence.get("name"), licence.get("url")),
        controller=_joined(controller.get("name"), controller.get("mail")), contact=details.get("contact") or "none",
        files="\n".join(f"| `{name}` | {said} |" for name, said in _FILES.items() if name not in absent),
        citation=citation(contents),
    ).encode()  # fmt: skip


def citation(contents: "Contents") -> str:
    """How the archive is cited: who, when, what, as of which state of the record, where."""
    view, time = contents.consultation, clock.iso(contents.time) or ""
    organisers = "; ".join(each["name"] for each in view.details.get("organisers") or ())
    return (
        f"{organisers or view.title} ({time[:4]}). {view.title}: contributions to a public consultation [data set]. "
        f"As of {time[:10]}, record size {view.size}. {contents.url}"
    )


def about(contents: "Contents") -> dict[str, Any]:
    """The consultation, its topics and guiding questions: what does not depend on when it is asked."""
    view, details = contents.consultation, contents.consultation.details
    return {
        "slug": view.slug, "title": view.title, "url": contents.url, "summary": view.summary, "sample": view.sample,
        "languages": list(view.languages), "time_zone": view.time_zone,
        "opens": clock.iso(view.opens), "closes": clock.iso(view.closes),
        "phases": [{"name": each.name, "starts": clock.iso(each.starts), "note": each.note} for each in view.phases],
        **{name: details.get(name) for name in ("purpose", "background", "organisers", "licence", "controller",
                                                "contact")},
        "topics": [
            {"slug": topic.slug, "title": topic.title, "background": topic.background, "policy": topic.policy,
             "opens": clock.iso(topic.opens), "closes": clock.iso(topic.closes),
             "questions": [{"key": each.full_key, "text": each.text} for each in topic.questions]}
            for topic in view.topics
        ],
    }  # fmt: skip


def manifest(contents: "Contents") -> dict[str, Any]:
    """What it holds, as of when and under which terms, for programs."""
    view = contents.consultation
    return {
        "consultation": view.slug, "title": view.title, "url": contents.url, "sample": view.sample,
        "record_size": view.size, "time": clock.iso(contents.time), "contributions": contents.contributions,
        "left_out": contents.left_out, "licence": view.details.get("licence"),
        "controller": view.details.get("controller"), "contact": view.details.get("contact"),
        "citation": citation(contents),
    }  # fmt: skip


def as_json(given: Mapping[str, Any]) -> bytes:
    """As a file that people read, too."""
    return orjson.dumps(given, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _left_out(count: int) -> str:
    if count == 0:
        return "All public texts are here."
    if count == 1:
        return "One public text is left out, since its author did not agree."
    return f"{count:,} public texts are left out, since their authors did not agree."


def _joined(*parts: str | None) -> str:
    return ", ".join(part for part in parts if part) or "none given"

"""How a report came about and how it can be checked, as blocks: dates, channels, moderation, who decided what."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app import dates
from app.language import current, listed, number
from app.language import gettext as _
from app.printing.model import Block, Code, Heading, Items, Paragraph, Run, words
from app.readings.consultation_views import ConsultationView, ExtensionView
from app.readings.outcome.report import Report
from app.synthesis.report_checklist import in_words
from app.web.kit import words as said
from app.web.report.report_insertions import written
from app.web.report.report_people import by, table


def method(report: Report, base: str) -> Iterator[Block]:
    """The rapporteur's remarks, then what the platform knows of how it went."""
    language = current.get()
    yield Heading(1, words(_("Method")), language, "method")
    yield from written(report.text.html.get("method", ""), report, base)
    for line in (
        _("People and texts are shown as they are public now: what was withdrawn, erased or signed with less is gone."),
        _("That holds for earlier versions, too. What was public when this one was published, the record proves."),
    ):
        yield Paragraph(words(line), language)
    yield Heading(2, words(_("Dates")), language, "dates")
    yield from _dates(report.consultation)
    yield Heading(2, words(_("Who decided what")), language, "deciders")
    yield from _deciders(report.consultation)
    yield Heading(2, words(_("Ways in")), language, "channels")
    channels = {"web": _("on these pages")} | said.CHANNELS
    yield by(_("Ways in"), report.numbers.channels, lambda key: _(channels.get(key, key)))
    yield Heading(2, words(_("Moderation")), language, "moderation")
    yield from _moderation(report)
    if report.text.acknowledged:
        yield Heading(2, words(_("Known when this was published")), language, "known")
        yield Items([_known(each, report.text.original) for each in report.text.acknowledged], False, language)


def verification(report: Report, base: str) -> Iterator[Block]:
    """What it takes to check that this is what was published, and what was public then."""
    text, slug, language = report.text, report.consultation.slug, current.get()
    yield Heading(1, words(_("Verification")), language, "verification")
    if text.seq is None or text.as_of is None or text.hash is None:
        yield Paragraph(words(_("This is a draft: nothing of it is in the record yet.")), language)
        return
    for line in (
        _("The record commits to the words of this version by a salted hash."),
        _("What was public when it was published are the first entries of the record, which have this root."),
    ):
        yield Paragraph(words(line), language)
    root = report.root or _("The record takes a few seconds to cover what is new. Please try again.")
    lines = (
        (_("Entries when it was published"), Run(number(text.as_of))), (_("Root"), Run(root, code=True)),
        (_("Entry of this version"), Run(number(text.seq))), (_("Commitment"), Run(text.hash.hex(), code=True)),
    )  # fmt: skip
    yield Items([[Paragraph((Run(f"{name}: "), value), language)] for name, value in lines], False, language)
    yield Paragraph((Run(_("The public record"), link=f"{base}/c/{slug}/record"),), language)
    if base:
        yield Code(f"python3 -m app verify {base}/c/{slug}")


def _dates(consultation: ConsultationView) -> Iterator[Block]:
    zone, language = consultation.zone, current.get()
    yield table([_("Phase"), _("From")], [
        [_(said.PHASES[each.name]), dates.moment(each.starts, zone)] for each in consultation.phases
    ])  # fmt: skip
    acts: list[tuple[str, Sequence[ExtensionView]]] = [("", consultation.extensions)]
    acts += [(topic.title, topic.extensions) for topic in consultation.topics]
    lines = [_act(each, title, consultation) for title, them in acts for each in them]
    if lines:
        yield Paragraph(words(_("Dates that organisers changed")), language)
        yield Items([[Paragraph(words(line), language)] for line in lines], False, language)


def _act(act: ExtensionView, title: str, consultation: ConsultationView) -> str:
    """`Title: Extended on 9 September 2016 to …: the reason`."""
    zone = consultation.zone
    if act.act in ("extend", "reopen") and act.closes is not None:
        when = _("on %(day)s to %(moment)s:", day=dates.day(act.decided, zone), moment=dates.moment(act.closes, zone))
    else:
        when = _("on %(moment)s:", moment=dates.moment(act.decided, zone))
    line = f"{_(said.DATE_ACTS[act.act])} {when} {act.reason}"
    return f"{title}: {line}" if title else line


def _deciders(consultation: ConsultationView) -> Iterator[Block]:
    for topic in consultation.topics:
        how = _("A moderator read each text before it was public.") if topic.policy == "before" else _(
            "Texts were public at once, and moderators could hide them."
        )  # fmt: skip
        yield Paragraph((Run(topic.title, bold=True), Run(f". {how}")), current.get())
        named = ((_("Moderators"), topic.moderators), (_("Rapporteurs"), topic.rapporteurs))
        yield Items(
            [[Paragraph(words(f"{role}: {listed(list(names)) if names else '–'}"), current.get())]
             for role, names in named],
            False, current.get(),
        )  # fmt: skip


def _moderation(report: Report) -> Iterator[Block]:
    counted = {
        _("Received"): [month.received or 0 for month in report.months],
        _("Published"): [month.published for month in report.months],
        _("Hidden"): [month.hidden for month in report.months],
        _("Appealed"): [month.appealed for month in report.months],
        _("Overturned on appeal"): [month.overturned for month in report.months],
    }
    yield table([_("Texts"), _("Number")], [[name, number(sum(each))] for name, each in counted.items()])
    yield Paragraph(
        words(
            _("Every decision, with its reason, is in the moderation log. What was received is counted by whole days.")
        ),
        current.get(),
    )


def _known(each: Mapping[str, Any], language: str) -> list[Block]:
    """What the checklist found, and why it was published nevertheless."""
    found = in_words(each["finding"], each["about"], each["count"])
    return [Paragraph((Run(found, bold=True),), current.get()), Paragraph(words(each["reason"]), language)]

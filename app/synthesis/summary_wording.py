"""The words of a summary: cleaned, counted, and made into points that can be said aloud."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from app import errors, text
from app.language import gettext as _
from app.language import number

KINDS = ("interim", "final")
LIMITS = {"title": 200, "body": 12_000, "speech": 8_000, "reason": 1_000}
BUDGET = 700  # words that, with some recommendations, fill about two pages
PAGES = 2
MOST = 12  # recommendations that a summary names
_IDEOGRAPH = r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
_WORD = re.compile(rf"{_IDEOGRAPH}|(?:(?!{_IDEOGRAPH})\w)+(?:['’-](?:(?!{_IDEOGRAPH})\w)+)*")
_SENTENCE = re.compile(r".+?[.!?؟](?=\s|$)|.+?[。！？]|.+$", re.DOTALL)
_MARK = re.compile(r"^(?:[#>\s]+|[-*+]\s+|\d+[.)]\s+)+")


@dataclass(frozen=True, slots=True)
class SummaryWords:
    """What a summary says, as given. Of `recommendations` the numbers; without `speech` it is made of the rest."""

    title: str = ""
    kind: str = "interim"
    language: str = "en"
    body: str = ""
    recommendations: Sequence[int] = ()
    speech: str = ""
    reason: str = ""


def checked(given: SummaryWords, numbers: Collection[int]) -> SummaryWords:
    """The same as it will be stored; `numbers` are those of the recommendations that are public.

    Raises Invalid with a sentence for each field that cannot be taken.
    """
    faults: dict[str, str] = {}
    clean = replace(
        given,
        title=_cleaned("title", given.title, faults),
        body=_cleaned("body", given.body, faults),
        speech=_cleaned("speech", given.speech, faults),
        reason=_cleaned("reason", given.reason, faults),
    )
    if given.kind not in KINDS:
        faults["kind"] = _("Please choose whether it is the interim or the final one.")
    try:
        clean = replace(clean, language=text.language_tag(given.language))
    except ValueError as fault:
        faults["language"] = _("The language %(fault)s.", fault=fault)
    chosen = tuple(dict.fromkeys(given.recommendations))
    if not set(chosen) <= set(numbers):
        faults["recommendations"] = _("Please choose among the recommendations that are public.")
    elif len(chosen) > MOST:
        faults["recommendations"] = _("Please choose at most %(most)s: this is a summary.", most=number(MOST))
    if faults:
        raise errors.Invalid(faults)
    return replace(clean, recommendations=chosen)


def words_in(body: str) -> int:
    """About how many words a text has. Where none are marked off, as in Chinese, two characters count as one."""
    found = _WORD.findall(body)
    ideographs = sum(1 for word in found if re.fullmatch(_IDEOGRAPH, word))
    return len(found) - ideographs + ideographs // 2


def points(body: str, titles: Sequence[str]) -> str:
    """Points to be said aloud, as Markdown: how each paragraph begins, then the recommendations. A first proposal."""
    parts = [_MARK.sub("", part).strip() for part in re.split(r"\n\s*\n|\n(?=\s*(?:[-*+]|\d+[.)])\s)", body)]
    begun = [found[0].strip() for part in parts if part and (found := _SENTENCE.findall(" ".join(part.split())))]
    lines = [f"- {line}" for line in (*begun, *titles)]
    return "\n".join(lines)[: LIMITS["speech"]]


def _cleaned(name: str, value: str, faults: dict[str, str]) -> str:
    cleaner = text.line if name == "title" else text.paragraphs
    try:
        clean = cleaner(value)
    except ValueError as fault:
        faults[name] = _("This %(fault)s.", fault=fault)
        return ""
    if len(clean) > LIMITS[name]:
        faults[name] = _(
            "This has %(count)s characters; at most %(limit)s fit.",
            count=number(len(clean)), limit=number(LIMITS[name]),
        )  # fmt: skip
    return clean

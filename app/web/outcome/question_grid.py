"""Contributions by guiding questions as a spreadsheet, with the gist of each: a draft of rapporteurs', never public.

Who may not see what they wrote gets an empty column to write in.
"""

import io
from collections.abc import Mapping, Sequence
from uuid import UUID

from xlsxwriter import Workbook

from app.language import current
from app.language import gettext as _
from app.readings.coding.gists import GistView
from app.readings.consultation_views import ConsultationView, TopicView
from app.readings.views import ContributionView
from app.text import direction
from app.web.kit.words import KINDS, country_name, language_name

Said = Sequence[tuple[TopicView, Sequence[ContributionView]]]
Gists = Mapping[UUID, GistView]
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LONGEST = 32_000  # characters of a cell that every program takes
_SHEET_NAME = 31


def question_grid(consultation: ConsultationView, base: str, said: Said, gists: Gists | None) -> bytes:
    """The workbook: one sheet for each topic, one row for each contribution, a cross under each question it answers.

    `gists` are those of rapporteurs, by contribution; None for who does not see any.
    """
    whole = io.BytesIO()
    with Workbook(whole, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        looks = {
            "heading": workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
            "text": workbook.add_format({"text_wrap": True, "valign": "top"}),
        }
        for index, (topic, views) in enumerate(said, 1):
            sheet = workbook.add_worksheet(f"{index} {topic.slug}"[:_SHEET_NAME])
            sheet.freeze_panes(1, 2)
            if direction(current.get()) == "rtl":
                sheet.right_to_left()
            for column, (heading, width) in enumerate(_headings(topic, gists)):
                sheet.set_column(column, column, width)
                sheet.write_string(0, column, heading, looks["heading"])
            for row, view in enumerate(views, 1):
                sheet.write_url(row, 0, f"{base}/c/{consultation.slug}/{view.number}", string=str(view.number))
                for column, cell in enumerate(_cells(topic, view, gists), 1):
                    sheet.write_string(row, column, cell[:_LONGEST], looks["text"])
    return whole.getvalue()


def _headings(topic: TopicView, gists: Gists | None) -> list[tuple[str, int]]:
    said = [(_("Number"), 8), (_("Title"), 30)]
    if gists is None:
        said += [(_("Gist, for you to write"), 40)]
    else:
        said += [(_("Gist (draft, not public)"), 40), (_("Text revised since the gist"), 12)]
    said += [(f"{question.key}. {question.text}", 18) for question in topic.questions]
    about = [_("Kind"), _("Organisation"), _("Country"), _("Language")]
    return [*said, *((label, 16) for label in about), (_("Text"), 80)]


def _cells(topic: TopicView, view: ContributionView, gists: Gists | None) -> list[str]:
    gist = gists.get(view.id) if gists else None
    organisation = view.organisation or {}
    country = organisation.get("country")
    return [
        view.title or (_("Reply to %(n)s", n=view.parent_number) if view.parent_number else ""),
        *_gist(gist, empty=[""] if gists is None else ["", ""]),
        *("×" if question.full_key in view.questions else "" for question in topic.questions),
        _(KINDS[view.kind]),
        organisation.get("name") or "",
        country_name(country) if country else "",
        language_name(view.language),
        view.body,
    ]


def _gist(gist: GistView | None, empty: list[str]) -> list[str]:
    return [gist.body, "×" if gist.revised else ""] if gist else empty

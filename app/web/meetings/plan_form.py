"""The form in which organisers plan a meeting: how it is read, filled from what is announced, and sent on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from starlette.datastructures import FormData

from app import clock, errors
from app.meetings.plans import Plan
from app.meetings.reports import no_number
from app.readings.consultation_views import ConsultationView
from app.readings.meetings.registrations import OrganisedMeeting


@dataclass(frozen=True, slots=True)
class PlanForm:
    """The fields as they stand, unchecked. `id` becomes the meeting's; `based_on` says which state was changed."""

    id: str = ""
    based_on: str = "0"
    title: str = ""
    about: str = ""
    starts: str = ""
    ends: str = ""
    time_zone: str = ""
    place: str = ""
    online: str = ""
    link: str = ""
    capacity: str = ""
    registration: str = "open"
    deadline: str = ""
    places: str = "first_come"
    contact: str = ""
    languages: tuple[str, ...] = ()
    documents: str = ""

    def plan(self) -> Plan:
        """What is sent. Raises Invalid for a capacity that is no number."""
        capacity = self.capacity.strip()
        if capacity and not (capacity.isdecimal() and len(capacity) < 10):
            raise errors.Invalid({"capacity": no_number()})
        return Plan(
            self.title, self.about, self.starts, self.ends, self.time_zone, self.place, bool(self.online), self.link,
            int(capacity) if capacity else None, self.registration, self.deadline, self.places, self.contact,
            self.languages, self.documents,
        )  # fmt: skip

    @property
    def version(self) -> int:
        """The sequence number that the form is based on; -1, which none has, for what is no number."""
        return int(self.based_on) if self.based_on.isdecimal() and len(self.based_on) < 10 else -1


def blank(consultation: ConsultationView, details: Mapping[str, Any]) -> PlanForm:
    """An empty form, with what is likely."""
    return PlanForm(
        id=str(clock.new_id()), time_zone=consultation.time_zone, contact=str(details.get("contact", "")),
        languages=tuple(consultation.languages[:1]),
    )  # fmt: skip


def from_request(sent: FormData) -> PlanForm:
    """The form as it was sent."""
    names = (name for name in PlanForm.__dataclass_fields__ if name != "languages")
    plain: dict[str, Any] = {name: str(sent[name]) for name in names if name in sent}
    languages = tuple(tag for tag in sent.getlist("languages") if isinstance(tag, str))
    return PlanForm(**plain, languages=languages)


def from_meeting(meeting: OrganisedMeeting) -> PlanForm:
    """The form as the meeting stands."""
    view = meeting.view
    return PlanForm(
        id=str(view.id), based_on=str(view.sequence), title=view.title, about=view.about,
        starts=_local(view.starts, view.zone), ends=_local(view.ends, view.zone), time_zone=view.time_zone,
        place=view.place or "", online="1" if view.online else "", link=meeting.link or "",
        capacity=str(view.capacity or ""), registration=view.registration, deadline=_local(view.deadline, view.zone),
        places=view.places, contact=view.contact or "", languages=tuple(view.languages),
        documents="\n".join(f"{each['title']} {each['url']}" for each in view.documents),
    )  # fmt: skip


def _local(moment: datetime | None, zone: ZoneInfo) -> str:
    """As the field of a form has it."""
    return f"{moment.astimezone(zone):%Y-%m-%dT%H:%M}" if moment else ""

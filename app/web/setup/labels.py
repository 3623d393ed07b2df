"""What stands beside each field of a definition in its form: a name, and a hint where the name does not say it all."""

from collections.abc import Mapping

from app.language import gettext as _
from app.language import gettext_noop as N_
from app.web.kit import words

_URL = N_("It begins with https://")
_ONE_A_LINE = N_("One on each line.")
_MARKDOWN = N_("A blank line begins a paragraph; **bold**, *emphasis*, lists with - and links work (Markdown).")

LABELS: Mapping[str, tuple[str, str]] = {
    "Definition.title": (N_("Title"), ""),
    "Definition.slug": (
        N_("Short name in addresses"),
        N_("Letters a-z, digits and hyphens. It stays once it is announced."),
    ),
    "Definition.summary": (N_("Summary"), N_("One or two sentences, for lists and search engines.")),
    "Definition.purpose": (N_("Purpose"), N_("What it is for, whom you ask, and why now.")),
    "Definition.background": (N_("How it came about"), ""),
    "Definition.objectives": (N_("Objectives"), _ONE_A_LINE),
    "Definition.expected_outcome": (N_("Expected outcome"), N_("What will come of it, and who gets it.")),
    "Definition.how_input_is_used": (N_("How input is used"), N_("What happens to a contribution, step by step.")),
    "Definition.private": (
        N_("Only invited people see it, for good"),
        N_("It cannot be changed once it is announced."),
    ),
    "Definition.answered_within_hours": (
        N_("Answered within so many hours"),
        N_("The longest wait for a moderator that you promise. Empty: no promise."),
    ),
    "Definition.opinion": (
        N_("Ask for positions on recommendations"),
        N_("While one is open for comment, people say whether they agree; a map shows what groups have in common."),
    ),
    "Definition.time_zone": (N_("Time zone"), N_("Dates begin and end by the clock there.")),
    "Definition.phases": (N_("Phases"), ""),
    "Definition.languages": (
        N_("Languages"),
        N_("The main one first: the one you write in. People may write in any other."),
    ),
    "Definition.organisers": (N_("Organisers"), ""),
    "Definition.contact": (N_("Mail address for questions"), N_("It is shown to everyone.")),
    "Definition.licence": (N_("Licence of contributions"), ""),
    "Definition.controller": (N_("Responsible for personal data"), ""),
    "Definition.retention": (N_("How long personal data is kept"), ""),
    "Definition.rules": (N_("Moderation rules"), N_("Decisions cite a rule’s number, so a number keeps its meaning.")),
    "Definition.programme": (
        N_("Programme"),
        N_("Of the meeting that it goes with. Leave all of it empty if there is none."),
    ),
    "Definition.events": (N_("Events it feeds"), N_("Meetings of those who decide, to which the outcome goes.")),
    "Definition.milestones": (N_("Milestones"), N_("Dates worth knowing. They open and close nothing.")),
    "Definition.moderation": (N_("Hiding by itself"), ""),
    "Definition.hoped_for": (N_("Whom you hope to hear"), ""),
    "Definition.screening": (
        N_("Automatic checks"),
        N_("What they notice waits for a moderator. Nobody sees this in public."),
    ),
    "Definition.topics": (N_("Topics"), ""),
    "Start.title": (N_("Title"), ""),
    "Start.slug": (
        N_("Short name in addresses"),
        N_("Letters a-z, digits and hyphens. Empty: made of the title, if that has Latin letters."),
    ),
    "Start.holder": (N_("Organisation that holds it"), N_("You can add others.")),
    "Start.contact": (N_("Mail address for questions"), N_("It is shown to everyone.")),
    "Start.opens": (N_("Opens on"), N_("From when contributions are taken.")),
    "Start.closes": (N_("Closes on"), N_("The last day, to its end; or that moment. Empty: the end is open.")),
    "Phases.announced": (N_("Announced"), N_("From when it is known that it will take place.")),
    "Phases.open": (N_("Open"), N_("From when contributions are taken.")),
    "Phases.closed": (N_("Closed"), N_("From when none are taken any more. Empty: the end is open.")),
    "Phases.reported": (N_("Reported"), N_("From when the outcome is there.")),
    "Phases.archived": (N_("Archived"), N_("From when nothing in it changes any more.")),
    "PhaseStart.starts": (N_("Begins on"), ""),
    "PhaseStart.note": (N_("Remark beside the date"), ""),
    "Language.": (N_("Language"), ""),
    "Language.tag": (N_("Another language, by its tag"), N_("Such as fil, zh-Hant or pt-BR (BCP 47).")),
    "Organiser.name": (N_("Name of the organisation"), ""),
    "Organiser.url": (N_("Website"), _URL),
    "Organiser.role": (N_("What it does here"), ""),
    "Licence.name": (N_("Name"), ""),
    "Licence.url": (N_("Where its text is"), _URL),
    "Licence.statement": (N_("What the author agrees to"), N_("It stands beside the button.")),
    "Controller.name": (N_("Name of the organisation"), ""),
    "Controller.mail": (N_("Mail address"), ""),
    "Controller.address": (N_("Postal address"), ""),
    "Rule.number": (N_("Number"), N_("Empty: the next one.")),
    "Rule.title": (N_("Title"), N_("The rule in a few words.")),
    "Rule.text": (N_("The rule in full"), ""),
    "Programme.title": (N_("Meeting"), ""),
    "Programme.date": (N_("Date"), ""),
    "Programme.place": (N_("Where"), ""),
    "Programme.sessions": (N_("Sessions"), ""),
    "Session.time": (N_("When"), N_("In words, such as: Morning, or 09:30-11:00.")),
    "Session.title": (N_("Title"), ""),
    "Session.description": (N_("What it is about"), ""),
    "Session.documents": (N_("Working papers"), ""),
    "Document.title": (N_("Title"), ""),
    "Document.author": (N_("Written by"), ""),
    "Document.url": (N_("Where it can be read"), _URL),
    "Event.name": (N_("Name"), ""),
    "Event.host": (N_("Host"), ""),
    "Event.place": (N_("Where"), N_("City and country.")),
    "Event.starts": (N_("First day"), ""),
    "Event.ends": (N_("Last day"), N_("Where it lasts longer than one day.")),
    "Event.theme": (N_("Theme"), ""),
    "Event.earlier_editions": (N_("Earlier editions"), _ONE_A_LINE),
    "Event.how_input_enters": (N_("How input enters"), N_("How what people say here reaches the event.")),
    "Milestone.date": (N_("First day"), ""),
    "Milestone.until": (N_("Last day"), N_("Where it lasts longer than one day.")),
    "Milestone.text": (N_("What happened or will happen"), ""),
    "Moderation.hide_at_flags": (
        N_("Reports that hide a contribution"),
        N_("So many participants must report it; a moderator looks at it then. Empty: only moderators hide."),
    ),
    "HopedFor.regions": (N_("Regions"), N_("The page of numbers says who of them is missing so far.")),
    "HopedFor.organisation_kinds": (N_("Kinds of organisations"), ""),
    "Screening.first_waits": (N_("Everyone’s first contributions wait for a moderator"), ""),
    "Screening.most_links": (N_("Links that a text may have"), ""),
    "Screening.new_account_days": (N_("Days for which an account counts as new"), ""),
    "Screening.new_account_texts": (N_("Texts that a new account may send in an hour"), ""),
    "Screening.words": (N_("Words to look at"), N_("A * at the end stands for any ending.")),
    "Words.language": (N_("Language"), N_("Its tag, such as fr; * for any.")),
    "Words.words": (N_("Words and phrases"), _ONE_A_LINE),
    "Topic.title": (N_("Title"), ""),
    "Topic.slug": (N_("Short name in addresses"), N_("Letters a-z, digits and hyphens. Empty: made of the title.")),
    "Topic.background": (N_("Background"), N_("What people should know before they answer.")),
    "Topic.policy": (N_("When contributions appear"), ""),
    "Topic.opens": (N_("Opens later than the consultation, on"), ""),
    "Topic.closes": (N_("Closes earlier than the consultation, on"), N_("A date without a time is its last day.")),
    "Topic.moderators": (
        N_("Moderators"),
        N_("As they are shown, with their organisations; one on each line. Rights come with a role."),
    ),
    "Topic.rapporteurs": (
        N_("Rapporteurs"),
        N_("As they are shown, with their organisations; one on each line. Rights come with a role."),
    ),
    "Topic.questions": (
        N_("Guiding questions"),
        N_("One that was answered keeps its earlier wording beside the new one."),
    ),
    "Question.key": (N_("Letter"), N_("Empty: the next one.")),
    "Question.text": (N_("The question"), ""),
}
ENTRIES: Mapping[str, tuple[str, str]] = {  # one entry of a list, by its number; one more
    "Language": (N_("Language %(number)s"), N_("Add a language")),
    "Organiser": (N_("Organiser %(number)s"), N_("Add an organiser")),
    "Rule": (N_("Rule %(number)s"), N_("Add a rule")),
    "Session": (N_("Session %(number)s"), N_("Add a session")),
    "Document": (N_("Working paper %(number)s"), N_("Add a working paper")),
    "Event": (N_("Event %(number)s"), N_("Add an event")),
    "Milestone": (N_("Milestone %(number)s"), N_("Add a milestone")),
    "Words": (N_("List %(number)s"), N_("Add a list")),
    "Question": (N_("Question %(number)s"), N_("Add a question")),
}
POLICIES: Mapping[str, tuple[str, str]] = {
    "before": (N_("Once a moderator has approved them"), N_("Safer for people at risk; needs moderators every day.")),
    "after": (N_("At once; moderators read them afterwards"), N_("Livelier, and easier for small teams.")),
}


def label(of: str, name: str) -> str:
    """The name of a field in the current language."""
    return _(LABELS[f"{of}.{name}"][0])


def hint(of: str, name: str, kind: str) -> str:
    """What to mind, in the current language; empty where nothing is to be said."""
    said = [LABELS[f"{of}.{name}"][1], _MARKDOWN if kind == "markdown" else ""]
    return " ".join(_(part) for part in said if part)


def options(name: str, values: tuple[str, ...]) -> list[tuple[str, str, str]]:
    """What can be chosen: value, name, explanation."""
    if name == "policy":
        return [(value, _(POLICIES[value][0]), _(POLICIES[value][1])) for value in values]
    known = words.REGIONS if name == "regions" else words.ORGANISATION_KINDS
    return [(value, _(known[value]), "") for value in values]

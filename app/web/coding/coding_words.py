"""What coding says in codes, said in words: colours, what was done, and what became of a code."""

from app.language import gettext as _
from app.language import gettext_noop as N_
from app.language import ngettext
from app.readings.coding.code_book import ChangeView, CodeView

COLOURS = {
    "blue": N_("Blue"),
    "orange": N_("Orange"),
    "green": N_("Green"),
    "red": N_("Red"),
    "violet": N_("Violet"),
    "teal": N_("Teal"),
    "brown": N_("Brown"),
    "grey": N_("Grey"),
}
STATES = {"unread": N_("Not yet read"), "uncoded": N_("Without a code of yours")}
GISTS = {"none": N_("Without a gist"), "revised": N_("Text revised since the gist")}
DONE = {
    "coded": N_("The code is on it now."),
    "taken_off": N_("The code is off."),
    "read": N_("Marked as read."),
    "unread": N_("It is to be read again."),
    "noted": N_("The memo is kept."),
    "unnoted": N_("The memo is gone."),
    "summed_up": N_("The gist is kept."),
    "not_summed_up": N_("The gist is gone."),
    "made": N_("The code is in the book."),
    "changed": N_("Saved. What was before stays in the history."),
    "merged": N_("They are one code now."),
    "split": N_("The new code has them now."),
    "retired": N_("The code is retired: it is put on nothing any more, and its codings stay."),
    "resumed": N_("The code is in use again."),
}
_FIELDS = {"name": N_("Name"), "definition": N_("Definition"), "colour": N_("Colour"), "parent": N_("Beneath")}


def in_words(change: ChangeView, code: CodeView, names: dict[str, str]) -> list[str]:
    """What an act did to a code, in sentences. `names` are those of all codes, by id."""
    other = change.other_name or ""
    if change.act == "made":
        return [_("Made from a part of “%(code)s”", code=other) if other else _("Made")]
    if change.act == "changed":
        return [_changed(field, was, names) for field, was in change.before.items()]
    if change.act == "split":
        return [_moved(_("Split: a part is “%(code)s” now", code=other), change.codings)]
    if change.act == "merged":
        said = _("“%(code)s” was merged into it", code=change.name)
        return [_moved(said if change.code != code.id else _("Merged into “%(code)s”", code=other), change.codings)]
    return [{"imported": _("Came in a file"), "retired": _("Retired"), "resumed": _("In use again")}[change.act]]


def _changed(field: str, was: str | None, names: dict[str, str]) -> str:
    label = _(_FIELDS[field])
    if field == "colour":
        was = _(COLOURS.get(was or "", ""))
    if field == "parent":
        was = names.get(was) if was else None
    return _("%(field)s: was “%(was)s”", field=label, was=was) if was else _("%(field)s: was empty", field=label)


def _moved(said: str, codings: int) -> str:
    count = ngettext("one coding", "%(n)s codings", codings)
    return f"{said} ({count})"

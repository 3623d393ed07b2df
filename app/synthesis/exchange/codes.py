"""Which code here each code of a file is: by its GUID, else by the names on the way down to it; else it is new."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from app import clock, errors
from app.language import gettext as _
from app.synthesis.code_words import COLOURS, DEFINITION_LIMIT, CodeWords, checked
from app.synthesis.exchange.plan import NewCode, Ours, Plan
from app.synthesis.qdpx.model import Code


def match_codes(codes: Sequence[Code], ours: Ours, plan: Plan) -> Mapping[UUID, UUID]:
    """The id here of each code in a file, known or new; new ones go into the plan. Parents come before their children.

    What stands beneath a code that cannot be taken stands beneath that one's parent.
    """
    ids: dict[UUID, UUID] = {}
    beneath: dict[UUID, UUID | None] = {}
    by_name = {
        (code.parent, code.name.casefold()): id for id, code in reversed(list(ours.codes.items())) if not code.retired
    }
    for code in codes:
        if code.guid in beneath:
            plan.lines.append(_("The code “%(name)s” has the same GUID as another one: left out.", name=code.name))
            continue
        parent = beneath.get(code.parent) if code.parent else None
        id = _known(code, ours, plan, by_name.get((parent, code.name.casefold())))
        if id is None and code.guid not in ours.codes:
            id = _new(code, parent, ours, plan)
            if id is not None:
                by_name[parent, plan.codes[-1].words.name.casefold()] = id
        beneath[code.guid] = id or parent
        if id is not None:
            ids[code.guid] = id
    return ids


def nearest(colour: str) -> str:
    """The colour of our palette that is nearest to one as in #46AA00 or #4A0; none for what is no colour."""
    wanted = _channels(colour)
    if wanted is None:
        return ""
    return min(COLOURS, key=lambda name: _distance(wanted, _channels(COLOURS[name]) or wanted))


def _known(code: Code, ours: Ours, plan: Plan, same_path: UUID | None) -> UUID | None:
    """The code here that it is; None, with a line, for one that is retired; None for one that is not here."""
    id, own = code.guid, ours.codes.get(code.guid)
    while own is not None and own.merged_into is not None:
        id, own = own.merged_into, ours.codes.get(own.merged_into)
    if own is not None and own.retired:
        plan.lines.append(_("The code “%(name)s” is retired here: what is coded with it is left out.", name=code.name))
        return None
    if own is not None and id != code.guid:
        plan.lines.append(
            _("The code “%(name)s” was merged into “%(into)s” here, and counts as that.", name=code.name, into=own.name)
        )
    found = id if own is not None else same_path
    if found is not None and not any(each.id == found for each in plan.codes):
        plan.known_codes += 1
    return found


def _new(code: Code, parent: UUID | None, ours: Ours, plan: Plan) -> UUID | None:
    definition = code.definition
    if len(definition) > DEFINITION_LIMIT:
        definition = definition[:DEFINITION_LIMIT]
        plan.lines.append(
            _("The definition of “%(name)s” is too long: its end is cut off.", name=code.name)
        )  # fmt: skip
    try:
        words = checked(CodeWords(code.name, definition, nearest(code.colour), parent))
    except errors.Invalid as invalid:
        why = " ".join(invalid.fields.values())
        plan.lines.append(_("The code “%(name)s” is left out. %(why)s", name=code.name, why=why))
        return None
    id = clock.new_id() if code.guid in ours.elsewhere else code.guid
    plan.codes.append(NewCode(id, words))
    return id


def _distance(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def _channels(colour: str) -> tuple[int, ...] | None:
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    try:
        return tuple(bytes.fromhex(digits)) if len(digits) == 6 else None
    except ValueError:
        return None

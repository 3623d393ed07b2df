"""What each byline shows, and to whom, in words: the same wherever somebody chooses one."""

from collections.abc import Collection, Mapping
from typing import Any

from markupsafe import Markup

from app.contributions.channels import OF_OTHERS
from app.web.kit.contribution_form import Signer
from app.web.kit.language import html_gettext as _

Choice = tuple[str, Markup, Markup]  # the byline, what it is called, what it means


def for_signer(signer: Signer) -> list[Choice]:
    """The bylines that somebody can sign a new text with; of a stranger nobody knows yet which those are."""
    name, group = signer.name or _("your name"), signer.organisation or _("your organisation")
    if signer.name and not signer.organisation:
        return [("full", _("Your name"), _("Everyone sees: %(name)s.", name=name)), _anonymous(yours=True)]
    means = _(
        "Everyone sees: %(name)s and, if you write on its behalf, %(organisation)s with its country.",
        name=name, organisation=group,
    )  # fmt: skip
    return [("full", _("Name and organisation"), means), _organisation(group, yours=True), _anonymous(yours=True)]


def for_text(fields: Mapping[str, Any], bylines: Collection[str]) -> list[Choice]:
    """These bylines for a text that is there. What somebody else said has no name for a moderator to look up."""
    yours = fields["channel"] not in OF_OTHERS
    name, group = ((fields[each] or {}).get("name", "") for each in ("author", "organisation"))
    choices = [_full(name, group, yours=yours), _organisation(group, yours=yours), _anonymous(yours=yours)]
    return [each for each in choices if each[0] in bylines]


def _full(name: str, group: str, *, yours: bool) -> Choice:
    if not group:
        return "full", _("Your name") if yours else _("Name"), _("Everyone sees: %(name)s.", name=name)
    means = _("Everyone sees: %(name)s, and %(organisation)s with its country.", name=name, organisation=group)
    return "full", _("Name and organisation"), means


def _organisation(group: str, *, yours: bool) -> Choice:
    means = _("Everyone sees: %(organisation)s with its country, and that the name is withheld.", organisation=group)
    looked_up = _(
        "Moderators do not see your name either, unless they look it up for a stated reason: that is logged, and you "
        "are told."
    )
    return "organisation", _("Organisation only"), _joined(means, looked_up if yours else "")


def _anonymous(*, yours: bool) -> Choice:
    means = _("Everyone sees that name and organisation are withheld. Places that you name are shown.")
    looked_up = _(
        "Moderators see no more than that, unless they look up your name for a stated reason: that is logged, and you "
        "are told."
    )
    return "anonymous", _("Neither name nor organisation"), _joined(means, looked_up if yours else "")


def _joined(*sentences: str) -> Markup:
    return Markup(" ").join(each for each in sentences if each)

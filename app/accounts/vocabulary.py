"""Closed lists about people and organisations."""

from typing import Literal, get_args

OrganisationKind = Literal[
    "diaspora", "migrant_association", "rights", "union", "faith", "academia", "local_government", "international",
    "other",
]  # fmt: skip
ORGANISATION_KINDS: tuple[str, ...] = get_args(OrganisationKind)

Region = Literal["Africa", "Americas", "Arab States", "Asia", "Europe", "Oceania", "Global"]
REGIONS: tuple[str, ...] = get_args(Region)

Mandate = Literal["claimed", "confirmed"]
Capacity = Literal["organisation", "personal"]
Byline = Literal["full", "organisation", "anonymous"]
CAPACITIES: tuple[str, ...] = get_args(Capacity)
BYLINES: tuple[str, ...] = get_args(Byline)

ROLES = ("participant", "moderator", "rapporteur", "organiser")
SCOPES = ("read", "write", "moderate")

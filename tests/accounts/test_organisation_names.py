"""Names of organisations are matched without case, accents, punctuation and legal form, and by nothing more."""

import pytest

from app.accounts.organisation_names import matched
from app.accounts.organisations import organisation_id


@pytest.mark.parametrize(
    "names",
    [
        ("Réseau Migrants, ASBL", "RESEAU MIGRANTS", "réseau  migrants a.s.b.l.", "Re\u0301seau-Migrants"),
        ("Hilfe für Alle e. V.", "Hilfe fur alle", "HILFE FÜR ALLE e.V."),
        ("ONG Raíces", "Raíces, A.C.", "raices"),
        ("ООО «Помощь»", "Помощь", "АНО Помощь"),
        ("جَمعيّة المهاجرين", "جمعية المهاجرين"),
        ("移民援助有限公司", "移民援助"),
        ("U.N. Sample Women", "UN Sample Women"),
        ("Łódź Straße Ltd.", "lodz strasse"),
    ],
)
def test_these_are_one(names: tuple[str, ...]) -> None:
    assert len({matched(name) for name in names}) == 1
    assert len({organisation_id(name) for name in names}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Plan A", "Plan B"),
        ("Ltd", "Inc"),
        ("कि", "क"),
        ("が", "か"),
        ("Sample Network", "Sample Union"),
        ("e.V.", "ASBL"),
    ],
)
def test_these_are_two(one: str, other: str) -> None:
    assert matched(one) and matched(one) != matched(other)


def test_what_is_no_name() -> None:
    assert [matched(name) for name in ("", " ", "\u200b", "\x00", "…")] == [""] * 5

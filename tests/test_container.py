"""No engine is here to build the container, so what can be read off its files is checked."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.config import Settings

ROOT = Path(__file__).parents[1]
SETTINGS = {f"PLENARY_{name.upper()}" for name in Settings.model_fields}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
    return read


@pytest.fixture(scope="module")
def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions with their arguments, continued lines joined."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)
    lines = [line.strip() for line in text.replace("\\\n", " ").splitlines()]
    return [(line.partition(" ")[0], line.partition(" ")[2]) for line in lines if line]


def test_the_image_runs_as_a_normal_user_under_an_init_process(instructions: list[tuple[str, str]]) -> None:
    given = dict(instructions)
    assert given["USER"] not in ("root", "0")
    assert "tini" in given["ENTRYPOINT"]
    assert "/ready" in given["HEALTHCHECK"]
    assert given["CMD"] == '["serve"]'


def test_the_image_takes_what_is_there(instructions: list[tuple[str, str]]) -> None:
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert all((ROOT / name).exists() for name in kept)
    for name, arguments in instructions:
        if name == "COPY" and not arguments.startswith("--from"):
            sources = shlex.split(arguments)[:-1]
            assert all(source == "." or source in kept for source in sources)


def test_bases_are_pinned_and_new_enough(instructions: list[tuple[str, str]], compose: dict[str, Any]) -> None:
    for name, arguments in instructions:
        if name == "FROM":
            version = re.match(r"python:3\.(\d+)-slim-\w+", arguments)
            assert version and int(version[1]) >= 11
    version = re.fullmatch(r"postgres:(\d+)", compose["services"]["postgres"]["image"])
    assert version and int(version[1]) >= 17


def test_only_settings_that_exist_are_set(instructions: list[tuple[str, str]], compose: dict[str, Any]) -> None:
    set_by_image = {
        word.partition("=")[0] for name, text in instructions if name == "ENV" for word in shlex.split(text)
    }
    named = set_by_image | set(compose["services"]["plenary"]["environment"])
    assert {name for name in named if name.startswith("PLENARY_")} <= SETTINGS


def test_the_services_fit_together(compose: dict[str, Any]) -> None:
    plenary, postgres = compose["services"]["plenary"], compose["services"]["postgres"]
    assert plenary["depends_on"]["postgres"]["condition"] == "service_healthy"
    assert "pg_isready" in postgres["healthcheck"]["test"][1]
    assert "@postgres:5432/" + postgres["environment"]["POSTGRES_DB"] in plenary["environment"]["PLENARY_DATABASE_URL"]
    used = {volume.partition(":")[0] for service in (plenary, postgres) for volume in service["volumes"]}
    assert used == set(compose["volumes"])
    assert all(port.startswith("127.0.0.1:") for port in plenary["ports"])


def test_no_secret_is_written_down(compose: dict[str, Any]) -> None:
    password = compose["services"]["postgres"]["environment"]["POSTGRES_PASSWORD"]
    assert password.startswith("${POSTGRES_PASSWORD:?")

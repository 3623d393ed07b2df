"""Texts to fill a database with: sentences of the sample consultation, shuffled into bodies of a wanted length."""

import json
import random
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from app import text

_SAMPLE = files("app.consultations") / "definitions" / "sample.jsonl"
_SENTENCE = re.compile(r"[^.!?。！？؟\n]+[.!?。！？؟]+")
_WEIGHTS = {"en": 8, "es": 5, "fr": 4, "ar": 3, "ru": 3, "zh": 2, "fil": 1}


@dataclass(frozen=True, slots=True)
class Text:
    """A body in Markdown, its HTML (rendered once, it is needed often), a title and its language."""

    language: str
    title: str
    body: str
    html: str


@cache
def pool(size: int = 400, shortest: int = 300, longest: int = 900) -> tuple[Text, ...]:
    """The same texts in every run, `size` of them, as long as is said: 600 characters on average."""
    chance = random.Random(2016)
    sentences = _sentences()
    languages = chance.choices(list(_WEIGHTS), list(_WEIGHTS.values()), k=size)
    return tuple(_text(chance, each, sentences[each], chance.randint(shortest, longest)) for each in languages)


def _sentences() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {language: [] for language in _WEIGHTS}
    for line in _SAMPLE.read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["language"] in found:
            found[row["language"]] += [match.strip() for match in _SENTENCE.findall(row["body"])]
    return found


def _text(chance: random.Random, language: str, sentences: list[str], length: int) -> Text:
    """Paragraphs of a few sentences; now and then a list, words that stand out, and an address."""
    paragraphs = [""]
    while sum(map(len, paragraphs)) < length:
        sentence = chance.choice(sentences)
        if chance.random() < 0.1:
            sentence = f"**{sentence}**"
        if len(paragraphs[-1]) > 250:
            paragraphs.append(f"- {sentence}\n- {chance.choice(sentences)}" if chance.random() < 0.15 else sentence)
        else:
            paragraphs[-1] = f"{paragraphs[-1]} {sentence}".strip()
    body = text.paragraphs("\n\n".join(paragraphs))
    if chance.random() < 0.1:
        body += "\n\nhttps://example.org/report"
    return Text(language, chance.choice(sentences)[:120], body, text.markdown(body))

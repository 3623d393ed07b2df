"""(m) Search: some two hundred things that people look for, by page and by API, each asked for once."""

import json
import random
import re
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import count, islice, pairwise
from urllib.parse import urlencode

from bench.client import Client, Job
from bench.posting import post
from bench.seeding import SLUG
from bench.stand import Stand, get
from bench.table import Line, per_request
from bench.texts import Text, pool

_MOST = 100.0  # milliseconds by the clock, of nineteen in twenty
_EACH = 8  # queries of a kind
_RARE = 40  # words that one contribution has, and no other
_LISTED = f"/api/v1/consultations/{SLUG}/contributions"
_NARROWER: tuple[Mapping[str, str], ...] = (
    {"topic": "diasporas"}, {"question": "inclusion.a"}, {"kind": "proposal"}, {"organisation_kind": "union"},
    {"country": "PH"}, {"language": "fr"}, {"tag": "housing"},
    {"topic": "inclusion", "language": "es", "kind": "reply"},
)  # fmt: skip
_BY_PAGE: tuple[Mapping[str, str], ...] = (
    {"channel": "meeting"}, {"channel": "paper"}, {"since": "2016-01-01"}, {"since": "2100-01-01"},
    {"until": "2100-01-01"}, {"until": "2016-01-01"},
)  # fmt: skip
_BY_API: tuple[Mapping[str, str], ...] = (
    {"sort": "-number"}, {"sort": "updated"}, {"sort": "endorsements"}, {"place": "quito"}, {"limit": "200"},
    {"updated_since": "2020-01-01T00:00:00Z"},
)  # fmt: skip

Query = Mapping[str, str]
Named = tuple[str, Query]


def measure(stand: Stand, client: Client) -> tuple[str, list[Line]]:
    """The lines of this part."""
    rare = _written(stand, client)
    asked = list(_asked(random.Random(7), rare))
    by_page = [
        *asked,
        *_narrowed(_BY_PAGE, rare),
        *(("second page", {**each, "before": _middle(stand)}) for each in _common(5)),
    ]
    by_api = [*asked, *_narrowed(_BY_API, rare)]
    fresh = map(str, count())  # pages are kept by address

    def pages() -> list[str]:
        return [f"/c/{SLUG}/search?{urlencode({**query, 'fresh': next(fresh)})}" for _name, query in by_page]

    following = [("second page", path) for path in _following(stand)]
    lists = [*((name, f"{_LISTED}?{urlencode(query)}") for name, query in by_api), *following]
    return f"(m) search among {stand.shape.total:,} contributions", [
        *_lines(stand, client, "page", [name for name, _query in by_page], pages(), pages()),
        *_lines(stand, client, "API", *zip(*lists, strict=True), [path for _name, path in lists]),
    ]


def _lines(
    stand: Stand, client: Client, what: str, names: Sequence[str], first: Sequence[str], again: Sequence[str]
) -> Iterator[Line]:
    client.run(Job(stand.port, first)).require(200)  # what is on disk is read
    meter = stand.meter()
    answered = client.run(Job(stand.port, again)).require(200)
    p95, span = answered.p95 * 1e3, meter.read()
    yield per_request(
        f"by {what}, {len(again)} queries", answered, span, ratio=f"p95 {p95:.0f} ms", target=f"at most {_MOST:.0f} ms",
        met=p95 <= _MOST,
    )  # fmt: skip
    slow = ", ".join(f"{names[turn]} ({took * 1e3:.0f} ms)" for turn, took in answered.slowest)
    yield Line(f"  half within {answered.median * 1e3:.0f} ms; slowest: {slow}", "")


def _asked(chance: random.Random, rare: Sequence[str]) -> Iterator[Named]:
    """What is looked for in both ways."""
    texts = [each for each in pool() if each.language in ("en", "es", "fr")]
    words = [_words(chance.choice(texts)) for _ in range(4 * _EACH)]
    kinds: dict[str, Iterator[str]] = {
        "common word": (query["q"] for query in _common(2 * _EACH)),
        "rare word": iter(rare),
        "common and rare word": (f"people {word}" for word in rare),
        "two words": (" ".join(chance.sample(each, 2)) for each in words),
        "three words": (" ".join(chance.sample(each, 3)) for each in words),
        "words of two texts": (f"{chance.choice(one)} {chance.choice(two)}" for one, two in pairwise(words)),
        "phrase": (f'"{" ".join(each[at : at + 3])}"' for each in words for at in [chance.randrange(len(each) - 3)]),
        "without a word": (f"{each[0]} -{each[1]}" for each in words),
        "misspelt": (f"{word[:-2]}q{word[-1]}" for each in words for word in each if len(word) > 6),
        "nothing": (f"xqz{number}w" for number in range(_EACH)),
        "nothing beside a common word": (f"people xqz{number}w" for number in range(_EACH)),
        **{
            f"in {tag}": (chance.choice(_words(each)) for each in pool() if each.language == tag)
            for tag in ("ar", "ru", "zh")
        },
    }
    for name, found in kinds.items():
        yield from ((name, {"q": q}) for q in islice(found, _EACH))
    yield from _narrowed(_NARROWER, rare)


def _narrowed(filters: Sequence[Query], rare: Sequence[str]) -> Iterator[Named]:
    for each in filters:
        named = "narrowed by " + " and ".join(each)
        for query in ({"q": "people"}, {"q": "biblioteca"}, {"q": "people library"}, {"q": rare[0]}, {"q": "xqz0w"}):
            yield named, {**query, **each}


def _common(most: int) -> list[Query]:
    """The words that most texts have, of all languages."""
    counted = Counter(word for text in pool() for word in set(_words(text)) if len(word) > 5)
    return [{"q": word} for word, _count in counted.most_common(most)]


def _words(text: Text) -> list[str]:
    """As somebody would type them; of Chinese, runs of at most four characters."""
    if text.language == "zh":
        return re.findall("[\u4e00-\u9fff]{2,4}", text.body)
    return re.findall(r"[^\W\d_]{3,}", text.body.lower())


def _written(stand: Stand, client: Client) -> list[str]:
    """Words that one new contribution each has."""
    now = int(time.time()) * _RARE
    words = [f"rarum{now + number}" for number in range(_RARE)]
    texts = pool()
    bodies = [post(texts[at % len(texts)], now + at, word) for at, word in enumerate(words)]
    keys = [f"Bearer {stand.keys[0]}"]
    client.run(Job(stand.port, [_LISTED] * _RARE, 1, "POST", {}, bodies, keys)).require(201)
    return words


def _following(stand: Stand) -> Iterator[str]:
    for query in _common(5):
        _headers, body = get(stand.port, f"{_LISTED}?{urlencode(query)}")
        if following := json.loads(body)["next"]:
            yield following.partition(str(stand.port))[2]


def _middle(stand: Stand) -> str:
    return str(stand.shape.total // 2)

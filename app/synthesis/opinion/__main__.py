"""`python3 -m app.synthesis.opinion`: what `mapping.py` starts. Positions without names come in, their map goes out."""

import json
import sys

import numpy as np

from app.synthesis.opinion.map import opinion_map
from app.synthesis.opinion.positions import UNSEEN, Positions

given = json.load(sys.stdin)
rows = [[UNSEEN if value is None else value for value in row] for row in given["cells"]]
people = [str(place) for place in range(len(rows))]
found = opinion_map(
    Positions(people, given["statements"], np.array(rows, dtype=np.int8)),
    earlier={person: label for person, label in zip(people, given["earlier"], strict=True) if label is not None},
    smallest=given["smallest"],
)
placed = [found.people[person] for person in people]
json.dump(
    {
        "share": found.share,
        "labels": [each.group for each in placed],
        "points": [[each.x, each.y] for each in placed],
        "representative": {label: list(chosen) for label, chosen in found.told.representative.items()},
        "informed": [found.told.informed.get(statement, 0.0) for statement in given["statements"]],
    },
    sys.stdout,
)

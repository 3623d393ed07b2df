"""What a file would change: pure, so that showing it and doing it can be no two things."""

from app.synthesis.exchange.codes import match_codes
from app.synthesis.exchange.gists import match_gists
from app.synthesis.exchange.plan import Ours, Plan
from app.synthesis.exchange.texts import Texts
from app.synthesis.qdpx.model import Project


def planned(project: Project, ours: Ours) -> Plan:
    """What of a file is new here, what is known, and a line for everything that cannot be taken."""
    plan = Plan(lines=list(project.aside))
    ids = match_codes(project.codes, ours, plan)
    texts = Texts(project, ids, ours, plan)
    for code in project.codes:
        if code.guid in ids:
            for note in code.notes:
                texts.take_note(note, ("code", ids[code.guid]))
    for source in project.sources:
        texts.take(source)
    match_gists(project.gists, ours, plan)
    return plan

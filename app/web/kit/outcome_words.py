"""What the outcome says in codes, said in words: stages, addressees, stances, and why a text was not used."""

from app.language import gettext_noop as N_

STAGES = {"draft": N_("Draft"), "open": N_("Open for comment"), "final": N_("Final")}
ADDRESSEES = {
    "city": N_("a city"),
    "ministry": N_("a ministry"),
    "organisation": N_("an organisation"),
    "event": N_("an event"),
    "other": N_("others"),
}
STANCES = {"support": N_("it rests on this"), "dissent": N_("this disagrees with it")}
REASONS = {
    "scope": N_("outside what was asked"),
    "said": N_("says what a cited contribution says"),
    "general": N_("too general to act upon"),
    "contradicted": N_("others’ experience says otherwise"),
    "addressee": N_("nobody addressed here could do it"),
    "background": N_("informs the whole, no single recommendation"),
}
ANSWERS = {
    "accepted": N_("accepted as a whole"),
    "partly": N_("accepted in part"),
    "declined": N_("not accepted"),
    "noted": N_("taken note of"),
}
COVERAGE = {"neither": N_("Neither"), "set_aside": N_("Read, not used"), "cited": N_("Cited")}
SECTIONS = {
    "missing": N_("missing"),
    "begun": N_("begun"),
    "done": N_("done"),
    "changed": N_("the original changed since"),
}
DIMENSIONS = {
    "question": N_("By guiding question"),
    "region": N_("By region"),
    "language": N_("By language"),
    "kind": N_("By kind"),
}
DONE = {
    "begun": N_("The draft is begun. Only rapporteurs and organisers see it."),
    "saved": N_("Saved."),
    "cited": N_("It is cited in this draft now."),
    "dropped": N_("The citation is gone."),
    "renewed": N_("The present revision is cited now."),
    "discarded": N_("The draft is gone."),
    "published": N_("It is public, and the record has its entry."),
}

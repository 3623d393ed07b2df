"""Plenary: online consultation for ongoing civil-society input.

The map. Features below, surfaces above, a reading layer between; imports go down this list, never up.
Every change is a function in some actions.py, every answer a function in readings/; surfaces only translate.

    __main__.py      python3 -m app: makes .venv if needed, then the commands
    main.py          builds the ASGI app, nothing else
    cli/             the commands
    tables.py        imports every models.py, for Alembic
    worker.py        follows the record with one cursor per consumer, and runs timed work
    web/             HTML: one module per page family, in folders by area; kit/: what every page stands on; templates/,
                     static/
    api/             JSON v1: one module per resource
    inbound/         mail that comes in: replies, new contributions, commands
    notifications/   deliveries: what is mailed to whom, once each; digests; following/: who wants to hear of what;
                     webhooks/: entries brought to other programs
    readings/        what a given viewer may see, as frozen dataclasses; in the same areas as the pages; letters/: what
                     mails need to say; exporting/, archives/: everything public as files
    synthesis/       the outcome: recommendations, what they cite, what was not used, what people think of them; codes;
                     opinion/: the opinion map; qdpx/, exchange/: codes and codings as files of other programs
    moderation/      the desk: decisions, flags, appeals, claims, figures; erasure
    meetings/        meetings to come, and who has a place there; what was said in rooms and on paper, who said it, and
                     whether they confirmed it
    outreach/        inviting people who are not here yet: lists of addresses, answers, and how they are forgotten
    mailed/          mail that came in: kept, what its sender was asked, what became of it, and how it is forgotten
    endorsements/    support for what others wrote
    contributions/   posts, replies, revisions, publication, drafts
    consultations/   consultations, topics, guiding questions, phases, their definition files; documents, notices
    accounts/        people, organisations, roles, sessions, keys
    record/          entries, their vocabulary, append, hashes; tree, tiles and checkpoints; how to verify them
    permissions.py   acts x rules: may(), require(); pure, readable by a non-programmer
    rules.py         what the acts rest on: who acts, on what, and the rules
    bucket/          where the bytes of files are, if not in the database
    database/        engines and sessions, embedded Postgres, migrations, backups
    printing/        documents for print: one model, as PDF, DOCX, Markdown and HTML
    files/           files that people attach: told by content, freed of what they tell of their makers
    config.py        settings
    errors.py        what can go wrong, in the words of the domain
    text.py          what people write: cleaned once, rendered once
    clock.py         the time, and identifiers
    dates.py         dates in words
    language.py      the six languages of the interface, and the one place where its words are translated
    locales/         what it says in each of them: gettext catalogues
"""

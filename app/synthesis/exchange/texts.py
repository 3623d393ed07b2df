"""Which text here each text of a file is, and which of its codings and memos are new.

A text is known by its GUID, by its number and revision in the name, or by its words where no other text has the same;
in each case its words must be ours, as otherwise no position would be right.
"""

import re
from collections import Counter
from collections.abc import Mapping
from uuid import UUID

from app import clock, errors, text
from app.contributions.quoting import PublicText
from app.language import gettext as _
from app.synthesis.code_words import memo_of
from app.synthesis.exchange.plan import NewCoding, NewMemo, Ours, Place, Plan, Subject
from app.synthesis.qdpx.model import Coded, Note, Project, Source
from app.synthesis.qdpx.positions import fingerprint

_NAMED = re.compile(r"([1-9][0-9]{0,8}) \(revision ([1-9][0-9]{0,4})\)")
_LONGEST = 120  # characters of a coder's name


def source_name(given: PublicText) -> str:
    """What a text is called in a file, by which it is known when it comes back."""
    number = f"{given.number} (revision {given.revision})"
    return f"{number} — {given.title}" if given.title else number


class Texts:
    """Brings the texts of a file together with ours, one after the other."""

    def __init__(self, project: Project, ids: Mapping[UUID, UUID], ours: Ours, plan: Plan) -> None:
        self._ids, self._ours, self._plan = ids, ours, plan
        self._names = {user.guid: _name(user.name) for user in project.users}
        self._unnamed = _name(project.origin) or "?"
        self._by_guid = {each.id: each for each in ours.texts}
        self._by_number = {(each.number, each.revision): each for each in ours.texts}
        prints = [(fingerprint(each.body), each) for each in ours.texts]
        counts = Counter(mark for mark, _each in prints)
        self._by_words = {mark: each for mark, each in prints if counts[mark] == 1}
        self._codings = {key: id for id, key in ours.codings.items()}
        self._memos = set(ours.memos)

    def take(self, source: Source) -> None:
        """Plan what is new of a text of the file."""
        found = self._found(source)
        if found is None:
            return
        self._plan.texts += 1
        for coded in source.coded:
            self._take_coding(source, found, coded)
        for note in source.notes:
            self.take_note(note, ("contribution", found.contribution))

    def take_note(self, note: Note, subject: Subject) -> None:
        """Plan a memo, if it is not here already."""
        try:
            words = memo_of(note.words)
        except errors.Invalid as invalid:
            why = " ".join(invalid.fields.values())
            self._plan.lines.append(_("A memo is left out: “%(words)s” %(why)s", words=_line(note.words, 60), why=why))
            return
        if (subject, words) not in self._memos:
            self._memos.add((subject, words))
            self._plan.memos.append(NewMemo(subject, words, self._coder(note.user), note.made))

    def _found(self, source: Source) -> PublicText | None:
        if source.text is None:
            self._leave(_("“%(name)s” is left out: its text is not in the file as plain text.", name=source.name))
            return None
        mark = fingerprint(source.text)
        named = self._by_guid.get(source.guid) or self._numbered(source.name)
        if named is not None and fingerprint(named.body) == mark:
            return named
        if (same := self._by_words.get(mark)) is not None:
            return same
        if named is None:
            self._leave(_("“%(name)s” is left out: no public text of this consultation is the same.", name=source.name))
        else:
            self._leave(
                _("“%(name)s” is left out: its words are not those that are here, so no position would be right.",
                  name=source.name)
            )  # fmt: skip
        return None

    def _numbered(self, name: str) -> PublicText | None:
        match = _NAMED.match(name)
        return self._by_number.get((int(match[1]), int(match[2]))) if match else None

    def _take_coding(self, source: Source, found: PublicText, coded: Coded) -> None:
        code = self._ids.get(coded.code)
        if code is None:
            self._leave(_("In “%(name)s” a coding is left out: its code is not taken.", name=source.name))
            return
        begin, end = coded.begin, coded.end
        if begin is not None and end is not None:
            end = min(end, len(found.body)) if end <= len(source.text or "") else -1
            if begin >= end:
                self._leave(
                    _("In “%(name)s” the passage from %(begin)s to %(end)s is left out: it is outside of the text.",
                      name=source.name, begin=coded.begin, end=coded.end)
                )  # fmt: skip
                return
        place: Place = (code, found.contribution, found.revision, begin, end)
        id = self._here_already(coded, place)
        if id is None:
            id, coder = clock.new_id(), self._coder(coded.user)
            self._codings[coder, place] = id
            self._plan.codings.append(NewCoding(id, coder, place, coded.made))
        else:
            self._plan.known_codings += 1
        for note in coded.notes:
            self.take_note(note, ("coding", id))

    def _here_already(self, coded: Coded, place: Place) -> UUID | None:
        """The same coding of ours, by its GUID, or by its place and who put it there."""
        own = self._ours.codings.get(coded.guid)
        if own is not None and own[1] == place:
            return coded.guid
        known = self._codings.get((coded.user, place)) if coded.user else None
        return known or self._codings.get((self._coder(coded.user), place))

    def _coder(self, user: UUID | None) -> UUID | str:
        """Whose it would be. Nobody codes for somebody else: what is new of theirs goes by the name in the file."""
        own = self._ours.coders.get(user) if user else None
        if own is not None and user is not None and (own.asks or own.name is not None):
            return user
        name = (self._names.get(user) if user else None) or self._unnamed
        known = (id for id, coder in self._ours.coders.items() if coder.name == name)
        return next(known, name)

    def _leave(self, line: str) -> None:
        self._plan.lines.append(line)


def _name(given: str) -> str:
    try:
        return text.line(given)[:_LONGEST].strip()
    except ValueError:
        return ""


def _line(words: str, most: int) -> str:
    return " ".join(words.split())[:most].strip()

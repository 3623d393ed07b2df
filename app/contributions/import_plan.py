"""The order and the places of an import's rows, from their ids alone: what they say is read later, in batches.

Parents come first, whatever the order of the file. Every id that the file mentions is a node with a few numbers, so
that a file of a million rows fits into memory.
"""

from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from app import errors
from app.contributions.arrivals import Stand
from app.language import gettext as _

_NONE = -1
_UNKNOWN, _TAKEN, _REFUSED = range(3)
_UNSEEN, _BEGUN, _GIVEN = range(3)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the file: its node in the plan, its line, and where it begins (for the file's reader)."""

    node: int
    id: str
    line: int
    offset: int


class Plan:
    """Fill it with `add`, tell it what is there already with `know`, then take the rows in `order`."""

    def __init__(
        self, topics: Collection[str], default_topic: str | None, questions: frozenset[str] = frozenset()
    ) -> None:  # fmt: skip
        self._topics, self._default_topic = topics, default_topic
        self.questions = questions  # keys of all topics: inclusion.a
        self._node_of: dict[str, int] = {}
        self._ids: list[str] = []
        self._line, self._offset = array("q"), array("q")  # 0: not in the file
        self._parent, self._topic, self._root = array("q"), array("q"), array("q")
        self._state = bytearray()

    def add(self, id: str, parent: str | None, topic: str | None, line: int, offset: int) -> int | None:
        """A row of the file. Returns the line of an earlier row with this id, which then is the one that counts."""
        node = self._node(id)
        if self._line[node]:
            return self._line[node]
        self._line[node], self._offset[node] = line, offset
        self._parent[node] = _NONE if parent is None else self._node(parent)
        self._topic[node] = _NONE if topic is None else self._node(topic)
        return None

    @property
    def ids(self) -> Sequence[str]:
        """All ids that the file mentions, its own and those it refers to."""
        return self._ids

    def know(self, present: Iterable[tuple[str, str]]) -> None:
        """Texts that were imported before: their ids, each with that of its thread's root."""
        for id, root in present:
            node = self._node(id)
            self._state[node], self._root[node] = _TAKEN, self._node(root)

    def present(self) -> int:
        """How many rows of the file are there already."""
        return sum(1 for line, state in zip(self._line, self._state, strict=True) if line and state == _TAKEN)

    def order(self) -> Iterator[Row]:
        """The rows as in the file, except that what a row refers to comes before it. A circle is broken somewhere."""
        seen = bytearray(len(self._ids))
        for start in range(len(self._ids)):
            waiting = [start]
            while waiting:
                node = waiting[-1]
                named = (self._parent[node], self._topic[node])
                before = [other for other in named if other != _NONE and seen[other] == _UNSEEN]
                if seen[node] == _UNSEEN and before:
                    seen[node] = _BEGUN
                    waiting += before
                    continue
                waiting.pop()
                if seen[node] != _GIVEN:
                    seen[node] = _GIVEN
                    if self._line[node]:
                        yield Row(node, self._ids[node], self._line[node], self._offset[node])

    def is_taken(self, node: int) -> bool:
        """Whether this text is there: from an earlier import, or taken in this one."""
        return self._state[node] == _TAKEN

    def stand(self, node: int) -> Stand:
        """Where a row goes, now that what it refers to is decided. Raises Invalid where that is nowhere."""
        parent, topic = self._parent[node], self._topic[node]
        if parent != _NONE and self.is_taken(parent):
            return Stand(parent=self._ids[parent])
        if parent != _NONE:
            root = self._thread_of(node)
            if root == _NONE:
                raise errors.Invalid(
                    {"parent_id": _("There is no “%(id)s”, nor a thread to put this into.", id=self._ids[parent])}
                )
            return Stand(parent=self._ids[root], missing=self._ids[parent])
        if topic == _NONE:
            if self._default_topic is None:
                raise errors.Invalid({"topic_id": _("This names no topic, and there is none for all (`topic`).")})
            return Stand(topic=self._default_topic)
        if self._ids[topic] in self._topics:
            return Stand(topic=self._ids[topic])
        if not self.is_taken(topic):
            raise errors.Invalid(
                {"topic_id": _("There is no topic “%(id)s” and no imported text of that id.", id=self._ids[topic])}
            )
        return Stand(parent=self._ids[self._root[topic]])

    def take(self, node: int, stand: Stand) -> None:
        """The row is taken, at this place: others can refer to it."""
        self._state[node] = _TAKEN
        self._root[node] = node if stand.parent is None else self._root[self._node_of[stand.parent]]

    def refuse(self, node: int) -> None:
        """The row is not taken: what replies to it goes to its thread's root."""
        self._state[node], self._root[node] = _REFUSED, self._thread_of(node)

    def _thread_of(self, node: int) -> int:
        """The root of a row's thread, by its topic_id or else by its parent; rows above it are decided already."""
        topic, parent = self._topic[node], self._parent[node]
        if topic != _NONE and self.is_taken(topic):
            return self._root[topic]
        return self._root[parent] if parent != _NONE else _NONE

    def _node(self, id: str) -> int:
        node = self._node_of.get(id)
        if node is None:
            node = self._node_of[id] = len(self._ids)
            self._ids.append(id)
            for numbers in (self._line, self._offset):
                numbers.append(0)
            for others in (self._parent, self._topic, self._root):
                others.append(_NONE)
            self._state.append(_UNKNOWN)
        return node

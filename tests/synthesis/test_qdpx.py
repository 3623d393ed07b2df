"""Files of REFI-QDA: ours hold to the standard's schema, and others' are read, or refused with a sentence."""

import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
from lxml import etree

from app import errors
from app.synthesis.exchange.files import read
from app.synthesis.qdpx import writing
from app.synthesis.qdpx.model import Code, Coded, Note, Project, Source, User
from app.synthesis.qdpx.positions import double_ends, fingerprint, in_plain, plain

SCHEMA = Path(__file__).parent / "refi/Project.xsd"
WHEN = datetime(2016, 7, 26, 9, tzinfo=UTC)
TEXT = "Qui paie\u202f? 😀 *La ville.*\n\nمن يدفع؟"
NOTE = Note(UUID(int=90), "Who <pays>?\n\nNobody.", UUID(int=1), WHEN)
WHOLE = Project(
    name="Forum & more",
    origin="Plenary",
    users=[User(UUID(int=1), "Rapporteur “R”"), User(UUID(int=2), "S")],
    codes=[
        Code(UUID(int=10), "Costs", "Who pays.\nAnd how.", "#2F6FB0", notes=[NOTE]),
        Code(UUID(int=11), "City", "", "#C4620D", UUID(int=10)),
        Code(UUID(int=12), "Old <one>", codable=False),
    ],
    sources=[
        Source(
            UUID(int=20), "1 (revision 1) — Who pays", TEXT, "Contribution 1", [
                Coded(UUID(int=30), UUID(int=11), 13, 24, UUID(int=1), WHEN),
                Coded(UUID(int=31), UUID(int=10), 13, 24, UUID(int=2), WHEN, [Note(UUID(int=91), "Sure?")]),
                Coded(UUID(int=32), UUID(int=10), None, None, UUID(int=1), WHEN),
            ], [Note(UUID(int=92), "Read again.")],
        ),
        Source(UUID(int=21), "2 (revision 3)", "", ""),
    ],
)  # fmt: skip
NS = 'xmlns="urn:QDA-XML:project:1.0"'


def packed(xml: str | bytes, parts: Mapping[str, str | bytes] | None = None) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.qde", xml)
        for name, content in (parts or {}).items():
            archive.writestr(name, content)
    return made.getvalue()


def test_what_we_write_holds_to_the_schema_and_reads_the_same() -> None:
    content = writing.project(WHOLE)
    with zipfile.ZipFile(BytesIO(content)) as archive:
        xml = archive.read("project.qde")
        own = f"sources/{writing.guid(UUID(int=20))}.txt"
        assert archive.namelist() == ["project.qde", own, f"sources/{writing.guid(UUID(int=21))}.txt"]
        assert archive.read(own).decode() == TEXT
    schema = etree.XMLSchema(etree.parse(SCHEMA))
    assert schema.validate(etree.fromstring(xml)), schema.error_log
    assert TEXT[13:24] == "*La ville.*" and b'name="*La ville.*" startPosition="13" endPosition="24"' in xml
    assert repr(read(content)).replace("[]", "()") == repr(WHOLE).replace("[]", "()")
    assert writing.project(WHOLE) == content

    book = writing.codebook(WHOLE.codes, "Plenary")
    root = etree.fromstring(book)
    assert root.tag == "{urn:QDA-XML:codebook:1.0}CodeBook" and root.get("origin") == "Plenary"
    assert [etree.QName(each).localname for each in root.iter()].count("NoteRef") == 0  # it has no place for them
    kept = [(each.guid, each.name, each.definition, each.colour, each.parent) for each in WHOLE.codes]
    assert [(each.guid, each.name, each.definition, each.colour, each.parent) for each in read(book).codes] == kept


def test_what_another_program_writes_is_read() -> None:
    """With a mark, Windows line ends and GUIDs in braces; the passage is an example of the standard's own."""
    text = "\ufeffBreakfast\r\n\r\n" + " " * 49 + "granola, always.\r\n"
    content = packed(
        f"""<?xml version="1.0" encoding="utf-8"?>
        <Project {NS} name="p" origin="NVivo"><Users><User guid="{{{UUID(int=5)}}}" id="AB"/></Users>
        <CodeBook><Codes><Code guid="{{{UUID(int=10)}}}" name=" Break  fast " isCodable="true" color="#abc"/>
        <Code guid="none" name="lost" isCodable="true"/></Codes></CodeBook>
        <Cases><Case guid="{UUID(int=6)}"/></Cases>
        <Notes><Note guid="{UUID(int=40)}" plainTextPath="internal://note.txt"/>
        <Note guid="{UUID(int=41)}"><PlainTextContent>Of no text.</PlainTextContent></Note></Notes>
        <Sources><PDFSource guid="{UUID(int=7)}" name="Scan"/>
        <TextSource guid="{UUID(int=20)}" name="T" plainTextPath="internal://a.TXT">
        <PlainTextSelection guid="{UUID(int=8)}" startPosition="62" endPosition="69" creatingUser="{UUID(int=5)}"
        ><Coding guid="{UUID(int=30)}"><CodeRef targetGUID="{{{UUID(int=10)}}}"/></Coding>
        <NoteRef targetGUID="{UUID(int=40)}"/></PlainTextSelection>
        <PlainTextSelection guid="{UUID(int=9)}" startPosition="0" endPosition="4"/>
        <PlainTextSelection guid="{UUID(int=9)}" startPosition="-1" endPosition="99999999999999999999"/>
        </TextSource></Sources></Project>""",
        {"Sources/a.txt": text.encode(), "sources/note.txt": "Every day?\r\n"},
    )
    found = read(content)
    [source] = found.sources
    [coded] = source.coded
    assert source.text is not None and source.text[coded.begin : coded.end] == "granola"
    assert (coded.user, found.users[0].name) == (UUID(int=5), "AB")
    assert [(code.name, code.colour) for code in found.codes] == [("Break fast", "#abc")]
    assert [note.words for note in coded.notes] == ["Every day?\n"]
    assert len(found.aside) == 6  # a code without a GUID, a PDF, two passages, cases, a memo
    assert fingerprint(text) == fingerprint("Breakfast\n\n" + " " * 49 + "granola, always.")
    assert (plain("\ufeffa\r\nb\rc"), in_plain(double_ends("\ufeffa\r\nb"), 3)) == ("a\nb\nc", 2)


_BOMB = b"<Project " + NS.encode() + b">" + b" " * 60_000_000 + b"</Project>"
_ENTITY = f'<!DOCTYPE p [<!ENTITY e SYSTEM "file:///etc/passwd">]><Project {NS} name="&e;">&e;</Project>'


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"PK\x03\x04 and nothing", "no archive"),
        (packed(_BOMB), "larger than any project"),
        (packed(b"<Project " + NS.encode() + b">" + b" " * 20_000_000 + b"</Project>"), "larger than any project"),
        (packed(_ENTITY), "damaged, or is not"),
        (packed(_ENTITY.encode("utf-16")), "damaged, or is not"),
        (packed("<Project"), "damaged, or is not"),
        (packed(f"<Project {NS}>" + "<Code>" * 5_000 + "</Project>"), "damaged, or is not"),
        (packed('<Project xmlns="urn:QDA-XML:project:0:4"/>'), "no file of REFI-QDA 1.0"),
        (packed(f"<Project {NS}/>", {"../../etc/passwd": "x"}), "made as no project is"),
        (packed(f"<Project {NS}/>", {"PROJECT.QDE": "x"}), "two files of the same name"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "no file of REFI-QDA 1.0"),
        (b"\xff\x00\x00binary", "no file that can be read here"),
        (b"title,definition\nA,B\n", "no column “name”"),
        (b'name\n"' + b"x" * 200_000, "damaged"),
        (b"x" * (26 * 2**20), "larger than 25 MB"),
    ],
)  # fmt: skip
def test_what_is_no_such_file_is_refused_with_a_sentence(content: bytes, why: str) -> None:
    with pytest.raises(errors.Invalid) as refused:
        read(content)
    assert why in refused.value.fields["file"]
    assert "root:" not in refused.value.fields["file"]


def test_a_code_book_is_read_from_a_table() -> None:
    """As a spreadsheet in Europe writes it, with formulas made harmless, in any order, and with a circle in it."""
    found = read(
        "\ufeffParent;Name;Description;Color;Else\r\nCosts;City;;red\r\n;Costs;'=SUM(A1);#2f6fb0\r\n"
        "Costs > City;Taxes\r\nB;A\r\nA;B\r\nNowhere;Alone\r\n;;No name\r\n".encode()
    )  # fmt: skip
    names = {code.guid: code.name for code in found.codes}
    assert [(code.name, names.get(code.parent) if code.parent else None) for code in found.codes] == [
        ("Costs", None), ("City", "Costs"), ("Taxes", "City"), ("B", None), ("A", "B"), ("Alone", None),
    ]  # fmt: skip
    costs = found.codes[0]
    assert (costs.definition, costs.colour, found.codes[1].colour) == ("=SUM(A1)", "#2f6fb0", "#c23b3b")
    assert len(found.aside) == 2

"""Parts of addresses that are digits alone, as routes name them: `{which:digits}`, `{number:number}`."""

from starlette.convertors import IntegerConvertor, StringConvertor, register_url_convertor


class _Digits(StringConvertor):
    """As they stand, so that a page may come before those whose address has a word there."""

    regex = "[0-9]+"


class _Number(IntegerConvertor):
    """A number that fits in a column; of a longer one there is no page. Python refuses to read very long ones."""

    regex = "[0-9]{1,9}"


register_url_convertor("digits", _Digits())
register_url_convertor("number", _Number())

"""Texts in which there is nothing to be seen, and some that are full of what is needed and not seen."""

BLANKS = {
    "zero width space": "\u200b", "joiners": "\u200c\u200d", "braille": "\u2800", "hangul": "\u3164\u115f\u1160\uffa0",
    "soft hyphens": "\u00ad" * 3, "directions": "\u202e\u2066\u200f\u061c", "variants": "\ufe0f\U000e0101",
    "tags": "\U000e0041\U000e007f", "byte order mark": "\ufeff", "word joiner": "\u2060", "grapheme joiner": "\u034f",
    "mongolian": "\u180e\u180b", "khmer": "\u17b4", "wide space": "\u3000 \u00a0", "music": "\U0001d159\U0001d173",
    "annotation": "\ufff9\ufffb", "all together": " \u200b\n\u2800\t\u3164 \u00ad\u202e ",
}  # fmt: skip
JOINED = (
    "می\u200cخواهم",
    "क्\u200dष",
    "👩\u200d👩\u200d👧",
    "❤\ufe0f",
    "co\u00adoperation",
    "ᠮᠣᠩᠭᠣᠯ\u180e",
    "\u200fשלום",
    "葛\U000e0100",
)

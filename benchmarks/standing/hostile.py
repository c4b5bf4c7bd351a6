"""Articles and queries by somebody who wants everybody else to wait: as large as they may be, and odd."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from random import Random

from monitors.errors import QueryError
from monitors.query.language.grammar import parse
from monitors.query.tree import Query
from monitors.text.words import words

LONGEST = 200_000
"""Code points; no article has more (crawler/documents/fields.py)."""

_ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنهويوفبكلال"


def articles(chance: Random) -> Mapping[str, Mapping[str, str]]:
    """What each is made of → its fields."""

    def made_of(letters: str, length: int, separator: str = " ") -> str:
        """Random words, most of them different."""
        count = LONGEST // (length + len(separator))
        return separator.join("".join(chance.choices(letters, k=length)) for _ in range(count))

    def repeated(unit: str) -> str:
        return unit * (LONGEST // len(unit))

    texts = {
        "one word": ("ar", repeated("سد ")),
        "one word a paragraph": ("ar", repeated("سد\n\n")),
        "one letter a paragraph": ("ar", repeated("ا\n\n")),
        "two words": ("ar", repeated("سد نهر ")),
        "words with every proclitic": ("ar", repeated("وبالسد وللنهر فكالسد ")),
        "joined names": ("ar", repeated("وبعبدالرحمن عبدالله ")),
        "vocalised words": ("ar", repeated("مُحَمَّدٌ ")),
        "short Arabic words": ("ar", made_of(_ARABIC, 3)),
        "Arabic words": ("ar", made_of(_ARABIC, 8)),
        "Arabic words a paragraph": ("ar", made_of(_ARABIC, 3, "\n\n")),
        "dotless Arabic": ("ar", "فى " * 50 + made_of("ىيفبتسم", 4)),
        "presentation forms": ("ar", made_of("ﷺﷲﻻﻷﻻ﷽", 5)),
        "one sign of many words": ("ar", repeated("ﷺ")),
        "long Arabic word": ("ar", repeated("س")),
        "Persian": ("fa", made_of("ابپتکگیهمن\u200cها", 9)),
        "Persian joined": ("fa", repeated("سسس\u200c")),
        "Urdu": ("ur", made_of("ابپتٹکگیھہےںچڑ", 6)),
        "Kurdish": ("ckb", made_of("ابپتکگیهەێۆڕڵ", 6)),
        "Hebrew": ("he", made_of("ושהבכלמאנדרת", 7)),
        "Hebrew proclitics": ("he", made_of("ושלכשבה", 9)),
        "long Hebrew words": ("he", made_of("ושהבכלמאנדרת", 100)),
        "German": ("de", made_of("aäeöoüßnstch", 8)),
        "long German words": ("de", made_of("aäeöoüßnstch", 100)),
        "German with marks": ("de", made_of("aå\u0301\u0316\u0328ö", 60)),
        "Turkish": ("tr", made_of("abcçdeğıiülmnrs'", 8)),
        "long Turkish words": ("tr", made_of("lardıesinçğm", 100)),
        "Finnish": ("fi", made_of("aäeioöstlnk", 100)),
        "Hungarian": ("hu", made_of("aáeéiíoóöőuúüűkbnt", 9)),
        "Spanish": ("es", made_of("abcdeñíols", 8)),
        "Serbian": ("sr", made_of("абвгђежзијклљ", 7)),
        "Ukrainian": ("uk", made_of("абвгґіїєоуямитьс", 8)),
        "Greek": ("el", made_of("αάβγδεέηήσςιοτων", 12)),
        "Armenian": ("hy", made_of("աբգդներիյւ", 9)),
        "Tamil": ("ta", made_of("கஙசஞடணதநப்ிுை", 9)),
        "Hindi": ("hi", made_of("कखगािीेैोौ्ंनरलस", 8)),
        "Vietnamese": ("vi", made_of("ấềộữăđơưzx", 7)),
        "Korean": ("ko", made_of("가나다라은는이가의에서으로까지", 6)),
        "Chinese": ("zh", "".join(chr(chance.randrange(0x4E00, 0x9FFF)) for _ in range(LONGEST))),
        "one Chinese sign": ("zh", repeated("中")),
        "Thai": ("th", "".join(chance.choices("กขคงจฉชซฌญดตถทธนบปผ\u0e31\u0e34\u0e35", k=LONGEST))),
        "English": ("en", made_of("abcdefghijkls", 3)),
        "elisions": ("fr", made_of("abel'", 9)),
        "apostrophes": ("fr", repeated("a'b ")),
        "digits": ("ar", "".join(chance.choices("0123456789٠١٢", k=100_000))),
        "numbers": ("ar", made_of("0123456789٠١٢", 4)),
        "marks": ("ar", repeated("\u064b")),
        "stacked marks": ("en", repeated("e\u0301\u0316\u0328")),
        "emoji": ("en", repeated("👨\u200d👩\u200d👧")),
        "lone surrogates": ("en", repeated("\ud800 \udfff")),
        "words and surrogates": ("en", repeated("سد\ud800 ")),
        "blanks": ("ar", " " * LONGEST),
        "line ends": ("ar", "\n" * LONGEST),
        "blank lines": ("ar", repeated("\n \n\t")),
        "joiners": ("fa", repeated("س\u200c\u200c")),
        "ligatures that grow": ("en", repeated("ﬃ")),
        "dotted capitals": ("tr", repeated("İ")),
        "underscores": ("en", repeated("_")),
        "quotes": ("he", repeated("א״ב")),
    }
    found = {name: {"title": text[:1_000], "text": text, "lang": language} for name, (language, text) in texts.items()}
    tags = "\n".join(f"{number}" for number in range(50))
    found["many tags"] = {"title": "سد", "text": repeated("سد "), "tag": tags, "author": "س\n" * 5_000, "lang": "ar"}
    return found


def queries_of(text: str) -> Iterator[tuple[str, Query]]:
    """Queries that ask much of this text: of its commonest words, and of some that it has once."""
    counted = Counter(word for word in words(text[:20_000]) if len(word) < 30)
    common = [word for word, _ in counted.most_common(40)] or ["سد"]
    while len(common) < 40:
        common += common
    one, other, third = common[:3]
    written = {
        "a word": one,
        "a phrase": f'"{one} {other}"',
        "a phrase of one word": f'"{" ".join([one] * 20)}"',
        "words of one word": " OR ".join(dict.fromkeys(common[:20])),
        "exact": f"={one}",
        "exacts": " OR ".join(f"={word}" for word in dict.fromkeys(common[:20])),
        "a phrase of exacts": f"={one} ={other}",
        "wide": f"~{one}",
        "wides": " NEAR/9 ".join(f"~{word}" for word in common[:10]),
        "NEAR": f"{one} NEAR/100 {other}",
        "a chain": " NEAR/100 ".join(common[:12]),
        "an ordered chain": " ONEAR/3 ".join(common[:12]),
        "NEAR of exacts": " NEAR/100 ".join(f"={word}" for word in common[:8]),
        "NEAR of names": f"{{{'|'.join(dict.fromkeys(common[:20]))}}} NEAR/99 {{{'|'.join(common[:20])}}}",
        "prefixes": " OR ".join(f"{word[:3]}*" for word in dict.fromkeys(common[:10])),
        "NEAR of prefixes": " NEAR/50 ".join(f"{word[:3]}*" for word in common[:9]),
        "a phrase of prefixes": " ".join(f'"{one} {word[:3]}*"' for word in common[:5]),
        "some of many": f"5 of ({', '.join(dict.fromkeys(common[:30]))})",
        "not": f"{one} NOT ({other} NEAR/3 {third})",
        "in the title": f"title:({one} NEAR/9 {other}) OR text:({one} ONEAR/9 {third})",
        "an expression of any": r"/\w\w/",
        "a wide expression": "/.{2,40}x?.{2,40}/",
        "a large expression": r"/\pL{1,3}\pN?/",
        "a late expression": "/(?:[^q]{1,20}){1,20}zq/",
        "expressions": r"/\w+/ OR /\S+ \S+/ OR /[^ ]{3,9}/",
        "an expression at edges": rf"/\b{one[:3]}\w*\b/",
        "a tag": f"tag:{one} OR author:({one} NEAR/9 {other})",
    }
    for name, query in written.items():
        try:
            yield name, parse(query)
        except QueryError:
            continue  # not everything can be asked of every kind of word


def typed() -> Mapping[str, str]:
    """What somebody may type, as it is: queries and what is none."""
    deep = 19
    return {
        "words": "سد " * 100,
        "a long word": "س" * 500,
        "alternatives": ", ".join(["سد"] * 100),
        "different alternatives": " OR ".join(f"س{number}" for number in range(70)),
        "deep": "(" * deep + "سد" + " OR نهر)" * deep,
        "too deep": "(" * 249 + "سد" + ")" * 249,
        "open parentheses": "(" * 500,
        "closing parentheses": ")" * 500,
        "quotes": '"' * 500,
        "odd quotes": '"سد ' * 100,
        "braces": "{" * 500,
        "names": "{" + "|".join(["سد"] * 90) + "}",
        "multiplied names": "{a|b|c|d} {a|b|c|d} {a|b|c|d}",
        "too many multiplied names": "{a|b|c|d} " * 12,
        "slashes": "/" * 500,
        "open expression": "/" + "(a|" * 100,
        "nested expression": "/" + "(" * 90 + "a" + ")" * 90 + "/",
        "repeated expression": "/((((a{1,9}){1,9}){1,9}){1,9}){1,9}/",
        "large expression": r"/\pL\pL\pL\pL/ OR /\w{20}/ OR /[^a]{200}/",
        "too large expression": r"/(\pL{1,100}){1,9}/",
        "alternating expression": f"/{'|'.join(['سد'] * 60)}/",
        "operators": "OR AND NOT " * 45,
        "not": "NOT " * 120 + "سد",
        "minus": "-" * 250 + "سد",
        "nears": " NEAR/100 ".join(["سد"] * 40),
        "near without": "NEAR " * 100,
        "wide": " OR ".join(["~وزير", "~سياسة", "~رئيس", "~انتخاب", "~استثمار", "~حكومة", "~سوريا", "~مصر", "~علم"]),
        "wide phrases": "~وزير ~سياسة ~رئيس ~انتخاب ~استثمار ~حكومة ~سوريا ~مصر ~علم ~كتاب ~درس ~قتل ~فتح",
        "wide in other scripts": " OR ".join(["~government", "~страница", "~ονόματα", "~राजनीति"]),
        "exact": " OR ".join(["=سد"] * 60),
        "stars": "*" * 500,
        "prefixes": " OR ".join(["سدد*"] * 10),
        "fields": "title:" * 80,
        "fields and words": " ".join(["title:سد outlet:bbc lang:ar"] * 17),
        "mistyped fields": " ".join(["titel:سد"] * 60),
        "some": "2 of (" + ", ".join(f"س{number}" for number in range(60)) + ")",
        "some of some": "2 of (" * 19 + "a, b, c" + ")" * 19,
        "marks": "\u064b" * 500,
        "stacked marks": "e" + "\u0301\u0316" * 249,
        "ligatures": "ﷺ" * 500,
        "ligatures and blanks": "ﷺ " * 100,
        "surrogates": "\ud800" * 500,
        "emoji": "👨\u200d👩" * 160,
        "commas": "," * 500,
        "lines": "\n" * 500,
        "pasted": "\n".join(["سد النهضة الكبير"] * 30),
        "apostrophes": "'" * 500,
        "apostrophes in words": "a'b" * 160,
        "Hebrew": 'צה"ל ' * 99,
        "Chinese": "中国" * 250,
        "short Chinese": "中国" * 45,
        "digits": "9" * 500,
        "numbers of": "9 of " * 90,
        "known names": " OR ".join(["أمريكا غوغل"] * 20),
        "phrases of known names": '"غوغل أمريكا أنغولا بغداد" ' * 12,
        "tatweel": "ـ" * 500,
        "nothing": "",
        "too long": "سد " * 70_000,
    }

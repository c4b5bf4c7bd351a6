"""What a Hebrew word in a text answers to besides itself: the words its one-letter proclitics are written onto.

As in Arabic, typing more means stricter: «הממשלה» is found in «שהממשלה» and «בממשלה», where the article has merged
with the preposition, but not in «ממשלה», which finds them all.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

_SHORTEST_STEM = 3

# And; that, when, from when; in, like, to, from; the. In this order, any may lack. After ב כ ל the article is silent.
_CHAINS = frozenset(
    "".join(chain)
    for chain in product(("", "ו"), ("", "ש", "כש", "מש", "לכש"), ("", "ב", "כ", "ל", "מ"), ("", "ה"))
    if "".join(chain) and not (chain[2] in ("ב", "כ", "ל") and chain[3])
)
_LONGEST_CHAIN = max(map(len, _CHAINS))

# Never taken apart: what the rule would leave is another word of news. Names of ours and everyday words.
_WHOLE_WORDS = (
    "מספר מדבר מכתב משפט מקום מערב מזרח משבר משטר מעבר מחקר מאבק מלך מחבל מורה משחק משרד משרה משמר מטוס ממשל מבצע "
    "מחנה מחיר מחסן מחלה מחלקה מכבי מנהל מנהיג מסמך מסגד מסחר מפקד מפלגה מצרים מצור מרכז מרוץ משנה משקל משקה מתקן "
    "מוסד מוסק מועד מחוז מחאה מטרה מילה מבחן מבקר מגדל מגן מזון מזל מידע מיליון מיליארד מינוי מינהל מלחמה ממשלה מנוע "
    "מסע מסך מעצר מעשה מפגש מפה מצב מקרה מקור מקצוע מרד מרחק משפחה משלחת משטרה משנה "
    "בחור ברק ברית בעיה בעל בסיס בירה ביטחון ביקור בנימין בלגיה בלבן ברור בריאות ברזיל בריטניה בגדד ביירות בחירות בנק "
    "בעלי בקשה ברלין בשר בתים כסף כפר כרמל כדור כביש כיוון כיכר כיפה כנסת כניסה כלכלה כלבים כללי כמות כנס כתב כתום "
    "לבן לבנון לונדון לוחם לחץ לחם לילה לימוד לקוח לשון ליכוד לוויין לפיד לאומי "
    "שביתה שבוע שבועות שגריר שדה שוטר שופט שוק שחקן שטח שיא שיחה שיטה שינוי שירות שכונה שכר שלב שלג שלום שליט שליש "
    "שלטון שמאל שמיר שמש שמר שנה שנים שעה שעות שער שקל שרון שרים שבט שבר שבת שגר "
    "הודו הונגריה הולנד הולנדי הסכם הצעה הפגנה התקפה הגיע הלך הכנסה הפסד הרג הרים הוצאה החלטה הודעה הזמנה הלוואה "
    "המלצה הנחה הנהגה העברה הסתה הפסקה הפצצה הצלחה הקמה הריון הרצאה השקעה השפעה התקדמות "
    "וועדה ועד ועדה וידאו ויכוח וינה"
)
_WHOLE = frozenset(_WHOLE_WORDS.split())


def keys(folded: str) -> tuple[str, ...]:
    """The words that a folded word is or contains, itself first; each once."""
    return tuple(dict.fromkeys((folded, *_after_proclitics(folded))))


def _after_proclitics(word: str) -> Iterator[str]:
    if word in _WHOLE:
        return
    for length in range(1, min(_LONGEST_CHAIN, len(word) - _SHORTEST_STEM) + 1):
        chain, rest = word[:length], word[length:]
        if chain not in _CHAINS:
            continue
        yield rest
        if chain[-1] in "בכל":
            yield f"ה{rest}"
        if rest in _WHOLE:
            return

"""Which language a text is in, as far as its words show: by script, and by the words every text has.

Only to choose the stemmer for articles that do not say their language, so it may say that it cannot tell.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from monitors.text.words import words

_READ = 2_000  # characters; a few paragraphs show it
_LETTERS_READ = 80
_FEWEST_HITS = 3
_FEWEST_SHARE = 0.08  # of all words; running text in any of these languages has three times that

_CODE = re.compile("[a-z]{2,3}(?![a-z])")
# Codes that were replaced, are written in two ways, or name a variety that is stemmed like another.
_SAME = {"nb": "no", "nn": "no", "iw": "he", "in": "id", "ji": "yi", "prs": "fa", "tl": "fil", "ku": "ckb", "sh": "sr"}
_SAME |= {"hr": "sr", "bs": "sr", "cnr": "sr"}

_SCRIPTS = (
    ("latin", "A-Za-zªºÀ-ÖØ-öø-ʯḀ-ỿＡ-Ｚａ-ｚ"),
    ("cyrillic", "Ѐ-ԯ"),
    ("arabic", "ء-غف-يٱ-ۓەݐ-ݿﭐ-ﷻﹰ-ﻼ"),
    ("greek", "Ͱ-Ͽἀ-῾"),
    ("hebrew", "\u05d0-\u05ea\ufb1d-\ufb4f"),
    ("armenian", "Ա-ևﬓ-ﬗ"),
    ("georgian", "Ⴀ-ჿᲐ-Ჿ"),
    ("devanagari", "ऄ-ॡॱ-ॿ"),
    ("tamil", "அ-ஹ"),
    ("thai", "ก-ๆ"),
    ("hangul", "가-힣ᄀ-ᇿ"),
    ("kana", "ぁ-ゖァ-ヺｦ-ﾝ"),
    ("han", "㐀-䶿一-鿿"),
)
_SCRIPT = re.compile("|".join(f"(?P<{name}>[{letters}])" for name, letters in _SCRIPTS))

# A script that one language of news is written in.
_OWN_SCRIPT = {"greek": "el", "hebrew": "he", "armenian": "hy", "georgian": "ka", "tamil": "ta", "thai": "th"}
_OWN_SCRIPT |= {"hangul": "ko", "kana": "ja", "han": "zh"}

# The words that tell a language from its neighbours, as they are written in lower case. A word may be in several.
_TELLING = {
    "en": "the of and to in is that for was with on as are by his from at have has been which not this but",
    "fr": "le la les de des et est une un du que qui dans pour sur avec au aux par ce cette ses sont été il plus",
    "de": "der die das und ist den von mit dem ein eine zu nicht auf sich für auch im bei nach des wird als sind",
    "es": "el la los las de que y en un una por con para del se su al como más pero fue sus este está lo",
    "it": "il di che e la della del per un una con sono non nel dei delle alla gli ha le anche è da più come",
    "pt": "o a os as de que e do da em um uma para com não dos das por mais foi ao na no pelo se é",
    "nl": "de het een van en is in op te dat niet zijn met voor die aan door ook bij naar er uit heeft werd",
    "tr": "ve bir bu için ile de da olarak olan daha gibi en çok sonra kadar ise ancak göre olduğu ne",
    "sv": "och att det som en är för på av med den till inte om har ett var från de jag vid",
    "no": "og det som en er for på av med den til ikke om har et var fra de på vi ved også etter",
    "da": "og det som en er for på af med den til ikke om har et var fra de vi ved også efter blev",
    "fi": "ja on ei että se oli joka myös mutta ovat kun ole hän kuin sen mukaan vain tai niin",
    "ro": "și în de la că este cu pe o un din pentru care nu au a fost mai sunt după prin său",
    "hu": "a az és hogy nem is egy meg van volt de ez csak már még el mint akik után szerint",
    "ca": "el la els les de que i en un una per amb del al és no es ha seva aquest més com són",
    "id": "yang dan di dengan untuk dari ini itu pada dalam tidak akan adalah ke telah oleh juga bahwa para",
    "pl": "i w na z do się nie że to jest o jak po za przez od ale co dla są oraz jego był",
    "cs": "a v na se je že s z o do i ve to za pro by jsou ale jako po podle který byl není",
    "lt": "ir kad į yra iš su tai bet ne buvo nuo kaip už apie jis dėl taip po prie jau",
    "et": "ja on et ei oli mis ka see kui ning aga selle oma ta pole või seda kes olid",
    "eu": "eta da ez du dira bat zen hau ere izan dute baina egin zuen horrek den dela beste",
    "ga": "an na agus is ar go a i ag sé le leis bhí ní tá don bheith seo sin ach",
    "sr": "i je u da se na za su od sa koji će nije što kao ali to o iz ne bi",
    "sq": "dhe në të e i për me një që nga është më si nuk ka do se u kjo por",
    "vi": "và của là có trong được cho các với không một người những đã này khi đến từ tại",
    "ru": "и в на не что с по из к как это для от он его за был а но о года у также было",
    "uk": "і в на не що з у та до за про як це від для його є та й був але року які",
    "bg": "и на в се да за от е с по че не са като до ще това при той които беше",
    "sr-cyrl": "и је у да се на за су од са који ће није што као али то о из не би",
    "kk": "және мен бұл үшін бір деп болып бар да де туралы қазақстан осы еді ол",
    "ar": "في من على إلى أن عن التي الذي هذا هذه مع بعد كما الى ان قال بين خلال كان لم فى",
    "fa": "از به که در این را است با برای آن می شد های شده خود کرد تا هم بود اند ها یک",
    "ur": "کے کی میں ہے سے کو اور نے کا پر کہ ہیں یہ اس ایک بھی گیا تھا تو کر",
    "ckb": "لە بە کە بۆ ئەو ئەم لەگەڵ دوای ئەوەی نێوان سەر کرد دەکات هەر پێش ناو بەڵام",
    "ps": "په د چې کې له ته او دا يې سره دی شوي پر خپل هم ده یې کړي",
    "ug": "ۋە بىلەن بۇ ئۇ بىر ئۈچۈن دەپ كېيىن ھەم بولغان قىلىپ دېدى بولۇپ",
    "hi": "के की में है से को और ने का पर कि हैं यह इस एक भी गया था तो कर",
    "ne": "को मा र छ ले का लागि हो गरेको छन् भएको यो पनि गर्न तथा",
    "mr": "आहे या व आणि च्या तो ती हे की आहेत होते झाली केली असे यांनी",
}


def _telling() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for language, line in _TELLING.items():
        for word in dict.fromkeys(line.split()):
            table[word] = (*table.get(word, ()), language.partition("-")[0])
    return table


_LANGUAGES_OF_WORD = _telling()


def primary(tag: str | None) -> str | None:
    """The language that a tag like "en-US" names, by one code for each ("nb" is "no"); None when it names none."""
    found = _CODE.match((tag or "").strip().lower())
    return _SAME.get(found[0], found[0]) if found else None


def script_of(word: str) -> str | None:
    """The script of the word's first letter, like "latin"; None for what begins with a digit or a rarer script."""
    found = _SCRIPT.match(word)
    return found.lastgroup if found else None


def main_script(text: str) -> str | None:
    """The script of most letters at the text's beginning."""
    letters = Counter(found.lastgroup for found in _SCRIPT.finditer(text[:_LETTERS_READ]))
    return max(letters, key=letters.__getitem__, default=None)


def language_of(text: str) -> str | None:
    """The language of the text, None when its beginning does not show it."""
    beginning = words(text[:_READ])
    scripts = Counter(map(script_of, beginning))
    scripts.pop(None, None)
    if not scripts:
        return None
    if scripts["kana"] and scripts["kana"] * 10 > scripts["han"]:
        return "ja"
    script, _ = scripts.most_common(1)[0]
    if script in _OWN_SCRIPT:
        return _OWN_SCRIPT[script]
    return _by_words([word.lower() for word in beginning if script_of(word) == script])


def telling_words(found: Iterable[str]) -> Counter[str]:
    """How many of the words tell each language."""
    return Counter(language for word in found for language in _LANGUAGES_OF_WORD.get(word, ()))


def _by_words(found: list[str]) -> str | None:
    hits = telling_words(found).most_common(2)
    if not hits or hits[0][1] < max(_FEWEST_HITS, _FEWEST_SHARE * len(found)):
        return None
    return hits[0][0] if len(hits) == 1 or hits[0][1] > hits[1][1] else None

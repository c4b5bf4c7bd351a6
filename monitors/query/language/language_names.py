"""The languages a query may name: by code, in English, in Arabic, or as they call themselves."""

from __future__ import annotations

from monitors.query.language.slips import one_slip
from monitors.text.folding import fold

_SHORTEST_MISTYPED = 4
_FEMININE = fold("ة")
_LONGEST_REGION = 4  # letters: "SY", "419", "Hans"

_NAMES = """
ar Arabic العربية
fa Persian الفارسية فارسی Farsi
ur Urdu الأردية اردو
ckb Sorani السورانية کوردی
ku Kurdish الكردية Kurdî Kurmanji
ps Pashto البشتو پښتو
he Hebrew العبرية עברית
tr Turkish التركية Türkçe
az Azerbaijani الأذرية Azərbaycan
en English الإنجليزية
fr French الفرنسية Français
de German الألمانية Deutsch
es Spanish الإسبانية Español
pt Portuguese البرتغالية Português
it Italian الإيطالية Italiano
nl Dutch الهولندية Nederlands
ca Catalan القطلانية Català
ro Romanian الرومانية Română
el Greek اليونانية Ελληνικά
sq Albanian الألبانية Shqip
ru Russian الروسية Русский
uk Ukrainian الأوكرانية Українська
be Belarusian البيلاروسية Беларуская
pl Polish البولندية Polski
cs Czech التشيكية Čeština
sk Slovak السلوفاكية Slovenčina
hu Hungarian المجرية Magyar
bg Bulgarian البلغارية Български
sr Serbian الصربية Српски Srpski
hr Croatian الكرواتية Hrvatski
bs Bosnian البوسنية Bosanski
sl Slovenian السلوفينية Slovenščina
mk Macedonian المقدونية Македонски
lt Lithuanian الليتوانية Lietuvių
lv Latvian اللاتفية Latviešu
et Estonian الإستونية Eesti
fi Finnish الفنلندية Suomi
sv Swedish السويدية Svenska
no Norwegian النرويجية Norsk
nb Bokmål
nn Nynorsk
da Danish الدنماركية Dansk
is Icelandic الآيسلندية Íslenska
ga Irish الأيرلندية Gaeilge
eu Basque الباسكية Euskara
mt Maltese المالطية Malti
hy Armenian الأرمنية Հայերեն
ka Georgian الجورجية ქართული
kk Kazakh الكازاخية Қазақша
uz Uzbek الأوزبكية Oʻzbekcha
tk Turkmen التركمانية
tg Tajik الطاجيكية Тоҷикӣ
ky Kyrgyz القرغيزية Кыргызча
mn Mongolian المنغولية Монгол
zh Chinese الصينية 中文 汉语
ja Japanese اليابانية 日本語
ko Korean الكورية 한국어
vi Vietnamese الفيتنامية
th Thai التايلندية ไทย
id Indonesian الإندونيسية Indonesia
ms Malay الملايوية Melayu
fil Filipino الفلبينية Tagalog
hi Hindi الهندية हिन्दी
bn Bengali البنغالية বাংলা
pa Punjabi البنجابية ਪੰਜਾਬੀ
ta Tamil التاميلية தமிழ்
te Telugu التيلوغوية తెలుగు
ml Malayalam المالايالامية മലയാളം
mr Marathi الماراثية मराठी
gu Gujarati الغوجاراتية ગુજરાતી
ne Nepali النيبالية नेपाली
si Sinhala السنهالية සිංහල
my Burmese البورمية
km Khmer الخميرية
lo Lao اللاوية
am Amharic الأمهرية አማርኛ
ti Tigrinya التغرينية ትግርኛ
so Somali الصومالية Soomaali
sw Swahili السواحلية Kiswahili
ha Hausa الهوسا
yo Yoruba اليوروبا
ig Igbo الإيغبو
zu Zulu الزولو
af Afrikaans الأفريكانية
om Oromo الأورومو
rw Kinyarwanda الكينيارواندية
zgh Amazigh الأمازيغية Tamazight
kab Kabyle القبائلية
syr Syriac السريانية ܣܘܪܝܝܐ
yi Yiddish اليديشية ייִדיש
eo Esperanto الإسبرانتو
la Latin اللاتينية
"""
"""A line a language: its code in articles (BCP 47), its English and Arabic names, and what else it is called."""

_CODES: dict[str, str] = {}
ENGLISH: dict[str, str] = {}
"""The English name by code."""
for _line in _NAMES.split("\n"):
    if _line:
        _code, *_names = _line.split()
        ENGLISH[_code] = _names[0]
        _CODES |= {fold(_name): _code for _name in (_code, *_names)}


def language_named(name: str) -> str | None:
    """The code of a language, by code ("ar", "ar-SY") or name in any of the spellings above; None for none we know."""
    first, _, region = fold(name).partition(" ")
    if region:
        known = len(region) <= _LONGEST_REGION and _CODES.get(first) == first
        return first if known else _CODES.get(f"{first}{region}".replace(" ", ""))  # 中 文
    feminine = first.removesuffix(_FEMININE) + _FEMININE  # «عربي» and «العربي» are names as well as «العربية»
    return next((_CODES[name] for name in (first, f"ال{first}", f"ال{feminine}", feminine) if name in _CODES), None)


def nearest_language(name: str) -> str | None:
    """The spelling of a language's name that was probably meant by a misspelt one."""
    folded = fold(name)
    if len(folded) < _SHORTEST_MISTYPED:
        return None
    return next((known for known in _CODES if len(known) >= _SHORTEST_MISTYPED and one_slip(folded, known)), None)

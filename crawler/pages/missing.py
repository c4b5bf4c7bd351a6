"""Pages that do not show their article: robot checks, logins, errors that answer 200, subscriptions, empty shells."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.documents.spelling import fold
from crawler.pages.blocks import Block
from crawler.pages.page_tree import PageTree

MIN_TEXT = 200
# Below this even a breaking-news line is more likely a page that shows nothing.
_SHORTEST_NEWS = 60
# What a subscription leaves to everybody is a few paragraphs at most.
_TEASER = 5 * MIN_TEXT
_LONGEST_NOTICE = 200

# Titles, and short lines of pages with hardly any text. In the spelling of `fold`.
_ROBOT_CHECK = re.compile(
    r"(?:just a moment|attention required|access (?:is |to this page has been )?denied|are you a robot|please wait"
    r"|verif(?:y|ying) (?:that )?you are (?:a )?human|403 forbidden|checking your browser|one moment,? please"
    r"|security check"
    r"|pardon our interruption|enable javascript and cookies to continue|unusual traffic|ddos.{0,20}protection"
    r"|(?:تحقق|التحقق) من (?:انك|كونك) (?:لست روبوت|انسان|بشر)|لست روبوتا?|تم رفض الوصول|الوصول مرفوض)\b"
)
_ERROR = re.compile(
    r"(?:(?:error|خطا|erreur|fehler|hata)?\s*[:-]?\s*(?:404|410|500|502|503)\b|(?:page|article|story"
    r"|file) (?:was )?not found"
    r"|(?:oops|sorry).{0,30}(?:page|found)|(?:this|the) page (?:can(?:no|')t be found|does(?:n't| not) exist"
    r"|is (?:no longer|not)"
    r" available)|(?:عذرا.{0,20})?(?:هذه )?الصفحه (?:غير موجوده|المطلوبه|التي تبحث عنها|لم تعد)|لم يتم العثور علي"
    r"|(?:الخبر|المقال|الموضوع|المحتوي) (?:غير موجود|غير متوفر|محذوف)|page (?:introuvable|non trouvee)"
    r"|seite nicht gefunden"
    r"|(?:pagina|página) no encontrada|sayfa bulunamad[ıi]|صفحه (?:مورد نظر )?(?:يافت|پيدا) نشد|страница не наидена"
    r"|(?:service|site) (?:temporarily )?unavailable|internal server error|database error|خطا في (?:الاتصال|قاعده))"
)
_LOGIN = re.compile(
    r"(?:(?:please )?(?:log|sign) ?in\b|تسجيل الدخول|سجل(?:وا)? (?:الدخول|دخولك)|(?:يجب|يرجي) تسجيل الدخول"
    r"|connexion\b"
    r"|connectez[- ]vous|anmelden\b|bitte melden sie sich|iniciar sesion|giris yap|ورود به (?:سايت|حساب)|вход\b)"
)
_FOR_SUBSCRIBERS = re.compile(
    r".{0,60}(?:subscribe (?:now )?to (?:continue|read|unlock)|(?:for|to) (?:our )?subscribers(?: only)?"
    r"|subscriber[- ]only"
    r"|already a subscriber|(?:continue|keep) reading with|this (?:article|content|story) is for (?:members"
    r"|subscribers)"
    r"|(?:خاص|حصري|مخصص)? ?(?:ب|ل)لمشتركين(?: فقط)?\b|للمشتركين فقط|اشترك(?:وا)? (?:الان )?(?:ل(?:متابعه|قراءه"
    r"|مواصله|اكمال)|كي)"
    r"|reserve aux abonnes|il vous reste .{0,20} a lire|weiterlesen mit|nur fur abonnenten|jetzt (?:abonnieren"
    r"|weiterlesen)"
    r"|(?:solo|exclusiv[oa]) para suscriptores|abonelere ozel|(?:ويژه|مخصوص) مشتركان|صرف خريداروں)"
)


def what_is_missing(text: str, title: str, blocks: Sequence[Block], page: PageTree, *, paywalled: bool) -> str | None:
    """Why the article's text is missing or only a part, in words; None when it seems whole.

    `paywalled`: the page declares that it is not free. Most that do show everything to whoever asks.
    """
    heading = fold(title[:200])
    short = len(text) < 3 * MIN_TEXT
    if short and (_ROBOT_CHECK.match(heading) or (len(text) < MIN_TEXT and _says(blocks, _ROBOT_CHECK))):
        return "The outlet answered with a check for robots instead of the article."
    if short and (_ERROR.match(heading) or (len(text) < MIN_TEXT and _says(blocks, _ERROR))):
        return "The outlet says that there is no such page."
    if short and (_LOGIN.match(heading) or (len(text) < MIN_TEXT and _asks_for_password(page))):
        return "The page asks for a login instead of showing the article."
    if len(text) < _TEASER and (paywalled or _says(blocks, _FOR_SUBSCRIBERS)):
        return "The page shows only the beginning of the article; the rest is for subscribers."
    if len(text) >= MIN_TEXT or (len(text) >= _SHORTEST_NEWS and text.rstrip("”»\"'")[-1:] in ".!؟?…۔"):
        return None
    if page.scripts and sum(len(block.text) for block in blocks) < 2 * MIN_TEXT:
        return "The page is filled in by scripts, so its text could not be read."
    return "No article text was found on the page."


def _says(blocks: Sequence[Block], notice: re.Pattern[str]) -> bool:
    """Whether a line that is not a link, as in a menu, begins with the notice."""
    return any(
        notice.match(fold(block.text))
        for block in blocks
        if len(block.text) <= _LONGEST_NOTICE and block.link_share < 0.5
    )


def _asks_for_password(page: PageTree) -> bool:
    return any(field.get("type", "").lower() == "password" for field in page.root.iter("input"))

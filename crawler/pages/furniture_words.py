"""The words outlets use for what stands around an article: names of elements, headings, buttons.

All patterns but the first are written in the spelling of `crawler.documents.spelling.fold`.
"""

from __future__ import annotations

import re

_CLASS_NAMES = """
    share|shares|sharing|sharebar|sharedaddy|sharebox|social|socials|addtoany|a2a|addthis|heateor
    |related|relatedposts|related-?\\w*|yarpp|read-?also|also-?read|readmore|read-more|more-news|see-also
    |recommend\\w*|outbrain|taboola|trending|popular|most-?read|latest
    |comment|comments|commentlist|respond|disqus\\w*|tag|tags|tagcloud|hashtags|keywords
    |breadcrumb|breadcrumbs|byline|author-box|author-bio|about-author|authorbox|post-meta|entry-meta|postmeta
    |category|categories|cat-links|post-cat|post-cat-wrap|post-categories
    |newsletter|subscribe|subscription|signup|promo|advert\\w*|ads?|adsbygoogle|sponsored|banner
    |popup|modal|cookie|cookies|consent|gdpr|toolbar|print|font-?size|rating|ratings|views
    |caption|wp-caption-text|credits?|navigation|post-nav|pagination|pager|nav-links|toc|sr-only|screen-reader-text
"""
FURNITURE_CLASS = re.compile(r"(?:^|[\s_-])(?:" + "".join(_CLASS_NAMES.split()) + r")(?:$|[\s_-])")

# Whole lines that head something else than the article.
OTHER_NEWS = re.compile(
    r"(?:(?:مقالات|مقاله|اخبار|مواضيع|موضوعات|منشورات|تقارير|مواد|قصص|روابط|ملفات|محتوي) "
    r"(?:ذات صله|مشابهه|متعلقه|مرتبطه|اخري|متشابهه|مختاره|قد تهمك|مهمه)(?: .{0,30})?"
    r"|ذات صله|مرتبط|مواضيع متعلقه|اقرا(?:وا|ي)? (?:ايضا|المزيد|كذلك|في الموقع)|اقرا"
    r"|(?:شاهد|طالع|انظر) ايضا|للمزيد|(?:قد|ربما) (?:يهمك|تهمك|يعجبك)(?: (?:ايضا|قراءه|مشاهده).{0,20})?"
    r"|المزيد(?: من (?:الاخبار|المقالات|القسم))?|(?:الاكثر|الاعلي) (?:قراءه|مشاهده|تداولا|تفاعلا|شعبيه|تعليقا)"
    r"|(?:اخر|احدث|اهم) (?:الاخبار|المقالات|المواضيع|الانباء)"
    r"|related(?: (?:articles?|posts?|news|stor(?:y|ies)|topics?|content|coverage|reading|links))?"
    r"|(?:read|see|also|watch) (?:also|more|next|read)|you (?:may|might) (?:also )?(?:like|be interested in)"
    r"|more (?:stories|news|articles)|recommended(?: for you)?|trending(?: now)?|most (?:read|popular)|latest news"
    r"|(?:a )?lire (?:aussi|egalement)|a lire|articles? (?:lies|similaires|associes)|(?:sur"
    r"|dans) l[ea] meme (?:sujet|theme|rubrique)"
    r"|(?:اخبار|مطالب|خبرهاي|مقالات) (?:مرتبط|پيشنهادي|ديگر|برگزيده)|(?:بيشتر بخوانيد|پربازديدترين.{0,12}"
    r"|پربيننده.{0,12})"
    r"|متعلقہ خبر\w+|مزيد (?:خبريں|پڑھيں)"
    r"|ilgili (?:haberler|icerikler|konular)|(?:en cok okunanlar|cok okunanlar|ayrica okuyun"
    r"|bunlar da ilginizi cekebilir)"
    r"|(?:noticias|articulos|contenidos?|temas) (?:relacionad[oa]s|destacad[oa]s)|(?:te puede interesar"
    r"|lo mas leido|lee tambien)"
    r"|(?:noticias|materias|artigos) relacionadas|leia (?:tambem|mais)|mais lidas|veja tambem"
    r"|mehr (?:zum thema|aus diesem ressort|nachrichten)|(?:lesen sie auch|das konnte sie (?:auch )?interessieren"
    r"|meistgelesen)"
    r"|(?:leggi anche|articoli correlati|notizie correlate)|(?:читаите|смотрите) также|(?:по теме"
    r"|похожие (?:новости|статьи)))"
    r"\s*[:：؛.…>»-]*"
)
READERS = re.compile(
    r"(?:(?:ال)?تعليقات(?: (?:القراء|الزوار|فيسبوك|مغلقه.{0,30}))?|(?:لا توجد|لا يوجد|عدد) (?:ال)?تعليقات?.{0,20}"
    r"|تعليقان|\d+ تعليق(?:ات|ا)?|اترك (?:تعليق|رد|لنا).{0,30}|(?:اضف|اكتب|شارك ب?)\s?(?:تعليق|رد).{0,20}"
    r"|لن يتم نشر عنوان بريدك.{0,80}|leave (?:a|your) (?:reply|comment).{0,40}"
    r"|(?:\d+ |no |post a |add a |join the )?(?:comments?|discussion|conversation)|(?:laisser un |\d+ )?commentaires?"
    r"|(?:kommentare?|comentarios?|comentarios|commenti|yorumlar|yorum yap|نظرات(?: كاربران)?|تبصرے|комментари[ии])"
    r"(?: \(?\d+\)?)?)"
    r"\s*(?:\(\s*\d*\s*\))?\s*[:：.]?"
)
TAGS = re.compile(
    r"(?:ال)?(?:وسوم|وسم|كلمات (?:مفتاحيه|دلاليه|البحث)|كلمات ال(?:مفتاحيه|دلاليه)|كلمات المفتاحيه|تصنيفات|تصنيف"
    r"|اقسام"
    r"|هاشتاغ|tags?|filed under|topics|mots[- ]cles|keywords?|categories|category)\s*[:：]?"
)
READ_ALSO = re.compile(
    r"(?:ا?قرا(?:وا|ي)? (?:ايضا|المزيد|كذلك|عن)|شاهد (?:ايضا|ا?لفيديو|المزيد)|طالع ايضا|انظر ايضا|للمزيد|لمتابعه"
    r"|(?:مواضيع|اخبار|مقالات) (?:ذات صله|متعلقه|مشابهه)|ذات صله|(?:read|see|watch) (?:also|more|next)|also read"
    r"|lire aussi|a lire(?: aussi| egalement)?|more on this|بيشتر بخوانيد|مزيد پڑھيں|ayrica okuyun|lee tambien"
    r"|leia tambem"
    r"|lesen sie auch|leggi anche|читаите также)[^:：]{0,40}?\s*[:：|>»؛–-]"
    r"|related(?: (?:articles?|posts?|news|stor(?:y|ies)|coverage|videos?))?\s*[:：|»]"
)
_SHARE_WORDS = """
    شارك شاركها شاركه شاركوا شاركنا مشاركه المشاركه شير انشر ارسل ارسال الخبر المقال المقاله الموضوع الصفحه هذا هذه
    علي عبر الي في مع اصدقائك فيسبوك الفيسبوك فيس بوك تويتر اكس واتساب واتس اب الواتساب تيليجرام تيليغرام تلغرام
    تليغرام تليجرام تيلقرام لينكدان لينكد ان لينكدين بينتيريست بنترست ماسنجر مسنجر ريديت سكايب فايبر البريد بريد
    الالكتروني ايميل طباعه اطبع نسخ انسخ الرابط رابط تم النسخ سناب شات انستغرام انستجرام يوتيوب جوجل نيوز غوغل تمبلر
    تابعنا تابعونا تابع قناتنا حجم الخط تكبير تصغير
    facebook twitter x whatsapp telegram linkedin pinterest reddit email e-mail mail print share shares tweet copy
    link messenger via this on tumblr viber line skype ok odnoklassniki vkontakte vk pocket google plus post article
    save pin it partager sur imprimer click to opens in new window threads bluesky mastodon follow us
"""
SHARE = frozenset(_SHARE_WORDS.split())
_WEAK_SHARE_WORDS = """
    الخبر المقال المقاله الموضوع الصفحه هذا هذه علي عبر الي في مع تم x via this on ok it to in us new post line article
"""
STRONG_SHARE = SHARE - frozenset(_WEAK_SHARE_WORDS.split())
# Lines that are furniture by themselves: advertisements, counters, and what WordPress.com puts under every post.
SINGLE_LINE = re.compile(
    r"(?:معجب بهذه|like this|اعجاب|like|(?:اعجاب|like|j['’]aime)? ?(?:تحميل|loading|chargement)"
    r"|اعلان(?:ات)?(?: مدفوعه?)?|مساحه اعلانيه|advertisements?|sponsored(?: content)?|publicite"
    r"|نسخه (?:للطباعه|قابله للطباعه)"
    r"|(?:عدد )?(?:ال)?(?:مشاهدات|قراءات|زيارات|زوار|قراء)\s*[:：]?\s*[\d,.٬]+|[\d,.٬]+ (?:مشاهده|قراءه|زياره|views?)"
    r"|(?:continue|keep) reading|read more|اكمل القراءه|تابع القراءه|اقرا المزيد|play video|watch now"
    r"|listen)\s*[:.…»]*"
)
BYLINE = re.compile(
    r"(?:(?:بواسطه|بقلم|كتب|كتبه|كتبت|المحرر|المصدر|نشر في|نشرت في|اخر تحديث|تاريخ النشر|تم النشر|by|posted|published"
    r"|updated|last updated|par|publie)\b.{0,80}"
    r"|.{0,20}(?:\d[\d,.٬]*\s*(?:مشاهدات?|مشاهده|زياره|قراءه|views?|تعليق(?:ات)?|comments?)|(?:دقيقه|دقائق|دقيقتان) "
    r"(?:واحده|للقراءه|قراءه)?|اقل من دقيقه|min(?:ute)?s? read).{0,20})"
)
# Lines that close a text: where it came from, where else to follow the outlet, whose it is.
CLOSING = re.compile(
    r"(?:ال)?(?:مصدر|المصادر|وكالات|منبع|ماخذ)\s*[:：].{1,60}|(?:sources?|quelle|fuente|fonte|kaynak"
    r"|источник)\s*[:：].{1,60}"
    r"|\(?(?:وكالات|المصدر|انتهي)\)?\.?|https?://\S+|(?:www\.|t\.me/)\S+"
    r"|(?:يمكنكم |للمزيد )?(?:تابعونا|تابعنا|تابعوا|اشتركوا|اشترك|انضموا?)\b.{0,20}\b(?:علي|في|عبر|قناتنا|قناه"
    r"|صفحتنا|الي)\b.{0,90}"
    r"|(?:للاشتراك|للانضمام|لمتابعه)\b.{0,60}\b(?:تلغرام|تليغرام|تيليغرام|تلجرام|واتساب|اخبارنا|قناتنا"
    r"|فيسبوك)\b.{0,60}"
    r"|(?:follow|join|like) us (?:on|at)\b.{0,80}|(?:follow|join|subscribe to) our (?:telegram|whatsapp"
    r"|youtube)\b.{0,60}"
    r"|suivez[- ]nous.{0,60}|siguenos.{0,60}|folgen sie uns.{0,60}|.{0,30}(?:kanalımızı|kanalimizi"
    r"|bizi) takip edin.{0,20}|ما را در .{0,30}دنبال كنيد"
    r"|ہميں .{0,30}فالو كريں"
    r"|.{0,60}(?:©|\(c\) ?\d{4}|(?:جميع|كل|كافه) الحقوق محفوظه|all rights reserved|tous droits reserves"
    r"|copyright).{0,80}"
)

"""Names that are written in more than one way: a table of ours, in everyday spelling.

Arabic writes foreign sounds by ear («غوغل», «جوجل», «قوقل»), and no rule of spelling leads from one to the other. What
differs only in hamzas, accents or case is one spelling already (folding.py). A word stands here with the article if
it is never without; `_` parts words.
"""

from __future__ import annotations

from functools import cache

from monitors.text.folding import bare, fold
from monitors.text.lexicon import NOT_DEFINITE
from monitors.text.places import PLACES
from monitors.text.words import words

_GROUPS = """
غوغل جوجل قوقل, فيسبوك فيس_بوك فايسبوك, يوتيوب يو_تيوب اليوتيوب, واتساب واتس_اب الواتساب
إنستغرام إنستجرام إنستقرام انستا, تليغرام تيليغرام تلغرام تيليجرام تليجرام تلجرام تيليقرام, تيك_توك تيكتوك
سناب_شات سنابشات, لينكدإن لينكد_إن, إنترنت الإنترنت النت, ويكيبيديا ويكبيديا, مايكروسوفت ميكروسوفت مايكروسفت
سامسونغ سامسونج سامسونق, هواوي هواواي هاواوي, أوراكل أوراكيل, نتفليكس نتفلكس نيتفليكس, تسلا تيسلا, بوينغ بوينج بوينق
إيرباص إيرباس, فولكسفاغن فولكسفاجن فولكسواغن فولكس_فاجن, مرسيدس مرسيديس مارسيدس, بلومبرغ بلومبيرغ بلومبرج بلومبيرج
رويترز رويتر, غولدمان جولدمان, مورغان مورجان مورقان, ستاندرد ستاندارد, بي_بي_سي بيبيسي, ديزني ديزناي, هوليوود هوليود
بوليوود بوليود, يونيسف يونيسيف اليونيسف اليونيسيف, يونسكو يونيسكو اليونسكو اليونيسكو, إنتربول الإنتربول, يوروبول يوربول
فيفا الفيفا, يويفا اليويفا, بنتاغون البنتاغون البنتاجون بنتاجون, كونغرس الكونغرس الكونجرس كونجرس الكونقرس
كرملين الكرملين الكريملين كريملين, بوندستاغ البوندستاغ البوندستاج, كنيست الكنيست, موساد الموساد, ليكود الليكود
فيتو الفيتو, ترامب ترمب, ريغان ريجان ريقان, كيسنجر كيسنغر كسنجر, ميشيل ميشال, ميدفيديف ميدفيدف, غورباتشوف جورباتشوف
زيلينسكي زيلنسكي زلينسكي, بريغوجين بريغوجن, فاغنر فاجنر فاغنير, لوكاشينكو لوكاشنكو, ميركل ميركيل, شولتس شولتز
هولاند أولاند, ديغول ديجول ديقول, تاتشر ثاتشر, كاميرون كامرون, بيرلسكوني برلسكوني بيرلوسكوني, ميلوني ملوني
غوتيريش جوتيريش غوتيريس غوتيرش, دي_ميستورا ديمستورا دي_مستورا, غراندي جراندي, لاغارد لاجارد لاقارد
غريفيث جريفيث غريفثس غريفيثس جريفيثس, موغيريني موجيريني موغريني, نتنياهو نتانياهو ناتنياهو, غانتس جانتس غانتز جانتز
غالانت جالانت غالنت, سموتريتش سموترتش, بن_غفير بن_جفير, هرتسوغ هرتزوغ هيرتسوغ هرتصوغ, غولدا جولدا, بيغن بيجن بيقن
هرتزل هرتسل, تسيبي تسيفي, أردوغان أردوجان أردوقان, أوغلو أوجلو أوقلو, غولن جولن غولين قولن, يلدرم يلدريم
خامنئي خامنائي خامنه_ئي, أحمدي_نجاد أحمدينجاد, رفسنجاني رافسنجاني, غاندي جاندي, شي_جين_بينغ شي_جينبينغ شي_جين_بينج
كيم_جونغ_أون كيم_جونج_أون, جونغ جونج جونق, مهاتير محاضير, تشافيز شافيز تشافيس, غيفارا جيفارا قيفارا, موغابي موجابي
غوايدو جوايدو, كاغامي كاجامي, مبابي إمبابي, مورينيو مورينهو مورينو, غوارديولا جوارديولا قوارديولا, أنشيلوتي أنشلوتي
فينغر فينجر فنغر, بنزيما بن_زيما, غريزمان جريزمان قريزمان, بوغبا بوجبا, بيكهام بيكام, ليفاندوفسكي ليفندوفسكي
مانشستر مانشيستر, أرسنال الأرسنال, تشيلسي تشلسي شيلسي, يوفنتوس جوفنتوس يوفينتوس, إنتر الإنتر
برشلونة برشلونا البرشا البارسا, أتلتيكو أتليتيكو أتلتكو, بوروسيا بروسيا, رولان_غاروس رولان_جاروس, فورمولا الفورمولا
أولمبياد الأولمبياد أوليمبياد الأوليمبياد, أولمبي أوليمبي, أولمبية أوليمبية, شكسبير شيكسبير, غوته جوته, نوبل نوبيل
أوسكار الأوسكار, غرامي جرامي, موزارت موتسارت موزار, بيتهوفن بتهوفن, دافنشي دا_فينشي دافينشي, فان_غوغ فان_جوخ
أينشتاين إنشتاين أينشتين, داروين دارون, هتلر هيتلر, غوبلز جوبلز, سينما سينيما, تلفزيون تليفزيون, تلفزيوني تليفزيوني
تلفون تليفون, كمبيوتر كومبيوتر, فيديو فديو, بروتوكول برتوكول بروتكول, أيديولوجيا أيديولوجية, ديمقراطية ديموقراطية
ديمقراطي ديموقراطي, دبلوماسي ديبلوماسي, دبلوماسية ديبلوماسية, تكنولوجيا تقنولوجيا تكنلوجيا, بيروقراطية بروقراطية
بيولوجي بايولوجي, كاريكاتير كاريكاتور, أكسجين أوكسجين أوكسيجين أكسيجين, يورانيوم أورانيوم, ألمنيوم ألومنيوم ألومينيوم
كيلوغرام كيلوجرام كيلوقرام, ديزل الديزل, ميغاوات ميجاوات ميقاوات, غيغابايت جيجابايت
ميليشيا مليشيا ميلشيا, ميليشيات مليشيات ميلشيات, كلاشينكوف كلاشنيكوف كلاشنكوف, إيبولا إبولا, كورونا كرونا
إنفلونزا إنفلوانزا, زهايمر ألزهايمر, بكين بيجين بيكين, شنغهاي شانغهاي شانجهاي, هونغ_كونغ هونج_كونج هونغكونغ
بيونغ_يانغ بيونج_يانج بيونغيانغ, بنوم_بنه بنوم_بن, بانكوك بنكوك, كاتماندو كتماندو, كوالالمبور كوالا_لمبور كوالالامبور
مقديشو مقديشيو موقاديشو, جوهانسبرغ جوهانسبورغ جوهانسبرج, ساو_باولو ساوباولو, بوينس_آيرس بوينوس_آيرس
لوس_أنجلوس لوس_أنجيلوس, سان_فرانسيسكو سان_فرنسيسكو, نيويورك نيو_يورك, بوسطن بوستن, هيوستن هيوستون, لاس_فيغاس لاس_فيجاس
غوانتانامو جوانتانامو غونتانامو, سانت_بطرسبرغ سان_بطرسبرج بطرسبورغ بطرسبرغ, ستوكهولم استوكهولم
كوبنهاغن كوبنهاجن كوبنهاقن, هلسنكي هيلسنكي, بودابست بودابيست, بوخارست بوخاريست, بلغراد بلجراد بلقراد
ستراسبورغ ستراسبورج, هامبورغ هامبورج, نورمبرغ نورمبرج, سالزبورغ سالزبورج, غرينلاند جرينلاند
ناغورني_كاراباخ ناجورنو_كاراباخ, كاراباخ قره_باغ, أربيل إربل, دونيتسك دونتسك, لوغانسك لوهانسك لوجانسك, خاركيف خاركوف
خيرسون خرسون, أبو_ظبي أبوظبي, عبد_ربه عبدربه, بن_لادن بنلادن, إنجليزي إنكليزي, إنجليزية إنكليزية, إنجليز إنكليز
سوفيتي سوفياتي سوفييتي, سوفيتية سوفياتية سوفييتية, أمريكي أميركي, أمريكية أميركية, الأمريكي الأميركي
الأمريكية الأميركية, أمريكيين أميركيين, أوروبي أوربي, أوروبية أوربية, شيلي تشيلي, غواتيمالا جواتيمالا
بورتوريكو بورتو_ريكو, جامايكا جمايكا, غابون الغابون, زيمبابوي زمبابوي, سيراليون سييراليون, كوت_ديفوار كوتديفوار
أنغولا أنجولا أنقولا, سوازيلاند سوازيلند, غامبيا جامبيا, بنغلاديش بنجلاديش بنغلادش, تايلاند تايلند, كازاخستان قازاخستان
قرغيزستان قيرغيزستان, تركمانستان تركمنستان, داغستان داجستان, Gaddafi Qaddafi Kadhafi Qadhafi Gadhafi
Muhammad Mohammed Mohamed Mohammad Muhammed, Hezbollah Hizbullah Hizbollah Hezbullah, Houthi Huthi Houthis Huthis
Quran Koran, Muslim Moslem, Kyiv Kiev, Beijing Peking, Myanmar Burma, Zelensky Zelenskyy Zelenskiy, Erdogan Erdoğan
Osama Usama, Hussein Husain Hussain, Abdullah Abdallah, Homs Hims, Mosul Mossul, Sharia Shariah, colour color
labour labor, defence defense, centre center, organisation organization, programme program, كوسوفو كوسوفا, مصراتة مصراته
تشيك التشيك تشيكيا, حزب_الله حزبالله, بوكو_حرام بوكوحرام, أجاكس أياكس, البوليساريو بوليساريو
بولونيا بولندا, أغادير أكادير, كردفان كوردفان, كردستان كوردستان, أنجيلا أنغيلا, فيكتور فكتور, فيينا فينا
شوارزنيغر شوارزنيجر, غلوبال جلوبال, زوكربيرغ زوكربيرج زوكربرغ, بيل_غيتس بيل_جيتس, غيتس جيتس قيتس, غرينبيس جرينبيس
غالاكسي جالاكسي جالكسي, بلاي_ستيشن بلايستيشن, هاشتاغ هاشتاج هاشتاق, بودكاست بدكاست, بلوتوث بلوتوت
بيتكوين بتكوين بيتكوينز, فرنسيس فرانسيس, أبو أبي أبا
"""


_SLIPS = {"ه": (3, "ة"), "ي": (4, "ى"), "ى": (4, "ي")}
"""Of how many letters a word with this ending is at least, and how it may be meant: three with ى are particles."""

_SHORTEST_DEFINITE = 5
"""Letters with the article."""


def suggestions(written: str) -> tuple[str, ...]:
    """Other spellings of this name, as they are written; one or more words each. Empty when none is known."""
    plain = _plain(written)
    return tuple(other for other in _groups().get(plain, ()) if _plain(other) != plain)


def slips(written: str) -> tuple[str, ...]:
    """The Arabic word with the other last letter, where hands and keyboards take one for the other: «غزه» for «غزة»,
    «مصطفي» for «مصطفى», «المصرى» for «المصري». It is another word as often («على» is not «علي»), so it is asked about.
    """
    plain = _plain(written)
    shortest, others = _SLIPS.get(plain[-1:], (0, ""))
    return tuple(plain[:-1] + other for other in others if " " not in plain and len(plain) >= shortest)


def without_article(written: str) -> tuple[str, ...]:
    """The Arabic word without its article, for texts that have it without: «قصف» for «القصف», which with it asks for
    its definite form alone. Empty for what only looks as if it had one."""
    parts = bare(written)
    if len(parts) != 1 or not parts[0].startswith("ال") or len(parts[0]) < _SHORTEST_DEFINITE:
        return ()
    return () if fold(parts[0]) in NOT_DEFINITE else (parts[0][2:],)


def variants_of(key: str) -> tuple[str, ...]:
    """The other spellings of a word, in plain spelling; only those that are one word."""
    return tuple(_plain(other) for other in suggestions(key) if " " not in other)


@cache
def _groups() -> dict[str, tuple[str, ...]]:
    """Each spelling in its plain form → its group as written."""
    entries = (entry.partition("|")[0] for entry in PLACES.replace("\n", ";").split(";"))
    found: dict[str, tuple[str, ...]] = {}
    for group in (*_GROUPS.replace("\n", ",").split(","), *entries):
        spellings = tuple(spelling.replace("_", " ") for spelling in group.split())
        for plain in map(_plain, spellings):
            found[plain] = tuple(dict.fromkeys((*found.get(plain, ()), *spellings)))
    return found


def _plain(written: str) -> str:
    return " ".join(fold(part) for word in words(written) for part in bare(word))

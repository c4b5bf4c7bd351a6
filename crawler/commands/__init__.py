"""Commands of collecting: outlet add, catalogue, check, list, show, pause, resume, remove, import,
export; crawl; feed; extract.
"""

from __future__ import annotations

from typing import Annotated

import typer

from monitors.errors import UsageError

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
ADDRESS_HELP = (
    "Any address: home page, section, article, feed, sitemap, Telegram channel (@NAME); or a name of the catalogue."
)
AddressArgument = Annotated[str, typer.Argument(metavar="ADDRESS", help=ADDRESS_HELP)]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before saving.")]
EverythingOption = Annotated[bool, typer.Option("--all", help="Choose every source that works, not the fewest.")]
OutletArgument = Annotated[str, typer.Argument(metavar="OUTLET", help="A name, home page, feed address or number.")]
DocumentArgument = Annotated[str, typer.Argument(metavar="URL|FILE|-", help="An address, a file, or - for input.")]
CountryOption = Annotated[str | None, typer.Option(metavar="SY", help="Only of this country (ISO 3166).")]
LanguageOption = Annotated[str | None, typer.Option(metavar="ar", help="Only in this language (BCP 47).")]


def register(app: typer.Typer) -> None:
    outlet = typer.Typer(
        no_args_is_help=True,
        help="Outlets that are followed, or could be.",
    )
    outlet.command("add")(add)
    outlet.command("check")(check)
    outlet.command("catalogue")(catalogue_)
    outlet.command("list")(list_)
    outlet.command("show")(show)
    outlet.command("pause")(pause)
    outlet.command("resume")(resume)
    outlet.command("remove")(remove)
    outlet.command("import")(import_)
    outlet.command("export")(export)
    app.add_typer(outlet, name="outlet")
    app.command("crawl")(crawl)
    app.command("feed")(feed)
    app.command("extract")(extract)


def add(
    address: AddressArgument,
    name: Annotated[str | None, typer.Option(help="What to call it. Without: what it calls itself.")] = None,
    to: Annotated[
        str | None, typer.Option(metavar="OUTLET", help="Add what is found to this outlet, which is followed already.")
    ] = None,
    everything: EverythingOption = False,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Follow an outlet. Finds its sources, shows what is there, and alerts on what appears from now on."""
    from crawler.commands.outlets import add_outlet

    add_outlet(address, name=name, to=to, everything=everything, yes=yes, as_json=as_json)


def check(
    address: Annotated[str | None, typer.Argument(metavar="ADDRESS", help=ADDRESS_HELP)] = None,
    everything: EverythingOption = False,
    catalogue: Annotated[bool, typer.Option("--catalogue", help="Look at every outlet of the catalogue.")] = False,
    country: CountryOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what following an address would find. Its sources, its five newest articles; saves nothing."""
    if catalogue is (address is not None):
        raise UsageError("Give the address to check, or --catalogue.")
    if address is None:
        from crawler.commands.catalogue import check_catalogue

        check_catalogue(country=country, language=language, as_json=as_json)
        return
    if country or language:
        raise UsageError("--country and --language go with --catalogue.")
    from crawler.commands.outlets import check_address

    check_address(address, everything=everything, as_json=as_json)


def catalogue_(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="Part of a name, in Arabic or English.")] = "",
    country: CountryOption = None,
    language: LanguageOption = None,
    countries: Annotated[bool, typer.Option("--countries", help="Count what is found by country.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Search the outlets that Rasid knows of. Shows name, country, language, leaning, home page."""
    from crawler.commands.catalogue import list_catalogue, list_countries

    if countries:
        list_countries(text, country=country, language=language, as_json=as_json)
    else:
        list_catalogue(text, country=country, language=language, as_json=as_json)


def list_(as_json: JsonOption = False) -> None:
    """List the outlets that are followed."""
    from crawler.commands.outlets import list_followed

    list_followed(as_json=as_json)


def show(outlet: OutletArgument, as_json: JsonOption = False) -> None:
    """Show an outlet's sources. When each is polled next and why, and what went wrong last."""
    from crawler.commands.showing import show_outlet

    show_outlet(outlet, as_json=as_json)


def pause(outlet: OutletArgument) -> None:
    """Stop polling an outlet until it is resumed."""
    from crawler.commands.outlets import pause as rest

    rest(outlet)


def resume(outlet: OutletArgument) -> None:
    """Poll a paused outlet again. What it published meanwhile is recorded and does not alert."""
    from crawler.commands.outlets import resume as go_on

    go_on(outlet)


def remove(outlet: OutletArgument) -> None:
    """Stop following an outlet. What it published stays in the archive."""
    from crawler.commands.outlets import stop_following

    stop_following(outlet)


def import_(
    file: Annotated[str, typer.Argument(metavar="FILE.opml|-", help="A list of outlets, as feed readers export it.")],
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Follow the outlets of an OPML file. Running it again repeats nothing."""
    from crawler.commands.lists import import_outlets

    import_outlets(file, yes=yes, as_json=as_json)


def export(
    file: Annotated[str, typer.Argument(metavar="FILE.opml|-", help="Where to write; without: standard output.")] = "-",
) -> None:
    """Write what is followed as an OPML file. For another reader, or another Rasid."""
    from crawler.commands.lists import export_outlets

    export_outlets(file)


def crawl(
    outlet: OutletArgument,
    limit: Annotated[int | None, typer.Option(min=1, help="Take at most so many new articles.")] = None,
    since: Annotated[
        str | None,
        typer.Option(help="Read the archive back to then (30d, 12h, 2w, or 2026-01-31 local time), without alerts."),
    ] = None,
    alert: Annotated[bool, typer.Option("--alert", help="With --since: let what is found alert.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print articles as JSON lines.")] = False,
) -> None:
    """Poll an outlet now and save what is new, or read its archive. An address nobody follows is read once.

    A running service alerts on what is new. Ctrl-C stops; what is saved until then is kept.
    """
    from crawler.commands.crawls import crawl_now

    crawl_now(outlet, limit=limit, since=since, alert=alert, as_json=as_json)


def feed(document: DocumentArgument) -> None:
    """Print the entries of a feed as JSON lines."""
    from crawler.commands.documents import print_feed

    print_feed(document)


def extract(
    document: DocumentArgument,
    url: Annotated[str | None, typer.Option(help="The page's address, if it is read from a file.")] = None,
) -> None:
    """Print the article on a page as JSON."""
    from crawler.commands.documents import print_article

    print_article(document, url=url)

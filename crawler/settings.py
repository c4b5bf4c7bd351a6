"""Scrapy's settings; `scrapy.cfg` points here, so `scrapy list`, `crawl` and `shell` are guarded like the service.

What an operator chooses comes from rasid.toml and is put in by `OperatorSettings`. Scrapy's defaults are made for
one-shot crawls of trusted sites: several listen on ports, execute code, read files or follow servers' wishes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitors.settings import Settings as RasidSettings
from monitors.settings_file import load

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

BOT_NAME = "rasid"
SPIDER_MODULES = ["crawler.spiders", "crawler.web.spider"]
ADDONS = {"crawler.settings.OperatorSettings": 0}

TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
ASYNCIO_EVENT_LOOP = "uvloop.Loop"
TWISTED_DNS_RESOLVER = "crawler.web.resolving.TwistedNames"

# Ways out and in: http and https through the guard, nothing else.
DOWNLOAD_HANDLERS = {
    "http": "crawler.web.downloading.GuardedDownloadHandler",
    "https": "crawler.web.downloading.GuardedDownloadHandler",
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
REMOTE_CONTROL_ENABLED = False  # an HTTP server that executes Python, on by default since Scrapy 2.19
TELNETCONSOLE_ENABLED = False
HTTPPROXY_ENABLED = False  # a proxy of the environment would connect for us, past the guard
DOWNLOAD_VERIFY_CERTIFICATES = True

# Limits.
DOWNLOAD_TIMEOUT = 30  # on the whole exchange: slow drips end here
DOWNLOAD_MAXSIZE = 8 * 1024 * 1024  # of the body as sent, and again as decompressed
DOWNLOAD_WARNSIZE = 0
CONCURRENT_REQUESTS_PER_DOMAIN = 4  # a backstop: `crawler.web.hosts` lets two through
DOWNLOAD_DELAY = 0  # pacing happens before hand-over; a queue in here would count as concurrency

# What we do ourselves or not at all.
COOKIES_ENABLED = False
RETRY_ENABLED = False  # the schedule decides when to ask again
REDIRECT_ENABLED = False  # `crawler.web.fetching` follows, counts and checks each hop
METAREFRESH_ENABLED = False
REFERER_ENABLED = False
ROBOTSTXT_OBEY = False  # `crawler.web.robots` obeys; Scrapy's never forgets and takes an error for permission
AUTOTHROTTLE_ENABLED = False
HTTPERROR_ALLOW_ALL = True

# What costs CPU for nothing here: in a prototype, more than half of what a poll cost.
CONCURRENT_ITEMS = 1  # Scrapy makes that many tasks for each response
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"  # the real one never forgets; we ask the same URLs again
SPIDER_MIDDLEWARES_BASE = {"scrapy.spidermiddlewares.start.StartSpiderMiddleware": 25}
# Headers, deadline and decompression are the handler's; everything else that has a middleware is off.
DOWNLOADER_MIDDLEWARES_BASE: dict[str, int] = {}
EXTENSIONS_BASE = {
    "scrapy.extensions.corestats.CoreStats": 0,
    "scrapy.extensions.closespider.CloseSpider": 0,
    "scrapy.extensions.feedexport.FeedExporter": 0,
}
DOWNLOADER_STATS = False
LOGSTATS_INTERVAL = 0
STATS_DUMP = False
MEMUSAGE_ENABLED = False
LOG_LEVEL = "INFO"

DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Encoding": "gzip, deflate",
}


class OperatorSettings:
    """Scrapy add-on: what rasid.toml says about crawling. A caller that has it read gives it as `RASID_SETTINGS`."""

    def update_settings(self, settings: BaseSettings) -> None:
        rasid = settings.get("RASID_SETTINGS") or load()
        assert isinstance(rasid, RasidSettings)
        crawl = rasid.crawl
        values = {
            "RASID_SETTINGS": rasid,
            "RASID_ALLOW_ADDRESSES": list(crawl.allow_addresses),
            "RASID_PORTS": list(crawl.ports),
            "USER_AGENT": user_agent(rasid),
            "CONCURRENT_REQUESTS": crawl.concurrency,
        }
        for name, value in values.items():
            settings.set(name, value, priority="addon")


def user_agent(settings: RasidSettings) -> str:
    """Who we say we are, with the operator's contact when there is one."""
    crawl = settings.crawl
    return f"{crawl.user_agent} (+{crawl.contact})" if crawl.contact else crawl.user_agent

"""The commented `rasid.toml` that `rasid init` writes. Every setting stands in it, with its default."""

from __future__ import annotations

TEMPLATE = """\
# Settings of Rasid. Every key may also be given as an environment variable, which then wins:
# [telegram] token is RASID_TELEGRAM_TOKEN, [crawl] min_interval is RASID_CRAWL_MIN_INTERVAL, and so on.
# Lines that begin with # are the defaults.

[storage]
# Where everything is remembered: a file, or a PostgreSQL server
# (postgresql://user:password@host/database). A relative file lies beside this one.
# url = "sqlite:///rasid.db"

[telegram]
# The bot's token, from @BotFather. Without one, alerts are shown on the terminal only.
# token = ""
# Or a file that holds it, readable by you alone.
# token_file = ""
# The Bot API server; change it only for one of your own.
# base_url = "https://api.telegram.org"
# Telegram ids of the operators.
# admins = []
# Who may use the bot: "open" (everybody), "invite" (whom an operator let in, and whoever has an invitation)
# or "list" (whom an operator let in). Operators may always, and whom they block never.
# access = "open"
# What to do when nobody knows whether a message arrived (the connection broke while it was sent): send it again with
# a mark ("resend_marked"), leave it to you ("hold"), or take it for sent ("assume_sent").
# on_uncertain = "resend_marked"
# The address under which Telegram reaches Rasid through a web server of yours that speaks https; "" to ask Telegram
# for what people write, which needs no web server.
# webhook_url = ""
# Where that web server finds Rasid: an address and a port of this machine.
# webhook_listen = "127.0.0.1:8081"
# By which Telegram is known there: 16 to 256 letters, digits, _ and -. Without one, Rasid makes its own.
# webhook_secret = ""

[crawl]
# What outlets see of us, and how they reach you (an address or a page).
# user_agent = "Rasid/0.1 (self-hosted news monitor)"
# contact = ""
# Requests under way at once, over all hosts.
# concurrency = 100
# Seconds between two polls of a source, at least. Servers may ask for more, and get it.
# min_interval = 300
# Polls a minute over all sources, as a mean over the day. When every source at its shortest interval would need more,
# they share it: what publishes much is polled often, what publishes little, or sleeps, is polled rarely.
# budget = 1000
# Keep to robots.txt.
# obey_robots = true
# Keep each article's page as it came, compressed, as evidence: 10 to 50 kB an article. See: rasid page
# keep_pages = false
# Private addresses that may be visited all the same, such as "10.0.0.0/8". None by default.
# allow_addresses = []
# Ports that may be connected to.
# ports = [80, 443]

[limits]
# What one person may ask for; operators have no limits. 0 keeps it for the operators.
# Crawls and back-fills from the chat, in an hour.
# crawls_per_hour = 10
# Addresses to be looked at, in an hour.
# addresses_per_hour = 20
# Searches and other looks into the archive, in an hour.
# searches_per_hour = 200
# Outlets a person may add.
# outlets_per_user = 50
# Watches a chat may have, paused ones too.
# watches_per_chat = 1000
# Watchlists a chat may have.
# watchlists_per_chat = 100
# Chats, groups, topics and channels in which the owner of a watchlist may let it be told.
# destinations_per_watchlist = 20
# Alerts a chat is told one by one within an hour; what comes beyond that is told together at the full hour.
# alerts_per_hour = 500

[web]
# The address under which the world reaches Rasid, through a web server that speaks https and hands requests on.
# With one, hubs that feeds name (WebSub) are asked to push what is new; polling goes on beside.
# public_url = ""
# Where that web server finds Rasid: an address and a port of this machine.
# listen = "127.0.0.1:8080"

[language]
# For people who have not chosen one: "ar" or "en".
# default = "ar"

# Their time zone, by which digests, quiet hours and "today" are reckoned (IANA).
# time_zone = "Asia/Damascus"

[log]
# "debug", "info", "warning" or "error".
# level = "info"
# "human", "json", or "auto": human on a terminal, JSON otherwise.
# format = "auto"
"""

"""A web address somebody pasted → the outlet behind it, its sources, and a preview."""

from __future__ import annotations

from crawler.discovery.addresses import possible_addresses, refuse_credentials, refuse_relative
from crawler.discovery.catalogued import meaning_of
from crawler.discovery.discovering import discover
from crawler.discovery.found import Discovery, as_rows
from crawler.discovery.judging import FoundSource, Verdict
from crawler.discovery.listed import look_at_row
from crawler.discovery.measuring import Numbers
from crawler.discovery.preview import Sample
from crawler.discovery.visits import unfetchable

__all__ = [
    "Discovery",
    "FoundSource",
    "Numbers",
    "Sample",
    "Verdict",
    "as_rows",
    "discover",
    "look_at_row",
    "meaning_of",
    "possible_addresses",
    "refuse_credentials",
    "refuse_relative",
    "unfetchable",
]

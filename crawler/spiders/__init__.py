"""Scrapy's spiders: the long-lived one of the service, and one for each kind of document."""

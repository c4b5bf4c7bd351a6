"""Spiders for single sites: outlets that no general reading does justice to. Pure; run in the parsing children."""

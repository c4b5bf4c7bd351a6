"""What feeds and pages have in common: bytes, fragments, dates, addresses. Pure."""

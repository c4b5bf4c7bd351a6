"""Article pages → articles, and home pages → the feeds they name. Pure; runs in the parsing children."""

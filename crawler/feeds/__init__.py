"""Feed documents → entries. Pure; runs in the parsing children."""

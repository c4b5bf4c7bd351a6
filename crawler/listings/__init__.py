"""The documents of every kind of source, read into entries. Pure."""

"""The watch language: read (grammar.py), put right (suggesting.py), written (printing.py), told (describing.py)."""

"""Watches as queries: the language (grammar.py), what it says (tree.py), and asking all of it of articles (index.py).

Which watches an article meets is always complete; of where it meets them, the first places of each field are kept.
"""

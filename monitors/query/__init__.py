"""Watches as queries: the language (grammar.py), what it says (tree.py), and asking it of articles.

index.py answers "which of all standing watches does this article meet?" fast; evaluation.py answers it for one
query slowly and obviously.
"""

"""Watches as queries: what they say (tree.py), as people type and read it (language/), what that asks of an
article (plan.py), and asking it: one query (question.py), all of them at once (index.py), and why (explaining.py).

Which watches an article meets is always complete; of where it meets them, the first places of each field are kept.
"""

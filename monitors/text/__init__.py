"""Text: how outside text is made safe, cut into words, and what each word answers to.

One analysis serves watches, articles, search and highlighting: words.py finds the words, folding.py and
clitics.py say what they answer to, analysis.py puts it together. cleaning.py stands at the door.
"""

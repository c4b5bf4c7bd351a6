"""The pictures of docs/telegram.md: a short story that the real bot is told, and how its messages look.

`python -m tests.screens --browser /usr/bin/chromium` makes them anew; test_pictures.py says when that is due.
"""

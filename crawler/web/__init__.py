"""The one way to the web: guarded, polite, tolerant of sloppy servers. Nothing else connects."""

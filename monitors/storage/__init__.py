"""Remember: every row Rasid keeps, on SQLite or PostgreSQL.

Functions here are synchronous, take a `Connection` and never commit: the caller's transaction is the unit of
truth (T1 save, T2 record, T3 settle). `engine.Database` runs them off the event loop.
"""

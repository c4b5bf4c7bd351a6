"""The only package that touches Telegram: one attempt, one poll, one question; imported only with a token."""

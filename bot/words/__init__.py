"""What the bot says, in Arabic and English: pure, from rows to text, entities and buttons."""

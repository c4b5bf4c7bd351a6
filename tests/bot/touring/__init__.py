"""A person who goes through every screen of the bot and presses every button, and what stands around them."""

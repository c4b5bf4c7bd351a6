"""Deliveries on their way out: claimed, paced, sent through a channel, settled."""

"""Parsing in children that can be killed: whatever reads outside bytes runs there."""

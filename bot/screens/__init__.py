"""Screens: what people see and do. Each gives words and buttons for a state, and holds the actions that change it."""

"""A collection of hostile outlets, each with a name: what the collecting role must live with."""

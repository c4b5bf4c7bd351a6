"""`rasid demo`: a small outlet on loopback, and the real service following it."""

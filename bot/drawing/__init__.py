"""Pictures drawn, in a process of its own: matplotlib takes a second and 100 MB, which the bot would never get back."""

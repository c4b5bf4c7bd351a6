"""One mistake each put right, on the query as it was typed: (query, position of the mistake) → query, or no guess."""

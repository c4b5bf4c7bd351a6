"""What people ask for, worked on inside the crawl role: visits, back-fills, looks at addresses."""

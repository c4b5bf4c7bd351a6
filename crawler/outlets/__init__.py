"""The catalogue: outlets by country, one TOML file each, and what is known of their pages."""

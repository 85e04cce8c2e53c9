"""Rating estimates: stars in, an estimate with its interval out, and how far each review is trusted."""

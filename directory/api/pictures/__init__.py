"""Pictures of pages for sites that link here (Open Graph), drawn on the server."""

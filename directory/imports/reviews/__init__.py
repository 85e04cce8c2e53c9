"""Reviews and averages of other sites into the directory."""

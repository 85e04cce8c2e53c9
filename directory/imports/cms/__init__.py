"""CMS's files of what providers bill Medicare for and where they are enrolled."""

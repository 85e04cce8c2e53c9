"""Who is excluded by the OIG's list, and who may be."""

"""Who is excluded by the OIG's list or Medi-Cal's, and who may be."""

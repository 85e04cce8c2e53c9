"""CMS's quarterly file of payment limits (average sales price + 6 %): what Medicare allows for a medicine."""

"""The pages of the guide that are text: one template each."""

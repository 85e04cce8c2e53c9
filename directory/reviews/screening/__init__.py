"""What programs detect in a text or about a review. Their findings sort and explain; people decide."""

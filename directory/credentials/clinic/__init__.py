"""What a clinic's representative does with credentials: enters, submits, renews and corrects them."""

"""Reviews from elsewhere: whom they are about, and what their sources allow. Pure."""

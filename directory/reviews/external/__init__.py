"""Reviews of other sites: whom they are about, and what their sources allow."""

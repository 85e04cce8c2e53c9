"""A credential entered by hand, or one to be checked anew: both become tasks of the queue."""

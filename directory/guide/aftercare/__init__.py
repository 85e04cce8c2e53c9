"""After an injection: what to do, what to watch for, and a calendar file of what comes next."""

"""What admins and other staff do about accounts: invitations, access, conflicts, and the pages of the log."""

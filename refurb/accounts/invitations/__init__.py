"""Who is asked to open an account: invitations, each a link for one person, once, for a week."""

"""What follows a donation, after the commit; one file per kind of letter."""

"""Tables from elsewhere, brought in on the first day: structures, donors, things to lend, borrowers."""

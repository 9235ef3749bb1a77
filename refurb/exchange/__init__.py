"""Tables from elsewhere, brought in on the first day: people, structures, donors, things to lend, borrowers."""

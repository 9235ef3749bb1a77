"""What it costs, and who pays: grants and costs, year by year."""

"""What the papers of a donation say, one file per paper."""

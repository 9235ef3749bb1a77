"""What leaves as waste: batches, collection, certificate, register."""

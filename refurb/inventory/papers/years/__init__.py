"""What a donor gave in a year, and the papers about it: bilan, attestation de réemploi, REEN report."""

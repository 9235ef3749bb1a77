"""What is done with the lists that donors send: kept, mapped, imported."""

"""Tax receipts: what a gift is worth and who says so, the receipt, the register; nothing without a legal basis (`directory/fiscal`)."""

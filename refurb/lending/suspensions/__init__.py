"""Who may borrow nothing for now, since when and why, until it is lifted."""

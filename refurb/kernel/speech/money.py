"""Money, as French papers write it."""


def euros_said(cents: int) -> str:
    """An amount: « 1 290,50 € »."""
    whole, rest = divmod(cents, 100)
    return f"{whole:,}".replace(",", "\u202f") + f",{rest:02d}\u202f€"

"""On which legal basis the territory may give tax receipts: who decided it, and when; without one there are none."""

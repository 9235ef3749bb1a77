"""The second factor: an application's codes, a printed card of codes, and the browsers that need not ask for a month."""

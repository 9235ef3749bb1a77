"""Who borrows: an adult, for oneself, a child or an organisation."""

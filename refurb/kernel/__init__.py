"""The mechanisms, each once; nothing here knows what a computer or a loan is."""

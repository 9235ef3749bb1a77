"""The pages of the checks and of their policy."""

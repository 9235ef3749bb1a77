"""What borrowers without an account are told of what they have, and what they do by the link of it."""

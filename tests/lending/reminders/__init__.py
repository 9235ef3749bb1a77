"""What borrowers are told of what they have, and what they do by their link."""

"""What somebody shows or leaves before things go out."""

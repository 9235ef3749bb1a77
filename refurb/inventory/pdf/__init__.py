"""What the workshop's papers say; one file per paper."""

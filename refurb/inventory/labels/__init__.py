"""The labels: their formats, their PDF, the sheets printed in advance."""

"""Papers that we issue: their frozen content, the PDF page and its HTML twin."""

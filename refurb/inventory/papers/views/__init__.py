"""The pages of the papers: the office issues them, the donor reads them."""

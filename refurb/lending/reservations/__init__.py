"""What is reserved: products, for days to come, by the desk for anybody."""

"""What people come for, counted one by one at the desk or at a stop, without anybody's name; and whether it helped them."""

"""What is done with donations, devices and drives, one file per noun."""

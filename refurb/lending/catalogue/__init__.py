"""What can be borrowed, for whoever comes without an account: free on which days, reserved by a name and a way to be reached."""

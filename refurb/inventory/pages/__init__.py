"""Where rooms meet: the page of a device, of a donation, the list, the scan."""

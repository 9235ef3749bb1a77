"""What happens once a device is with its family: what goes wrong, who answers, repair, swap, taking back."""

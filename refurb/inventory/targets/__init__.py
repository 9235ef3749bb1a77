"""What a machine is worth: grade, smallest configuration, Windows 11, as pure rules over a policy, and as kept with each device."""

"""Machines of the fablab, by the hour: slots, who may use which, what a session took, what is out of order."""

"""A machine: its identity, its flags, its gate, its life cycle and the sentences of its history."""

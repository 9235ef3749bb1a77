"""The rota of the vehicle: which stop it serves in which week, and on which days it really comes."""

"""Who is invited to a ceremony beside the families, and what each of both answered: a place in the room is one of an invitation's."""

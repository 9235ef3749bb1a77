"""A donation until its half-day: proposals, questions, acceptance, appointments, refused lots, and how its donor is reached."""

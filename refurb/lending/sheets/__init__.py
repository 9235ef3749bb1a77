"""Activity sheets: what to do with what is borrowed, shared between partners, with their author and their licence."""

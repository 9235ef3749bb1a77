"""On which days somebody is there: public holidays, closures, and the hours of each of our places."""

"""What is done about rotas, their stops, their closures and their passages."""

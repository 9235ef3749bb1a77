"""The figures: `make bench` measures the running service and prints one JSON object; progress goes to stderr."""

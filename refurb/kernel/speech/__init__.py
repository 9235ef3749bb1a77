"""What is said and how: words, sentences, refusals, codes, dates; the lowest floor of the kernel."""

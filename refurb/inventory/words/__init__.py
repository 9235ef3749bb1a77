"""The enumerations that every room speaks, each with its French word beside it; one file per noun."""

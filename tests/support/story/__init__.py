"""The story that tests tell: a small territory, its people, and what happens to its machines. One file per package's part."""

"""The stock: donations, devices, drives, erasures, checks, parts and labels."""

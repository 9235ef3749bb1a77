"""How the service meets browsers and programs: pages, forms, fields, the doors of the life cycles, the JSON door."""

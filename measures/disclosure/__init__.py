"""Raw counts in, released counts out. Nothing else can make a released count (DESIGN §7)."""

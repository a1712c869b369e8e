"""Files for people without the app: the light edition, the brief, the bundle, single pictures."""

"""Units (a tree), people, posts, roles, sign-in and rosters."""

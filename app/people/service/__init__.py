"""What people can do here: signing in, passwords, own settings; units, people, posts, roles."""

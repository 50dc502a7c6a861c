"""What people and the clock do to sittings and attempts: one function for each deed, called inside a unit of work."""

"""Planning, publishing and watching tests."""

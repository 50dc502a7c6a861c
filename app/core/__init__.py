"""What every part stands on: time, storage, units of work, audit, jobs, access. Knows no feature."""

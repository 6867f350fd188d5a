"""A course: chapters are released as assignments, and what comes back is graded."""

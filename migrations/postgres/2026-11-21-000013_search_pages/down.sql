-- Only SQLite's full-text index has pages of its own.
SELECT 1;

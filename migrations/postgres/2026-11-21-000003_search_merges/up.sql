-- Only SQLite's full-text index is merged in this way.
SELECT 1;

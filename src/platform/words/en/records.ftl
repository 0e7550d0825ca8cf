# Words of records.

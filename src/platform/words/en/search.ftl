# Words of search.

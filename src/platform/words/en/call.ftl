# Words of call.

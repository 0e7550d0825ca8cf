//! The order of the house, read from the source.

//! The house held to its own laws, and both databases to each other.

mod house;

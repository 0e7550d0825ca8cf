//! Who may reach what: every route of the router, for every role, on every kind of object.

mod matrix;
mod quiet;
mod routes;

pub use routes::{Route, routes, sample};

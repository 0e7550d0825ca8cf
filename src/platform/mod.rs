//! What could serve another product: it knows no word of service management.
//!
//! `kernel` is the small change of every room (time, errors, text), `db` the two databases behind
//! one gate each for reading and writing, `web` what every request passes through, `words` the
//! catalogue of interface text, `jobs` leases for scheduled work.

pub mod db;
pub mod files;
pub mod jobs;
pub mod kernel;
pub mod web;
pub mod words;

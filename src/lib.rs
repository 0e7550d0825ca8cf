//! Andon, a service desk. This is the map of the house; `ARCHITECTURE.md` has its laws.
//!
//! `platform` knows no word of service management. The shared slices (`journal` … `search`) attach
//! to any record and know no practice; `incidents`, `requests`, `problems` and `changes` are the
//! practices; `settings` administers; `follow` lists what follows from what; `app` assembles. A
//! slice uses only what stands before it here.

pub mod platform;

pub mod attachments;
pub mod entries;
pub mod journal;
pub mod people;
pub mod records;
pub mod search;
pub mod services;

pub mod changes;
pub mod incidents;
pub mod problems;
pub mod requests;
pub mod settings;

pub mod app;
pub mod follow;

pub mod schema;

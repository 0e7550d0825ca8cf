//! Stories, told to the whole product over HTTP and in a real browser.
//!
//! `app` is the harness: the real server on a database of its own, a client like a browser without
//! script, and people with roles. `structure` holds the house to its own laws; the other modules
//! tell stories, most of them on both databases.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)] // tests stop at the first surprise

mod access;
mod actions;
mod agreements;
mod app;
mod approvals;
mod backup;
mod bad_input;
mod browser;
mod canary;
mod ceilings;
mod changes;
mod clocks;
mod command_line;
mod contacts;
mod endings;
mod erase;
mod estate;
mod fair;
mod families;
mod handoff;
mod holds;
mod identity;
mod import;
mod instants;
mod jobs;
mod journal;
mod kind;
mod leave;
mod library;
mod life_cycle;
mod majors;
mod nothing_lost;
mod panics;
mod parked;
mod plans;
mod portal;
mod postmortems;
mod problems;
mod proposals;
mod reports;
mod restricted;
mod restricted_work;
mod settings_history;
mod stories;
mod structure;
mod tasks;
mod web;
mod words;

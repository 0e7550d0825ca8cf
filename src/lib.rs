//! Andon, a service desk. This is the map of the house; `ARCHITECTURE.md` has its laws.
//!
//! The order below is the law of the house: a slice uses only what stands before it. (The blank
//! lines keep it: without them the formatter sorts by name.)

/// Knows no word of service management: databases, web, words, files, jobs.
pub mod platform;

/// The tables, as diesel sees them; every slice uses its own.
pub mod schema;

// Shared slices: they attach to any record and know no practice.

/// Facts: what changed, chained.
pub mod journal;

/// Persons, teams, sessions, visitors, posted forms.
pub mod people;

/// Services, categories, codes, levels.
pub mod services;

/// Configuration items, what they depend on, suppliers.
pub mod items;

/// Replies and notes.
pub mod entries;

/// Files on records.
pub mod attachments;

/// Pieces of work on records.
pub mod tasks;

/// Agreements, calendars, clocks.
pub mod service_levels;

/// The spine: numbers, states, moves, links, watchers, the queue and the record page.
pub mod records;

/// Full text.
pub mod search;

/// What somebody is told of records here.
pub mod notifications;

/// Who has to say yes, and who did.
pub mod approvals;

// Practices: the words the users say.

/// Why something keeps failing, and what helps until it does not. Incidents are offered known errors.
pub mod problems;

/// Something that worked does not. Also the page for logging a call.
pub mod incidents;

/// Something is wanted.
pub mod requests;

/// Something is about to be altered.
pub mod changes;

/// What is learnt from what happened, and what is done about it.
pub mod postmortems;

// Over all of them.

/// What requesters see of their own records, and do.
pub mod portal;

/// What managers answer for: attainment, breaches, times, the flow of work, closed periods.
pub mod reports;

/// Administration pages.
pub mod settings;

/// What follows from what.
pub mod follow;

/// Assembly: the only place that knows everyone.
pub mod app;

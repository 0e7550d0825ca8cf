//! Reports: what managers answer for.
//!
//! *Attainment* is met of met and breached. A clock counts in the month its result became certain; what runs, what
//! ended without a stop and what was exempted stand beside it, and the five add up to *n*. Figures of records that
//! are restricted are in none of it. A *period* that was closed keeps its figures with their hash; what would be
//! otherwise today is a *correction*, told in the open period. `figures` is the one function behind page, file,
//! command line and closed period; docs/reports.md defines every word.

mod actions;
mod csv;
mod figures;
mod flow;
mod model;
mod pages;
mod rules;
mod store;
mod times;
pub mod verify;

pub use actions::{approve_exemption, ask_exemption, close_period, explain_breach};
pub use csv::figures as figures_csv;
pub use figures::{Answered, Frozen, answer};
pub use model::{Ask, By, Figures, Five, GroupBy, Narrow, Outcome, Period};
pub use pages::routes;

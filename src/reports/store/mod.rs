//! All SQL of the reports. They read what others keep and write one table of their own, the closed
//! periods.

mod agreed;
mod conditions;
mod due;
mod flow;
mod instants;
mod lists;
mod names;
mod periods;
mod scan;

pub use agreed::{Agreed, agreed};
pub use due::{DueRow, due_until, wakes_waiting};
pub use flow::{
    aged, arrived, counted_chased, counted_first_contact, ended, finished, holds, open_now,
};
pub use instants::{Said, instants};
pub use lists::{
    ClockRow, Clocks, Facet, RecordRow, breaches, changed_priority, clocks, records, titles,
    unexplained,
};
pub use names::names;
pub use periods::{
    Closed, all_ids, closed_between, closed_period, closed_periods, insert_closed, standings,
};
pub use scan::{Counted, held_by, outcomes, scan, superseded, targets_between};

//! Assembles what `andon verify` looks at: the journal, and every slice with journaled tables.

use crate::follow::practice_of;
use crate::journal::verify::{self, Ledger, Report, Summary};
use crate::platform::db::{Db, Store, Utc, dialect};
use crate::platform::jobs;
use crate::platform::kernel::error::Result;
use crate::records::Practices;
use crate::records::verify::{ClocksSeen, Detail, Records};
use crate::service_levels::RECOUNT;
use crate::{
    approvals, changes, incidents, items, people, postmortems, problems, records, reports,
    service_levels, services,
};

/// What the practices keep in tables of their own.
const DETAILS: &[Detail] = &[
    records::DETAIL,
    incidents::DETAIL,
    incidents::verify::INSTANTS,
    incidents::verify::MAJORS,
    changes::verify::DETAIL,
    problems::verify::DETAIL,
    postmortems::verify::DETAIL,
    postmortems::verify_items::DETAIL,
];

/// A checkpoint whose hash somebody wrote down elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub number: i64,
    /// In lower-case hex.
    pub hash: String,
}

/// Checks the whole journal in one view of the database, telling each line as it is found. Nothing
/// is written, and others go on working.
pub fn run(store: &Store, kept: &[Kept], line: &mut dyn FnMut(&str)) -> Result<Summary> {
    store.read_here(|r| {
        dialect::one_view(r)?;
        look(r, kept, line)
    })
}

/// Counts every clock of every record again, in one view of the database.
pub fn clocks(store: &Store, now: Utc, line: &mut dyn FnMut(&str)) -> Result<ClocksFound> {
    store.read_here(|r| {
        dialect::one_view(r)?;
        look_at_clocks(r, now, line)
    })
}

/// What was found of clocks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClocksFound {
    pub seen: ClocksSeen,
    pub differences: u64,
}

/// What [`clocks`] does, inside a transaction that sees one moment already.
pub fn look_at_clocks(conn: &mut Db, now: Utc, line: &mut dyn FnMut(&str)) -> Result<ClocksFound> {
    let mut report = Report::new(line);
    if jobs::is_requested(conn, RECOUNT, now)? {
        let said = "a change of them is still to be counted; what it moves differs until then";
        report.notes("agreements and calendars", said);
    }
    let seen = records::verify::verify_clocks(conn, now, &mut report)?;
    Ok(ClocksFound {
        seen,
        differences: report.summary.differences,
    })
}

/// What [`run`] does, inside a transaction that sees one moment already.
pub fn look(conn: &mut Db, kept: &[Kept], line: &mut dyn FnMut(&str)) -> Result<Summary> {
    let mut report = Report::new(line);
    let mut records = Records::new(Practices(practice_of), DETAILS);
    let mut teams = people::verify::Teams::default();
    let mut settings = services::verify::Settings::default();
    let mut rows = [
        people::verify::PEOPLE,
        people::verify::ORGANISATIONS,
        people::verify::LOCATIONS,
        services::verify::SERVICES,
        services::verify::CATEGORIES,
        services::verify::CODES,
        items::verify::SUPPLIERS,
        reports::verify::CLOSED_PERIODS,
        changes::verify::FREEZES,
        postmortems::verify::RULES,
        changes::verify::MAINTENANCE,
        changes::verify::TEMPLATES,
        approvals::verify::POLICIES,
        approvals::verify::BOARDS,
    ];
    let mut items = items::verify::Items::default();
    let mut calendars = service_levels::verify::calendars();
    let mut agreements = service_levels::verify::agreements();
    let mut ledgers: Vec<&mut dyn Ledger> = vec![
        &mut records,
        &mut teams,
        &mut settings,
        &mut items,
        &mut calendars,
        &mut agreements,
    ];
    ledgers.extend(rows.iter_mut().map(|rows| rows as &mut dyn Ledger));
    verify::verify_chains(conn, &mut ledgers, &mut report)?;
    approvals::verify::verify_rounds(conn, &mut report)?;
    verify::verify_checkpoints(conn, &mut report)?;
    for kept in kept {
        verify::verify_kept(conn, kept.number, &kept.hash, &mut report)?;
    }
    Ok(report.summary)
}

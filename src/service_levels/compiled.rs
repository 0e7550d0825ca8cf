//! The catalogue, compiled once for a revision of the definitions and shared by everybody in this
//! process. The database says which revision holds, in the transaction that asks.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use uuid::Uuid;

use super::clock::{Catalogue, NoCatalogue, StoredAgreement, StoredCalendar};
use super::kept::All;
use super::store::definitions;
use crate::platform::db::{Db, Utc};
use crate::platform::kernel::error::{Error, Result};

/// How many revisions are kept: one and its forerunner, and the desks that tests run beside it.
const KEPT: usize = 16;

static COMPILED: Mutex<VecDeque<(Uuid, Arc<Catalogue>)>> = Mutex::new(VecDeque::new());

/// What holds now; nothing where nothing was ever defined.
pub fn catalogue(conn: &mut Db) -> Result<Option<Arc<Catalogue>>> {
    let revision = definitions::revision(conn)?;
    if revision.is_nil() {
        return Ok(None);
    }
    if let Some(known) = known(revision) {
        return Ok(Some(known));
    }
    let made = Arc::new(of(&definitions::all(conn)?)?);
    let mut compiled = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
    if compiled.len() == KEPT {
        compiled.pop_back();
    }
    compiled.push_front((revision, Arc::clone(&made)));
    Ok(Some(made))
}

fn known(revision: Uuid) -> Option<Arc<Catalogue>> {
    let compiled = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
    let found = compiled.iter().find(|(known, _)| *known == revision);
    found.map(|(_, catalogue)| Arc::clone(catalogue))
}

/// The job that counts clocks again after a definition was saved.
pub const RECOUNT: &str = "recount_clocks";

/// When a version that is saved already begins to hold next: what it moves is counted again then.
pub fn next_beginning(conn: &mut Db, now: Utc) -> Result<Utc> {
    let all = definitions::all(conn)?;
    let calendars = all.calendars.iter().flat_map(|kept| &kept.versions);
    let begins = calendars.map(|version| version.from_at);
    let agreements = all.agreements.iter().flat_map(|kept| &kept.versions);
    let begins = begins.chain(agreements.map(|version| version.from_at));
    Ok(begins.filter(|at| *at > now).min().unwrap_or(Utc::FAR))
}

/// The calendars among definitions, where none of them is wrong: what an agreement is checked with.
pub fn calendars(all: &All) -> Option<Catalogue> {
    Catalogue::of(&stored_calendars(all), &[]).ok()
}

fn stored_calendars(all: &All) -> Vec<StoredCalendar> {
    all.calendars
        .iter()
        .flat_map(|kept| {
            kept.effective()
                .into_iter()
                .map(move |version| StoredCalendar {
                    calendar: kept.id.uuid(),
                    version: version.id,
                    from_at: version.from_at,
                    definition: version.definition.clone(),
                })
        })
        .collect()
}

/// Definitions made ready for clocks.
pub fn of(all: &All) -> Result<Catalogue> {
    let calendars = stored_calendars(all);
    let agreements: Vec<StoredAgreement> = all
        .agreements
        .iter()
        .flat_map(|kept| {
            kept.effective()
                .into_iter()
                .map(move |version| StoredAgreement {
                    agreement: kept.id.uuid(),
                    version: version.id,
                    from_at: version.from_at,
                    saved_at: version.saved_at,
                    is_retired: version.is_retired,
                    definition: version.definition.clone(),
                })
        })
        .collect();
    Catalogue::of(&calendars, &agreements).map_err(|why| {
        Error::inward(match why {
            NoCatalogue::Zone { calendar, zone } => {
                format!("calendar {calendar} has a zone that is not known: {zone}")
            }
            NoCatalogue::Calendar(id) => format!("there is no calendar {id}"),
        })
    })
}

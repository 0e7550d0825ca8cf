//! Whether what an agreement names is there, and what it is called.

use crate::items;
use crate::people;
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::{Error, Invalid, Message, Result};
use crate::service_levels::fields::Named;
use crate::service_levels::kept::{All, Kept};
use crate::service_levels::{Agreement, Tell};
use crate::services::{self, CodeList, Scale};

/// What is called how, among what will be there.
pub struct Labels<'a>(&'a All);

impl<'a> Labels<'a> {
    pub fn of(all: &'a All) -> Self {
        Self(all)
    }

    pub fn find(&self, conn: &mut Db, named: Named) -> Result<String> {
        Ok(match named {
            Named::Service(id) => services::find_service(conn, Id::from_uuid(id))?.name,
            Named::Organisation(id) => people::find_organisation(conn, Id::from_uuid(id))?.name,
            Named::Category(id) => services::find_category(conn, Id::from_uuid(id))?.name,
            Named::Team(id) => people::team_name(conn, Id::from_uuid(id))?,
            Named::Supplier(id) => items::find_supplier(conn, Id::from_uuid(id))?.name,
            Named::Calendar(id) => {
                let of = |kept: &&Kept<_>| kept.id.uuid() == id;
                let kept = self.0.calendars.iter().find(of);
                kept.map_or_else(String::new, |kept| kept.name.clone())
            }
        })
    }
}

/// What is newly named must be there and enabled; what was named before may have been disabled since.
pub fn check(
    conn: &mut Db,
    was: Option<&Kept<Agreement>>,
    agreement: &Agreement,
    invalid: &mut Invalid,
) -> Result<()> {
    let was = was.and_then(Kept::latest).map(|v| &v.definition);
    let covers = &agreement.covers;
    let before = was.map(|a| a.covers.clone()).unwrap_or_default();
    let mut gone = |field, is_there: bool| {
        if !is_there {
            invalid.add(field, "error-no-longer-there");
        }
    };
    if let Some(id) = newly(covers.service, before.service) {
        let found = services::find_service(conn, Id::from_uuid(id));
        gone("service", enabled(found, |s| s.disabled_at.is_none())?);
    }
    if let Some(id) = newly(covers.organisation, before.organisation) {
        let found = people::find_organisation(conn, Id::from_uuid(id));
        gone("organisation", enabled(found, |o| o.disabled_at.is_none())?);
    }
    if let Some(id) = newly(covers.category, before.category) {
        let found = services::find_category(conn, Id::from_uuid(id));
        gone("category", enabled(found, |c| c.disabled_at.is_none())?);
    }
    if let Some(id) = newly(covers.team, before.team) {
        let found = people::find_team(conn, Id::from_uuid(id));
        gone("team", enabled(found, |t| t.disabled_at.is_none())?);
    }
    if let Some(priority) = newly(covers.priority, before.priority) {
        let levels = services::list_levels(conn, Scale::Priority)?;
        gone("priority", levels.iter().any(|l| l.level == priority));
    }
    if let Some(id) = newly(covers.supplier, before.supplier) {
        let found = items::find_supplier(conn, Id::from_uuid(id));
        gone("supplier", enabled(found, |s| s.disabled_at.is_none())?);
    }
    let codes = services::list_codes(conn, CodeList::Hold)?;
    let pauses = was.map_or(&[][..], |a| &a.pauses);
    for code in agreement.pauses.iter().filter(|c| !pauses.contains(c)) {
        if codes.iter().all(|c| c.code != *code) {
            invalid.add(
                "pauses",
                Message::new("levels-unknown-pause").arg("code", code),
            );
        }
    }
    check_told(conn, was, agreement, invalid)
}

fn check_told(
    conn: &mut Db,
    was: Option<&Agreement>,
    agreement: &Agreement,
    invalid: &mut Invalid,
) -> Result<()> {
    let told = |agreement: &Agreement| {
        let tell = agreement.steps.iter().flat_map(|s| s.tell.clone());
        tell.collect::<Vec<_>>()
    };
    let before = was.map(told).unwrap_or_default();
    for tell in told(agreement).iter().filter(|tell| !before.contains(tell)) {
        let Tell::Person(id) = tell else { continue };
        let found = people::find_person(conn, Id::from_uuid(*id));
        if !enabled(found, |p| p.disabled_at.is_none())? {
            invalid.add("steps", "error-no-longer-there");
        }
    }
    Ok(())
}

fn newly<T: PartialEq>(now: Option<T>, before: Option<T>) -> Option<T> {
    if now == before { None } else { now }
}

fn enabled<T>(found: Result<T>, is_enabled: impl Fn(&T) -> bool) -> Result<bool> {
    match found {
        Ok(found) => Ok(is_enabled(&found)),
        Err(Error::NotFound) => Ok(false),
        Err(e) => Err(e),
    }
}

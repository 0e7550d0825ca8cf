//! A file of people, planned and written.
//!
//! Whoever has the same staff number, or else the same mail address, is meant. Line managers are set
//! last, from the top of the house down: whoever is above somebody has their own manager by then, so
//! that two who change places do not stand in a circle in between.

mod managers;
mod rows;

use std::collections::HashMap;
use std::ops::Range;

use super::table::{Row, Table};
use super::{Candidate, Line, Summary, pieces, reject};
use crate::people::actions::{By, add_location, add_organisation, add_person, edit_person};
use crate::people::meanwhile::Edit;
use crate::people::{self, LocationForm, OrganisationForm, Person, PersonForm, Visitor};
use crate::platform::db::{Db, Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Result};
use crate::platform::kernel::text;
use rows::{Known, Places, changes, checked, form_of};

/// The columns that are known; the first must be there.
pub const COLUMNS: &[&str] = &[
    "name",
    "mail",
    "phone",
    "staff_number",
    "organisation",
    "location",
    "manager",
    "vip",
];
const NAME: usize = 0;
const MAIL: usize = 1;
const PHONE: usize = 2;
const STAFF_NUMBER: usize = 3;
const ORGANISATION: usize = 4;
const LOCATION: usize = 5;
const MANAGER: usize = 6;
const VIP: usize = 7;

/// A file of people, planned.
pub struct Plan {
    pub summary: Summary,
    pub(super) steps: Vec<Step>,
    organisations: Vec<String>,
    locations: Vec<String>,
    writes: Vec<Planned>,
    links: Vec<Link>,
}

/// What is written in one transaction.
pub(super) enum Step {
    Organisations(Range<usize>),
    Locations(Range<usize>),
    People(Range<usize>),
    Managers(Range<usize>),
}

/// A row that adds or changes somebody. The manager comes later.
struct Planned {
    person: Option<(Id<Person>, PersonForm)>,
    asked: PersonForm,
    /// A place that is new too.
    organisation: Option<String>,
    location: Option<String>,
}

/// Who gets which line manager; `None` for nobody.
struct Link {
    person: Key,
    manager: Option<Key>,
}

/// By what somebody is found when it is written.
#[derive(Clone)]
enum Key {
    Known(Id<Person>),
    Staff(String),
    Mail(String),
}

/// A row that is still good.
struct Entry {
    row: Row,
    vip: Option<bool>,
    person: Option<Person>,
    out: bool,
}

impl Entry {
    fn key(&self) -> Key {
        match (&self.person, self.row.cell(STAFF_NUMBER)) {
            (Some(person), _) => Key::Known(person.id),
            (None, Some(number)) if !number.is_empty() => Key::Staff(number.to_owned()),
            (None, _) => Key::Mail(text::fold(self.row.cell(MAIL).unwrap_or_default())),
        }
    }
}

impl Candidate for Entry {
    fn row(&self) -> &Row {
        &self.row
    }

    fn put_out(&mut self) {
        self.out = true;
    }
}

/// Plans the rows of a file against who is there.
pub fn plan(conn: &mut Db, table: Table) -> Result<Plan> {
    let mut summary = Summary::begun(table.ignored, table.rejected);
    let mut entries = checked(table.rows, &mut summary);
    let known = Known::read(conn, &entries)?;
    for entry in &mut entries {
        match known.meant(&entry.row) {
            Ok(person) => entry.person = person.cloned(),
            Err(why) => reject(entry, why, &mut summary),
        }
    }
    let mut places = Places::read(conn)?;
    let default_zone = people::default_zone(conn)?;
    let mut planned: Vec<Option<Planned>> = Vec::with_capacity(entries.len());
    for entry in &mut entries {
        planned.push(
            match (entry.out, form_of(entry, &mut places, &default_zone)) {
                (true, _) => None,
                (false, Ok(planned)) => Some(planned),
                (false, Err(why)) => {
                    reject(entry, why, &mut summary);
                    None
                }
            },
        );
    }
    let links = managers::plan(conn, &mut entries, &known, &mut summary)?;
    let mut plan = Plan {
        summary,
        steps: Vec::new(),
        organisations: Vec::new(),
        locations: Vec::new(),
        writes: Vec::new(),
        links: Vec::new(),
    };
    plan.gather(entries, planned, links, &places);
    Ok(plan)
}

impl Plan {
    /// Says what becomes of every row, and keeps what is to be written.
    fn gather(
        &mut self,
        entries: Vec<Entry>,
        planned: Vec<Option<Planned>>,
        mut links: HashMap<usize, managers::Planned>,
        places: &Places,
    ) {
        let mut ordered = Vec::new();
        for (at, (entry, planned)) in entries.into_iter().zip(planned).enumerate() {
            let Some(planned) = planned.filter(|_| !entry.out) else {
                continue;
            };
            for (name, into) in [
                (&planned.organisation, &mut self.organisations),
                (&planned.location, &mut self.locations),
            ] {
                if let Some(name) = name
                    && !into.iter().any(|n| text::fold(n) == text::fold(name))
                {
                    into.push(name.clone());
                }
            }
            let link = links.remove(&at);
            let mut line = Line {
                line: entry.row.line,
                what: planned.asked.name.clone(),
                changes: Vec::new(),
                why: None,
            };
            match &planned.person {
                None => self.summary.add(line),
                Some((_, before)) => {
                    line.changes = changes(before, &planned, places);
                    line.changes
                        .extend(link.as_ref().map(|l| l.changed.clone()));
                    if line.changes.is_empty() {
                        self.summary.counts.unchanged += 1;
                        continue;
                    }
                    self.summary.change(line);
                }
            }
            if let Some(link) = link {
                ordered.push((link.depth, link.link));
            }
            self.writes.push(planned);
        }
        ordered.sort_by_key(|(depth, _)| *depth);
        self.links = ordered.into_iter().map(|(_, link)| link).collect();
        for (key, names) in [
            ("settings-organisations", &self.organisations),
            ("settings-locations", &self.locations),
        ] {
            if !names.is_empty() {
                self.summary.places.push((key, names.clone()));
            }
        }
        self.steps
            .extend(pieces(self.organisations.len()).map(Step::Organisations));
        self.steps
            .extend(pieces(self.locations.len()).map(Step::Locations));
        self.steps
            .extend(pieces(self.writes.len()).map(Step::People));
        self.steps
            .extend(pieces(self.links.len()).map(Step::Managers));
    }

    pub(super) fn write(
        &self,
        w: &mut Write<'_>,
        visitor: &Visitor,
        ctx: &Ctx,
        step: usize,
    ) -> Result<()> {
        let by = By::Visitor(visitor);
        match self.steps.get(step) {
            None => {}
            Some(Step::Organisations(range)) => {
                for name in self.organisations.get(range.clone()).unwrap_or_default() {
                    if people::find_organisation_by_name(w, name)?.is_none() {
                        let form = OrganisationForm {
                            name: name.clone(),
                            disabled: false,
                        };
                        add_organisation(w, by, ctx, &form)?;
                    }
                }
            }
            Some(Step::Locations(range)) => {
                for name in self.locations.get(range.clone()).unwrap_or_default() {
                    if people::find_location_by_name(w, name)?.is_none() {
                        let form = LocationForm {
                            name: name.clone(),
                            ..LocationForm::default()
                        };
                        add_location(w, by, ctx, &form)?;
                    }
                }
            }
            Some(Step::People(range)) => {
                for planned in self.writes.get(range.clone()).unwrap_or_default() {
                    write_person(w, by, ctx, planned)?;
                }
            }
            Some(Step::Managers(range)) => {
                for link in self.links.get(range.clone()).unwrap_or_default() {
                    write_manager(w, by, ctx, link)?;
                }
            }
        }
        Ok(())
    }
}

fn write_person(w: &mut Write<'_>, by: By<'_>, ctx: &Ctx, planned: &Planned) -> Result<()> {
    let mut asked = planned.asked.clone();
    if let Some(name) = &planned.organisation {
        asked.organisation = people::find_organisation_by_name(w, name)?.map(|o| o.id);
    }
    if let Some(name) = &planned.location {
        asked.location = people::find_location_by_name(w, name)?.map(|l| l.id);
    }
    match &planned.person {
        None => drop(add_person(w, by, ctx, &asked)?),
        Some((id, seen)) => {
            let edit = Edit {
                seen: seen.clone(),
                asked,
            };
            edit_person(w, by, ctx, *id, &edit)?;
        }
    }
    Ok(())
}

fn write_manager(w: &mut Write<'_>, by: By<'_>, ctx: &Ctx, link: &Link) -> Result<()> {
    let person = found(w, &link.person)?;
    let manager = match &link.manager {
        Some(key) => Some(found(w, key)?.id),
        None => None,
    };
    let seen = PersonForm::of(&person);
    let asked = PersonForm {
        manager,
        ..seen.clone()
    };
    edit_person(w, by, ctx, person.id, &Edit { seen, asked })?;
    Ok(())
}

fn found(conn: &mut Db, key: &Key) -> Result<Person> {
    let found = match key {
        Key::Known(id) => return people::find_person(conn, *id),
        Key::Staff(number) => people::people_by_keys(conn, std::slice::from_ref(number), &[])?,
        Key::Mail(mail) => people::people_by_keys(conn, &[], std::slice::from_ref(mail))?,
    };
    found.into_iter().next().ok_or(Error::NotFound)
}

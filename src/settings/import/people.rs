//! A file of people, planned and written.
//!
//! Whoever has the same staff number, or else the same mail address, is meant. Line managers are set
//! last, from the top of the house down: whoever is above somebody has their own manager by then, so
//! that two who change places do not stand in a circle in between.

mod managers;

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use super::table::{Row, Table};
use super::{Changed, Line, Summary, pieces};
use crate::people::actions::{By, add_location, add_organisation, add_person, edit_person};
use crate::people::meanwhile::Edit;
use crate::people::{self, LocationForm, OrganisationForm, Person, PersonForm, Visitor};
use crate::platform::db::{Db, Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Message, Result};
use crate::platform::kernel::text;
use crate::platform::words;

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

/// Plans the rows of a file against who is there.
pub fn plan(conn: &mut Db, table: Table) -> Result<Plan> {
    let mut summary = Summary {
        ignored: table.ignored,
        ..Summary::default()
    };
    for line in table.rejected {
        summary.counts.rejected += 1;
        summary.rejected.push(line);
    }
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
        Key::Staff(number) => people::people_by_keys(conn, &[number.clone()], &[])?,
        Key::Mail(mail) => people::people_by_keys(conn, &[], &[mail.clone()])?,
    };
    found.into_iter().next().ok_or(Error::NotFound)
}

fn reject(entry: &mut Entry, why: Message, summary: &mut Summary) {
    entry.out = true;
    summary.reject(entry.row.line, entry.row.what(), why);
}

/// The rows that have a key nobody else in the file has.
fn checked(rows: Vec<Row>, summary: &mut Summary) -> Vec<Entry> {
    let mut seen: HashMap<(usize, String), u64> = HashMap::new();
    let mut entries = Vec::with_capacity(rows.len());
    for row in rows {
        let mut why = None;
        let number = row.cell(STAFF_NUMBER).unwrap_or_default().to_owned();
        let mail = text::fold(row.cell(MAIL).unwrap_or_default());
        if number.is_empty() && mail.is_empty() {
            why = Some(Message::new("import-why-no-key"));
        }
        if row.cell(NAME).unwrap_or_default().is_empty() {
            why = Some(Message::new("import-why-no-name"));
        }
        for (column, key) in [(STAFF_NUMBER, number), (MAIL, mail)] {
            if key.is_empty() || why.is_some() {
                continue;
            }
            if let Some(line) = seen.insert((column, key), row.line) {
                let field = COLUMNS.get(column).copied().unwrap_or_default();
                let message = Message::new("import-why-duplicate").arg("line", line);
                why = Some(message.arg("field", field));
            }
        }
        let vip = row.cell(VIP).map(yes_or_no);
        if let Some(Err(value)) = &vip {
            let message = Message::new("import-why-not-yes-no").arg("field", "vip");
            why = why.or(Some(message.arg("value", value)));
        }
        match why {
            Some(why) => summary.reject(row.line, row.what(), why),
            None => entries.push(Entry {
                vip: vip.and_then(std::result::Result::ok),
                row,
                person: None,
                out: false,
            }),
        }
    }
    entries
}

fn yes_or_no(cell: &str) -> Result<bool, String> {
    match cell.to_lowercase().as_str() {
        "" | "no" | "n" | "false" | "0" => Ok(false),
        "yes" | "y" | "true" | "1" | "x" => Ok(true),
        _ => Err(cell.to_owned()),
    }
}

/// Everybody the file names, as they are now.
struct Known {
    people: Vec<Person>,
    by_staff: HashMap<String, usize>,
    by_mail: HashMap<String, usize>,
}

impl Known {
    fn read(conn: &mut Db, entries: &[Entry]) -> Result<Self> {
        let mut known = Known {
            people: Vec::new(),
            by_staff: HashMap::new(),
            by_mail: HashMap::new(),
        };
        for piece in pieces(entries.len()) {
            let mut numbers = Vec::new();
            let mut mails = Vec::new();
            for entry in entries.get(piece).unwrap_or_default() {
                let manager = entry.row.cell(MANAGER);
                numbers.extend(entry.row.cell(STAFF_NUMBER).map(str::to_owned));
                numbers.extend(manager.map(str::to_owned));
                mails.extend(entry.row.cell(MAIL).map(text::fold));
                mails.extend(manager.map(text::fold));
            }
            for list in [&mut numbers, &mut mails] {
                list.retain(|key| !key.is_empty());
                list.sort_unstable();
                list.dedup();
            }
            for person in people::people_by_keys(conn, &numbers, &mails)? {
                known.take(person);
            }
        }
        Ok(known)
    }

    fn take(&mut self, person: Person) {
        let at = self.people.len();
        if let Some(number) = &person.staff_number {
            self.by_staff.insert(number.clone(), at);
        }
        if !person.mail.is_empty() {
            self.by_mail.insert(text::fold(&person.mail), at);
        }
        self.people.push(person);
    }

    fn by_staff(&self, number: &str) -> Option<&Person> {
        self.by_staff
            .get(number)
            .and_then(|at| self.people.get(*at))
    }

    fn by_mail(&self, mail: &str) -> Option<&Person> {
        self.by_mail
            .get(&text::fold(mail))
            .and_then(|at| self.people.get(*at))
    }

    /// Whom a row is about. A mail address that is somebody else's is a mistake of the file.
    fn meant(&self, row: &Row) -> Result<Option<&Person>, Message> {
        let number = row.cell(STAFF_NUMBER).filter(|number| !number.is_empty());
        let by_staff = number.and_then(|number| self.by_staff(number));
        let by_mail = row.cell(MAIL).and_then(|mail| self.by_mail(mail));
        match (by_staff, by_mail) {
            (Some(staff), Some(mail)) if staff.id != mail.id => {
                Err(Message::new("import-why-mail-of").arg("name", &mail.name))
            }
            (None, Some(mail)) if number.is_some() && mail.staff_number.is_some() => {
                Err(Message::new("import-why-mail-of").arg("name", &mail.name))
            }
            (staff, mail) => Ok(staff.or(mail)),
        }
    }
}

/// Organisations and locations by their folded names: id, name as it is, and whether disabled.
struct Places {
    organisations: BTreeMap<String, (Id<people::Organisation>, String, bool)>,
    locations: BTreeMap<String, (Id<people::Location>, String, bool)>,
}

impl Places {
    fn read(conn: &mut Db) -> Result<Self> {
        Ok(Self {
            organisations: people::list_organisations(conn)?
                .into_iter()
                .map(|o| (text::fold(&o.name), (o.id, o.name, o.disabled_at.is_some())))
                .collect(),
            locations: people::list_locations(conn)?
                .into_iter()
                .map(|l| (text::fold(&l.name), (l.id, l.name, l.disabled_at.is_some())))
                .collect(),
        })
    }
}

/// What a cell says of a place: leave it, none, one that is there, or a new one by its name.
enum Place<T: 'static> {
    Left,
    None,
    There(Id<T>),
    New(String),
}

fn place<T: 'static>(
    cell: Option<&str>,
    known: &BTreeMap<String, (Id<T>, String, bool)>,
    present: Option<Id<T>>,
    field: &'static str,
) -> Result<Place<T>, Message> {
    match cell {
        None => Ok(Place::Left),
        Some("") => Ok(Place::None),
        Some(name) => match known.get(&text::fold(name)) {
            Some((id, _, false)) => Ok(Place::There(*id)),
            Some((id, _, true)) if present == Some(*id) => Ok(Place::There(*id)),
            Some((_, name, true)) => Err(Message::new("import-why-disabled")
                .arg("field", field)
                .arg("value", name)),
            None => Ok(Place::New(name.to_owned())),
        },
    }
}

/// What somebody is to be, by the row and what they are.
fn form_of(entry: &Entry, places: &mut Places, zone: &str) -> Result<Planned, Message> {
    let row = &entry.row;
    let before = entry.person.as_ref().map(|p| (p.id, PersonForm::of(p)));
    let mut asked = match &before {
        Some((_, now)) => now.clone(),
        None => PersonForm {
            language: words::DEFAULT.to_owned(),
            zone: zone.to_owned(),
            ..PersonForm::default()
        },
    };
    for (column, field) in [
        (NAME, &mut asked.name),
        (MAIL, &mut asked.mail),
        (PHONE, &mut asked.phone),
        (STAFF_NUMBER, &mut asked.staff_number),
    ] {
        if let Some(cell) = row.cell(column) {
            cell.clone_into(field);
        }
    }
    asked.vip = entry.vip.unwrap_or(asked.vip);
    let (mut organisation, mut location) = (None, None);
    match place(
        row.cell(ORGANISATION),
        &places.organisations,
        asked.organisation,
        "organisation",
    )? {
        Place::Left => {}
        Place::None => asked.organisation = None,
        Place::There(id) => asked.organisation = Some(id),
        Place::New(name) => organisation = Some(name),
    }
    match place(
        row.cell(LOCATION),
        &places.locations,
        asked.location,
        "location",
    )? {
        Place::Left => {}
        Place::None => asked.location = None,
        Place::There(id) => asked.location = Some(id),
        Place::New(name) => location = Some(name),
    }
    for name in [&organisation, &location].into_iter().flatten() {
        let form = LocationForm {
            name: name.clone(),
            ..LocationForm::default()
        };
        people::check_location(&form).map_err(first_of)?;
    }
    let asked = people::check_person(&asked).map_err(first_of)?;
    Ok(Planned {
        person: before,
        asked,
        organisation,
        location,
    })
}

/// The first thing wrong, with the field it is about.
fn first_of(e: Error) -> Message {
    match e {
        Error::Invalid(invalid) => {
            let first = invalid.0.into_iter().next();
            first.map_or(Message::new("error-invalid"), |(_, message)| message)
        }
        _ => Message::new("error-invalid"),
    }
}

/// What a row changes of somebody, in words. The manager is told apart.
fn changes(before: &PersonForm, planned: &Planned, places: &Places) -> Vec<Changed> {
    let after = &planned.asked;
    let organisation = |id: Option<Id<people::Organisation>>| {
        let found = places.organisations.values().find(|(o, ..)| Some(*o) == id);
        found.map_or_else(String::new, |(_, name, _)| name.clone())
    };
    let location = |id: Option<Id<people::Location>>| {
        let found = places.locations.values().find(|(l, ..)| Some(*l) == id);
        found.map_or_else(String::new, |(_, name, _)| name.clone())
    };
    let flag = |on: bool| if on { "✓" } else { "" }.to_owned();
    let new = |name: &Option<String>, there: String| name.clone().unwrap_or(there);
    [
        ("field-name", before.name.clone(), after.name.clone()),
        ("field-mail", before.mail.clone(), after.mail.clone()),
        ("field-phone", before.phone.clone(), after.phone.clone()),
        (
            "field-staff-number",
            before.staff_number.clone(),
            after.staff_number.clone(),
        ),
        (
            "field-organisation",
            organisation(before.organisation),
            new(&planned.organisation, organisation(after.organisation)),
        ),
        (
            "field-location",
            location(before.location),
            new(&planned.location, location(after.location)),
        ),
        ("field-vip", flag(before.vip), flag(after.vip)),
    ]
    .into_iter()
    .filter(|(_, before, after)| before != after)
    .map(|(field, before, after)| Changed {
        field,
        before,
        after,
    })
    .collect()
}

//! The rows of a file of people, each understood: whom it is about, and what they are to be.

use std::collections::{BTreeMap, HashMap};

use super::{
    COLUMNS, Entry, LOCATION, MAIL, MANAGER, NAME, ORGANISATION, PHONE, Planned, STAFF_NUMBER, VIP,
};
use crate::people::{self, LocationForm, Person, PersonForm};
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::{Message, Result};
use crate::platform::kernel::text;
use crate::platform::words;
use crate::settings::import::table::Row;
use crate::settings::import::{Changed, Summary, first_of, pieces};

/// The rows that have a key nobody else in the file has.
pub(super) fn checked(rows: Vec<Row>, summary: &mut Summary) -> Vec<Entry> {
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
pub(super) struct Known {
    pub people: Vec<Person>,
    by_staff: HashMap<String, usize>,
    by_mail: HashMap<String, usize>,
}

impl Known {
    pub fn read(conn: &mut Db, entries: &[Entry]) -> Result<Self> {
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

    pub fn by_staff(&self, number: &str) -> Option<&Person> {
        self.by_staff
            .get(number)
            .and_then(|at| self.people.get(*at))
    }

    pub fn by_mail(&self, mail: &str) -> Option<&Person> {
        self.by_mail
            .get(&text::fold(mail))
            .and_then(|at| self.people.get(*at))
    }

    /// Whom a row is about. A mail address that is somebody else's is a mistake of the file.
    pub fn meant(&self, row: &Row) -> Result<Option<&Person>, Message> {
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
pub(super) struct Places {
    organisations: BTreeMap<String, (Id<people::Organisation>, String, bool)>,
    locations: BTreeMap<String, (Id<people::Location>, String, bool)>,
}

impl Places {
    pub fn read(conn: &mut Db) -> Result<Self> {
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
pub(super) fn form_of(entry: &Entry, places: &mut Places, zone: &str) -> Result<Planned, Message> {
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

/// What a row changes of somebody, in words. The manager is told apart.
pub(super) fn changes(before: &PersonForm, planned: &Planned, places: &Places) -> Vec<Changed> {
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

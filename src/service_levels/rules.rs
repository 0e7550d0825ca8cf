//! Pure: what may become of calendars and agreements, and what they are then.

use uuid::Uuid;

use super::calendar::faults;
use super::clock::Catalogue;
use super::kept::{All, Kept, Version};
use super::terms::{agreement_faults, clash};
use super::{Agreement, Calendar};
use crate::platform::db::{Id, Utc};
use crate::platform::kernel::error::{Invalid, Message};
use crate::platform::kernel::text;

/// Characters of a name.
pub const NAME_MAX: usize = 200;

/// What somebody wants to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted<D: 'static> {
    /// Of what is there, or a new one.
    pub id: Id<Kept<D>>,
    pub definition: D,
    /// From when on; from now on where nobody says.
    pub from: Option<Utc>,
    pub is_retired: bool,
}

/// What a wish comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saving {
    Added,
    Changed,
    Unchanged,
}

/// What has versions and a name.
pub trait Defined: Clone + PartialEq {
    fn name(&self) -> &str;
}

impl Defined for Calendar {
    fn name(&self) -> &str {
        &self.name
    }
}

impl Defined for Agreement {
    fn name(&self) -> &str {
        &self.name
    }
}

/// Puts what is wanted into what is there: one more version, or nothing where all of it holds already.
pub fn put<D: Defined>(
    all: &mut Vec<Kept<D>>,
    wanted: &Wanted<D>,
    now: Utc,
    invalid: &mut Invalid,
) -> Saving {
    let at = all.iter().position(|kept| kept.id == wanted.id);
    check_name(all, wanted, invalid);
    let version = |number, from_at| Version {
        id: Uuid::now_v7(),
        number,
        from_at,
        saved_at: now,
        is_retired: wanted.is_retired,
        definition: wanted.definition.clone(),
    };
    let Some(kept) = at.and_then(|at| all.get_mut(at)) else {
        let from = wanted.from.unwrap_or(now);
        check_year(from, now, invalid);
        all.push(Kept {
            id: wanted.id,
            name: wanted.definition.name().to_owned(),
            is_retired: wanted.is_retired,
            versions: vec![version(1, from)],
        });
        return Saving::Added;
    };
    if is_there(kept, wanted, now) {
        return Saving::Unchanged;
    }
    let from = wanted.from.unwrap_or(now);
    if from < now {
        invalid.add("from", "levels-from-past");
    }
    check_year(from, now, invalid);
    let number = kept.latest().map_or(0, |v| v.number) + 1;
    wanted.definition.name().clone_into(&mut kept.name);
    kept.is_retired = wanted.is_retired;
    kept.versions.push(version(number, from));
    Saving::Changed
}

/// Whether what was saved last says the same. Another instant is another wish while it is to come.
fn is_there<D: Defined>(kept: &Kept<D>, wanted: &Wanted<D>, now: Utc) -> bool {
    kept.latest().is_some_and(|latest| {
        let same_from = wanted
            .from
            .is_none_or(|from| from <= now || from == latest.from_at);
        same_from
            && latest.is_retired == wanted.is_retired
            && latest.definition == wanted.definition
    })
}

fn check_name<D: Defined>(all: &[Kept<D>], wanted: &Wanted<D>, invalid: &mut Invalid) {
    let name = wanted.definition.name();
    let got = name.chars().count();
    if name.trim().is_empty() {
        invalid.add("name", "error-required");
    } else if got > NAME_MAX {
        let long = Message::new("error-too-long").arg("max", NAME_MAX);
        invalid.add("name", long.arg("got", got));
    }
    let key = text::fold(name);
    let same = |kept: &&Kept<D>| kept.id != wanted.id && text::fold(&kept.name) == key;
    if all.iter().any(|kept| same(&kept)) {
        invalid.add("name", "name-taken");
    }
}

/// Ten years ahead and half a century back are further than anybody plans or imports.
fn check_year(from: Utc, now: Utc, invalid: &mut Invalid) {
    let year = time::Duration::days(366);
    if from > now.plus(year * 10) || from < now.minus(year * 50) {
        invalid.add("from", "levels-from-absurd");
    }
}

/// What is wrong with a calendar among all that will be there.
pub fn calendar(wanted: &Wanted<Calendar>, after: &All, invalid: &mut Invalid) {
    let id = wanted.id.uuid();
    // An empty name is told like any other field's.
    let faults = faults(&wanted.definition).into_iter();
    for fault in faults.filter(|fault| fault.field != "name") {
        let field = if fault.field == "week" {
            "monday"
        } else {
            fault.field
        };
        invalid.add(field, Message::new(fault.reason).arg("value", fault.value));
    }
    for other in &wanted.definition.also {
        match calendar_of(after, *other) {
            None => invalid.add("also", "error-no-longer-there"),
            Some(_) if *other == id => invalid.add("also", "calendar-joins-itself"),
            Some(other) if other.is_retired && !wanted.is_retired => {
                let retired = Message::new("calendar-is-retired").arg("name", &other.name);
                invalid.add("also", retired);
            }
            Some(_) => {}
        }
    }
    if wanted.is_retired {
        let users = users_of(id, after);
        if !users.is_empty() {
            let used = Message::new("calendar-in-use").arg("names", users.join(", "));
            invalid.add("", used);
        }
    }
}

/// The names of what counts in a calendar and is not retired.
pub fn users_of(calendar: Uuid, all: &All) -> Vec<String> {
    let agreements = all.agreements.iter().filter(|kept| {
        let uses = |version: &Version<Agreement>| version.definition.calendar == calendar;
        !kept.is_retired && kept.latest().is_some_and(uses)
    });
    let calendars = all.calendars.iter().filter(|kept| {
        let joins = |version: &Version<Calendar>| version.definition.also.contains(&calendar);
        !kept.is_retired && kept.latest().is_some_and(joins)
    });
    let agreements = agreements.map(|kept| kept.name.clone());
    agreements
        .chain(calendars.map(|kept| kept.name.clone()))
        .collect()
}

/// What is wrong with an agreement among all that will be there. `calendars` are compiled, where they
/// could be.
pub fn agreement(
    wanted: &Wanted<Agreement>,
    was: Option<&Kept<Agreement>>,
    after: &All,
    calendars: Option<&Catalogue>,
    now: Utc,
    invalid: &mut Invalid,
) {
    let agreement = &wanted.definition;
    let was = was.and_then(Kept::latest).map(|v| &v.definition);
    if was.is_some_and(|was| was.kind != agreement.kind) {
        invalid.add("agreement_kind", "agreement-kind-stays");
    }
    let calendar = agreement.calendar;
    match calendar_of(after, calendar) {
        None if calendar.is_nil() => {}
        None => invalid.add("calendar", "error-no-longer-there"),
        Some(kept) if kept.is_retired && was.is_none_or(|was| was.calendar != calendar) => {
            let retired = Message::new("calendar-is-retired").arg("name", &kept.name);
            invalid.add("calendar", retired);
        }
        Some(_) => {}
    }
    if wanted.is_retired {
        return;
    }
    if let Some(timeline) = calendars.and_then(|all| all.calendar(calendar)) {
        for fault in agreement_faults(agreement, timeline, now) {
            invalid.add(
                fault.field,
                Message::new(fault.reason).arg("value", fault.value),
            );
        }
    }
    let others = in_force_from(after, wanted.id, wanted.from.unwrap_or(now));
    if let Some((_, other)) = clash(agreement, others) {
        let clash = Message::new("agreement-clash").arg("name", &other.name);
        invalid.add("record_kind", clash);
    }
}

/// What the other agreements say at an instant, and what they are to say later.
fn in_force_from(
    all: &All,
    without: Id<Kept<Agreement>>,
    from: Utc,
) -> impl Iterator<Item = (Uuid, &Agreement)> {
    let others = all.agreements.iter().filter(move |kept| kept.id != without);
    others.flat_map(move |kept| {
        let effective = kept.effective();
        let ends: Vec<Utc> = effective.iter().skip(1).map(|v| v.from_at).collect();
        let ends = ends.into_iter().chain([Utc::FAR]);
        let held = effective.into_iter().zip(ends);
        held.filter(move |(version, end)| !version.is_retired && *end > from)
            .map(|(version, _)| (kept.id.uuid(), &version.definition))
    })
}

fn calendar_of(all: &All, id: Uuid) -> Option<&Kept<Calendar>> {
    all.calendars.iter().find(|kept| kept.id.uuid() == id)
}

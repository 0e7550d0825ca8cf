//! A calendar's and an agreement's table, field by field.

use std::collections::{BTreeMap, HashMap};

use jiff::tz::TimeZone;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::table::{Section, Text};
use super::{Reading, calendar_id};
use crate::items;
use crate::people;
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::dates::DateFormat;
use crate::platform::kernel::error::{Message, Result};
use crate::platform::kernel::text;
use crate::service_levels::kept::All;
use crate::service_levels::rules::Wanted;
use crate::service_levels::{
    Agreement, AgreementKind, Calendar, Covers, NotASpan, NotATime, Span, Step, Target, Week,
    Window, told, written,
};
use crate::services::{self, CodeList};

/// The names of calendars, those of the file too, and how times are read.
pub struct Names {
    calendars: HashMap<String, Uuid>,
    zone: TimeZone,
}

impl Names {
    pub fn of(all: &All, zone: TimeZone) -> Self {
        let calendars = all.calendars.iter();
        let calendars = calendars.map(|kept| (text::fold(&kept.name), kept.id.uuid()));
        Self {
            calendars: calendars.collect(),
            zone,
        }
    }

    /// A calendar of the file gets its id before anything names it.
    pub fn announce(&mut self, section: &Section<'_, '_>) {
        if let Some(name) = section.peek("name") {
            let key = text::fold(name);
            self.calendars.entry(key).or_insert_with(Uuid::now_v7);
        }
    }

    /// With an offset, or as the wall shows it in the desk's zone; a date is its beginning.
    pub fn instant(&self, text: &str) -> Option<Utc> {
        let text = text.trim();
        let whole = match text.len() {
            10 => format!("{text} 00:00"),
            _ => text.to_owned(),
        };
        let at = DateFormat::Iso.instant(&whole, &self.zone).ok()?;
        Some(Utc::from_time(at))
    }
}

/// The file's key for a field that a form knows by another name.
pub fn key_of(field: &str) -> &str {
    match field {
        "agreement_kind" => "kind",
        "record_kind" => "record",
        "team_time" => "ola",
        "supplier_time" => "targets",
        other => other,
    }
}

impl Reading<'_> {
    pub fn calendar(&mut self, section: &mut Section<'_, '_>) -> Wanted<Calendar> {
        let name = named(section);
        let (_, is_there) = self.id_of(&self.all.calendars, &name);
        let id = calendar_id(&self.names.calendars, &name).unwrap_or_else(Uuid::now_v7);
        let zone = section.text("zone").unwrap_or_default();
        let week = Week {
            monday: hours(section, "monday"),
            tuesday: hours(section, "tuesday"),
            wednesday: hours(section, "wednesday"),
            thursday: hours(section, "thursday"),
            friday: hours(section, "friday"),
            saturday: hours(section, "saturday"),
            sunday: hours(section, "sunday"),
        };
        let holidays = each(section, "holidays", written::read_holiday);
        let closures = each(section, "closures", written::read_exception);
        let openings = each(section, "openings", written::read_exception);
        let mut also = Vec::new();
        for (line, name) in section.list("also").unwrap_or_default() {
            match calendar_id(&self.names.calendars, &name) {
                Some(id) => also.push(id),
                None => unknown(section, line, "calendar", &name),
            }
        }
        let from = self.beginning_of(section, is_there);
        Wanted {
            id: Id::from_uuid(id),
            definition: Calendar {
                name,
                zone,
                week,
                holidays,
                closures,
                openings,
                also,
            },
            from,
            is_retired: section.flag("retired"),
        }
    }

    pub fn agreement(
        &mut self,
        conn: &mut Db,
        section: &mut Section<'_, '_>,
    ) -> Result<Wanted<Agreement>> {
        let name = named(section);
        let (id, is_there) = self.id_of(&self.all.agreements, &name);
        let kind = self.kind(section);
        let covers = section.inside("covers", |inner| covers(conn, inner));
        let covers = covers.transpose()?.unwrap_or_default();
        let targets = section.inside("targets", targets).unwrap_or_default();
        let calendar = self.calendar_of(section);
        let pauses = pauses(conn, section, kind)?;
        let steps = steps(conn, section)?;
        let goal = section.number("goal").unwrap_or(95);
        let goal = u32::try_from(goal).unwrap_or(u32::MAX);
        let from = self.beginning_of(section, is_there);
        Ok(Wanted {
            id,
            definition: Agreement {
                name,
                kind,
                covers,
                targets,
                calendar,
                pauses,
                never_pauses_major: section.flag("never_pauses_major"),
                stops_at: chosen(section, "stops_at"),
                reopening: chosen(section, "reopening"),
                priority_change: chosen(section, "priority_change"),
                steps,
                goal,
            },
            from,
            is_retired: section.flag("retired"),
        })
    }

    fn kind(&self, section: &mut Section<'_, '_>) -> AgreementKind {
        let word = section.text("kind").unwrap_or_else(|| "sla".to_owned());
        AgreementKind::from_word(&word).unwrap_or_else(|| {
            let words = AgreementKind::ALL.iter().map(|kind| kind.word());
            let words = words.collect::<Vec<_>>().join(", ");
            let none = Message::new("levels-file-choice").arg("value", &word);
            section.problem("kind", none.arg("words", words));
            AgreementKind::Sla
        })
    }

    fn calendar_of(&self, section: &mut Section<'_, '_>) -> Uuid {
        let Some(name) = section.text("calendar") else {
            let missing = Message::new("levels-file-missing").arg("field", "calendar");
            section.problem("calendar", missing);
            return Uuid::nil();
        };
        calendar_id(&self.names.calendars, &name).unwrap_or_else(|| {
            let line = section.lines.of_field("calendar");
            unknown(section, line, "calendar", &name);
            Uuid::nil()
        })
    }
}

fn named(section: &mut Section<'_, '_>) -> String {
    let name = section.text("name").unwrap_or_default();
    let name = text::clean_line(&name, usize::MAX).unwrap_or_default();
    if name.is_empty() {
        let missing = Message::new("levels-file-missing").arg("field", "name");
        section.problem("name", missing);
    }
    section.lines.of.clone_from(&name);
    name
}

fn unknown(section: &mut Section<'_, '_>, line: usize, what: &str, name: &str) {
    let none = Message::new("levels-file-unknown-name").arg("what", what);
    section.problem_at(line, none.arg("name", name));
}

fn hours(section: &mut Section<'_, '_>, day: &'static str) -> Vec<Window> {
    let text = section.text(day).unwrap_or_default();
    written::read_hours(&text).unwrap_or_else(|NotATime(why)| {
        section.problem(day, Message::new(why).arg("value", &text));
        Vec::new()
    })
}

fn each<T>(
    section: &mut Section<'_, '_>,
    field: &'static str,
    read: fn(&str) -> Result<T, NotATime>,
) -> Vec<T> {
    let mut found = Vec::new();
    for (line, text) in section.list(field).unwrap_or_default() {
        match read(text.trim()) {
            Ok(one) => found.push(one),
            Err(NotATime(why)) => {
                section.problem_at(line, Message::new(why).arg("value", &text));
            }
        }
    }
    found
}

fn covers(conn: &mut Db, inner: &mut Section<'_, '_>) -> Result<Covers> {
    let record = inner.text("record").unwrap_or_default();
    let priority = inner.number("priority");
    let mut covers = Covers {
        record,
        priority: priority.map(|p| i32::try_from(p).unwrap_or(i32::MAX)),
        ..Covers::default()
    };
    if let Some(name) = inner.text("service") {
        let id = services::find_service_by_name(conn, &name)?.map(Id::uuid);
        covers.service = known(inner, "service", &name, id);
    }
    if let Some(name) = inner.text("organisation") {
        let id = people::find_organisation_by_name(conn, &name)?.map(|o| o.id.uuid());
        covers.organisation = known(inner, "organisation", &name, id);
    }
    if let Some(name) = inner.text("category") {
        let id = services::find_category_by_name(conn, &name)?.map(Id::uuid);
        covers.category = known(inner, "category", &name, id);
    }
    if let Some(name) = inner.text("team") {
        let id = people::find_team_by_name(conn, &name)?.map(Id::uuid);
        covers.team = known(inner, "team", &name, id);
    }
    if let Some(name) = inner.text("supplier") {
        let id = items::find_supplier_by_name(conn, &name)?.map(|s| s.id.uuid());
        covers.supplier = known(inner, "supplier", &name, id);
    }
    Ok(covers)
}

fn known(
    section: &mut Section<'_, '_>,
    field: &'static str,
    name: &str,
    id: Option<Uuid>,
) -> Option<Uuid> {
    if id.is_none() {
        let line = section.lines.of_field(field);
        unknown(section, line, field, name);
    }
    id
}

fn targets(inner: &mut Section<'_, '_>) -> BTreeMap<Target, Span> {
    let mut targets = BTreeMap::new();
    for target in Target::ALL {
        let Some(text) = inner.text(target.word()) else {
            continue;
        };
        match text.parse() {
            Ok(span) => drop(targets.insert(*target, span)),
            Err(NotASpan(why)) => {
                inner.problem(target.word(), Message::new(why).arg("value", &text));
            }
        }
    }
    targets
}

/// Hold reasons by their codes or by what they are called; the usual ones where nothing is said. A
/// supplier's time runs because of a hold, so none pauses it.
fn pauses(
    conn: &mut Db,
    section: &mut Section<'_, '_>,
    kind: AgreementKind,
) -> Result<Vec<String>> {
    let usual = || match kind {
        AgreementKind::Underpinning => Vec::new(),
        _ => vec![(0, "requester".to_owned()), (0, "appointment".to_owned())],
    };
    let given: Vec<Text> = section.list("pauses").unwrap_or_else(usual);
    let codes = services::list_codes(conn, CodeList::Hold)?;
    let mut pauses = Vec::new();
    for (line, name) in given {
        let key = text::fold(&name);
        let code = codes
            .iter()
            .find(|c| c.code == name || text::fold(&c.label) == key);
        match code {
            Some(code) => pauses.push(code.code.clone()),
            None => unknown(section, line, "hold reason", &name),
        }
    }
    pauses.sort();
    pauses.dedup();
    Ok(pauses)
}

fn steps(conn: &mut Db, section: &mut Section<'_, '_>) -> Result<Vec<Step>> {
    let mut steps = Vec::new();
    for (line, text) in section.list("steps").unwrap_or_default() {
        match told::step(conn, &text)? {
            Ok(step) => steps.push(step),
            Err(why) => section.problem_at(line, why),
        }
    }
    Ok(steps)
}

/// A choice by the word it is kept by; the usual one where nothing is said.
fn chosen<T: DeserializeOwned + Default>(section: &mut Section<'_, '_>, field: &'static str) -> T {
    let Some(word) = section.text(field) else {
        return T::default();
    };
    serde_json::from_value(word.as_str().into()).unwrap_or_else(|e| {
        // Serde says which words there are: "unknown variant `x`, expected `a` or `b`".
        let said = e.to_string();
        let words = said.split_once("expected ").map_or("", |(_, words)| words);
        let none = Message::new("levels-file-choice").arg("value", &word);
        section.problem(field, none.arg("words", words.replace('`', "")));
        T::default()
    })
}

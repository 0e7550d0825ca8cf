//! Maintenance windows: the hours of a week in which a service or an environment may be worked on.

use serde::{Deserialize, Serialize};

use crate::changes::model::Maintenance;
use crate::changes::store;
use crate::items::Environment;
use crate::journal::{self, Change as Said, NewFact, Subject, Value};
use crate::people::meanwhile::{Edit, Settled, settle};
use crate::people::{Right, Visitor, check_zone};
use crate::platform::db::{Db, Id, Utc, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Invalid, Message, Result};
use crate::platform::kernel::text;
use crate::records::pages::LONGEST_LINE;
use crate::services;

/// One as its form holds it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MaintenanceForm {
    pub name: String,
    pub service: String,
    pub environment: String,
    pub zone: String,
    /// Numbers of days with commas between; Monday is 0.
    pub maintenance_days: String,
    /// `22:00`.
    pub maintenance_opens: String,
    pub maintenance_minutes: String,
    pub disabled: bool,
}

/// Its fields, as form and journal know them.
const FIELDS: &[&str] = &[
    "name",
    "service",
    "environment",
    "zone",
    "maintenance_days",
    "maintenance_opens",
    "maintenance_minutes",
    "disabled",
];

/// The longest: a week less a minute, so that two openings of one do not meet.
const LONGEST: i32 = 10_079;

/// One as its form holds it.
pub fn maintenance_form(row: &Maintenance) -> MaintenanceForm {
    let days: Vec<String> = (0..7)
        .filter(|day| row.days >> day & 1 == 1)
        .map(|day: i32| day.to_string())
        .collect();
    MaintenanceForm {
        name: row.name.clone(),
        service: row.service_id.map_or_else(String::new, |id| id.to_string()),
        environment: row.environment.clone(),
        zone: row.zone.clone(),
        maintenance_days: days.join(","),
        maintenance_opens: format!("{:02}:{:02}", row.opens / 60, row.opens % 60),
        maintenance_minutes: row.minutes.to_string(),
        disabled: row.disabled_at.is_some(),
    }
}

pub fn add_maintenance(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    form: &MaintenanceForm,
) -> Result<Maintenance> {
    visitor.needs(Right::ManageChanges)?;
    let row = row(w, form, None, ctx.now)?;
    store::insert_maintenance(w, &row)?;
    let said = fields(w, &row)?.into_iter();
    let said = said.filter(|(_, is)| *is != Value::Nothing);
    let said = said.map(|(field, is)| Said::set(field, is)).collect();
    let fact = NewFact::new("maintenance_window.added", said);
    journal::append_to(w, ctx, about(row.id), &fact)?;
    Ok(row)
}

pub fn edit_maintenance(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    id: Id<Maintenance>,
    edit: &Edit<MaintenanceForm>,
) -> Result<Settled<Maintenance>> {
    visitor.needs(Right::ManageChanges)?;
    let before = store::find_maintenance(w, id)?;
    let now = maintenance_form(&before);
    let settled = settle(w, id.uuid(), FIELDS, edit, &now)?;
    let with_theirs = settled.with_theirs;
    if settled.value == now {
        return Ok(Settled {
            value: before,
            with_theirs,
        });
    }
    let after = row(w, &settled.value, Some(&before), ctx.now)?;
    store::update_maintenance(w, &after)?;
    let (was, is) = (fields(w, &before)?, fields(w, &after)?);
    let said = was.into_iter().zip(is);
    let said = said.filter(|((_, was), (_, is))| was != is);
    let said = said.map(|((field, was), (_, is))| Said::new(field, was, is));
    let fact = NewFact::new("maintenance_window.edited", said.collect());
    journal::append_to(w, ctx, about(id), &fact)?;
    Ok(Settled {
        value: after,
        with_theirs,
    })
}

fn about(id: Id<Maintenance>) -> Subject {
    Subject {
        kind: "maintenance_window",
        id: id.uuid(),
    }
}

fn fields(conn: &mut Db, row: &Maintenance) -> Result<Vec<(&'static str, Value)>> {
    let service = match row.service_id {
        Some(id) => services::find_service(conn, id)?.name,
        None => String::new(),
    };
    Ok(store::maintenance_fields(row, service))
}

fn row(
    conn: &mut Db,
    form: &MaintenanceForm,
    before: Option<&Maintenance>,
    now: Utc,
) -> Result<Maintenance> {
    let mut bad = Invalid::default();
    let name = text::clean_line(&form.name, LONGEST_LINE).unwrap_or_else(|long| {
        let message = Message::new("error-too-long").arg("max", long.max);
        bad.add("name", message.arg("got", long.got));
        String::new()
    });
    if name.is_empty() && bad.of("name").is_none() {
        bad.add("name", "error-required");
    }
    let service = form.service.trim();
    let service_id = match service.is_empty() {
        true => None,
        false => match service.parse().map(|id| services::find_service(conn, id)) {
            Ok(Ok(service)) => Some(service.id),
            Ok(Err(Error::NotFound)) => {
                bad.add("service", "error-no-longer-there");
                None
            }
            Ok(Err(e)) => return Err(e),
            Err(_) => {
                bad.add("service", "error-unknown-choice");
                None
            }
        },
    };
    let environment = form.environment.trim();
    if !environment.is_empty() && Environment::from_word(environment).is_none() {
        bad.add("environment", "error-unknown-choice");
    }
    let zone = check_zone(&form.zone, &mut bad);
    let days = days(&form.maintenance_days, &mut bad);
    let opens = clock(&form.maintenance_opens).unwrap_or_else(|| {
        bad.add("maintenance_opens", "change-clock-wrong");
        0
    });
    let minutes = form.maintenance_minutes.trim().parse().unwrap_or(0);
    if !(1..=LONGEST).contains(&minutes) {
        bad.add("maintenance_minutes", "change-minutes-wrong");
    }
    bad.or(Maintenance {
        id: before.map_or_else(Id::new, |row| row.id),
        name,
        service_id,
        environment: environment.to_owned(),
        zone,
        days,
        opens,
        minutes,
        disabled_at: store::switched_off(before.and_then(|b| b.disabled_at), form.disabled, now),
        version: before.map_or(1, |row| row.version + 1),
    })
}

fn days(typed: &str, bad: &mut Invalid) -> i32 {
    let mut days = 0;
    for day in typed.split(',').map(str::trim).filter(|s| !s.is_empty()) {
        match day.parse::<u8>() {
            Ok(day @ 0..=6) => days |= 1 << day,
            _ => bad.add("maintenance_days", "error-unknown-choice"),
        }
    }
    if days == 0 && bad.of("maintenance_days").is_none() {
        bad.add("maintenance_days", "error-choose");
    }
    days
}

/// Minutes of `22:30`.
fn clock(typed: &str) -> Option<i32> {
    let (hour, minute) = typed.trim().split_once(':')?;
    let (hour, minute): (i32, i32) = (hour.parse().ok()?, minute.parse().ok()?);
    ((0..24).contains(&hour) && (0..60).contains(&minute)).then_some(hour * 60 + minute)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_strictly() {
        assert_eq!(clock("22:30"), Some(1350));
        assert_eq!(clock("00:00"), Some(0));
        for wrong in ["", "24:00", "22", "22:60", "-1:00", "x:y"] {
            assert_eq!(clock(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn days_are_named_once_each() {
        let mut bad = Invalid::default();
        assert_eq!(days("0, 6,6", &mut bad), 0b100_0001);
        assert!(bad.is_empty());
        days("7", &mut bad);
        assert!(bad.of("maintenance_days").is_some());
        let mut bad = Invalid::default();
        days("", &mut bad);
        assert!(bad.of("maintenance_days").is_some());
    }
}

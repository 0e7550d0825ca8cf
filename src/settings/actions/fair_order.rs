//! The fair order: how long each class of work may wait, and which teams take work by it.

use super::may;
use crate::journal::{self, Change, NewFact, Value};
use crate::people::meanwhile::{Edit, settle};
use crate::people::{self, Visitor};
use crate::platform::db::{Db, Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Invalid, Message, Result};
use crate::records::Kind;
use crate::services;
use crate::services::fields::{ALLOWANCES, FAIR_ORDER, FAIR_TEAMS, about_setting};
use crate::settings::model::FairOrder;

/// The longest that anything may be allowed to wait: a year.
const MOST_HOURS: i64 = 8_760;

/// The classes of which the desk has records: the word of each and its field.
pub fn fair_classes() -> Vec<(&'static str, &'static str)> {
    let there = ALLOWANCES
        .iter()
        .filter(|(word, ..)| Kind::from_word(word).is_some());
    there.map(|(word, field, _)| (*word, *field)).collect()
}

/// The fair order as it is now.
pub fn fair_order_now(conn: &mut Db) -> Result<FairOrder> {
    let mut now = FairOrder {
        fair_teams: services::setting(conn, FAIR_TEAMS)?.unwrap_or_default(),
        ..FairOrder::default()
    };
    for (word, field) in fair_classes() {
        let hours = services::allowance_hours(conn, word)?;
        now.hours.insert(field.to_owned(), hours.to_string());
    }
    Ok(now)
}

/// Changes the fair order. What waits already keeps the place it has.
pub fn edit_fair_order(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    edit: &Edit<FairOrder>,
) -> Result<bool> {
    may(visitor)?;
    let now = fair_order_now(w)?;
    let subject = about_setting(FAIR_ORDER);
    let mut fields: Vec<&'static str> = fair_classes().into_iter().map(|(_, f)| f).collect();
    fields.push(FAIR_TEAMS);
    let settled = settle(w, subject.id, &fields, edit, &now)?;
    let mut said = Vec::new();
    let mut invalid = Invalid::default();
    for (_, field) in fair_classes() {
        let typed = settled.value.hours.get(field).map_or("", String::as_str);
        match typed.trim().parse::<i64>() {
            Ok(hours) if (1..=MOST_HOURS).contains(&hours) => {
                let before = now.hours.get(field).and_then(|hours| hours.parse().ok());
                if before != Some(hours) {
                    services::set_setting(w, field, &hours.to_string())?;
                    let before = before.map_or(Value::Nothing, Value::Number);
                    said.push(Change::new(field, before, Value::Number(hours)));
                }
            }
            _ => {
                let message = Message::new("error-number-range").arg("min", 1);
                invalid.add(field, message.arg("max", MOST_HOURS));
            }
        }
    }
    let teams = teams_meant(w, &now, &settled.value, &mut invalid)?;
    invalid.or(())?;
    if teams != now.fair_teams {
        services::set_setting(w, FAIR_TEAMS, &teams)?;
        let (before, after) = (named(w, &now.fair_teams)?, named(w, &teams)?);
        said.push(Change::new(FAIR_TEAMS, before, after));
    }
    if !said.is_empty() {
        let fact = NewFact::new("setting.fair_order_changed", said);
        journal::append_to(w, ctx, subject, &fact)?;
    }
    Ok(settled.with_theirs)
}

/// The teams that were chosen, each once, in the order of their ids. One that is gone or disabled may stay
/// where it was, and is not chosen anew.
fn teams_meant(
    conn: &mut Db,
    now: &FairOrder,
    asked: &FairOrder,
    invalid: &mut Invalid,
) -> Result<String> {
    let known = people::list_teams(conn)?;
    let mut chosen: Vec<&str> = asked.fair_teams.split(',').collect();
    chosen.retain(|id| !id.is_empty());
    chosen.sort_unstable();
    chosen.dedup();
    for id in &chosen {
        let there = known
            .iter()
            .any(|team| team.id.to_string() == *id && team.disabled_at.is_none());
        if !there && now.fair_teams.split(',').all(|kept| kept != *id) {
            invalid.add(FAIR_TEAMS, "error-no-longer-there");
        }
    }
    Ok(chosen.join(","))
}

/// Teams as the journal keeps them: by their ids, with the names they had.
fn named(conn: &mut Db, ids: &str) -> Result<Value> {
    let mut names = Vec::new();
    for id in ids.split(',').filter_map(|id| id.parse::<Id<_>>().ok()) {
        names.push(people::team_name(conn, id)?);
    }
    Ok(match names.is_empty() {
        true => Value::Nothing,
        false => Value::Code(ids.to_owned(), names.join(", ")),
    })
}

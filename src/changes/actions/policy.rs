//! What is agreed for all changes: which conflicts stop one, and how soon a recorded word is confirmed.

use serde::{Deserialize, Serialize};
use time::Duration;

use crate::changes::rules::conflicts::BLOCKING;
use crate::journal::{self, Change as Said, NewFact, Value};
use crate::people::meanwhile::{Edit, settle};
use crate::people::{Right, Visitor};
use crate::platform::db::{Db, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Invalid, Message, Result};
use crate::services;
use crate::services::fields::{
    CHANGE_BLOCKING, CHANGE_CONFIRM_HOURS, CHANGES, CONFIRM_HOURS, about_setting,
};

/// The policy as its form holds it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PolicyForm {
    /// Words of [`BLOCKING`] with commas between.
    pub change_blocking: String,
    pub change_confirm_hours: String,
}

const FIELDS: &[&str] = &[CHANGE_BLOCKING, CHANGE_CONFIRM_HOURS];
/// The longest that somebody may take to confirm what they said.
const MOST_HOURS: i64 = 336;

/// The policy as it is now.
pub fn policy_form(conn: &mut Db) -> Result<PolicyForm> {
    let hours = services::setting(conn, CHANGE_CONFIRM_HOURS)?;
    Ok(PolicyForm {
        change_blocking: services::setting(conn, CHANGE_BLOCKING)?.unwrap_or_default(),
        change_confirm_hours: hours.unwrap_or_else(|| CONFIRM_HOURS.to_owned()),
    })
}

/// Changes the policy; it counts from now on.
pub fn edit_policy(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    edit: &Edit<PolicyForm>,
) -> Result<bool> {
    visitor.needs(Right::ManageChanges)?;
    let now = policy_form(w)?;
    let subject = about_setting(CHANGES);
    let settled = settle(w, subject.id, FIELDS, edit, &now)?;
    let after = read(&settled.value)?;
    let blocking = |form: &PolicyForm| match form.change_blocking.as_str() {
        "" => Value::Nothing,
        words => Value::word(words),
    };
    let hours = |form: &PolicyForm| Value::word(&form.change_confirm_hours);
    let mut said = Vec::new();
    for (field, was, is) in [
        (CHANGE_BLOCKING, blocking(&now), blocking(&after)),
        (CHANGE_CONFIRM_HOURS, hours(&now), hours(&after)),
    ] {
        if was != is {
            said.push(Said::new(field, was, is));
        }
    }
    if !said.is_empty() {
        services::set_setting(w, CHANGE_BLOCKING, &after.change_blocking)?;
        services::set_setting(w, CHANGE_CONFIRM_HOURS, &after.change_confirm_hours)?;
        let fact = NewFact::new("setting.changes_changed", said);
        journal::append_to(w, ctx, subject, &fact)?;
    }
    Ok(settled.with_theirs)
}

fn read(form: &PolicyForm) -> Result<PolicyForm> {
    let mut bad = Invalid::default();
    let words: Vec<&str> = form.change_blocking.split(',').map(str::trim).collect();
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    if words.iter().any(|word| !BLOCKING.contains(word)) {
        bad.add(CHANGE_BLOCKING, "error-unknown-choice");
    }
    let hours = form.change_confirm_hours.trim().parse::<i64>();
    match hours {
        Ok(hours) if (1..=MOST_HOURS).contains(&hours) => {}
        _ => {
            let message = Message::new("error-number-range").arg("min", 1);
            bad.add(CHANGE_CONFIRM_HOURS, message.arg("max", MOST_HOURS));
        }
    }
    // In the order of the list, whatever order they came in.
    let known = BLOCKING.into_iter().filter(|word| words.contains(word));
    let known: Vec<&str> = known.collect();
    bad.or(PolicyForm {
        change_blocking: known.join(","),
        change_confirm_hours: hours.unwrap_or_default().to_string(),
    })
}

/// Within which time whoever authorised an emergency confirms it.
pub fn confirm_within(conn: &mut Db) -> Result<Duration> {
    let hours = policy_form(conn)?.change_confirm_hours;
    Ok(Duration::hours(hours.parse().unwrap_or(24)))
}

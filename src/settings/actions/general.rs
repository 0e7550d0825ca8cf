//! Settings that are a value each.

use super::{check_team, differences, may, team_value};
use crate::journal::{self, Change, NewFact, Value};
use crate::people::meanwhile::{Edit, settle};
use crate::people::{self, Team, Visitor};
use crate::platform::db::{Db, Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::Result;
use crate::services::fields::{
    CLOSE_AFTER_DAYS, DEFAULT_IMPACT, DEFAULT_URGENCY, DEFAULT_ZONE, DESK_TEAM, GENERAL,
    about_setting,
};
use crate::services::{self, Scale};
use crate::settings::model::General;
use crate::settings::rules;

/// The fields of the general settings, as form and journal know them.
pub const GENERAL_FIELDS: &[&str] = &["close_after_days", "zone", DEFAULT_IMPACT, DEFAULT_URGENCY];

/// The general settings as they are now.
pub fn general_now(conn: &mut Db) -> Result<General> {
    Ok(General {
        close_after_days: services::close_after_days(conn)?,
        zone: people::default_zone(conn)?,
        default_impact: services::setting(conn, DEFAULT_IMPACT)?.unwrap_or_default(),
        default_urgency: services::setting(conn, DEFAULT_URGENCY)?.unwrap_or_default(),
    })
}

/// Changes the general settings.
pub fn edit_general(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    edit: &Edit<General>,
) -> Result<bool> {
    may(visitor)?;
    let now = general_now(w)?;
    let subject = about_setting(GENERAL);
    let settled = settle(w, subject.id, GENERAL_FIELDS, edit, &now)?;
    let impacts = services::list_levels(w, Scale::Impact)?;
    let urgencies = services::list_levels(w, Scale::Urgency)?;
    let after = rules::general(&settled.value, &impacts, &urgencies)?;
    let level = |level: &str| level.parse().map_or(Value::Nothing, Value::Number);
    let values = |g: &General| {
        [
            Value::word(&g.close_after_days),
            Value::word(&g.zone),
            level(&g.default_impact),
            level(&g.default_urgency),
        ]
    };
    let changed = differences(GENERAL_FIELDS, values(&now), values(&after));
    if !changed.is_empty() {
        services::set_setting(w, CLOSE_AFTER_DAYS, &after.close_after_days)?;
        services::set_setting(w, DEFAULT_ZONE, &after.zone)?;
        services::set_setting(w, DEFAULT_IMPACT, &after.default_impact)?;
        services::set_setting(w, DEFAULT_URGENCY, &after.default_urgency)?;
        let fact = NewFact::new("setting.general_changed", changed);
        journal::append_to(w, ctx, subject, &fact)?;
    }
    Ok(settled.with_theirs)
}

/// Chooses the team that gets what no category or service sends elsewhere.
pub fn set_desk_team(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    team: Option<Id<Team>>,
) -> Result<()> {
    may(visitor)?;
    let before = services::desk_team(w)?;
    check_team(w, before, team)?;
    if before == team {
        return Ok(());
    }
    let value = team.map(|id| id.to_string()).unwrap_or_default();
    services::set_setting(w, DESK_TEAM, &value)?;
    let (before, after) = (team_value(w, before)?, team_value(w, team)?);
    let change = Change::new(DESK_TEAM, before, after);
    let fact = NewFact::new("setting.desk_team_changed", vec![change]);
    journal::append_to(w, ctx, about_setting(DESK_TEAM), &fact)
}

//! What a call can choose from, each choice with whether the form holds it. What is switched off is
//! not offered.

use super::command;
use crate::incidents::rules;
use crate::people::{self, FormView, Visitor};
use crate::platform::db::Db;
use crate::platform::kernel::error::Result;
use crate::records::{self, Channel, Matrix, Practices, priority_label};
use crate::services::{self, CodeList, Level, Scale};

pub struct Choice {
    pub value: String,
    pub label: String,
    pub chosen: bool,
}

pub struct KindChoice {
    pub value: &'static str,
    pub label: String,
    pub chosen: bool,
    /// May be resolved while it is logged.
    pub solvable: bool,
}

/// A row of the matrix: one impact, a cell for every urgency.
pub struct ImpactRow {
    pub level: Level,
    pub cells: Vec<Cell>,
}

pub struct Cell {
    pub value: String,
    pub priority: i32,
    pub label: String,
    pub said: String,
    pub chosen: bool,
}

pub fn impact_rows(
    conn: &mut Db,
    visitor: &Visitor,
    form: &FormView,
    matrix: &Matrix,
    urgencies: &[Level],
) -> Result<Vec<ImpactRow>> {
    let impacts = records::levels(conn, Scale::Impact)?;
    let cell = |impact: &Level, urgency: &Level| {
        let value = format!("{}-{}", impact.level, urgency.level);
        let priority = matrix.priority(impact.level, urgency.level);
        let label = priority_label(priority);
        Cell {
            said: visitor.words.with(
                "call-cell",
                [
                    ("impact", impact.name.as_str()),
                    ("urgency", urgency.name.as_str()),
                    ("priority", label.as_str()),
                ],
            ),
            chosen: form.is("matrix", &value),
            value,
            priority,
            label,
        }
    };
    Ok(impacts
        .into_iter()
        .map(|level| ImpactRow {
            cells: urgencies
                .iter()
                .map(|urgency| cell(&level, urgency))
                .collect(),
            level,
        })
        .collect())
}

pub fn kinds(visitor: &Visitor, practices: Practices, form: &FormView) -> Vec<KindChoice> {
    command::kinds_from(form.value("raised_from"))
        .iter()
        .map(|kind| KindChoice {
            value: kind.word(),
            label: visitor.words.s(&format!("kind-{kind}")).into_owned(),
            chosen: form.is("kind", kind.word()),
            solvable: rules::solvable_at_once(practices.of(*kind)),
        })
        .collect()
}

fn choice(form: &FormView, field: &str, value: impl ToString, label: impl Into<String>) -> Choice {
    let value = value.to_string();
    Choice {
        chosen: form.is(field, &value),
        label: label.into(),
        value,
    }
}

pub fn services(conn: &mut Db, form: &FormView) -> Result<Vec<Choice>> {
    Ok(services::list_services(conn)?
        .into_iter()
        .filter(|s| s.disabled_at.is_none())
        .map(|s| choice(form, "service", s.id, s.name))
        .collect())
}

pub fn categories(conn: &mut Db, form: &FormView) -> Result<Vec<Choice>> {
    Ok(services::list_categories(conn)?
        .into_iter()
        .filter(|c| c.disabled_at.is_none())
        .map(|c| choice(form, "category", c.id, c.name))
        .collect())
}

pub fn teams(conn: &mut Db, form: &FormView) -> Result<Vec<Choice>> {
    Ok(people::list_teams(conn)?
        .into_iter()
        .filter(|t| t.disabled_at.is_none())
        .map(|t| choice(form, "team", t.id, t.name))
        .collect())
}

pub fn locations(conn: &mut Db, form: &FormView) -> Result<Vec<Choice>> {
    Ok(people::list_locations(conn)?
        .into_iter()
        .filter(|l| l.disabled_at.is_none())
        .map(|l| choice(form, "location", l.id, l.name))
        .collect())
}

pub fn codes(conn: &mut Db, form: &FormView) -> Result<Vec<Choice>> {
    Ok(services::list_codes(conn, CodeList::Resolution)?
        .into_iter()
        .filter(|c| c.disabled_at.is_none() && !c.has_own_form())
        .map(|c| choice(form, "resolution_code", c.code, c.label))
        .collect())
}

pub fn priorities(conn: &mut Db, form: &FormView) -> Result<Vec<Choice>> {
    Ok(records::levels(conn, Scale::Priority)?
        .into_iter()
        .map(|l| {
            let label = format!("{} {}", priority_label(l.level), l.name);
            choice(form, "priority", l.level, label)
        })
        .collect())
}

pub fn channels(visitor: &Visitor, form: &FormView) -> Vec<Choice> {
    Channel::ALL
        .iter()
        .map(|c| choice(form, "channel", c.word(), channel_label(visitor, *c)))
        .collect()
}

fn channel_label(visitor: &Visitor, channel: Channel) -> String {
    let key = format!("channel-{}", channel.word().replace('_', "-"));
    visitor.words.s(&key).into_owned()
}

/// The cell a call begins with: the settings `default_impact` and `default_urgency`, else the
/// middle of each scale.
pub fn default_cell(conn: &mut Db) -> Result<(i32, i32)> {
    let mut of = |setting: &str, scale: Scale| -> Result<i32> {
        let levels = records::levels(conn, scale)?;
        let set = services::setting(conn, setting)?.and_then(|level| level.parse().ok());
        let middle = levels.get(levels.len() / 2).map_or(1, |l| l.level);
        Ok(set
            .filter(|set| levels.iter().any(|l| l.level == *set))
            .unwrap_or(middle))
    };
    Ok((
        of(services::fields::DEFAULT_IMPACT, Scale::Impact)?,
        of(services::fields::DEFAULT_URGENCY, Scale::Urgency)?,
    ))
}

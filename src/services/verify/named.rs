//! What has a name and no id of its own: the codes, and the settings with the levels and the matrix.
//! All of it is little, so it is read as a whole.

use std::collections::BTreeSet;

use diesel::prelude::*;
use uuid::Uuid;

use crate::journal::Value;
use crate::journal::verify::{Checked, Held, Ledger, Report, Rows, Seed, Standing};
use crate::people;
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::Result;
use crate::schema::codes;
use crate::services::model::Scale;
use crate::services::{fields, seeds, store};

/// Codes of holds, resolutions and cancellations.
pub const CODES: Rows = Rows {
    kind: "code",
    fields: &["list", "code", "label", "behaviour", "position", "disabled"],
    added: "code.added",
    after: |conn, after, limit| {
        let there = code_rows(conn)?.into_iter().map(|code| code.id);
        let seeds = seeds::codes().into_iter().map(|(id, _)| id);
        Ok(in_order(there.chain(seeds), after, limit))
    },
    standings: |conn, ids| {
        let mut rows = code_rows(conn)?;
        rows.retain(|row| ids.contains(&row.id));
        Ok(rows)
    },
    seed: |id| of(seeds::codes(), id),
    called: |told| match (told.get("list"), told.get("code")) {
        (Some(Held::Word(list)), Some(Held::Word(code))) => Some(fields::code_name(list, code)),
        _ => None,
    },
};

/// A code's row. The list is read as text: an edited one must be named, not stop the reading.
type CodeRow = (String, String, String, String, i32, bool);

fn code_rows(conn: &mut Db) -> Result<Vec<Standing>> {
    let rows: Vec<CodeRow> = codes::table
        .select((
            codes::list,
            codes::code,
            codes::label,
            codes::behaviour,
            codes::position,
            codes::disabled_at.is_not_null(),
        ))
        .load(conn)?;
    let standing = |(list, code, label, behaviour, position, disabled): CodeRow| Standing {
        id: fields::about_code(&list, &code).id,
        name: fields::code_name(&list, &code),
        head: None,
        must_have_facts: true,
        fields: fields::code_values(&list, &code, &label, &behaviour, position, disabled),
    };
    Ok(rows.into_iter().map(standing).collect())
}

/// The general settings, the desk's team, the levels of each scale, the matrix. Every one is there
/// from the beginning.
pub struct Settings {
    fields: Vec<&'static str>,
    /// Who the facts say may administer.
    administrators: BTreeSet<String>,
}

impl Default for Settings {
    fn default() -> Self {
        let mut names = vec![
            fields::CLOSE_AFTER_DAYS,
            "zone",
            fields::DEFAULT_IMPACT,
            fields::DEFAULT_URGENCY,
            fields::DESK_TEAM,
            fields::CHANGE_BLOCKING,
            fields::CHANGE_CONFIRM_HOURS,
            fields::FAIR_TEAMS,
        ];
        names.extend(fields::ALLOWANCES.map(|(_, field, _)| field));
        names.extend(fields::cells());
        names.extend(fields::all_level_fields());
        Self {
            fields: names,
            administrators: BTreeSet::new(),
        }
    }
}

impl Ledger for Settings {
    fn kind(&self) -> &'static str {
        "setting"
    }

    fn fields(&self) -> &[&'static str] {
        &self.fields
    }

    fn seed(&self, subject: Uuid) -> Option<Seed> {
        of(seeds::settings(), subject)
    }

    fn subjects_after(&self, _: &mut Db, after: Option<Uuid>, limit: i64) -> Result<Vec<Uuid>> {
        let there = fields::settings().into_iter();
        let there = there.map(|name| fields::about_setting(name).id);
        Ok(in_order(there, after, limit))
    }

    fn standings(&mut self, conn: &mut Db, ids: &[Uuid]) -> Result<Vec<Standing>> {
        let mut standings = Vec::new();
        for name in fields::settings() {
            let id = fields::about_setting(name).id;
            if ids.contains(&id) {
                standings.push(Standing {
                    id,
                    name: format!("setting {name}"),
                    head: None,
                    must_have_facts: false,
                    fields: setting(conn, name)?,
                });
            }
        }
        Ok(standings)
    }

    fn fact(&mut self, fact: &Checked<'_>) {
        if let Some(Held::Ref(person, _)) = fact.before("administrator") {
            self.administrators.remove(person);
        }
        if let Some(Held::Ref(person, _)) = fact.after("administrator") {
            self.administrators.insert(person.clone());
        }
    }

    fn whole(&mut self, conn: &mut Db, report: &mut Report<'_>) -> Result<()> {
        let stand = people::verify::administrators(conn)?;
        let name = format!("setting {}", fields::ADMINISTRATORS);
        for person in stand.difference(&self.administrators) {
            report.differs(&name, format!("{person}: the journal has none"));
        }
        for person in self.administrators.difference(&stand) {
            let said = format!("{person}: the journal has it, but it is none");
            report.differs(&name, said);
        }
        Ok(())
    }
}

/// A setting that names a level, or none.
fn level(conn: &mut Db, name: &str) -> Result<Value> {
    let level = store::setting(conn, name)?.and_then(|level| level.parse().ok());
    Ok(level.map_or(Value::Nothing, Value::Number))
}

/// What stands there of a setting, every field of it.
fn setting(conn: &mut Db, name: &str) -> Result<Vec<(&'static str, Value)>> {
    Ok(match name {
        fields::GENERAL => vec![
            (
                fields::CLOSE_AFTER_DAYS,
                Value::word(store::close_after_days(conn)?),
            ),
            ("zone", Value::word(people::default_zone(conn)?)),
            (fields::DEFAULT_IMPACT, level(conn, fields::DEFAULT_IMPACT)?),
            (
                fields::DEFAULT_URGENCY,
                level(conn, fields::DEFAULT_URGENCY)?,
            ),
        ],
        fields::DESK_TEAM => {
            let team = store::desk_team(conn)?;
            let team = team.map(|id| (Id::uuid(id), String::new()));
            vec![(fields::DESK_TEAM, Value::reference(team))]
        }
        fields::CHANGES => {
            let blocking = store::setting(conn, fields::CHANGE_BLOCKING)?;
            let hours = store::setting(conn, fields::CHANGE_CONFIRM_HOURS)?;
            let hours = hours.unwrap_or_else(|| fields::CONFIRM_HOURS.to_owned());
            let blocking = blocking.filter(|words| !words.is_empty());
            vec![
                (
                    fields::CHANGE_BLOCKING,
                    blocking.map_or(Value::Nothing, Value::word),
                ),
                (fields::CHANGE_CONFIRM_HOURS, Value::word(hours)),
            ]
        }
        fields::FAIR_ORDER => {
            let teams = store::setting(conn, fields::FAIR_TEAMS)?;
            let teams = teams.filter(|ids| !ids.is_empty());
            let teams = teams.map_or(Value::Nothing, |ids| Value::Code(ids, String::new()));
            let mut stands = vec![(fields::FAIR_TEAMS, teams)];
            for (word, field, _) in fields::ALLOWANCES {
                let hours = store::allowance_hours(conn, word)?;
                stands.push((field, Value::Number(hours)));
            }
            stands
        }
        // Many at a time, so they are compared on their own.
        fields::ADMINISTRATORS => Vec::new(),
        fields::MATRIX => {
            let mut stands = nothing(fields::cells());
            for (impact, urgency, priority) in store::list_matrix(conn)? {
                if let Some(field) = fields::cell(impact, urgency) {
                    put(&mut stands, field, Value::Number(priority.into()));
                }
            }
            stands
        }
        scale => {
            let mut stands = nothing(fields::all_level_fields());
            let levels = Scale::from_word(scale).map(|scale| store::list_levels(conn, scale));
            for level in levels.transpose()?.into_iter().flatten() {
                for (field, value) in fields::level_values(level.level, &level.name, &level.hint) {
                    put(&mut stands, field, value);
                }
            }
            stands
        }
    })
}

fn nothing(fields: Vec<&'static str>) -> Vec<(&'static str, Value)> {
    let none = |field| (field, Value::Nothing);
    fields.into_iter().map(none).collect()
}

fn put(stands: &mut [(&'static str, Value)], field: &str, value: Value) {
    if let Some((_, place)) = stands.iter_mut().find(|(name, _)| *name == field) {
        *place = value;
    }
}

fn of(seeds: Vec<(Uuid, Seed)>, id: Uuid) -> Option<Seed> {
    let mut seeds = seeds.into_iter();
    seeds.find(|(of, _)| *of == id).map(|(_, seed)| seed)
}

fn in_order(ids: impl Iterator<Item = Uuid>, after: Option<Uuid>, limit: i64) -> Vec<Uuid> {
    let ids: BTreeSet<Uuid> = ids.filter(|id| Some(*id) > after).collect();
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    ids.into_iter().take(limit).collect()
}

//! What saving would do to the clocks of records that the visitor sees.

use std::collections::HashMap;

use uuid::Uuid;

use crate::people::{Shell, Visitor, When};
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::Result;
use crate::records::{self, Kind, Record};
use crate::service_levels::actions::Looked;
use crate::service_levels::{Agreement, Kept, Move, Moves, Trial};

/// How many open records are looked at: a minute's patience on a large desk.
const OPEN: usize = 20_000;
/// How many at once.
const CHUNK: i64 = 500;
/// How many records that ended last are counted again.
const ENDED: i64 = 500;
/// How many breaches are listed.
const LISTED: usize = 50;

/// How many clocks would move, and which would be late.
#[derive(Default)]
pub struct Effect {
    /// Open records that were looked at, and whether there are more.
    pub records: usize,
    pub is_cut: bool,
    /// Open clocks that would be due at another time, under other terms, start, or end.
    pub moved: usize,
    pub starts: usize,
    pub ends: usize,
    pub breaches: usize,
    pub late: Vec<Late>,
    /// Results of imported records that an agreement dated back would give.
    pub imported: usize,
    /// Records that ended, counted again, and results of theirs that would change.
    pub ended: usize,
    pub changed: usize,
}

/// A clock that would be breached and is not now.
pub struct Late {
    pub path: String,
    pub number: String,
    pub title: String,
    pub target: String,
    pub due: When,
    pub was_due: Option<When>,
}

pub fn of(
    r: &mut Db,
    shell: &Shell,
    v: &Visitor,
    looked: &Looked,
    trial: &Trial,
) -> Result<Effect> {
    let mut effect = Effect::default();
    let mut late: Vec<(Uuid, Move)> = Vec::new();
    let kind = kind_of(looked);
    let mut after = None;
    while effect.records < OPEN {
        let ids = records::to_try(r, v, kind, after, CHUNK)?;
        after = ids.last().copied();
        effect.records += ids.len();
        let ids: Vec<Uuid> = ids.into_iter().map(Id::uuid).collect();
        for (record, moves) in trial.moves(r, &ids)? {
            for moved in moves {
                effect.count(&moved);
                if moved.moves == Moves::Breaches && late.len() < LISTED {
                    late.push((record, moved));
                }
            }
        }
        if (ids.len() as i64) < CHUNK {
            break;
        }
    }
    effect.is_cut = effect.records >= OPEN;
    let ended = records::ended_last(r, v, ENDED)?;
    let ended: Vec<Uuid> = ended.into_iter().map(Id::uuid).collect();
    effect.ended = ended.len();
    for (_, moves) in trial.moves(r, &ended)? {
        let changed = moves.iter().filter(|m| m.before.is_some()).count();
        effect.changed += changed;
    }
    effect.late = listed(r, shell, late)?;
    Ok(effect)
}

impl Effect {
    fn count(&mut self, moved: &Move) {
        match (moved.moves, &moved.before) {
            (Moves::Closed, None) => self.imported += 1,
            (Moves::Closed, Some(_)) => self.changed += 1,
            (Moves::Starts, _) => self.starts += 1,
            (Moves::Ends, _) => self.ends += 1,
            (Moves::Due, _) => self.moved += 1,
            (Moves::Breaches, _) => {
                self.moved += 1;
                self.breaches += 1;
            }
        }
    }
}

/// The one kind of record that agreements are about, before and after.
fn kind_of(looked: &Looked) -> Option<Kind> {
    if !looked.wanted.calendars.is_empty() {
        return None;
    }
    let of = |kept: &Kept<Agreement>| {
        let versions = kept.versions.iter();
        let kinds = versions.map(|v| Kind::from_word(&v.definition.covers.record));
        kinds.collect::<Vec<_>>()
    };
    let wanted = looked.wanted.agreements.iter();
    let mut kinds: Vec<Option<Kind>> = wanted
        .filter_map(|w| looked.after.agreements.iter().find(|kept| kept.id == w.id))
        .flat_map(of)
        .collect();
    kinds.dedup();
    match kinds.as_slice() {
        [one] => *one,
        _ => None,
    }
}

/// Records that the visitor sees: they were found so.
fn listed(r: &mut Db, shell: &Shell, late: Vec<(Uuid, Move)>) -> Result<Vec<Late>> {
    if late.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Id<Record>> = late.iter().map(|(id, _)| Id::from_uuid(*id)).collect();
    let records: HashMap<Uuid, Record> = records::find_by_ids(r, &ids)?
        .into_iter()
        .map(|record| (record.id.uuid(), record))
        .collect();
    let line = |(id, moved): (Uuid, Move)| {
        let record = records.get(&id)?;
        let after = moved.after?;
        let target = format!("target-{}", after.target.word().replace('_', "-"));
        Some(Late {
            path: record.number().path(),
            number: record.number().to_string(),
            title: record.title.clone(),
            target: shell.t.s(&target).into_owned(),
            due: shell.when(after.due_at),
            was_due: moved.before.map(|before| shell.when(before.due_at)),
        })
    };
    Ok(late.into_iter().filter_map(line).collect())
}

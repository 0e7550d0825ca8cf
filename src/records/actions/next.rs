//! Taking what is next. A first line takes the most urgent, then the oldest; a team that owns problems or
//! action items takes in the fair order ([`fair`]), where what waits is not forgotten.

use super::edit::{Assign, assign_as};
use crate::journal::{Change, Value};
use crate::people::{Team, Visitor};
use crate::platform::db::{Db, Id, Utc, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Result};
use crate::records::fair::{self, Class, Head, Pull, Since, Why};
use crate::records::life_cycle::Practice;
use crate::records::model::{Kind, Record};
use crate::records::{policy, store};
use crate::services;

/// What is next for somebody, and why.
#[derive(Debug, Clone)]
#[allow(clippy::large_enum_variant)] // there is one at a time
pub enum Next {
    /// Nothing waiting for their teams is more urgent, nor older as urgent.
    MostUrgent(Record),
    /// It stands first in the fair order of a team; or would not yet, but for the reserved pull.
    Fair {
        team: Id<Team>,
        record: Record,
        /// What would be next but for the reserved pull.
        instead_of: Option<Record>,
        /// Pulls in a row that took nothing reserved: before this one, and after it.
        turns: (Since, Since),
    },
}

impl Next {
    pub fn record(&self) -> &Record {
        match self {
            Next::MostUrgent(record) | Next::Fair { record, .. } => record,
        }
    }
}

/// The teams whose fair order somebody takes from: theirs, where all of them take so. Whoever stands in a
/// first line too takes as that does.
pub fn fair_teams_of(conn: &mut Db, visitor: &Visitor) -> Result<Vec<Id<Team>>> {
    if visitor.teams.is_empty() {
        return Ok(Vec::new());
    }
    let fair = services::fair_teams(conn)?;
    Ok(match visitor.teams.iter().all(|team| fair.contains(team)) {
        true => visitor.teams.clone(),
        false => Vec::new(),
    })
}

/// What is next for somebody.
pub fn next(conn: &mut Db, visitor: &Visitor) -> Result<Option<Next>> {
    policy::may_work(visitor)?;
    let teams = fair_teams_of(conn, visitor)?;
    if teams.is_empty() {
        let most_urgent = store::most_urgent(conn, visitor)?;
        return Ok(most_urgent.map(Next::MostUrgent));
    }
    // Of several teams the one is asked whose head is first of all; its own turns count.
    let mut first: Option<(Id<Team>, Record)> = None;
    for team in teams {
        let Some(head) = store::fair_head(conn, visitor, team, false)? else {
            continue;
        };
        let earlier = |(_, known): &(Id<Team>, Record)| place(&head) < place(known);
        if first.as_ref().is_none_or(earlier) {
            first = Some((team, head));
        }
    }
    let Some((team, first)) = first else {
        return Ok(None);
    };
    let reserved = store::fair_head(conn, visitor, team, true)?;
    let since = store::turn_of(conn, team)?;
    let found: Option<Pull<Id<Record>>> =
        fair::pull(head_of(&first), reserved.as_ref().and_then(head_of), since);
    Ok(found.map(|pull| {
        let (record, instead_of) = match (pull.why, reserved) {
            (Why::Reserved { .. }, Some(reserved)) => (reserved, Some(first)),
            _ => (first, None),
        };
        Next::Fair {
            team,
            record,
            instead_of,
            turns: (since, pull.since),
        }
    }))
}

fn place(record: &Record) -> (Utc, Id<Record>) {
    (record.virtual_deadline, record.id)
}

fn head_of(record: &Record) -> Option<Head<Id<Record>>> {
    Some(Head {
        record: record.id,
        class: Class::of(record.kind)?,
        deadline: record.virtual_deadline,
    })
}

/// Gives somebody what is next, and says in its journal why it was.
pub fn take_next(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    practice_of: fn(Kind) -> &'static Practice,
) -> Result<Next> {
    let next = next(w, visitor)?.ok_or_else(|| Error::refused("nothing-to-take"))?;
    let record = next.record();
    let command = Assign {
        seen: record.facts,
        assignee: Some(Some(visitor.id)),
        ..Assign::default()
    };
    let mut said = Vec::new();
    if let Next::Fair {
        team,
        instead_of,
        turns: (was, is),
        ..
    } = &next
    {
        store::count_pull(w, *team, *was, *is)?;
        let why = match instead_of {
            Some(_) => "reserved",
            None => "earliest",
        };
        said.push(Change::set("taken_as", Value::word(why)));
        said.push(Change::set(
            "taken_place",
            Value::At(record.virtual_deadline),
        ));
    }
    let practice = practice_of(record.kind);
    let number = record.number();
    let taken = assign_as(w, visitor, ctx, practice, number, &command, said)?;
    Ok(match next {
        Next::MostUrgent(_) => Next::MostUrgent(taken),
        Next::Fair {
            team,
            instead_of,
            turns,
            ..
        } => Next::Fair {
            team,
            record: taken,
            instead_of,
            turns,
        },
    })
}

//! Figures of clocks: one scan of one index, folded here. (SQLite would sort a million rows to group
//! them; they come one by one instead, and nothing of them is kept but counts and durations.)

use std::collections::HashMap;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable};
use uuid::Uuid;

use super::conditions::{Counts, group, instant};
use crate::platform::db::dialect::each_of;
use crate::platform::db::types::{SqlId, SqlUtc};
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::Result;
use crate::reports::model::{Ask, By, Five, GroupBy, Key, Narrow, Outcome, Slots};
use crate::schema::clocks;
use crate::service_levels::Target;

/// What was counted of one line.
#[derive(Debug, Clone, Default)]
pub struct Counted {
    pub total: Five,
    pub months: Vec<Five>,
    /// The agreements its clocks ran under.
    pub agreements: Vec<Id<()>>,
    /// Business time of the clocks that stopped.
    pub took: Vec<i64>,
    pub elapsed: i64,
    pub paused: i64,
}

/// Counts by line, and over all lines by the slots of the trend.
#[derive(Debug, Default)]
pub struct Scanned {
    pub lines: HashMap<Key, Counted>,
    pub trend: Vec<Five>,
}

#[derive(Queryable)]
struct Row {
    at: Utc,
    outcome: Outcome,
    priority: i32,
    group: Option<Id<()>>,
    agreement: Id<()>,
    elapsed: i64,
    paused: i64,
    stopped: bool,
}

/// Counts the clocks of a question.
pub fn scan(conn: &mut Db, ask: &Ask, months: &Slots, trend: &Slots) -> Result<Scanned> {
    let mut scanned = Scanned {
        lines: HashMap::new(),
        trend: vec![Five::default(); trend.0.len()],
    };
    let group_by = ask.group_by;
    let width = months.0.len();
    let mut take = |row: Row| {
        let key = match (group_by, row.group) {
            (GroupBy::Priority, _) => Key::Level(row.priority),
            (_, Some(id)) => Key::Of(id.uuid()),
            (_, None) => Key::None,
        };
        let line = scanned.lines.entry(key).or_insert_with(|| Counted {
            months: vec![Five::default(); width],
            ..Counted::default()
        });
        line.total.add(row.outcome, 1);
        if let Some(month) = months.place(row.at).and_then(|n| line.months.get_mut(n)) {
            month.add(row.outcome, 1);
        }
        if let Some(point) = trend.place(row.at).and_then(|n| scanned.trend.get_mut(n)) {
            point.add(row.outcome, 1);
        }
        if !line.agreements.contains(&row.agreement) {
            line.agreements.push(row.agreement);
        }
        if row.stopped {
            line.took.push(row.elapsed);
        }
        line.elapsed = line.elapsed.saturating_add(row.elapsed);
        line.paused = line.paused.saturating_add(row.paused);
    };
    each(conn, ask, ask.period.start, ask.period.end, &mut take)?;
    // What runs has no outcome yet: it belongs to no month, and to every period it was open in.
    if ask.by == By::Outcome {
        let end = ask.period.end;
        let far = Utc::from_micros(Utc::FAR.micros() + 1);
        running(conn, ask, end, far, &mut take)?;
    }
    Ok(scanned)
}

fn each(conn: &mut Db, ask: &Ask, from: Utc, before: Utc, mut take: impl FnMut(Row)) -> Result<()> {
    let query = || {
        clocks::table
            .filter(clocks::target.eq(ask.target.word()))
            .filter(Counts::new(ask.by, from, before, true, &ask.narrow))
            .select((
                sql::<SqlUtc>(instant(ask.by)),
                clocks::outcome,
                clocks::priority,
                sql::<Nullable<SqlId>>(group(ask.group_by)),
                clocks::agreement_id,
                clocks::elapsed_micros,
                clocks::paused_micros,
                sql::<Bool>("clocks.stopped_at IS NOT NULL"),
            ))
    };
    Ok(each_of!(conn, query(), Row, &mut take)?)
}

/// [`each`] of what has no outcome yet and was reported before an instant.
fn running(
    conn: &mut Db,
    ask: &Ask,
    reported_before: Utc,
    far: Utc,
    mut take: impl FnMut(Row),
) -> Result<()> {
    let query = || {
        clocks::table
            .filter(clocks::target.eq(ask.target.word()))
            .filter(Counts::new(By::Outcome, Utc::FAR, far, true, &ask.narrow))
            .filter(clocks::reported_at.lt(reported_before))
            .select((
                clocks::outcome_at,
                clocks::outcome,
                clocks::priority,
                sql::<Nullable<SqlId>>(group(ask.group_by)),
                clocks::agreement_id,
                clocks::elapsed_micros,
                clocks::paused_micros,
                sql::<Bool>("clocks.stopped_at IS NOT NULL"),
            ))
    };
    Ok(each_of!(conn, query(), Row, &mut take)?)
}

/// How the clocks of a target stand by their outcome in the period of a question, narrowed as it is: the
/// cheapest of the figures.
pub fn outcomes(conn: &mut Db, target: Target, ask: &Ask) -> Result<Five> {
    let mut five = Five::default();
    let (start, end) = (ask.period.start, ask.period.end);
    let query = || {
        clocks::table
            .filter(clocks::target.eq(target.word()))
            .filter(Counts::new(ask.by, start, end, true, &ask.narrow))
            .select(clocks::outcome)
    };
    each_of!(conn, query(), Outcome, |outcome| five.add(outcome, 1))?;
    Ok(five)
}

/// How many breaches of a target stood before the terms changed.
pub fn superseded(conn: &mut Db, ask: &Ask) -> Result<u64> {
    let (start, end) = (ask.period.start, ask.period.end);
    let n: i64 = clocks::table
        .filter(sql::<Bool>("clocks.is_superseded = TRUE"))
        .filter(
            clocks::breached_at
                .ge(start)
                .and(clocks::breached_at.lt(end)),
        )
        .filter(clocks::target.eq(ask.target.word()))
        .filter(clocks::is_restricted.eq(false))
        .count()
        .get_result(conn)?;
    Ok(n.unsigned_abs())
}

/// The targets that have any clock with an outcome in a period.
pub fn targets_between(conn: &mut Db, from: Utc, before: Utc) -> Result<Vec<Target>> {
    let mut found = Vec::new();
    for target in Target::ALL {
        let some: Option<Id<()>> = clocks::table
            .filter(clocks::target.eq(target.word()))
            .filter(Counts::new(
                By::Outcome,
                from,
                before,
                true,
                &Narrow::default(),
            ))
            .select(clocks::id)
            .first(conn)
            .optional()?;
        found.extend(some.map(|_| *target));
    }
    Ok(found)
}

/// Who held work, and for how long: stays with a team, holds on a supplier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub team: Option<Id<()>>,
    /// Its id.
    pub supplier: Option<Uuid>,
    pub n: u64,
    pub elapsed: i64,
    pub paused: i64,
}

/// The stays (`ola`) or holds (`supplier`) of a period, by who had them.
pub fn held_by(conn: &mut Db, target: Target, from: Utc, before: Utc) -> Result<Vec<Held>> {
    let mut found: HashMap<(Option<Id<()>>, Option<Uuid>), Held> = HashMap::new();
    let query = || {
        clocks::table
            .filter(clocks::target.eq(target.word()))
            .filter(Counts::new(
                By::Outcome,
                from,
                before,
                false,
                &Narrow::default(),
            ))
            .select((
                sql::<Nullable<SqlId>>("clocks.team_id"),
                clocks::supplier,
                clocks::elapsed_micros,
                clocks::paused_micros,
            ))
    };
    type Stay = (Option<Id<()>>, String, i64, i64);
    each_of!(
        conn,
        query(),
        Stay,
        |(team, supplier, elapsed, paused): Stay| {
            // A hold on a supplier is the supplier's, whichever team waits for it.
            let team = team.filter(|_| target == Target::Ola);
            let supplier = supplier.parse().ok();
            let held = found.entry((team, supplier)).or_insert(Held {
                team,
                supplier,
                n: 0,
                elapsed: 0,
                paused: 0,
            });
            held.n += 1;
            held.elapsed = held.elapsed.saturating_add(elapsed);
            held.paused = held.paused.saturating_add(paused);
        }
    )?;
    let mut found: Vec<Held> = found.into_values().collect();
    found.sort_by(|a, b| (b.elapsed, a.supplier, a.team).cmp(&(a.elapsed, b.supplier, b.team)));
    Ok(found)
}

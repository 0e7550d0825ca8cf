//! How a record's promises stand, on its row: written from what its clocks say, and by nobody else.

use diesel::prelude::*;

use super::write::subject;
use crate::journal::{Facts, Head, NewFact};
use crate::people::Visitor;
use crate::platform::db::{Db, Id, Utc, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Result};
use crate::records::model::{Kind, Record};
use crate::schema::{external_ids, records};
use crate::service_levels::{ClockState, Settled, Standing};

/// As much of a record as its clocks need.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = records)]
pub struct Headed {
    pub id: Id<Record>,
    pub kind: Kind,
    pub is_restricted: bool,
    pub facts: i64,
    pub facts_head: Vec<u8>,
    next_due_at: Utc,
    next_risk_at: Utc,
    clock_state: ClockState,
    is_flagged: bool,
}

impl Headed {
    /// Whether its row says already what its clocks say.
    pub fn stands_as(&self, settled: &Settled) -> bool {
        let standing = Standing {
            state: self.clock_state,
            due_at: self.next_due_at,
            risk_at: self.next_risk_at,
        };
        standing == settled.standing && self.is_flagged == settled.is_flagged
    }
}

pub fn heads_of(conn: &mut Db, ids: &[Id<Record>]) -> Result<Vec<Headed>> {
    let rows = records::table.select(Headed::as_select());
    Ok(match ids {
        [one] => rows.filter(records::id.eq(*one)).load(conn)?,
        many => rows.filter(records::id.eq_any(many)).load(conn)?,
    })
}

/// Records whose clocks a change of definitions may move, after one, in the order of their ids: open
/// ones, and those that came from elsewhere, which an agreement may be dated back for. A result that is
/// certain is counted to the same.
pub fn to_recount(conn: &mut Db, after: Option<Id<Record>>, limit: i64) -> Result<Vec<Id<Record>>> {
    let imported = external_ids::table.select(external_ids::record_id);
    Ok(records::table
        .filter(records::is_open.eq(true).or(records::id.eq_any(imported)))
        .filter(records::id.gt(after.unwrap_or(Id::nil())))
        .order(records::id)
        .limit(limit)
        .select(records::id)
        .load(conn)?)
}

/// The same among those a visitor sees, of a kind where one is asked for: what trying a definition out
/// may tell of.
pub fn to_try(
    conn: &mut Db,
    visitor: &Visitor,
    kind: Option<Kind>,
    after: Option<Id<Record>>,
    limit: i64,
) -> Result<Vec<Id<Record>>> {
    let imported = external_ids::table.select(external_ids::record_id);
    let mut query = records::table
        .filter(records::is_open.eq(true).or(records::id.eq_any(imported)))
        .filter(records::id.gt(after.unwrap_or(Id::nil())))
        .order(records::id)
        .limit(limit)
        .select(records::id)
        .into_boxed();
    if let Some(kind) = kind {
        query = query.filter(records::kind.eq(kind));
    }
    Ok(crate::visible!(query, visitor).load(conn)?)
}

/// The records a visitor sees that ended last.
pub fn ended_last(conn: &mut Db, visitor: &Visitor, limit: i64) -> Result<Vec<Id<Record>>> {
    let query = records::table
        .filter(records::is_open.eq(false))
        .order(records::id.desc())
        .limit(limit)
        .select(records::id)
        .into_boxed();
    Ok(crate::visible!(query, visitor).load(conn)?)
}

/// Writes how records stand and appends what happened to their clocks. Whoever changed a record
/// meanwhile had its clocks counted themself, from more facts: this is done again.
pub fn write_standings(
    w: &mut Write<'_>,
    ctx: &Ctx,
    changed: &[(Headed, Settled, Vec<NewFact>)],
) -> Result<()> {
    let mut all = Facts::default();
    let mut heads = Vec::with_capacity(changed.len());
    for (record, _, facts) in changed {
        let mut head = Head {
            count: record.facts,
            hash: record.facts_head.clone(),
        };
        for fact in facts {
            head = all.append(ctx, subject(record.id), &head, fact)?;
        }
        heads.push(head);
    }
    for ((record, settled, _), head) in changed.iter().zip(heads) {
        let unchanged = records::table
            .find(record.id)
            .filter(records::facts.eq(record.facts));
        let journal = (
            records::version.eq(records::version + (head.count - record.facts)),
            records::facts.eq(head.count),
            records::facts_head.eq(head.hash),
        );
        // A breach moves nothing that a list is ordered by: the indexes stay as they are.
        let written = if record.stands_as(settled) {
            diesel::update(unchanged).set(journal).execute(&mut **w)?
        } else {
            let stands = (
                records::next_due_at.eq(settled.standing.due_at),
                records::next_risk_at.eq(settled.standing.risk_at),
                records::clock_state.eq(settled.standing.state),
                records::is_flagged.eq(settled.is_flagged),
            );
            diesel::update(unchanged)
                .set((stands, journal))
                .execute(&mut **w)?
        };
        if written == 0 {
            return Err(Error::Raced);
        }
    }
    if changed.iter().all(|(_, _, facts)| facts.is_empty()) {
        return Ok(());
    }
    all.write(w)
}

//! The records behind a number: lists by key, through what the reader may see.

use std::collections::HashMap;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::conditions::Counts;
use crate::incidents::Which;
use crate::people::{Team, Visitor};
use crate::platform::db::types::SqlUtc;
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::Result;
use crate::records::{Channel, Kind, Number, Record};
use crate::reports::model::{By, Narrow, Outcome};
use crate::schema::{
    agreements, breach_reasons, clocks, contact_counts, exemptions, incident_instants, incidents,
    people, records, services, teams,
};
use crate::service_levels::Target;
use crate::services::{Category, Service};

/// A clock with its record, as lists and files show it.
#[derive(Debug, Clone, Queryable)]
pub struct ClockRow {
    pub id: Id<()>,
    pub record: Id<Record>,
    pub kind: Kind,
    pub n: i64,
    pub title: String,
    pub target: String,
    pub cycle: i32,
    pub part: i32,
    pub outcome: Outcome,
    /// Whose order the list has.
    pub at: Utc,
    pub phase: String,
    pub priority: i32,
    pub agreement: String,
    pub service: Option<String>,
    pub team: Option<String>,
    pub started_at: Utc,
    pub due_at: Utc,
    pub stopped_at: Option<Utc>,
    pub breached_at: Option<Utc>,
    pub target_micros: i64,
    pub elapsed_micros: i64,
    pub paused_micros: i64,
    pub is_counted: bool,
    pub is_superseded: bool,
    pub reported_at: Utc,
    /// Why it was missed, where somebody said.
    pub code: Option<String>,
    pub text: Option<String>,
    /// Why it shall not count, and who said so, if anybody did.
    pub exemption: Option<String>,
    pub approved_at: Option<Utc>,
}

/// Which clocks a list shows.
#[derive(Debug, Clone)]
pub struct Clocks {
    pub target: Option<Target>,
    pub by: By,
    pub from: Utc,
    pub before: Utc,
    pub narrow: Narrow,
    pub outcome: Option<Outcome>,
    /// Met or breached.
    pub decided: bool,
    /// What has a duration: that a percentile counts.
    pub stopped: bool,
    /// Running ones belong to every period they were open in.
    pub reported_before: Option<Utc>,
}

macro_rules! source {
    () => {
        clocks::table
            .inner_join(records::table)
            .inner_join(agreements::table)
            .left_join(services::table.on(clocks::service_id.eq(services::id.nullable())))
            .left_join(teams::table.on(clocks::team_id.eq(teams::id.nullable())))
            .left_join(
                breach_reasons::table.on(breach_reasons::record_id
                    .eq(clocks::record_id)
                    .and(breach_reasons::target.eq(clocks::target))
                    .and(breach_reasons::cycle.eq(clocks::cycle))
                    .and(breach_reasons::part.eq(clocks::part))),
            )
            .left_join(
                exemptions::table.on(exemptions::record_id
                    .eq(clocks::record_id)
                    .and(exemptions::target.eq(clocks::target))
                    .and(exemptions::cycle.eq(clocks::cycle))),
            )
    };
}

macro_rules! columns {
    ($at:expr) => {
        (
            clocks::id,
            clocks::record_id,
            records::kind,
            records::number,
            records::title,
            clocks::target,
            clocks::cycle,
            clocks::part,
            clocks::outcome,
            sql::<SqlUtc>($at),
            clocks::phase,
            clocks::priority,
            agreements::name,
            services::name.nullable(),
            teams::name.nullable(),
            clocks::started_at,
            clocks::due_at,
            clocks::stopped_at,
            clocks::breached_at,
            clocks::target_micros,
            clocks::elapsed_micros,
            clocks::paused_micros,
            clocks::is_counted,
            clocks::is_superseded,
            clocks::reported_at,
            breach_reasons::code.nullable(),
            breach_reasons::text.nullable(),
            exemptions::reason.nullable(),
            exemptions::approved_at.nullable(),
        )
    };
}

macro_rules! breached {
    ($asked:expr, $after:expr, $limit:expr) => {{
        let asked: &Clocks = $asked;
        let mut query = source!()
            .filter(sql::<Bool>("clocks.breached_at IS NOT NULL"))
            .filter(clocks::breached_at.ge(asked.from))
            .filter(clocks::breached_at.lt(asked.before))
            .filter(clocks::is_restricted.eq(false))
            .select(columns!("clocks.breached_at"))
            .order((clocks::breached_at.desc(), clocks::id.desc()))
            .limit($limit)
            .into_boxed();
        let narrow = &asked.narrow;
        if let Some(kind) = &narrow.kind {
            query = query.filter(clocks::record_kind.eq(kind.clone()));
        }
        if let Some(priority) = narrow.priority {
            query = query.filter(clocks::priority.eq(priority));
        }
        if let Some(service) = narrow.service {
            query = match service {
                Some(id) => query.filter(clocks::service_id.eq(Id::<()>::from_uuid(id))),
                None => query.filter(clocks::service_id.is_null()),
            };
        }
        if let Some(team) = narrow.team {
            query = match team {
                Some(id) => query.filter(clocks::team_id.eq(Id::<()>::from_uuid(id))),
                None => query.filter(clocks::team_id.is_null()),
            };
        }
        if let Some((at, id)) = $after {
            let (at, id): (Utc, Id<()>) = (at, id);
            query = query.filter(
                clocks::breached_at
                    .lt(at)
                    .or(clocks::breached_at.eq(at).and(clocks::id.lt(id))),
            );
        }
        query
    }};
}

/// A page of the clocks that a number counts, newest first, from behind a key on.
pub fn clocks(
    conn: &mut Db,
    visitor: &Visitor,
    asked: &Clocks,
    after: Option<(Utc, Id<()>)>,
    limit: i64,
) -> Result<Vec<ClockRow>> {
    let (column, at) = match asked.by {
        By::Outcome => (sql::<SqlUtc>("clocks.outcome_at"), "clocks.outcome_at"),
        By::Opened => (sql::<SqlUtc>("clocks.reported_at"), "clocks.reported_at"),
        By::Resolved => (sql::<SqlUtc>("clocks.stopped_at"), "clocks.stopped_at"),
    };
    let counts = Counts::new(asked.by, asked.from, asked.before, true, &asked.narrow);
    let mut query = source!()
        .filter(counts)
        .select(columns!(at))
        .limit(limit)
        .into_boxed();
    if let Some(target) = asked.target {
        query = query.filter(clocks::target.eq(target.word()));
    }
    if let Some(outcome) = asked.outcome {
        query = query.filter(clocks::outcome.eq(outcome));
    }
    if asked.decided {
        query = query.filter(clocks::outcome.eq_any([Outcome::Met, Outcome::Breached]));
    }
    if asked.stopped {
        query = query.filter(clocks::stopped_at.is_not_null());
    }
    if let Some(before) = asked.reported_before {
        query = query.filter(clocks::reported_at.lt(before));
    }
    if let Some((key, id)) = after {
        query = query.filter(
            column
                .clone()
                .lt(key)
                .or(column.clone().eq(key).and(clocks::id.lt(id))),
        );
    }
    let query = query.order((column.desc(), clocks::id.desc()));
    Ok(crate::visible!(query, visitor).load(conn)?)
}

/// A page of breaches, the latest first: each that was ever reached, whatever came after it.
pub fn breaches(
    conn: &mut Db,
    visitor: &Visitor,
    asked: &Clocks,
    after: Option<(Utc, Id<()>)>,
    limit: i64,
) -> Result<Vec<ClockRow>> {
    let mut query = breached!(asked, after, limit);
    if let Some(target) = asked.target {
        query = query.filter(clocks::target.eq(target.word()));
    }
    Ok(crate::visible!(query, visitor).load(conn)?)
}

/// Breaches of some teams that nobody has said a reason for. Those of an import ask nobody.
pub fn unexplained(
    conn: &mut Db,
    visitor: &Visitor,
    teams: &[Id<Team>],
    asked: &Clocks,
    after: Option<(Utc, Id<()>)>,
    limit: i64,
) -> Result<Vec<ClockRow>> {
    let query = breached!(asked, after, limit)
        .filter(breach_reasons::code.is_null())
        .filter(clocks::is_imported.eq(false))
        .filter(clocks::team_id.eq_any(teams));
    Ok(crate::visible!(query, visitor).load(conn)?)
}

/// A change of a record's priority.
#[derive(Debug, Clone)]
pub struct PriorityChanged {
    pub at: Utc,
    pub by: String,
    pub before: i32,
    pub after: i32,
}

/// Who changed the priority of some records, and when: for breaches whose terms were changed after
/// them. Oldest first.
pub fn changed_priority(
    conn: &mut Db,
    records: &[Id<Record>],
) -> Result<HashMap<Id<Record>, Vec<PriorityChanged>>> {
    let mut found: HashMap<Id<Record>, Vec<PriorityChanged>> = HashMap::new();
    if records.is_empty() {
        return Ok(found);
    }
    let ids: Vec<uuid::Uuid> = records.iter().map(|id| id.uuid()).collect();
    for told in crate::journal::changes_of(conn, &ids, "priority")? {
        let list = found.entry(Id::from_uuid(told.subject)).or_default();
        list.push(PriorityChanged {
            at: told.at,
            by: told.by,
            before: told.before.parse().unwrap_or_default(),
            after: told.after.parse().unwrap_or_default(),
        });
    }
    Ok(found)
}

/// A record as the lists of work show it.
#[derive(Debug, Clone, Queryable)]
pub struct RecordRow {
    pub id: Id<Record>,
    pub kind: Kind,
    pub n: i64,
    pub title: String,
    pub priority: i32,
    pub state: String,
    pub at: Utc,
    pub reported_at: Utc,
    pub resolved_at: Option<Utc>,
    pub service: Option<String>,
    pub team: Option<String>,
    pub assignee: Option<String>,
}

/// What the records of a list have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Facet {
    Opened,
    Channel(Channel),
    Service(Option<Id<Service>>),
    Category(Option<Id<Category>>),
    HandedOver,
    Chased,
    Resolved,
    Reopened,
    FirstContact,
    /// Open now, whenever reported.
    Open,
    /// Open now, and so old: which of the ages.
    Aged(usize),
    /// Open when the period ended.
    Left,
    /// Incidents for which both ends of a time are known.
    Detected,
    Acknowledged,
    Restored,
    /// Put on hold for a reason in the period.
    Held(String),
}

impl Facet {
    /// Whether its period is about when records were resolved.
    pub fn is_of_end(&self) -> bool {
        matches!(
            self,
            Facet::Resolved | Facet::Reopened | Facet::FirstContact
        )
    }
}

/// A page of the records a number of work counts, newest first.
pub fn records(
    conn: &mut Db,
    visitor: &Visitor,
    facet: &Facet,
    kind: Option<Kind>,
    (from, before): (Utc, Utc),
    after: Option<(Utc, Id<Record>)>,
    limit: i64,
) -> Result<Vec<RecordRow>> {
    let at = match facet.is_of_end() {
        true => "records.resolved_at",
        false => "records.reported_at",
    };
    let column = || sql::<SqlUtc>(at);
    let mut query = records::table
        .left_join(services::table)
        .left_join(teams::table)
        .left_join(people::table.on(records::assignee_id.eq(people::id.nullable())))
        .filter(records::is_restricted.eq(false))
        .select((
            records::id,
            records::kind,
            records::number,
            records::title,
            records::priority,
            records::state,
            column(),
            records::reported_at,
            records::resolved_at,
            services::name.nullable(),
            teams::name.nullable(),
            people::name.nullable(),
        ))
        .order((column().desc(), records::id.desc()))
        .limit(limit)
        .into_boxed();
    query = match facet.is_of_end() {
        true => query
            .filter(records::resolved_at.ge(from))
            .filter(records::resolved_at.lt(before)),
        // What was put on hold in a period may have been reported long before.
        false if matches!(facet, Facet::Held(_)) => query,
        false => query
            .filter(records::reported_at.ge(from))
            .filter(records::reported_at.lt(before)),
    };
    if let Some(kind) = kind {
        query = query.filter(records::kind.eq(kind));
    }
    query = match facet {
        Facet::Opened | Facet::Resolved => query,
        Facet::Open | Facet::Aged(_) => query.filter(sql::<Bool>("records.is_open = TRUE")),
        // Neither resolved before nor ended otherwise.
        Facet::Left => query.filter(
            records::is_open
                .eq(true)
                .or(records::resolved_at.ge(before))
                .or(records::resolved_at
                    .is_null()
                    .and(records::closed_at.ge(before))),
        ),
        Facet::Channel(channel) => query.filter(records::channel.eq(*channel)),
        Facet::Service(Some(service)) => query.filter(records::service_id.eq(*service)),
        Facet::Service(None) => query.filter(records::service_id.is_null()),
        Facet::Category(Some(category)) => query.filter(records::category_id.eq(*category)),
        Facet::Category(None) => query.filter(records::category_id.is_null()),
        Facet::HandedOver => query.filter(records::handoffs.gt(0)),
        Facet::Reopened => query.filter(records::reopens.gt(0)),
        Facet::Chased => query.filter(
            records::id.eq_any(
                contact_counts::table
                    .filter(contact_counts::chased.gt(0))
                    .select(contact_counts::record_id),
            ),
        ),
        Facet::FirstContact => query.filter(
            records::id.eq_any(
                incidents::table
                    .filter(incidents::first_contact.eq(true))
                    .select(incidents::id),
            ),
        ),
        Facet::Detected => query
            .filter(records::id.eq_any(known(Which::Detected)))
            .filter(records::id.eq_any(known(Which::ImpactBegan))),
        Facet::Acknowledged => query.filter(records::id.eq_any(known(Which::Acknowledged))),
        Facet::Restored => query.filter(
            records::id
                .eq_any(known(Which::Mitigated))
                .or(records::resolved_at.is_not_null()),
        ),
        Facet::Held(reason) => query.filter(
            records::id.eq_any(
                crate::schema::holds::table
                    .filter(crate::schema::holds::started_at.ge(from))
                    .filter(crate::schema::holds::started_at.lt(before))
                    .filter(crate::schema::holds::reason.eq(reason.clone()))
                    .select(crate::schema::holds::record_id),
            ),
        ),
    };
    if let Some((key, id)) = after {
        query = query.filter(
            column()
                .lt(key)
                .or(column().eq(key).and(records::id.lt(id))),
        );
    }
    Ok(crate::visible!(query, visitor).load(conn)?)
}

/// The incidents of which an instant is known.
#[diesel::dsl::auto_type]
fn known(which: Which) -> _ {
    incident_instants::table
        .filter(incident_instants::which.eq(which))
        .filter(incident_instants::at.is_not_null())
        .select(incident_instants::record_id)
}

/// Numbers and titles of these records, as far as they exist for a reader.
pub fn titles(
    conn: &mut Db,
    visitor: &Visitor,
    ids: &[Id<Record>],
) -> Result<HashMap<Id<Record>, (Number, String)>> {
    let query = records::table
        .filter(records::id.eq_any(ids))
        .select((records::id, records::kind, records::number, records::title))
        .into_boxed();
    let rows: Vec<(Id<Record>, Kind, i64, String)> = crate::visible!(query, visitor).load(conn)?;
    let named = rows
        .into_iter()
        .map(|(id, kind, n, title)| (id, (Number { kind, n }, title)));
    Ok(named.collect())
}

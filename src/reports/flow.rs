//! The flow of work: what came in, what was finished, what is left.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::model::{Period, Slots};
use super::rules::{AGES, age};
use super::store;
use crate::platform::db::{Db, Utc};
use crate::platform::kernel::error::Result;
use crate::records::Kind;
use crate::services;

/// A week of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Week {
    pub from: String,
    pub to: String,
    pub opened: u64,
    pub resolved: u64,
    /// Open at its end.
    pub backlog: u64,
}

/// How many of a channel, a service, a category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Volume {
    /// A word or an id; `none` for those that have none.
    pub key: String,
    pub label: String,
    pub n: u64,
}

/// So many of so many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub part: u64,
    pub n: u64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flow {
    pub weeks: Vec<Week>,
    pub channels: Vec<Volume>,
    pub services: Vec<Volume>,
    pub categories: Vec<Volume>,
    /// Of the incidents resolved.
    pub first_contact: Part,
    /// Of the records reported; and how often altogether.
    pub chased: Part,
    pub chasers: u64,
    /// Of the records resolved.
    pub reopened: Part,
    /// Of the records reported.
    pub handed_over: Part,
    /// Open work by its age, as it was when this was worked out.
    pub ages: Vec<u64>,
    pub open: u64,
}

/// Works the flow of a period out.
pub fn flow(conn: &mut Db, period: &Period, kind: Option<Kind>, now: Utc) -> Result<Flow> {
    let weeks = period.weeks();
    let mut flow = Flow {
        weeks: (weeks.0.iter())
            .map(|week| Week {
                from: week.from.to_string(),
                to: week.to.to_string(),
                ..Week::default()
            })
            .collect(),
        ages: vec![0; AGES.len() + 1],
        ..Flow::default()
    };
    let mut moves = Moves::new(&weeks);
    came_in(conn, period, kind, &mut flow, &mut moves)?;
    went_out(conn, period, kind, &mut flow, &mut moves)?;
    let open = store::open_now(conn, kind)?.unsigned_abs();
    flow.open = open;
    moves.backlogs(open, &mut flow.weeks);
    store::aged(conn, |reported_at, of| {
        if kind.is_none_or(|kind| kind == of)
            && let Some(n) = flow.ages.get_mut(age(reported_at, now))
        {
            *n += 1;
        }
    })?;
    let (start, end) = (period.start, period.end);
    let (chased, times) = store::counted_chased(conn, kind, start, end)?;
    flow.chased.part = chased;
    flow.chasers = times;
    if kind.is_none_or(|kind| kind == Kind::Incident) {
        let solved = store::counted_first_contact(conn, start, end)?;
        flow.first_contact.part = solved.unsigned_abs();
    }
    Ok(flow)
}

/// What was opened and ended after the last instant of each week: the backlog is counted back from now.
struct Moves<'a> {
    weeks: &'a Slots,
    opened_after: Vec<u64>,
    ended_after: Vec<u64>,
}

impl<'a> Moves<'a> {
    fn new(weeks: &'a Slots) -> Self {
        let n = weeks.0.len();
        Self {
            weeks,
            opened_after: vec![0; n + 1],
            ended_after: vec![0; n + 1],
        }
    }

    /// Notes a move: it is after every week that ended before it.
    fn note(list: &mut [u64], weeks: &Slots, at: Utc) {
        let after = weeks.0.partition_point(|week| week.end <= at);
        if let Some(n) = list.get_mut(after) {
            *n += 1;
        }
    }

    fn opened(&mut self, at: Utc) {
        Self::note(&mut self.opened_after, self.weeks, at);
    }

    fn ended(&mut self, at: Utc) {
        Self::note(&mut self.ended_after, self.weeks, at);
    }

    fn backlogs(&self, open: u64, weeks: &mut [Week]) {
        let (mut opened, mut ended) = (0, 0);
        let moves = self.opened_after.iter().zip(&self.ended_after);
        let moves: Vec<_> = moves.skip(1).collect();
        for (week, (o, e)) in weeks.iter_mut().zip(moves).rev() {
            opened += o;
            ended += e;
            week.backlog = (open + ended).saturating_sub(opened);
        }
    }
}

fn came_in(
    conn: &mut Db,
    period: &Period,
    kind: Option<Kind>,
    flow: &mut Flow,
    moves: &mut Moves<'_>,
) -> Result<()> {
    let mut channels: HashMap<String, u64> = HashMap::new();
    let mut of_service: HashMap<String, u64> = HashMap::new();
    let mut of_category: HashMap<String, u64> = HashMap::new();
    let key = |id: Option<String>| id.unwrap_or_else(|| "none".to_owned());
    store::arrived(conn, period.start, Utc::FAR, |record| {
        if kind.is_some_and(|kind| kind != record.kind) {
            return;
        }
        moves.opened(record.reported_at);
        if record.reported_at >= period.end {
            return;
        }
        let week = moves.weeks.place(record.reported_at);
        if let Some(week) = week.and_then(|n| flow.weeks.get_mut(n)) {
            week.opened += 1;
        }
        flow.chased.n += 1;
        flow.handed_over.n += 1;
        flow.handed_over.part += u64::from(record.handoffs > 0);
        *channels
            .entry(record.channel.word().to_owned())
            .or_default() += 1;
        *of_service
            .entry(key(record.service.map(|id| id.to_string())))
            .or_default() += 1;
        *of_category
            .entry(key(record.category.map(|id| id.to_string())))
            .or_default() += 1;
    })?;
    let named: HashMap<String, String> = (services::list_services(conn)?.into_iter())
        .map(|s| (s.id.to_string(), s.name))
        .chain((services::list_categories(conn)?.into_iter()).map(|c| (c.id.to_string(), c.name)))
        .collect();
    let volumes = |counted: HashMap<String, u64>| {
        let mut list: Vec<Volume> = (counted.into_iter())
            .map(|(key, n)| Volume {
                label: named.get(&key).cloned().unwrap_or_default(),
                key,
                n,
            })
            .collect();
        list.sort_by(|a, b| (b.n, &a.label, &a.key).cmp(&(a.n, &b.label, &b.key)));
        list
    };
    flow.channels = volumes(channels);
    flow.services = volumes(of_service);
    flow.categories = volumes(of_category);
    Ok(())
}

fn went_out(
    conn: &mut Db,
    period: &Period,
    kind: Option<Kind>,
    flow: &mut Flow,
    moves: &mut Moves<'_>,
) -> Result<()> {
    let counts = |of: Kind| kind.is_none_or(|kind| kind == of);
    store::finished(conn, period.start, Utc::FAR, |record| {
        let Some(at) = record.resolved_at.filter(|_| counts(record.kind)) else {
            return;
        };
        moves.ended(at);
        if at >= period.end {
            return;
        }
        if let Some(week) = moves.weeks.place(at).and_then(|n| flow.weeks.get_mut(n)) {
            week.resolved += 1;
        }
        flow.reopened.n += 1;
        flow.reopened.part += u64::from(record.reopens > 0);
        flow.first_contact.n += u64::from(record.kind == Kind::Incident);
    })?;
    store::ended(conn, period.start, |at, of| {
        if counts(of) {
            moves.ended(at);
        }
    })
}

//! What is asked of a record's clocks: why each is due when it is, and why there is none.

use uuid::Uuid;

use super::clock::{
    Considered, Event, Explanation, Happened, History, What, clocks, considered, explain,
};
use super::compiled::catalogue;
use super::histories::histories;
use super::store::definitions;
use super::terms::Target;
use crate::platform::db::{Db, Utc};
use crate::platform::kernel::error::Result;

/// A record's clocks, each with its time piece by piece, and why a target has none.
#[derive(Debug, Clone, Default)]
pub struct Explained {
    pub clocks: Vec<Explanation>,
    /// The first response, the resolution and the next update, where nobody promised them.
    pub without: Vec<(Target, Vec<Considered>)>,
}

/// Counts a record's clocks from its facts, as every row of them was.
pub fn explain_record(conn: &mut Db, record: Uuid, now: Utc) -> Result<Explained> {
    let Some(catalogue) = catalogue(conn)? else {
        return Ok(Explained::default());
    };
    let Some(history) = histories(conn, &[record])?.remove(&record) else {
        return Ok(Explained::default());
    };
    let counted = clocks(&history, &catalogue, now);
    let asked = [
        Target::FirstResponse,
        Target::Resolution,
        Target::NextUpdate,
    ];
    let without = asked
        .into_iter()
        .filter(|target| counted.iter().all(|clock| clock.target != *target))
        .map(|target| (target, considered(&history, &catalogue, target, now)));
    Ok(Explained {
        without: without.collect(),
        clocks: counted
            .iter()
            .filter_map(|c| explain(&history, &catalogue, now, (c.target, c.cycle, c.part)))
            .collect(),
    })
}

/// What versions are called: the name of what they are versions of, and their number.
pub fn version_names(conn: &mut Db) -> Result<std::collections::HashMap<Uuid, (String, i32)>> {
    let all = definitions::all(conn)?;
    let calendars = all.calendars.iter().flat_map(|kept| {
        let versions = kept.versions.iter();
        versions.map(|v| (v.id, (kept.name.clone(), v.number)))
    });
    let agreements = all.agreements.iter().flat_map(|kept| {
        let versions = kept.versions.iter();
        versions.map(|v| (v.id, (kept.name.clone(), v.number)))
    });
    Ok(calendars.chain(agreements).collect())
}

/// What decides which agreements cover a record that is about to be logged.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    pub kind: String,
    pub priority: i32,
    pub service: Option<Uuid>,
    pub organisation: Option<Uuid>,
    pub category: Option<Uuid>,
    pub team: Option<Uuid>,
    /// Whoever reports it is spoken to, and so answered.
    pub conversation: bool,
}

/// What would be due, and when, if a record were logged now: what is still to be kept of it.
pub fn promised(conn: &mut Db, inputs: &Inputs, now: Utc) -> Result<Vec<(Target, Utc)>> {
    let Some(catalogue) = catalogue(conn)? else {
        return Ok(Vec::new());
    };
    let history = History {
        events: vec![Event {
            at: now,
            position: 1,
            changes: vec![
                Happened::Begun {
                    reported_at: now,
                    conversation: inputs.conversation,
                },
                Happened::Kind(inputs.kind.clone()),
                Happened::Priority(inputs.priority),
                Happened::Service(inputs.service),
                Happened::Organisation(inputs.organisation),
                Happened::Category(inputs.category),
                Happened::Team(inputs.team),
                Happened::Assignee(None),
                Happened::Major(false),
            ],
        }],
        imported: false,
    };
    let open = clocks(&history, &catalogue, now).into_iter().filter(|c| {
        let to_requester = matches!(c.target, Target::FirstResponse | Target::Resolution);
        to_requester && c.stopped_at.is_none() && c.due_at < Utc::FAR
    });
    Ok(open.map(|clock| (clock.target, clock.due_at)).collect())
}

/// How much of its time the promise that is nearest to being late has used, in percent; one that is
/// late has used all of it.
pub fn most_used(conn: &mut Db, record: Uuid, now: Utc) -> Result<i64> {
    let explained = explain_record(conn, record, now)?;
    let open = explained.clocks.iter().filter(|explanation| {
        let clock = &explanation.clock;
        let promised = matches!(clock.target, Target::FirstResponse | Target::Resolution);
        promised && clock.stopped_at.is_none() && !clock.is_superseded
    });
    let used = open.map(|explanation| {
        let clock = &explanation.clock;
        if clock.breached_at.is_some_and(|at| at <= now) || clock.due_at < now {
            return 100;
        }
        let past = explanation.segments.iter().filter(|s| !s.is_ahead);
        let counted: i64 = past
            .filter(|s| s.what == What::Ran)
            .map(|s| s.counted_micros)
            .sum();
        (i128::from(counted) * 100 / i128::from(clock.target_micros.max(1))) as i64
    });
    Ok(used.max().unwrap_or_default())
}

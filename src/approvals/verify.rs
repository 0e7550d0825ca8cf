//! What `andon verify` compares of approvals: policies and boards field by field; of every round its
//! opening and each event with their facts, what it was about with its digest, and what it has come to
//! with what its events are counted to.

use std::collections::HashMap;

use uuid::Uuid;

use super::actions;
use super::model::{EventRow, Happening, Round, RoundRow, digest};
use super::store;
use super::store::rounds::{self, Condition};
use super::terms::Part;
use crate::journal::verify::{Report, Rows, Standing};
use crate::journal::{self, ERASED, Value};
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::Result;
use crate::records::{self, Record};

/// How many rounds are looked at together.
const BATCH: i64 = 200;

/// Policies: what holds last.
pub const POLICIES: Rows = Rows {
    kind: "approval_policy",
    fields: &["name", "retired", "version", "definition"],
    added: "approval_policy.added",
    after: store::policies::ids_after,
    standings: store::policies::standings,
    seed: |_| None,
    called: |fields| Some(format!("approval policy {}", fields.get("name")?.shown())),
};

/// Boards.
pub const BOARDS: Rows = Rows {
    kind: "board",
    fields: actions::BOARD_FIELDS,
    added: "board.added",
    after: store::boards::ids_after,
    standings: |conn, ids| {
        let mut found = Vec::new();
        for board in store::boards::by_ids(conn, ids)? {
            let form = actions::present_board(conn, &board)?;
            let chair = board.chair_id.map(|id| (id.uuid(), String::new()));
            found.push(Standing {
                id: board.id.uuid(),
                name: format!("board {}", board.name),
                head: None,
                must_have_facts: true,
                fields: vec![
                    ("name", Value::text(&board.name)),
                    ("board_chair", Value::reference(chair)),
                    ("board_members", actions::members_value(&form.members)),
                    ("disabled", Value::Flag(form.disabled)),
                ],
            });
        }
        Ok(found)
    },
    seed: |_| None,
    called: |fields| Some(format!("board {}", fields.get("name")?.shown())),
};

/// Compares every round with the journal. Says how many there are.
pub fn verify_rounds(conn: &mut Db, report: &mut Report<'_>) -> Result<u64> {
    let mut seen = 0;
    let mut after = None;
    loop {
        let rows = rounds::rounds_after(conn, after, BATCH)?;
        let Some(last) = rows.last() else {
            return Ok(seen);
        };
        after = Some(last.id);
        seen += rows.len() as u64;
        batch(conn, rows, report)?;
    }
}

/// What the facts of some records tell of their rounds, in order.
struct Told {
    opened: HashMap<Uuid, Vec<(String, Utc)>>,
    events: HashMap<Uuid, Vec<(String, Utc)>>,
    present: HashMap<Uuid, Vec<(String, Utc)>>,
    conditions: HashMap<Uuid, Vec<(String, Utc)>>,
    met: HashMap<Uuid, Vec<(String, Utc)>>,
}

fn told(
    conn: &mut Db,
    records: &[Uuid],
    field: &'static str,
) -> Result<HashMap<Uuid, Vec<(String, Utc)>>> {
    let mut found: HashMap<Uuid, Vec<(String, Utc)>> = HashMap::new();
    for told in journal::changes_of(conn, records, field)? {
        found
            .entry(told.subject)
            .or_default()
            .push((told.after, told.at));
    }
    Ok(found)
}

fn batch(conn: &mut Db, rows: Vec<RoundRow>, report: &mut Report<'_>) -> Result<()> {
    let mut records: Vec<Uuid> = rows.iter().map(|row| row.record_id.uuid()).collect();
    records.sort_unstable();
    records.dedup();
    let told = Told {
        opened: told(conn, &records, "round_opened")?,
        events: told(conn, &records, "round_event")?,
        present: told(conn, &records, "round_present")?,
        conditions: told(conn, &records, "round_conditions")?,
        met: told(conn, &records, "round_condition_met")?,
    };
    let ids: Vec<Id<Record>> = records.iter().map(|id| Id::from_uuid(*id)).collect();
    let names: HashMap<Uuid, String> = (records::find_by_ids(conn, &ids)?.into_iter())
        .map(|r| (r.id.uuid(), r.number().to_string()))
        .collect();
    for (record, opened) in &told.opened {
        let stands = rounds::count_of_record(conn, Id::from_uuid(*record))?;
        if stands != opened.len() as i64 {
            let name = names.get(record).map_or("", String::as_str);
            let opened = opened.len().to_string();
            report.differs_in(name, "rounds", &opened, &stands.to_string());
        }
    }
    let ids: Vec<Id<Round>> = rows.iter().map(|row| row.id).collect();
    let mut events = rounds::events_of(conn, &ids)?;
    for row in rows {
        let (own, others) = events
            .into_iter()
            .partition(|e: &EventRow| e.round_id == row.id);
        events = others;
        let record = names.get(&row.record_id.uuid()).map_or("", String::as_str);
        let name = format!("{record} round {}", row.number);
        match Round::of(row, own) {
            Ok(round) => compare(conn, &name, &round, &told, report)?,
            Err(e) => report.differs(&name, format!("it cannot be read: {e}")),
        }
    }
    Ok(())
}

fn compare(
    conn: &mut Db,
    name: &str,
    round: &Round,
    told: &Told,
    report: &mut Report<'_>,
) -> Result<()> {
    let record = round.row.record_id.uuid();
    let own = |list: &HashMap<Uuid, Vec<(String, Utc)>>| {
        let prefix = format!("{} ", round.row.number);
        let all = list.get(&record).cloned().unwrap_or_default();
        let own = all
            .into_iter()
            .filter(|(word, _)| word.starts_with(&prefix));
        own.collect::<Vec<_>>()
    };
    let opened = vec![(round.row.told(), round.row.opened_at)];
    differ(name, "opening", &own(&told.opened), &opened, report);
    let events = round.events.iter();
    let events: Vec<(String, Utc)> = events.map(|e| (e.told(round.row.number), e.at)).collect();
    differ(name, "events", &own(&told.events), &events, report);
    let present = rounds::present_of(conn, round.row.id)?;
    let of = |n: i32| {
        let there = present.iter().filter(|(of, _)| *of == n);
        let there: Vec<String> = there.map(|(_, person)| person.to_string()).collect();
        format!("{} {n} {}", round.row.number, there.join(" "))
    };
    let met = round.events.iter().filter(|e| e.what == Happening::Met);
    let met: Vec<(String, Utc)> = met.map(|e| (of(e.n), e.at)).collect();
    differ(name, "present", &own(&told.present), &met, report);
    let stands = rounds::conditions_of(conn, round.row.id)?;
    conditions(
        name,
        round,
        &stands,
        &own(&told.conditions),
        &own(&told.met),
        report,
    );
    about(conn, name, round, report)?;
    outcome(conn, name, round, report)
}

fn differ(
    name: &str,
    what: &str,
    told: &[(String, Utc)],
    stands: &[(String, Utc)],
    report: &mut Report<'_>,
) {
    for at in 0..told.len().max(stands.len()) {
        let (told, stands) = (told.get(at), stands.get(at));
        if told != stands {
            let shown = |one: Option<&(String, Utc)>| match one {
                Some((word, at)) => format!("{word} at {}", at.rfc3339_micros()),
                None => "nothing".to_owned(),
            };
            report.differs_in(name, what, &shown(told), &shown(stands));
        }
    }
}

/// What they were asked about has the digest it had, part by part. A part of which a text was erased has
/// none.
fn about(conn: &mut Db, name: &str, round: &Round, report: &mut Report<'_>) -> Result<()> {
    let content = rounds::content_of(conn, round.row.id)?;
    let mut differs = round.digest.changed(&digest(&content));
    let erased = |part: &Part| content.iter().any(|c| c.part == *part && c.text == ERASED);
    differs.retain(|part| !erased(part));
    if !differs.is_empty() {
        report.differs(name, "what it was about is not what its digest says");
    }
    Ok(())
}

/// The conditions that were told of, of their stages, are there; those are met of which that was told,
/// then and by whom; and the round counts the rest.
fn conditions(
    name: &str,
    round: &Round,
    stands: &[Condition],
    told: &[(String, Utc)],
    told_met: &[(String, Utc)],
    report: &mut Report<'_>,
) {
    let stages: Vec<&str> = told
        .iter()
        .flat_map(|(word, _)| word.split(' ').skip(2))
        .collect();
    let kept: Vec<String> = stands.iter().map(|c| c.stage.to_string()).collect();
    if kept != stages {
        report.differs_in(name, "conditions", &stages.join(" "), &kept.join(" "));
    }
    let met = stands.iter().filter_map(|c| {
        let (at, by) = c.met_at.zip(c.met_by_id)?;
        Some((format!("{} {} {by}", round.row.number, c.place), at))
    });
    let mut met: Vec<(String, Utc)> = met.collect();
    let mut told_met = told_met.to_vec();
    met.sort();
    told_met.sort();
    differ(name, "conditions met", &told_met, &met, report);
    let open = stands.iter().filter(|c| c.met_at.is_none()).count() as i32;
    if open != round.row.open_conditions {
        let (counted, stands) = (open.to_string(), round.row.open_conditions.to_string());
        report.differs_in(name, "open conditions", &counted, &stands);
    }
}

/// What it has come to is what its events are counted to; of one that goes on, as of the instant before
/// time next makes a difference.
fn outcome(conn: &mut Db, name: &str, round: &Round, report: &mut Report<'_>) -> Result<()> {
    let row = &round.row;
    let until = match (row.decision, row.wake_at) {
        (None, Some(wake)) => Utc::from_micros(wake.micros() - 1),
        _ => Utc::from_micros(Utc::FAR.micros() - 1),
    };
    let standing = round.standing(until);
    let stands = row.decision.zip(row.decided_at);
    if standing.decision != stands {
        let shown = |decision: Option<(super::Decision, Utc)>| match decision {
            Some((decision, at)) => format!("{decision} at {}", at.rfc3339_micros()),
            None => "undecided".to_owned(),
        };
        report.differs_in(name, "decision", &shown(standing.decision), &shown(stands));
    }
    let seats = actions::seats(round, &standing);
    if rounds::seats_of(conn, row.id)? != seats {
        report.differs(name, "its seats are not as its events leave them");
    }
    if row.events as usize != round.events.len() {
        let (counted, stands) = (round.events.len().to_string(), row.events.to_string());
        report.differs_in(name, "events", &counted, &stands);
    }
    Ok(())
}

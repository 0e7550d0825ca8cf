//! From a run to what is known of its clock.

use super::catalogue::Terms;
use super::model::{Clock, DueStep, Outcome, Phase};
use super::run::{End, How, Run};
use super::track::Facts;
use crate::platform::db::Utc;
use crate::service_levels::terms::{Target, When};

/// A clock and how it was counted.
#[derive(Debug, Clone)]
pub(super) struct Told<'a> {
    pub(super) clock: Clock,
    pub(super) run: Run<'a>,
    pub(super) terms: Terms<'a>,
    /// Up to where its time is told, unless it runs.
    pub(super) until: Utc,
    /// The versions of the calendar it knows: those that had begun by then.
    pub(super) known: Utc,
}

/// What became of a run: where it stands, its outcome, and when that became certain.
struct Result {
    phase: Phase,
    outcome: Outcome,
    outcome_at: Utc,
    stopped_at: Option<Utc>,
    met_by: Option<i64>,
    ended_by: Option<i64>,
    /// Up to where its time is told.
    until: Utc,
    is_superseded: bool,
}

/// The clocks of a finished walk: those superseded first. None when no agreement ever covered it.
pub(super) fn tell<'a>(mut run: Run<'a>, now: Utc, told: &mut Vec<Told<'a>>) {
    run.catch_up(now);
    if run.halt.is_none() {
        run.find_breach(now, true, Utc::FAR);
    }
    for part in std::mem::take(&mut run.superseded) {
        let result = Result {
            phase: Phase::Ended,
            outcome: Outcome::Breached,
            outcome_at: part.run.breached.unwrap_or(part.until),
            stopped_at: None,
            met_by: None,
            ended_by: part.by,
            until: part.until,
            is_superseded: true,
        };
        push(part.run, &result, now, told);
    }
    let result = result_of(&run);
    if matches!(result.phase, Phase::Stopped | Phase::Ended) {
        run.end_there(result.until);
    }
    push(run, &result, now, told);
}

fn result_of(run: &Run) -> Result {
    let mut result = Result {
        phase: match run.how() {
            How::Paused => Phase::Paused,
            _ => Phase::Running,
        },
        outcome: Outcome::Running,
        outcome_at: Utc::FAR,
        stopped_at: None,
        met_by: None,
        ended_by: None,
        until: run.cursor,
        is_superseded: false,
    };
    let by = |moment: usize| run.track.moments.get(moment).map(|m| m.position);
    if let Some((at, by)) = run.lapsed {
        (result.phase, result.ended_by) = (Phase::Ended, by);
        (result.outcome, result.outcome_at) = (Outcome::Ended, at);
        result.until = at;
    } else if let Some(halt) = run.halt {
        result.outcome_at = halt.at;
        result.until = halt.at;
        match halt.end {
            End::Stopped => {
                (result.phase, result.outcome) = (Phase::Stopped, Outcome::Met);
                (result.stopped_at, result.met_by) = (Some(halt.at), by(halt.moment));
            }
            End::Ended | End::Unknown => {
                (result.phase, result.outcome) = (Phase::Ended, Outcome::Ended);
                result.ended_by = by(halt.moment);
            }
        }
    }
    if let Some(at) = run.breached {
        (result.outcome, result.outcome_at) = (Outcome::Breached, at);
    }
    result
}

fn push<'a>(run: Run<'a>, result: &Result, now: Utc, told: &mut Vec<Told<'a>>) {
    let (Some(terms), Some(begun)) = (run.terms, run.track.moments.get(run.begun)) else {
        return;
    };
    let open = matches!(result.phase, Phase::Running | Phase::Paused);
    // What is over never learns of a later version.
    let known = if open { Utc::FAR } else { result.until };
    let goal = terms.span.goal(terms.timeline(), run.anchor, known);
    let due_at = run.due_under(&terms, run.anchor, known);
    let (elapsed_micros, paused_micros) = run.elapsed(&terms, result.until);
    let facts = outcome_facts(&run, result).unwrap_or(&begun.facts);
    let steps = match open && !run.track.imported {
        true => steps(&run, &terms, goal.amount, due_at),
        false => Vec::new(),
    };
    let risk_at = run.reached(&terms, run.anchor, goal.amount - goal.amount / 3, known);
    let counted_from = result.outcome_at.min(now.max(run.cursor));
    let stays = run.target == Target::Ola;
    let supplier = begun
        .facts
        .hold
        .as_ref()
        .filter(|_| run.target == Target::Supplier);
    let clock = Clock {
        target: run.target,
        cycle: run.cycle,
        part: run.part,
        agreement: terms.agreement.id,
        agreement_version: terms.version.id,
        calendar_version: terms.calendar_version(counted_from),
        phase: result.phase,
        started_at: run.anchor,
        due_at,
        risk_at: risk_at.min(due_at),
        stopped_at: result.stopped_at,
        breached_at: run.breached,
        target_micros: goal.amount,
        elapsed_micros,
        paused_micros,
        met_by: result.met_by,
        terms_by: run.terms_by,
        ended_by: result.ended_by,
        wake_at: match open {
            true => wake_at(&run, due_at, &steps, now),
            false => None,
        },
        steps,
        outcome: result.outcome,
        outcome_at: result.outcome_at,
        is_counted: false,
        is_superseded: result.is_superseded,
        is_imported: run.track.imported,
        record_kind: begun.facts.kind.clone(),
        priority: facts.priority,
        service: facts.service,
        team: if stays { begun.facts.team } else { facts.team },
        organisation: facts.organisation,
        category: facts.category,
        assignee: facts.assignee,
        supplier: supplier.and_then(|h| h.supplier),
        reported_at: run.track.reported_at,
    };
    told.push(Told {
        clock,
        run,
        terms,
        until: result.until,
        known,
    });
}

/// How the record stood when the outcome became certain; until then, how it stands. What a fact
/// decided is told with that fact, not with others of the same instant.
fn outcome_facts<'a>(run: &Run<'a>, result: &Result) -> Option<&'a Facts> {
    let moment = match (run.halt, result.outcome) {
        (_, Outcome::Running) => run.track.moments.last(),
        (Some(halt), Outcome::Met | Outcome::Ended) if run.lapsed.is_none() => {
            run.track.moments.get(halt.moment)
        }
        _ => return run.facts_at(result.outcome_at),
    };
    moment.map(|m| m.facts.as_ref())
}

/// The agreement's steps of this target, by the instants at which they are due.
fn steps(run: &Run, terms: &Terms, amount: i64, due_at: Utc) -> Vec<DueStep> {
    let mut steps = Vec::new();
    for (index, step) in terms.version.terms.steps.iter().enumerate() {
        if step.target != run.target {
            continue;
        }
        let (word, number, at) = match step.when {
            When::Percent(100) => ("percent", 100, due_at),
            When::Percent(share) => {
                let part = i128::from(amount) * i128::from(share) / 100;
                ("percent", share, amount_at(run, terms, part))
            }
            When::Before(minutes) => {
                let part = i128::from(amount) - i128::from(minutes) * 60_000_000;
                ("before", minutes, amount_at(run, terms, part))
            }
            When::After(minutes) => {
                let part = i128::from(amount) + i128::from(minutes) * 60_000_000;
                ("after", minutes, amount_at(run, terms, part))
            }
        };
        if at < Utc::FAR {
            steps.push(DueStep {
                key: format!("{word}-{number}-{}", terms.agreement.id),
                index,
                at,
                is_overtaken: false,
            });
        }
    }
    steps.sort_by_key(|s| s.at);
    overtake(run, &mut steps);
    steps
}

/// What had passed when the terms came is due with them, and only the last of it is told.
fn overtake(run: &Run, steps: &mut [DueStep]) {
    let since = run.terms_since;
    let mut later = run.breached.is_some_and(|at| at <= since);
    for step in steps.iter_mut().rev() {
        if step.at < since {
            (step.is_overtaken, step.at) = (later, since);
            later = true;
        } else if step.at == since {
            later = true;
        }
        // Time that was counted afterwards passed when the record was opened again.
        if let Some((_, opened)) = run
            .counted_off
            .filter(|(off, on)| (*off..*on).contains(&step.at))
        {
            step.at = opened;
        }
    }
}

fn amount_at(run: &Run, terms: &Terms, amount: i128) -> Utc {
    let amount = i64::try_from(amount).unwrap_or(i64::MAX / 4);
    run.reached(terms, run.anchor, amount, Utc::FAR)
}

/// The next instant at which its row or somebody's notices change.
fn wake_at(run: &Run, due_at: Utc, steps: &[DueStep], now: Utc) -> Option<Utc> {
    let step = steps.iter().map(|s| s.at).find(|at| *at > now);
    // At the due instant itself it is not late yet, and never before what made it late: which is
    // still to come where the time was set back.
    let last = due_at.max(run.since).max(run.track.begun_at);
    let late = Utc::from_micros(last.micros().saturating_add(1));
    let breach = (run.breached.is_none() && due_at < Utc::FAR).then_some(late);
    let imported = run.track.imported;
    let changes = run.catalogue.changes(now, Utc::FAR, imported);
    let version = changes
        .iter()
        .copied()
        .find(|at| run.terms_at(*at) != run.terms);
    [step, breach, version].into_iter().flatten().min()
}

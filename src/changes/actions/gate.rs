//! What stands in a change's way: freezes, other changes, maintenance hours, its authority. Read in the
//! transaction that asks.

use time::Duration;

use super::case::{case, most_critical};
use super::clashes::DEPTH;
use super::{Found, promises};
use crate::approvals;
use crate::changes::model::{Change, FreezeRow};
use crate::changes::rules::authority::{self, By, Rests, Round, WhyNot};
use crate::changes::rules::conflicts::Graph;
use crate::changes::rules::freezes::{self, Deed, Freeze, Scope, Touches};
use crate::changes::rules::risk::{self, Known};
use crate::changes::rules::steps::ChangeType;
use crate::changes::rules::window::Span;
use crate::changes::store::{self, Live};
use crate::people::Visitor;
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::{Error, Message, Result};
use crate::records::{self, Kind, Record};
use crate::services::Service;

/// Failures are counted so far back.
const LOOKED_BACK: Duration = Duration::days(365);
/// An incident of this priority is an emergency as a major one is.
const HIGHEST: i32 = 1;
/// In microseconds.
const MINUTE: i64 = 60_000_000;

/// How its newest round stands to what it says now.
fn round(conn: &mut Db, found: &Found, now: Utc) -> Result<Option<Round>> {
    let Some(state) = approvals::standing(conn, found.record.id, now)? else {
        return Ok(None);
    };
    let case = case(conn, found)?;
    let window = found.change.window().map(|span| (span.starts, span.ends));
    Ok(Some(Round {
        approved: state.is_approved(),
        same_content: state.revision == found.change.revision
            && state.asks_about(&case.digest(), window),
        conditions_met: state.open_conditions == 0,
    }))
}

/// Refuses what says something else than what its newest round asked about.
pub fn as_asked(conn: &mut Db, found: &Found, now: Utc) -> Result<()> {
    match round(conn, found, now)? {
        Some(round) if !round.same_content => Err(Error::refused(
            Message::new(WhyNot::OtherContent.word()).arg("number", found.record.number()),
        )),
        _ => Ok(()),
    }
}

/// What authorises a change now, or why nothing does.
pub fn authorise(conn: &mut Db, found: &Found, now: Utc) -> Result<By> {
    let template = match found.change.template_id {
        Some(id) => {
            let template = store::find_template(conn, id)?;
            // What the desk knows of its services and items may have changed since, and the outage is
            // its own.
            let mut judged = found.change.clone();
            judge(conn, found, &mut judged, now)?;
            Some(authority::Template {
                authorised: template.is_authorised(),
                untouched: template.is_untouched_in(&found.change, &found.scope),
                riskier: judged.risk().is_none_or(|risk| risk > template.risk),
            })
        }
        None => None,
    };
    let rests = Rests {
        change_type: found.change.change_type,
        mode: found.change.mode(),
        round: round(conn, found, now)?,
        template,
        standing: found.change.standing,
    };
    authority::authorise(&rests).map_err(|why: WhyNot| {
        let message = Message::new(why.word());
        Error::refused(message.arg("number", found.record.number()))
    })
}

/// What of a change a freeze is compared with: its services, and those its items belong to.
pub fn touches(conn: &mut Db, found: &Found) -> Result<Touches> {
    Ok(Touches {
        services: store::services_touched(conn, &found.scope)?,
        team: found.record.team_id,
        environment: found.change.environment.clone(),
        change_type: found.change.change_type,
    })
}

/// The same of a change on a calendar.
pub fn touches_of(live: &Live, services: Option<&Vec<Id<Service>>>) -> Touches {
    Touches {
        services: services.cloned().unwrap_or_default(),
        team: live.team,
        environment: live.environment.clone(),
        change_type: live.change_type,
    }
}

fn split<T: std::str::FromStr>(list: &str) -> Vec<T> {
    let all = list.split(',').filter(|one| !one.is_empty());
    all.filter_map(|one| one.parse().ok()).collect()
}

/// A row as the rules see it.
pub fn freeze(row: &FreezeRow) -> Freeze<FreezeRow> {
    let words = row.types.split(',');
    Freeze {
        key: row.clone(),
        span: Span::new(row.starts_at, row.ends_at),
        scope: Scope {
            services: split(&row.services),
            teams: split(&row.teams),
            environments: split(&row.environments),
            types: words.filter_map(ChangeType::from_word).collect(),
        },
    }
}

/// The freezes that stop a deed and that nobody let it through.
pub fn stopping(
    conn: &mut Db,
    visitor: &Visitor,
    found: &Found,
    deed: Deed,
    now: Utc,
) -> Result<Vec<FreezeRow>> {
    let moment = Span::new(now, now.plus(Duration::microseconds(1)));
    let window = found.change.window().unwrap_or(moment);
    let all = Span::new(window.starts.min(now), window.ends.max(moment.ends));
    let rows = store::freezes_between(conn, all)?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let known: Vec<Freeze<FreezeRow>> = rows.iter().map(freeze).collect();
    let touches = touches(conn, found)?;
    let mut stop: Vec<FreezeRow> = freezes::stopping(&known, &touches, deed, window, now)
        .into_iter()
        .map(|freeze| freeze.key.clone())
        .collect();
    if stop.is_empty() || passes_as_emergency(conn, visitor, found)? {
        return Ok(Vec::new());
    }
    let passes = store::passes_of(conn, found.record.id)?;
    let agreed = |row: &FreezeRow| {
        let mut of = passes.iter().filter(|(pass, _)| pass.freeze_id == row.id);
        of.any(|(pass, _)| pass.agreed_at.is_some())
    };
    stop.retain(|row| !agreed(row));
    Ok(stop)
}

/// Refuses a deed that a freeze stops, by the freeze's name.
pub fn unfrozen(
    conn: &mut Db,
    visitor: &Visitor,
    found: &Found,
    deed: Deed,
    now: Utc,
) -> Result<()> {
    match stopping(conn, visitor, found, deed, now)?.first() {
        None => Ok(()),
        Some(freeze) => Err(Error::refused(
            Message::new("change-frozen")
                .arg("number", found.record.number())
                .arg("name", &freeze.name),
        )),
    }
}

/// An emergency that belongs to an open incident of the highest priority, or a major one, passes
/// freezes on its own authority.
fn passes_as_emergency(conn: &mut Db, visitor: &Visitor, found: &Found) -> Result<bool> {
    Ok(found.change.change_type == ChangeType::Emergency
        && emergency_reported(conn, visitor, found.record.id)?.is_some())
}

/// When the first linked incident was reported that is open and major or of the highest priority: the
/// minute of it, which is what people say.
pub fn emergency_reported(
    conn: &mut Db,
    visitor: &Visitor,
    record: Id<Record>,
) -> Result<Option<Utc>> {
    let mut first: Option<Utc> = None;
    for link in records::links_of(conn, visitor, record)? {
        if link.number.kind == Kind::Incident && link.is_open {
            let incident = records::find_visible(conn, visitor, link.number)?;
            if incident.is_major || incident.priority == HIGHEST {
                let minute = incident.reported_at.micros() / MINUTE * MINUTE;
                let reported = Utc::from_micros(minute);
                first = Some(first.map_or(reported, |first| first.min(reported)));
            }
        }
    }
    Ok(first)
}

/// Judges a change's risk anew: the higher of what was answered and what the desk knows.
pub fn judge(conn: &mut Db, found: &Found, change: &mut Change, now: Utc) -> Result<()> {
    let touched = store::services_touched(conn, &found.scope)?;
    let criticality = most_critical(conn, &touched)?.unwrap_or_default();
    let promised = promises::touched_by(conn, &touched, change)?;
    let graph = Graph::of(store::edges_around(conn, &found.scope.items, DEPTH)?);
    let known = Known {
        criticality,
        dependents: graph.dependents(&found.scope.items, DEPTH),
        outage_minutes: change.outage_minutes.into(),
        failures: store::failures_of(conn, &touched, now.minus(LOOKED_BACK))?,
        has_backout: !change.backout_plan.is_empty(),
        backout_rehearsed: change.backout_rehearsed,
        outage_in_hours: promised.minutes_in_hours,
        outage_share: promised.share,
    };
    let judged = risk::assess(|question| change.answer(question), &known);
    let (risk, points, reasons) = match judged {
        None => (String::new(), 0, String::new()),
        Some(judged) => {
            let words = judged.reasons.iter().map(|(_, reason)| reason.word());
            let words: Vec<&str> = words.collect();
            (
                judged.risk.word().to_owned(),
                judged.points,
                words.join(" "),
            )
        }
    };
    change.risk = risk;
    change.risk_points = points;
    change.risk_reasons = reasons;
    Ok(())
}

/// The freezes that hold at an instant and meet a change.
pub fn holding(conn: &mut Db, found: &Found, at: Utc) -> Result<Vec<FreezeRow>> {
    let moment = Span::new(at, at.plus(Duration::microseconds(1)));
    let rows = store::freezes_between(conn, moment)?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let known: Vec<Freeze<FreezeRow>> = rows.iter().map(freeze).collect();
    let touches = touches(conn, found)?;
    let held = freezes::stopping(&known, &touches, Deed::Start, moment, at).into_iter();
    Ok(held.map(|freeze| freeze.key.clone()).collect())
}

//! What stands in a change's way: freezes, other changes, maintenance hours, its authority. Read in the
//! transaction that asks.

use time::Duration;

use super::{Found, content, promises};
use crate::approvals::{self, Case, Decision};
use crate::changes::model::{Change, FreezeRow, Maintenance};
use crate::changes::rules::authority::{self, By, Rests, Round, WhyNot};
use crate::changes::rules::conflicts::{self, Conflict, Graph, Planned};
use crate::changes::rules::freezes::{self, Deed, Freeze, Scope, Touches};
use crate::changes::rules::maintenance::{self, Weekly};
use crate::changes::rules::risk::{self, Known};
use crate::changes::rules::steps::ChangeType;
use crate::changes::rules::window::Span;
use crate::changes::store::{self, Live};
use crate::journal;
use crate::people::{Person, Visitor};
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::{Error, Message, Result};
use crate::platform::kernel::zone::Zone;
use crate::records::{self, Kind, Record};
use crate::services::{self, Service};

/// How far dependencies are followed.
const DEPTH: usize = 3;
/// Failures are counted so far back.
const LOOKED_BACK: Duration = Duration::days(365);
/// An incident of this priority is an emergency as a major one is.
const HIGHEST: i32 = 1;

/// What approvers are asked about: all that a change says, in parts.
pub fn case(conn: &mut Db, found: &Found) -> Result<Case> {
    let (record, c) = (&found.record, &found.change);
    let content = content::content(conn, found)?;
    let raised_by = raised_by(conn, record.id)?;
    let touched = store::services_touched(conn, &found.scope)?;
    let criticality = most_critical(conn, &touched)?;
    Ok(Case {
        record: record.id,
        revision: c.revision,
        kind: Kind::Change,
        change_type: Some(c.change_type.word().to_owned()),
        risk: (!c.risk.is_empty()).then(|| c.risk.clone()),
        environment: (!c.environment.is_empty()).then(|| c.environment.clone()),
        criticality,
        services: touched,
        items: found.scope.items.clone(),
        requester: record.requester_id,
        // Whoever raised it stays so, whoever is named as its requester since.
        excluded: c.implementer_id.into_iter().chain(raised_by).collect(),
        content,
        decide_by: c.window_starts_at,
        bounds: c.bounds().map(|span| (span.starts, span.ends)),
    })
}

/// The criticality of the most critical of some services.
fn most_critical(conn: &mut Db, services: &[Id<Service>]) -> Result<Option<i32>> {
    let mut most: Option<i32> = None;
    for id in services {
        let of = services::find_service(conn, *id)?.criticality;
        most = Some(most.map_or(of, |most| most.min(of)));
    }
    Ok(most)
}

/// Who raised a change: nobody becomes somebody else by an edit.
pub fn raised_by(conn: &mut Db, record: Id<Record>) -> Result<Option<Id<Person>>> {
    let begun = journal::begun(conn, record.uuid())?;
    Ok(begun.and_then(|begun| begun.by_id).map(Id::cast))
}

/// How its newest round stands to what it says now.
fn round(conn: &mut Db, found: &Found, now: Utc) -> Result<Option<Round>> {
    let Some(state) = approvals::standing(conn, found.record.id, now)? else {
        return Ok(None);
    };
    let case = case(conn, found)?;
    let window = found.change.window().map(|span| (span.starts, span.ends));
    let approved = matches!(state.decision, Some((Decision::Approved, _)));
    Ok(Some(Round {
        approved,
        same_content: state.revision == found.change.revision
            && state.approves(&case.digest(), window)
            && inside(state.bounds, window),
        conditions_met: state.open_conditions == 0,
    }))
}

/// Whether a window lies inside what was approved as its bounds.
fn inside(bounds: Option<(Utc, Utc)>, window: Option<(Utc, Utc)>) -> bool {
    match (bounds, window) {
        (Some((from, to)), Some((starts, ends))) => from <= starts && ends <= to,
        (_, None) => true,
        (None, Some(_)) => false,
    }
}

/// What authorises a change now, or why nothing does.
pub fn authorise(conn: &mut Db, found: &Found, now: Utc) -> Result<By> {
    let template = match found.change.template_id {
        Some(id) => {
            let template = store::find_template(conn, id)?;
            Some(authority::Template {
                authorised: template.is_authorised(),
                untouched: template.is_untouched_in(&found.change),
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
        && open_emergency(conn, visitor, found.record.id)?)
}

/// Whether a linked incident is open that is major or of the highest priority.
pub fn open_emergency(conn: &mut Db, visitor: &Visitor, record: Id<Record>) -> Result<bool> {
    for link in records::links_of(conn, visitor, record)? {
        if link.number.kind == Kind::Incident && link.is_open {
            let incident = records::find_visible(conn, visitor, link.number)?;
            if incident.is_major || incident.priority == HIGHEST {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// A collision with what a person calls the other change, where they may see it.
#[derive(Debug, Clone)]
pub struct Clash {
    pub conflict: Conflict,
    pub with: Option<Record>,
    pub item: String,
    /// Whether the other is scheduled or under way, and not only asked for.
    pub firm: bool,
}

/// What a planned change collides with now, the earliest first.
pub fn clashes(conn: &mut Db, visitor: &Visitor, found: &Found) -> Result<Vec<Clash>> {
    let conflicts = collisions(conn, found)?;
    named(conn, visitor, conflicts)
}

/// The changes it collides with now, each once.
pub fn in_the_way(conn: &mut Db, found: &Found) -> Result<Vec<Id<Record>>> {
    let found = collisions(conn, found)?;
    let mut ids: Vec<Id<Record>> = found.into_iter().map(|(c, _)| c.with).collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

/// Every collision, and whether the other is more than asked for.
fn collisions(conn: &mut Db, found: &Found) -> Result<Vec<(Conflict, bool)>> {
    let Some(span) = found.change.taken() else {
        return Ok(Vec::new());
    };
    let others = store::lives_of(conn, span, found.record.id)?;
    if others.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Id<Record>> = others.iter().map(|other| other.id).collect();
    let mut items = store::live_of_items(conn, &ids)?;
    let asked: Vec<Id<Record>> = (others.iter())
        .filter(|other| other.state == "awaiting_approval")
        .map(|other| other.id)
        .collect();
    let others: Vec<Planned> = others
        .into_iter()
        .filter_map(|other| {
            let planned = other.ends_at?;
            let ends = other.expected.unwrap_or(planned).max(planned);
            Some(Planned {
                change: other.id,
                span: Span::new(other.starts_at?, ends),
                items: items.remove(&other.id).unwrap_or_default(),
                implementer: other.implementer,
            })
        })
        .collect();
    let mine = Planned {
        change: found.record.id,
        span,
        items: found.scope.items.clone(),
        implementer: found.change.implementer_id,
    };
    let graph = Graph::of(store::edges_around(conn, &mine.items, DEPTH)?);
    let found = conflicts::conflicts(&mine, &others, &graph, DEPTH);
    let firm = |c: Conflict| {
        let is_firm = !asked.contains(&c.with);
        (c, is_firm)
    };
    Ok(found.into_iter().map(firm).collect())
}

fn named(conn: &mut Db, visitor: &Visitor, conflicts: Vec<(Conflict, bool)>) -> Result<Vec<Clash>> {
    let mut records: Vec<Id<Record>> = conflicts.iter().map(|(c, _)| c.with).collect();
    records.sort_unstable();
    records.dedup();
    let seen = store::visible_of(conn, visitor, &records)?;
    let mut items: Vec<_> = conflicts.iter().filter_map(|(c, _)| c.item).collect();
    items.sort_unstable();
    items.dedup();
    let items = store::items_by_ids(conn, &items)?;
    let clash = |(conflict, firm): (Conflict, bool)| {
        let item = items.iter().find(|item| Some(item.id) == conflict.item);
        Clash {
            with: seen.iter().find(|r| r.id == conflict.with).cloned(),
            item: item.map_or_else(String::new, |item| item.name.clone()),
            conflict,
            firm,
        }
    };
    Ok(conflicts.into_iter().map(clash).collect())
}

/// Refuses what the policy does not let pass: a collision of a kind that blocks with a change that is
/// scheduled or under way, or a window outside the maintenance windows.
pub fn unblocked(conn: &mut Db, visitor: &Visitor, found: &Found) -> Result<()> {
    let blocking = super::policy::policy_form(conn)?.change_blocking;
    let blocks = |word: &str| blocking.split(',').any(|one| one == word);
    let number = found.record.number();
    if blocks(conflicts::OUTSIDE_MAINTENANCE) && !outside_maintenance(conn, found)?.is_empty() {
        let message = Message::new("change-outside-maintenance-blocks");
        return Err(Error::refused(message.arg("number", number)));
    }
    if blocking.is_empty() {
        return Ok(());
    }
    let clashes = clashes(conn, visitor, found)?;
    let blocked = (clashes.iter()).find(|c| c.firm && blocks(c.conflict.way.word()));
    let Some(clash) = blocked else {
        return Ok(());
    };
    let message = match &clash.with {
        Some(other) => Message::new("change-conflict-blocks").arg("other", other.number()),
        None => Message::new("change-conflict-hidden-blocks"),
    };
    Err(Error::refused(message.arg("number", number)))
}

fn weekly(row: &Maintenance) -> Option<Weekly> {
    Some(Weekly {
        service: row.service_id,
        environment: (!row.environment.is_empty()).then(|| row.environment.clone()),
        zone: Zone::named(&row.zone)?,
        days: u8::try_from(row.days).ok()?,
        opens: row.opens.into(),
        minutes: row.minutes.into(),
    })
}

/// The services whose maintenance hours a change lies outside of.
pub fn outside_maintenance(conn: &mut Db, found: &Found) -> Result<Vec<Option<Id<Service>>>> {
    let Some(span) = found.change.window() else {
        return Ok(Vec::new());
    };
    let rows = store::list_maintenance(conn)?;
    let all: Vec<Weekly> = rows
        .iter()
        .filter(|row| row.disabled_at.is_none())
        .filter_map(weekly)
        .collect();
    let environment = &found.change.environment;
    Ok(maintenance::outside(
        &all,
        &found.scope.services,
        environment,
        span,
    ))
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

//! Raising a post-mortem over incidents: by hand, or since a rule of the desk asks for it.

use super::{Found, of_record, tell, write};
use crate::incidents;
use crate::journal::{Change as Said, Value};
use crate::people::{self, Person, Right, Visitor};
use crate::platform::db::{Db, Id, Utc, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Invalid, Message, Result};
use crate::platform::kernel::zone::Zone;
use crate::postmortems::labels;
use crate::postmortems::model::{Participant, Postmortem};
use crate::postmortems::rules::life::PRACTICE;
use crate::postmortems::rules::required::{self, Resolved};
use crate::postmortems::store;
use crate::records::actions::{Log, Restrict};
use crate::records::{self, Channel, Kind, LinkType, Number, PriorityWish, Record};
use crate::service_levels;
use crate::services::{self, Scale};

/// A post-mortem to be.
#[derive(Debug, Clone, Default)]
pub struct Raise {
    pub title: String,
    pub incidents: Vec<Number>,
}

/// Incidents of one post-mortem, at most.
const MOST: usize = 50;

/// Raises one by hand, over one incident or several.
pub fn raise(w: &mut Write<'_>, visitor: &Visitor, ctx: &Ctx, command: &Raise) -> Result<Record> {
    visitor.needs(Right::Work)?;
    let mut invalid = Invalid::default();
    if command.title.is_empty() {
        invalid.add("title", "error-required");
    }
    let mut over: Vec<Record> = Vec::new();
    for number in &command.incidents {
        match records::find_meant(w, visitor, *number) {
            Ok(record) if record.kind == Kind::Incident => {
                if over.iter().all(|known| known.id != record.id) {
                    over.push(record);
                }
            }
            Ok(_) | Err(Error::NotFound) => {
                let unknown = Message::new("postmortem-incident-unknown");
                invalid.add("incidents", unknown.arg("number", number));
            }
            Err(error) => return Err(error),
        }
    }
    if over.is_empty() && invalid.of("incidents").is_none() {
        invalid.add("incidents", "postmortem-incident-needed");
    }
    if over.len() > MOST {
        invalid.add(
            "incidents",
            Message::new("postmortem-incidents-many").arg("max", MOST),
        );
    }
    for incident in &over {
        if let Some(number) = standing(w, visitor, incident)? {
            let there = Message::new("postmortem-has-one").arg("number", incident.number());
            invalid.add("incidents", there.arg("postmortem", number));
        }
    }
    invalid.or(())?;
    make(w, Some(visitor), ctx, &command.title, &over, "")
}

/// The post-mortem over an incident that was not cancelled. One somebody may not see does not exist for
/// them: it is neither named nor in their way, and hides none that they see.
fn standing(conn: &mut Db, visitor: &Visitor, incident: &Record) -> Result<Option<Number>> {
    let ids = store::over(conn, incident.id)?;
    let seen = store::visible_among(conn, visitor, &ids)?;
    let all = records::find_by_ids(conn, &ids)?;
    let mut all = all.iter().filter(|record| seen.contains(&record.id));
    let one = all.find(|record| record.state != "cancelled");
    Ok(one.map(Record::number))
}

/// An incident was resolved: where a rule asks for it, a post-mortem is raised over it; one that was
/// raised before is due from now on.
pub fn incident_resolved(w: &mut Write<'_>, ctx: &Ctx, incident: Record) -> Result<()> {
    let there = store::over(w, incident.id)?;
    for id in &there {
        let record = records::find_by_id(w, *id)?;
        let found = of_record(w, record)?;
        if found.of.due_at.is_none() && found.is_written() {
            let after = Postmortem {
                due_at: Some(due(w, incident.resolved_at.unwrap_or(ctx.now), ctx.now)?),
                ..found.of.clone()
            };
            let record = found.record.clone();
            write(w, ctx, &found, record, &after, "due_set", Vec::new())?;
        }
    }
    let rules: Vec<_> = store::list_rules(w)?.iter().map(|row| row.rule()).collect();
    let seen = as_resolved(w, &incident, ctx.now, !there.is_empty())?;
    let Some(place) = required::raised_by(&rules, &seen) else {
        return Ok(());
    };
    let why = match rules.get(place) {
        Some(rule) if rule.major => "major",
        Some(rule) if rule.priority.is_some() => "priority",
        _ => "rule",
    };
    let title = incident.title.clone();
    make(w, None, ctx, &title, &[incident], why).map(drop)
}

fn as_resolved(conn: &mut Db, incident: &Record, now: Utc, has_one: bool) -> Result<Resolved> {
    let (began, mitigated) = incidents::hurt_between(conn, incident)?;
    let over = mitigated.or(incident.resolved_at).unwrap_or(now);
    let began = began.unwrap_or(incident.reported_at);
    Ok(Resolved {
        is_major: incident.is_major,
        priority: incident.priority,
        service: incident.service_id,
        category: incident.category_id,
        impact_minutes: (over.micros() - began.micros()) / 60_000_000,
        is_imported: false,
        has_one,
    })
}

/// Makes the record, links it and says who leads and who was there. Without a visitor the desk does it.
pub(super) fn make(
    w: &mut Write<'_>,
    visitor: Option<&Visitor>,
    ctx: &Ctx,
    title: &str,
    over: &[Record],
    why: &str,
) -> Result<Record> {
    let desk = Visitor::command(ctx.now);
    let first = over.first();
    let mut lead = None;
    for incident in over {
        if lead.is_none() {
            lead = incidents::lead_of(w, incident)?;
        }
    }
    let by = visitor.map(|visitor| visitor.id);
    let lead = lead.or(by.filter(|id| !id.uuid().is_nil()));
    let log = Log {
        requester: None,
        channel: Channel::Portal,
        title: title.to_owned(),
        description: String::new(),
        service: first.and_then(|incident| incident.service_id),
        category: first.and_then(|incident| incident.category_id),
        item: None,
        location: None,
        priority: as_bad_as(w, over)?,
        team: first.and_then(|incident| incident.team_id),
        assignee: None,
        reported_at: None,
        files: Vec::new(),
    };
    let mut record = records::actions::log(w, visitor.unwrap_or(&desk), ctx, &PRACTICE, &log)?;
    if let Some(command) = readers(w, over)? {
        record = records::actions::restrict_by_itself(w, ctx, record, &command)?;
    }
    for incident in over {
        record = records::actions::link_by_itself(w, ctx, record, incident, LinkType::Related)?;
        for other in store::linked_to(w, visitor, incident.id)? {
            if matches!(other.kind, Kind::Problem | Kind::Change) {
                let other = records::find_by_id(w, other.id)?;
                let known = LinkType::Related;
                record = records::actions::link_by_itself(w, ctx, record, &other, known)?;
            }
        }
        store::insert_incident(w, record.id, incident.id)?;
    }
    begin(w, ctx, record, over, lead, why)
}

/// Writes what only a post-mortem has, for the first time.
fn begin(
    w: &mut Write<'_>,
    ctx: &Ctx,
    record: Record,
    over: &[Record],
    lead: Option<Id<Person>>,
    why: &str,
) -> Result<Record> {
    let resolved = over
        .iter()
        .filter_map(|incident| incident.resolved_at)
        .max();
    let lead = match lead {
        Some(id) if records::is_open_to(w, &record, id)? => Some(id),
        _ => None,
    };
    let of = Postmortem {
        due_at: match resolved {
            Some(at) => Some(due(w, at, ctx.now)?),
            None => None,
        },
        facilitator_id: lead,
        required_by: why.to_owned(),
        ..Postmortem::blank(record.id)
    };
    store::put(w, &of)?;
    let mut there: Vec<Id<Person>> = over.iter().filter_map(|one| one.assignee_id).collect();
    there.extend(lead);
    there.sort_unstable();
    there.dedup();
    for person in &there {
        if records::is_open_to(w, &record, *person)? {
            store::put_participant(
                w,
                &Participant {
                    record_id: record.id,
                    person_id: *person,
                    facts_version: None,
                    agrees: false,
                    said: String::new(),
                    at: None,
                },
            )?;
        }
    }
    let participants = store::participants_of(w, record.id)?;
    let names = store::names(w, participants.iter().map(|p| p.person_id))?;
    let names: Vec<&str> = participants
        .iter()
        .filter_map(|p| names.get(&p.person_id).map(String::as_str))
        .collect();
    let ids = store::incidents_of(w, record.id)?;
    let numbers: Vec<String> = over.iter().map(|one| one.number().to_string()).collect();
    let said = vec![
        Said::set("postmortem_incidents", labels::incidents(&ids, &numbers)),
        Said::set(
            "participants",
            labels::participants(&participants, names.join(", ")),
        ),
    ];
    let said = said.into_iter().filter(|said| said.after != Value::Nothing);
    let blank = Found {
        of: Postmortem::blank(record.id),
        record: record.clone(),
    };
    let record = write(w, ctx, &blank, record, &of, "raised", said.collect())?;
    tell(w, ctx, &record, there, "notice-postmortem-raised")?;
    Ok(record)
}

/// Impact and urgency of the worst; the middle of both scales where there is none.
fn as_bad_as(conn: &mut Db, over: &[Record]) -> Result<PriorityWish> {
    let mut middle = |scale| -> Result<Option<i32>> {
        let levels = services::list_levels(conn, scale)?;
        Ok(levels.get(levels.len() / 2).map(|level| level.level))
    };
    let impact = over.iter().map(|incident| incident.impact).min();
    let urgency = over.iter().map(|incident| incident.urgency).min();
    Ok(PriorityWish {
        impact: match impact {
            Some(level) => Some(level),
            None => middle(Scale::Impact)?,
        },
        urgency: match urgency {
            Some(level) => Some(level),
            None => middle(Scale::Urgency)?,
        },
        priority: None,
        reason: String::new(),
    })
}

/// Whom a post-mortem over these exists for, where one of them is restricted: those whom all of the
/// restricted ones name.
pub(super) fn readers(conn: &mut Db, over: &[Record]) -> Result<Option<Restrict>> {
    let restricted: Vec<&Record> = over.iter().filter(|one| one.is_restricted).collect();
    let Some(first) = restricted.first() else {
        return Ok(None);
    };
    let named = records::named_of(conn, first)?;
    let reason = first.number().to_string();
    let mut people: Vec<Id<Person>> = named.people.iter().map(|person| person.id).collect();
    if restricted.len() == 1 {
        return Ok(Some(Restrict {
            team: named.team,
            people,
            reason,
        }));
    }
    if let Some(team) = named.team {
        people.extend(people::members_of(conn, team)?.into_iter().map(|p| p.id));
    }
    people.sort_unstable();
    people.dedup();
    let mut all = Vec::new();
    for person in people {
        let mut open = true;
        for other in &restricted {
            open = open && records::is_open_to(conn, other, person)?;
        }
        if open {
            all.push(person);
        }
    }
    match all.is_empty() {
        true => Err(Error::refused("postmortem-no-common-reader")),
        false => Ok(Some(Restrict {
            team: None,
            people: all,
            reason,
        })),
    }
}

/// An incident was restricted: so are the post-mortems over it.
pub fn incident_restricted(w: &mut Write<'_>, ctx: &Ctx, incident: &Record) -> Result<()> {
    for id in store::over(w, incident.id)? {
        let record = records::find_by_id(w, id)?;
        let over = store::incidents_of(w, id)?;
        let over = records::find_by_ids(w, &over)?;
        let command = match readers(w, &over) {
            // Nobody may see all of them: whoever may see this one goes on.
            Err(Error::Refused(_)) => readers(w, std::slice::from_ref(incident))?,
            command => command?,
        };
        if let Some(command) = command {
            records::actions::restrict_by_itself(w, ctx, record, &command)?;
        }
    }
    Ok(())
}

/// When it is due: the end of the fifth business day after the incident's. Business days are those of
/// the first calendar by name that closes on some days; without one, weekdays in UTC.
fn due(conn: &mut Db, resolved: Utc, now: Utc) -> Result<Utc> {
    let zone = Zone::named(&people::default_zone(conn)?).unwrap_or_else(Zone::utc);
    let next_day = |at: Utc| {
        let day = at.micros() / 1_000_000 + zone.offset(at);
        let day = i32::try_from(day.div_euclid(86_400) + 1).unwrap_or(i32::MAX);
        zone.at(day, 0).unwrap_or(at)
    };
    let catalogue = service_levels::catalogue(conn)?;
    let calendars = service_levels::calendars(conn)?;
    let mut standing = calendars.iter().filter(|calendar| !calendar.is_retired);
    let days = |from: Utc, n: u32, calendar: uuid::Uuid| {
        let timeline = catalogue.as_ref()?.calendar(calendar)?;
        timeline.day(from, n, now).map(|(day, _)| day.closes)
    };
    let from = next_day(resolved);
    let week = from.plus(time::Duration::days(7));
    let working = standing.find(|calendar| {
        let seventh = days(from, 7, calendar.id.uuid());
        seventh.is_some_and(|closes| closes > week.plus(time::Duration::HOUR))
    });
    let working = working.map(|calendar| calendar.id.uuid());
    Ok(required::due(resolved, next_day, |from, n| {
        days(from, n, working?)
    }))
}

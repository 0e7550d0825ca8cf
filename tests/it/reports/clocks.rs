//! Clocks as rows, for stories about what is made of them.

use andon::people::{Organisation, Person, Team};
use andon::platform::db::{Id, Utc};
use andon::records::{Kind, Record};
use andon::schema::{agreement_versions, agreements, calendar_versions, calendars, clocks};
use andon::services::Service;
use diesel::prelude::*;
use time::Duration;

use crate::app::{App, Desk, LogCall};

/// An instant as RFC 3339 writes it.
pub fn at(text: &str) -> Utc {
    let at = time::OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339);
    Utc::from_time(at.unwrap())
}

/// A clock before it is a row.
#[derive(Debug, Clone)]
pub struct Clock {
    pub target: &'static str,
    pub cycle: i32,
    pub part: i32,
    pub outcome: &'static str,
    pub outcome_at: Utc,
    pub reported_at: Utc,
    pub due_at: Utc,
    pub stopped_at: Option<Utc>,
    pub breached_at: Option<Utc>,
    pub elapsed: Duration,
    pub paused: Duration,
    pub priority: i32,
    pub team: Option<Id<Team>>,
    pub service: Option<Id<Service>>,
    pub organisation: Option<Id<Organisation>>,
    pub is_counted: bool,
    pub is_superseded: bool,
    pub is_restricted: bool,
    pub is_imported: bool,
}

impl Clock {
    /// Met at an instant, an hour after it was reported.
    pub fn met(when: &str) -> Self {
        let stopped = at(when);
        Clock {
            target: "resolution",
            cycle: 1,
            part: 0,
            outcome: "met",
            outcome_at: stopped,
            reported_at: stopped.minus(Duration::HOUR),
            due_at: stopped.plus(Duration::HOUR),
            stopped_at: Some(stopped),
            breached_at: None,
            elapsed: Duration::HOUR,
            paused: Duration::ZERO,
            priority: 3,
            team: None,
            service: None,
            organisation: None,
            is_counted: true,
            is_superseded: false,
            is_restricted: false,
            is_imported: false,
        }
    }

    /// Breached at an instant, stopped an hour later.
    pub fn breached(when: &str) -> Self {
        let breached = at(when);
        Clock {
            outcome: "breached",
            breached_at: Some(breached),
            due_at: breached,
            outcome_at: breached,
            stopped_at: Some(breached.plus(Duration::HOUR)),
            reported_at: breached.minus(Duration::hours(4)),
            elapsed: Duration::hours(5),
            ..Clock::met(when)
        }
    }

    /// Running since an instant, due at another.
    pub fn running(since: &str, due: &str) -> Self {
        Clock {
            outcome: "running",
            outcome_at: Utc::FAR,
            reported_at: at(since),
            due_at: at(due),
            stopped_at: None,
            elapsed: Duration::ZERO,
            ..Clock::met(since)
        }
    }

    pub fn as_(mut self, outcome: &'static str) -> Self {
        self.outcome = outcome;
        self
    }

    pub fn p(mut self, priority: i32) -> Self {
        self.priority = priority;
        self
    }

    pub fn of(mut self, target: &'static str) -> Self {
        self.target = target;
        self
    }

    pub fn with(mut self, team: Id<Team>) -> Self {
        self.team = Some(team);
        self
    }

    pub fn took(mut self, elapsed: Duration) -> Self {
        self.elapsed = elapsed;
        self
    }
}

/// An agreement that clocks can run under.
#[derive(Debug, Clone, Copy)]
pub struct Agreed {
    pub id: Id<()>,
    version: Id<()>,
    calendar: Id<()>,
}

/// Writes an agreement with a goal, and the calendar it needs.
pub fn agreement(app: &App, name: &str, goal: u32, pauses: &[&str]) -> Agreed {
    let (calendar, calendar_version) = (Id::<()>::new(), Id::<()>::new());
    let (id, version) = (Id::<()>::new(), Id::<()>::new());
    let now = at("2020-01-01T00:00:00Z");
    let definition = serde_json::json!({
        "name": name, "kind": "sla", "covers": { "record": "incident" },
        "targets": { "resolution": "8 business hours", "first_response": "30 business minutes" },
        "calendar": calendar, "pauses": pauses, "goal": goal,
    });
    let hours = serde_json::json!({
        "name": format!("Hours of {name}"), "zone": "UTC", "week": { "monday": ["08:00-18:00"] },
    });
    app.write(|w| {
        diesel::insert_into(calendars::table)
            .values((
                calendars::id.eq(calendar),
                calendars::name.eq(format!("Hours of {name}")),
                calendars::is_retired.eq(false),
                calendars::created_at.eq(now),
            ))
            .execute(&mut **w)?;
        diesel::insert_into(calendar_versions::table)
            .values((
                calendar_versions::id.eq(calendar_version),
                calendar_versions::calendar_id.eq(calendar),
                calendar_versions::number.eq(1),
                calendar_versions::from_at.eq(now),
                calendar_versions::saved_at.eq(now),
                calendar_versions::definition.eq(hours.to_string()),
            ))
            .execute(&mut **w)?;
        diesel::insert_into(agreements::table)
            .values((
                agreements::id.eq(id),
                agreements::name.eq(name),
                agreements::kind.eq("sla"),
                agreements::is_retired.eq(false),
                agreements::created_at.eq(now),
            ))
            .execute(&mut **w)?;
        diesel::insert_into(agreement_versions::table)
            .values((
                agreement_versions::id.eq(version),
                agreement_versions::agreement_id.eq(id),
                agreement_versions::number.eq(1),
                agreement_versions::from_at.eq(now),
                agreement_versions::saved_at.eq(now),
                agreement_versions::is_retired.eq(false),
                agreement_versions::definition.eq(definition.to_string()),
            ))
            .execute(&mut **w)?;
        Ok(())
    });
    Agreed {
        id,
        version,
        calendar: calendar_version,
    }
}

/// A record of the desk's own for a clock.
pub fn incident(app: &App, desk: &Desk, title: &str) -> Record {
    app.log(
        &desk.agent,
        &LogCall::of(Kind::Incident, title).from(&desk.requester),
    )
}

/// Writes a clock of a record.
pub fn put(app: &App, record: Id<Record>, agreed: Agreed, clock: &Clock) {
    let phase = match clock.outcome {
        "running" => "running",
        "ended" => "ended",
        _ if clock.stopped_at.is_none() => "running",
        _ => "stopped",
    };
    app.write(|w| {
        diesel::insert_into(clocks::table)
            .values((
                (
                    clocks::id.eq(Id::<()>::new()),
                    clocks::record_id.eq(record),
                    clocks::target.eq(clock.target),
                    clocks::cycle.eq(clock.cycle),
                    clocks::part.eq(clock.part),
                    clocks::agreement_id.eq(agreed.id),
                    clocks::agreement_version_id.eq(agreed.version),
                    clocks::calendar_version_id.eq(agreed.calendar),
                    clocks::phase.eq(phase),
                    clocks::started_at.eq(clock.reported_at),
                    clocks::due_at.eq(clock.due_at),
                    clocks::risk_at.eq(clock.due_at),
                    clocks::stopped_at.eq(clock.stopped_at),
                    clocks::breached_at.eq(clock.breached_at),
                    clocks::target_micros.eq(14_400_000_000_i64),
                    clocks::elapsed_micros.eq(clock.elapsed.whole_microseconds() as i64),
                    clocks::paused_micros.eq(clock.paused.whole_microseconds() as i64),
                ),
                (
                    clocks::met_by.eq(None::<i64>),
                    clocks::wake_at.eq(None::<Utc>),
                    clocks::outcome.eq(clock.outcome),
                    clocks::outcome_at.eq(clock.outcome_at),
                    clocks::is_counted.eq(clock.is_counted),
                    clocks::is_superseded.eq(clock.is_superseded),
                    clocks::is_imported.eq(clock.is_imported),
                    clocks::is_restricted.eq(clock.is_restricted),
                    clocks::record_kind.eq("incident"),
                    clocks::priority.eq(clock.priority),
                    clocks::service_id.eq(clock.service),
                    clocks::team_id.eq(clock.team),
                    clocks::organisation_id.eq(clock.organisation),
                    clocks::category_id.eq(None::<Id<()>>),
                    clocks::assignee_id.eq(None::<Id<Person>>),
                    clocks::supplier.eq(""),
                    clocks::reported_at.eq(clock.reported_at),
                ),
            ))
            .execute(&mut **w)?;
        Ok(())
    });
}

/// Writes each clock with a record of its own.
pub fn put_all(app: &App, desk: &Desk, agreed: Agreed, all: &[Clock]) -> Vec<Record> {
    all.iter()
        .enumerate()
        .map(|(n, clock)| {
            let record = incident(app, desk, &format!("Clock number {n}"));
            put(app, record.id, agreed, clock);
            record
        })
        .collect()
}

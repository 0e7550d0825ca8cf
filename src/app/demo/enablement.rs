//! Northgate's changes of this week and the next: some wait for a yes, some have it, one is under way,
//! one is done; when nothing may change, when the tills may be worked on, and what needs no asking.

use time::Duration;

use super::cast::Cast;
use super::catalogue::SERVICES;
use super::plan::MANAGER;
use crate::approvals::actions::{Vote, vote};
use crate::approvals::rules::{Cast as Seated, Phase};
use crate::approvals::{self, Choice};
use crate::changes::{self, Ending, FreezeForm, MaintenanceForm, Outcome, PlanForm, Raise};
use crate::people::{self, Person, Visitor};
use crate::platform::db::{Id, Store, Utc, Write};
use crate::platform::kernel::ctx::{Ctx, Door};
use crate::platform::kernel::error::{Error, Result};
use crate::records::pages::written_local;
use crate::records::{self, Number};
use crate::services;

/// How far one has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reached {
    /// The board has not answered.
    Asked,
    Rejected,
    Scheduled,
    UnderWay,
    Done,
    Closed,
}

/// A change: what it is called and why, the place of its service, what it touches, the hours from now in
/// which it is done, minutes of outage, who does it.
struct Planned {
    title: &'static str,
    why: &'static str,
    service: usize,
    item: &'static str,
    hours: (i64, i64),
    outage: u32,
    implementer: usize,
    reached: Reached,
}

const PLANNED: [Planned; 8] = [
    Planned {
        title: "Rotate the certificate of the web shop",
        why: "Every ninety days, always in the same way.",
        service: 2,
        item: "SHOP-WEB-01",
        hours: (-34, -33),
        outage: 0,
        implementer: 22,
        reached: Reached::Closed,
    },
    Planned {
        title: "Renew the certificate of the card terminals",
        why: "It ends on the last day of the month; without it no card is read.",
        service: 1,
        item: "PAY-GW-01",
        hours: (-22, -20),
        outage: 0,
        implementer: 18,
        reached: Reached::Done,
    },
    Planned {
        title: "Move the mail gateways to the new network",
        why: "The old one is switched off by its supplier in December.",
        service: 9,
        item: "SRV-MAIL-01",
        hours: (-1, 3),
        outage: 10,
        implementer: 16,
        reached: Reached::UnderWay,
    },
    Planned {
        title: "Upgrade the database of stock",
        why: "The version in use gets no corrections after this year.",
        service: 3,
        item: "SRV-DB-01",
        hours: (70, 73),
        outage: 15,
        implementer: 21,
        reached: Reached::Scheduled,
    },
    Planned {
        title: "Patch the servers of stock",
        why: "Closes three holes that were published this month.",
        service: 3,
        item: "SRV-DB-01",
        hours: (71, 75),
        outage: 15,
        implementer: 16,
        reached: Reached::Asked,
    },
    Planned {
        title: "Replace the core switch of the warehouse",
        why: "Two of its power supplies failed, and it has no third.",
        service: 6,
        item: "SW-LDS-CORE",
        hours: (98, 102),
        outage: 30,
        implementer: 13,
        reached: Reached::Asked,
    },
    Planned {
        title: "Put the new basket of the web shop into production",
        why: "The old one loses what is in it after twenty minutes.",
        service: 2,
        item: "SHOP-WEB-01",
        hours: (122, 124),
        outage: 15,
        implementer: 22,
        reached: Reached::Asked,
    },
    Planned {
        title: "Switch off the old file server",
        why: "Nobody has opened a file on it since summer, as far as is known.",
        service: 10,
        item: "SRV-FILE-01",
        hours: (150, 152),
        outage: 0,
        implementer: 16,
        reached: Reached::Rejected,
    },
];

/// Plays them up to `now`.
pub fn play(store: &Store, cast: &Cast, now: Utc) -> Result<usize> {
    let at = |hours| now.plus(Duration::hours(hours));
    store.write_here(|w| rules(w, cast, at(-60)))?;
    // Step by step, each in a transaction of its own, so that what follows is told in its order.
    let mut raised = Vec::new();
    for planned in &PLANNED {
        let number = store.write_here(|w| raise(w, cast, now, planned))?;
        raised.push((planned, number));
    }
    for (_, number) in &raised {
        let (manager, ctx) = as_of(cast, MANAGER, at(-50))?;
        store.write_here(|w| changes::assess(w, &manager, &ctx, *number))?;
    }
    for (_, number) in &raised {
        let (manager, ctx) = as_of(cast, MANAGER, at(-48))?;
        store.write_here(|w| changes::submit(w, &manager, &ctx, *number))?;
    }
    for (planned, number) in &raised {
        let mut from = Some(at(-46));
        while let Some(at) = from {
            from = store.write_here(|w| answer(w, cast, at, *number, planned.reached))?;
        }
    }
    raised.retain(|(planned, _)| !matches!(planned.reached, Reached::Asked | Reached::Rejected));
    for (_, number) in &raised {
        let (manager, ctx) = as_of(cast, MANAGER, at(-40))?;
        store.write_here(|w| changes::schedule(w, &manager, &ctx, *number))?;
    }
    for (planned, number) in raised {
        if planned.reached != Reached::Scheduled {
            carry_out(store, cast, now, planned, number)?;
        }
    }
    Ok(PLANNED.len())
}

/// Somebody of the staff at work, and what they do then.
pub fn as_of(cast: &Cast, place: usize, at: Utc) -> Result<(Visitor, Ctx)> {
    let person = cast.staff.get(place);
    by(
        person.ok_or_else(|| Error::inward("nobody has this place in the staff"))?,
        at,
    )
}

fn by(person: &Person, at: Utc) -> Result<(Visitor, Ctx)> {
    let visitor = Visitor::offline(person, Vec::new(), at);
    let ctx = Ctx {
        now: at,
        actor: visitor.actor(),
        on_behalf_of: None,
        door: Door::Demo,
        request_id: String::new(),
    };
    Ok((visitor, ctx))
}

/// A freeze to come, and the hours of the tills.
fn rules(w: &mut Write<'_>, cast: &Cast, at: Utc) -> Result<()> {
    let (visitor, ctx) = as_of(cast, MANAGER, at)?;
    let tills = service(w, 0)?;
    let local = |days| written_local(at.plus(Duration::days(days)), &visitor.zone);
    let freeze = FreezeForm {
        name: "Winter sale".to_owned(),
        freeze_reason: "Most of the year's turnover is made in these days.".to_owned(),
        starts_at: local(11),
        ends_at: local(18),
        freeze_services: tills.clone(),
        freeze_environments: "production".to_owned(),
        ..FreezeForm::default()
    };
    changes::add_freeze(w, &visitor, &ctx, &freeze)?;
    let hours = MaintenanceForm {
        name: "Tills, at night".to_owned(),
        service: tills,
        zone: visitor.zone.name().to_owned(),
        maintenance_days: "0,1,2,3,4,5,6".to_owned(),
        maintenance_opens: "22:00".to_owned(),
        maintenance_minutes: "420".to_owned(),
        ..MaintenanceForm::default()
    };
    changes::add_maintenance(w, &visitor, &ctx, &hours)?;
    Ok(())
}

/// The id of a service by its place, as forms carry it.
fn service(w: &mut Write<'_>, place: usize) -> Result<String> {
    let name = SERVICES.get(place).map_or("", |service| service.0);
    let all = services::list_services(w)?;
    let found = all.iter().find(|service| service.name == name);
    Ok(found.map_or_else(String::new, |service| service.id.to_string()))
}

fn raise(w: &mut Write<'_>, cast: &Cast, now: Utc, planned: &Planned) -> Result<Number> {
    let at = |hours| now.plus(Duration::hours(hours));
    let (from, to) = planned.hours;
    let (visitor, ctx) = as_of(cast, planned.implementer, at(-56))?;
    let local = |hours| written_local(at(hours), &visitor.zone);
    let plan = PlanForm {
        change_type: "normal".to_owned(),
        environment: "production".to_owned(),
        change_services: service(w, planned.service)?,
        change_items: planned.item.to_owned(),
        window_starts_at: local(from),
        window_ends_at: local(to),
        outage_minutes: planned.outage.to_string(),
        implementer: visitor.id.to_string(),
        rollout: "at_once".to_owned(),
        implementation_plan: "Tell the stores.\nTake the first half, watch it for ten minutes.\n\
            Take the second half."
            .to_owned(),
        test_plan: "Do what the people of a store do first in the morning.".to_owned(),
        backout_plan: "Restore the settings that were saved before, and start it again.".to_owned(),
        backout_minutes: "30".to_owned(),
        backout_rehearsed: true,
        risk_reach: "site".to_owned(),
        risk_reversible: "tested".to_owned(),
        risk_done_before: "once".to_owned(),
        risk_steps: "several".to_owned(),
        ..PlanForm::default()
    };
    let command = Raise {
        title: planned.title.to_owned(),
        description: planned.why.to_owned(),
        plan,
        ..Raise::default()
    };
    Ok(changes::raise(w, &visitor, &ctx, &command)?.number())
}

/// The work itself, and what came of it.
fn carry_out(
    store: &Store,
    cast: &Cast,
    now: Utc,
    planned: &Planned,
    number: Number,
) -> Result<()> {
    let at = |hours| now.plus(Duration::hours(hours));
    let (from, to) = planned.hours;
    let (implementer, ctx) = as_of(
        cast,
        planned.implementer,
        at(from).plus(Duration::minutes(4)),
    )?;
    store.write_here(|w| changes::start(w, &implementer, &ctx, number))?;
    if planned.reached == Reached::UnderWay {
        return Ok(());
    }
    let (implementer, ctx) = as_of(cast, planned.implementer, at(to))?;
    let ending = Ending {
        outcome: Some(Outcome::Successful),
        text: "All was as before, and as planned.".to_owned(),
        ended_at: None,
    };
    store.write_here(|w| changes::finish(w, &implementer, &ctx, number, &ending))?;
    if planned.reached == Reached::Done {
        return Ok(());
    }
    let (manager, ctx) = as_of(cast, MANAGER, at(to + 6))?;
    store.write_here(|w| changes::close(w, &manager, &ctx, number))?;
    // It went well, and it comes again: from now on it is a standard change.
    let (implementer, ctx) = as_of(cast, planned.implementer, at(to + 8))?;
    let name = "Rotate a certificate";
    let template =
        store.write_here(|w| changes::propose_template(w, &implementer, &ctx, number, name))?;
    let (manager, ctx) = as_of(cast, MANAGER, at(to + 9))?;
    store.write_here(|w| changes::authorise_template(w, &manager, &ctx, template.id))?;
    Ok(())
}

/// Whoever is asked first answers, and when the next one does; the board only where it has come further.
fn answer(
    w: &mut Write<'_>,
    cast: &Cast,
    at: Utc,
    number: Number,
    reached: Reached,
) -> Result<Option<Utc>> {
    let (manager, _) = as_of(cast, MANAGER, at)?;
    let record = records::find_visible(w, &manager, number)?;
    let Some(round) = approvals::newest(w, record.id)? else {
        return Ok(None);
    };
    let standing = round.standing(at);
    let mut open = standing.stages.iter().enumerate();
    let Some((stage, open)) = open.find(|(_, s)| s.phase == Phase::Open) else {
        return Ok(None);
    };
    let is_board = stage + 1 == standing.stages.len();
    let mut seats = open.seats.iter().enumerate();
    let waiting = seats.find(|(_, (_, cast))| *cast == Seated::Waiting);
    let Some((seat, (who, _))) = waiting.filter(|_| !is_board || reached != Reached::Asked) else {
        return Ok(None);
    };
    let person = people::find_person(w, Id::from_uuid(*who))?;
    let (visitor, ctx) = by(&person, at)?;
    let no = is_board && reached == Reached::Rejected;
    let said = Vote {
        stage,
        seat,
        choice: Some(if no { Choice::Reject } else { Choice::Approve }),
        text: if no {
            "Finance keeps its yearly figures there. Ask them first.".to_owned()
        } else {
            String::new()
        },
        // A stage of high risk asks for the password once more.
        confirmed: person.password_hash.clone(),
    };
    vote(w, &visitor, &ctx, number, round.row.number, &said)?;
    Ok(Some(at.plus(Duration::minutes(17))))
}

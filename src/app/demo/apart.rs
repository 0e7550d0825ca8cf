//! What the plan does not bring: records of somebody who signs in as a requester, and one that exists
//! for few people only.

use time::Duration;

use super::cast::{Cast, STAFF};
use crate::follow::practice_of;
use crate::people::{Person, Visitor};
use crate::platform::db::{Id, Utc, Write};
use crate::platform::kernel::ctx::{Ctx, Door};
use crate::platform::kernel::error::{Error, Result};
use crate::records::actions::{self, Assign, HoldCommand, Log, Resolve, Restrict, Say};
use crate::records::{Channel, Kind, PriorityWish, Record};

/// By place in [`STAFF`]: who takes the calls, who looks into what is restricted, and their lead.
const TAKES_CALLS: usize = 0;
const LOOKS_INTO_IT: usize = 2;
const LEADS: usize = 3;

/// Somebody of the desk, at some time.
struct Turn {
    visitor: Visitor,
    ctx: Ctx,
}

impl Turn {
    fn of(cast: &Cast, place: usize, at: Utc) -> Result<Self> {
        let person = cast.staff.get(place);
        let person = person.ok_or_else(|| Error::inward("nobody of this place"))?;
        let team = STAFF.get(place).and_then(|c| c.team);
        let teams = team.and_then(|team| cast.teams.get(team).copied());
        let visitor = Visitor::offline(person, teams.into_iter().collect(), at);
        Ok(Self {
            ctx: Ctx {
                now: at,
                actor: visitor.actor(),
                on_behalf_of: None,
                door: Door::Demo,
                request_id: String::new(),
            },
            visitor,
        })
    }

    fn log(
        &self,
        w: &mut Write<'_>,
        kind: Kind,
        from: Option<Id<Person>>,
        told: (&str, &str),
    ) -> Result<Record> {
        let log = Log {
            requester: from,
            channel: Channel::Phone,
            title: told.0.to_owned(),
            description: told.1.to_owned(),
            service: None,
            category: None,
            priority: PriorityWish {
                impact: Some(3),
                urgency: Some(2),
                ..PriorityWish::default()
            },
            team: None,
            assignee: Some(self.visitor.id),
            reported_at: None,
            item: None,
            location: None,
            files: Vec::new(),
        };
        actions::log(w, &self.visitor, &self.ctx, practice_of(kind), &log)
    }

    fn reply(&self, w: &mut Write<'_>, record: &Record, body: &str) -> Result<Record> {
        let say = Say {
            anyway: true,
            body: body.to_owned(),
            ..Say::default()
        };
        actions::reply(w, &self.visitor, &self.ctx, record.number(), &say)
    }
}

/// The records of this part, as they were logged.
pub struct Logged {
    solved: Record,
    waits: Record,
    restricted: Record,
}

/// Logs them. What follows from a call has to be told before what is done about it later, so the rest
/// is [`play`]ed in a transaction of its own.
pub fn log(w: &mut Write<'_>, cast: &Cast, now: Utc) -> Result<Logged> {
    let requester = cast.callers.first().copied();
    let at = |hours| now.minus(Duration::hours(hours));
    let told = (
        "Headset crackles in every call",
        "Since the move to the new desk. Others hear me well.",
    );
    let call = Turn::of(cast, TAKES_CALLS, at(50))?;
    let solved = call.log(w, Kind::Incident, requester, told)?;
    let told = (
        "Cannot open the rota for next week",
        "It says that I have no rights. Last week I could.",
    );
    let call = Turn::of(cast, TAKES_CALLS, at(5))?;
    let waits = call.log(w, Kind::Incident, requester, told)?;
    let told = ("A second monitor", "For the desk by the window.");
    let call = Turn::of(cast, TAKES_CALLS, at(4))?;
    call.log(w, Kind::Request, requester, told)?;
    let told = (
        "Somebody signed in as a colleague who is on leave",
        "Payroll was opened from her account last night. She has not been told yet.",
    );
    let call = Turn::of(cast, TAKES_CALLS, at(2))?;
    let restricted = call.log(w, Kind::Incident, None, told)?;
    Ok(Logged {
        solved,
        waits,
        restricted,
    })
}

/// Plays what happened to them, and says how many records there are.
pub fn play(w: &mut Write<'_>, cast: &Cast, now: Utc, logged: &Logged) -> Result<usize> {
    let at = |hours| now.minus(Duration::hours(hours));
    own_records(w, cast, logged, &at)?;
    restricted(w, cast, &logged.restricted, &at)?;
    Ok(4)
}

fn own_records(
    w: &mut Write<'_>,
    cast: &Cast,
    logged: &Logged,
    at: &impl Fn(i64) -> Utc,
) -> Result<()> {
    let Logged { solved, waits, .. } = logged;
    let later = Turn::of(cast, TAKES_CALLS, at(22))?;
    later.reply(w, solved, "A new cable is on your desk. Please try it.")?;
    let done = Resolve {
        code: "fixed".into(),
        text: "Cable replaced.".into(),
    };
    let practice = practice_of(Kind::Incident);
    let number = solved.number();
    actions::resolve(w, &later.visitor, &later.ctx, practice, number, &done)?;

    let later = Turn::of(cast, TAKES_CALLS, at(3))?;
    let ask = HoldCommand {
        reason: "requester".into(),
        question: "Which store's rota is it, and does the message show a number?".into(),
        ..HoldCommand::default()
    };
    let number = waits.number();
    actions::hold(w, &later.visitor, &later.ctx, practice, number, &ask).map(drop)
}

/// Told on the phone, and from then on a matter of three people and one team.
fn restricted(
    w: &mut Write<'_>,
    cast: &Cast,
    record: &Record,
    at: &impl Fn(i64) -> Utc,
) -> Result<()> {
    let call = Turn::of(cast, TAKES_CALLS, at(2))?;
    let person = |place: usize| cast.staff.get(place).map(|p| p.id);
    let command = Restrict {
        team: cast.teams.get(6).copied(),
        people: [LOOKS_INTO_IT, LEADS]
            .into_iter()
            .filter_map(person)
            .collect(),
        reason: "Security incident that concerns a person.".into(),
    };
    let number = record.number();
    actions::restrict(w, &call.visitor, &call.ctx, number, &command)?;
    let taken = Turn::of(cast, LOOKS_INTO_IT, at(1))?;
    let command = Assign {
        overwrite: true,
        assignee: Some(person(LOOKS_INTO_IT)),
        ..Assign::default()
    };
    let practice = practice_of(Kind::Incident);
    actions::assign(w, &taken.visitor, &taken.ctx, practice, number, &command)?;
    let say = Say {
        anyway: true,
        body: "Sessions ended, password reset. Sign-in log is being looked at.".into(),
        ..Say::default()
    };
    actions::note(w, &taken.visitor, &taken.ctx, number, &say).map(drop)
}

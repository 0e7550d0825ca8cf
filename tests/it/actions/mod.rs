//! Action items: raised from a post-mortem into their owner's work, reminded of, carried by other records,
//! verified; opened again when it happens again; and how old they become. Each on both databases.

mod carried;
mod clocks;
mod items;
mod recurring;
mod reported;

use andon::follow::practice_of;
use andon::people::Person;
use andon::platform::db::Id;
use andon::platform::kernel::error::Result;
use andon::postmortems::rules::actions::ActionKind;
use andon::postmortems::{self, Raise, RaiseItem};
use andon::records::actions::{self, Log};
use andon::records::{Channel, Kind, Number, PriorityWish, Record};
use time::Duration;

use crate::app::{App, Desk, Human, LogCall};

pub fn numbered(kind: Kind, n: i64) -> Number {
    Number { kind, n }
}

/// An incident of the agent's about something: with a service or without, in the category of the desk.
pub fn about(app: &App, desk: &Desk, title: &str, with_service: bool) -> Record {
    let command = Log {
        requester: Some(desk.requester.id),
        channel: Channel::Phone,
        title: title.into(),
        description: String::new(),
        service: with_service.then_some(desk.mail),
        category: Some(desk.printing),
        item: None,
        location: None,
        priority: PriorityWish {
            impact: Some(3),
            urgency: Some(2),
            ..PriorityWish::default()
        },
        team: Some(desk.desk),
        assignee: None,
        reported_at: None,
        files: Vec::new(),
    };
    let practice = practice_of(Kind::Incident);
    app.act(&desk.agent, |w, v, ctx| {
        actions::log(w, v, ctx, practice, &command)
    })
    .unwrap()
}

/// A post-mortem of the agent's over some incidents.
pub fn over(app: &App, who: &Human, incidents: &[&Record]) -> Record {
    let command = Raise {
        title: "What happened that night".into(),
        incidents: incidents.iter().map(|one| one.number()).collect(),
    };
    app.act(who, |w, v, ctx| postmortems::raise(w, v, ctx, &command))
        .unwrap()
}

/// What is asked for when an action is raised: due in so many days.
pub fn wanted(app: &App, owner: Option<Id<Person>>, days: i64) -> RaiseItem {
    RaiseItem {
        title: "Alert on memory".into(),
        description: String::new(),
        kind: ActionKind::Detect,
        owner,
        team: None,
        due_at: Some(app.now().plus(Duration::days(days))),
        verification: "The alert fires in a drill".into(),
    }
}

pub fn try_raise(app: &App, who: &Human, from: Number, wanted: &RaiseItem) -> Result<Record> {
    app.act(who, |w, v, ctx| {
        postmortems::raise_item(w, v, ctx, from, wanted)
    })
}

/// An action of the agent's, due in 30 days.
pub fn raised(app: &App, desk: &Desk, from: &Record) -> Record {
    let wanted = wanted(app, Some(desk.agent.id), 30);
    try_raise(app, &desk.agent, from.number(), &wanted).unwrap()
}

/// Moves an action on by the verbs of every record.
pub fn to(app: &App, who: &Human, number: Number, state: &str) -> Record {
    app.act(who, |w, v, ctx| {
        actions::advance(w, v, ctx, practice_of(Kind::Action), number, state, "")
    })
    .unwrap()
}

pub fn verify(app: &App, who: &Human, number: Number) -> Result<Record> {
    app.act(who, |w, v, ctx| {
        postmortems::verify_item(w, v, ctx, number, "It fired on Tuesday")
    })
}

pub fn carry(app: &App, who: &Human, number: Number, carrier: Option<Number>) -> Result<Record> {
    app.act(who, |w, v, ctx| {
        postmortems::carry_item(w, v, ctx, number, carrier)
    })
}

/// Two post-mortem's worth of ground: an incident, its post-mortem, and an action of the agent's.
pub fn scene(app: &App, desk: &Desk) -> (Record, Record, Record) {
    let incident = about(app, desk, "Card payments lost", true);
    let postmortem = over(app, &desk.agent, &[&incident]);
    let action = raised(app, desk, &postmortem);
    (incident, postmortem, action)
}

/// The number of the only open action that is a recurrence.
pub fn recurrences(app: &App) -> i64 {
    app.count("SELECT count(*) FROM action_items WHERE recurrence_of_id IS NOT NULL")
}

/// Gives a record of the kind what an action item has, for whoever asks each address who may reach it.
pub fn made_an_item(app: &App, desk: &Desk, record: &Record) {
    use andon::schema::action_items;
    use diesel::prelude::*;
    let postmortem = app.log(&desk.agent, &LogCall::of(Kind::Postmortem, "That night"));
    app.write(|w| {
        diesel::insert_into(action_items::table)
            .values((
                action_items::record_id.eq(record.id),
                action_items::postmortem_id.eq(postmortem.id),
                action_items::action_kind.eq("prevent"),
                action_items::verification.eq("A drill"),
                action_items::seen.eq(""),
                action_items::is_awaited.eq(true),
            ))
            .execute(&mut **w)?;
        Ok(())
    });
}

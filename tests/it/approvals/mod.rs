//! Approvals: policies, rounds, votes, meetings, delegations, one-time links. Each on both databases.

mod deadlines;
mod delegate;
mod links;
mod meeting;
mod phone;
mod policies;
mod races;
mod rounds;
mod sight;

use andon::approvals::actions::{self, Vote, Wanted};
use andon::approvals::terms::{Count, Covers, Entry, Part, Policy, Stage, Who};
use andon::approvals::{Case, Choice, Content, Decision, Round, RoundState, Shape};
use andon::people::{Person, Roles};
use andon::platform::db::{Id, Utc};
use andon::platform::kernel::error::{Error, Result};
use andon::records::{Kind, Record};

use crate::app::{App, Client, Desk, Human, LogCall, Page};

/// A seat of a person.
pub fn person(who: &Human) -> Entry {
    Entry {
        who: Who::Person(who.id.uuid()),
        mandatory: false,
        veto: false,
    }
}

pub fn stage(name: &str, people: &[&Human], count: Count) -> Stage {
    Stage {
        key: name.to_lowercase(),
        name: name.to_owned(),
        after: Vec::new(),
        seats: people.iter().map(|who| person(who)).collect(),
        count,
        alternates: Vec::new(),
        meeting: false,
        reopened_by: Part::USUAL.to_vec(),
        deadline: None,
        reminder: None,
        reauthenticate: false,
    }
}

pub fn policy(stages: Vec<Stage>) -> Policy {
    Policy {
        name: "Changes".into(),
        covers: Covers {
            record: "change".into(),
            ..Covers::default()
        },
        stages,
    }
}

/// Keeps a policy as the administrator.
pub fn keep(app: &App, desk: &Desk, policy: &Policy) {
    let wanted = Wanted {
        id: None,
        policy: policy.clone(),
    };
    app.act(&desk.administrator, |w, v, ctx| {
        actions::save_policy(w, v, ctx, &wanted)
    })
    .unwrap();
}

/// A change of the requester, by an agent.
pub fn change(app: &App, desk: &Desk) -> Record {
    let mut call = LogCall::of(Kind::Change, "Upgrade the gateways").from(&desk.requester);
    call.description = "Firmware 7.4.2 in both data centres";
    app.log(&desk.agent, &call)
}

pub fn content(part: Part, label: &str, text: &str) -> Content {
    Content {
        part,
        label: label.into(),
        shape: Shape::Text,
        text: text.into(),
    }
}

/// What a change is submitted with; the agent carries it out.
pub fn case(desk: &Desk, record: &Record) -> Case {
    Case {
        record: record.id,
        revision: 1,
        kind: Kind::Change,
        change_type: Some("normal".into()),
        risk: Some("low".into()),
        environment: None,
        criticality: Some(2),
        services: vec![desk.mail],
        items: Vec::new(),
        requester: record.requester_id,
        excluded: vec![desk.agent.id],
        content: vec![
            content(Part::Scope, "field-title", "Upgrade the gateways"),
            content(Part::Plans, "field-description", "One at a time"),
        ],
        decide_by: None,
        bounds: None,
    }
}

#[track_caller]
pub fn submit(app: &App, desk: &Desk, case: &Case) -> Round {
    app.act(&desk.manager, |w, v, ctx| {
        andon::approvals::submit(w, v, ctx, case)
    })
    .unwrap()
}

pub fn vote(
    app: &App,
    who: &Human,
    record: &Record,
    round: i32,
    place: (usize, usize),
    choice: Choice,
) -> Result<Round> {
    let command = Vote {
        stage: place.0,
        seat: place.1,
        choice: Some(choice),
        text: "Because".into(),
        confirmed: None,
    };
    app.act(who, |w, v, ctx| {
        actions::vote(w, v, ctx, record.number(), round, &command)
    })
}

pub fn standing(app: &App, record: &Record) -> RoundState {
    let now = app.now();
    app.read(|conn| andon::approvals::standing(conn, record.id, now))
        .unwrap()
}

pub fn decision(app: &App, record: &Record) -> Option<Decision> {
    standing(app, record).decision.map(|(decision, _)| decision)
}

pub fn page_of(record: &Record) -> String {
    format!("{}/approval", record.number().path())
}

/// Posts fields as they are, each time as a new form.
#[track_caller]
pub fn post(client: &Client, path: &str, fields: &[(&str, &str)]) -> Page {
    let key = uuid::Uuid::new_v4().to_string();
    let mut all = vec![("form_key", key.as_str())];
    all.extend(fields);
    client.post(path, &all)
}

pub fn disable(app: &App, desk: &Desk, who: Id<Person>) {
    use andon::people::actions::{By, set_person_enabled};
    app.act(&desk.administrator, |w, v, ctx| {
        set_person_enabled(w, By::Visitor(v), ctx, who, false)
    })
    .unwrap();
}

/// Gives somebody these roles and no others.
pub fn roles(app: &App, desk: &Desk, who: &Human, roles: Roles) {
    use andon::people::actions::{By, edit_person};
    use andon::people::meanwhile::Edit;
    use andon::people::{PersonForm, find_person};
    let seen = PersonForm::of(&app.read(|conn| find_person(conn, who.id)));
    let asked = PersonForm {
        roles,
        ..seen.clone()
    };
    let edit = Edit { seen, asked };
    // Among a hundred others it may have to be tried again, as a person would.
    for _ in 0..20 {
        let edited = app.act(&desk.administrator, |w, v, ctx| {
            edit_person(w, By::Visitor(v), ctx, who.id, &edit)
        });
        match edited {
            Err(Error::Raced) => {}
            edited => return drop(edited.unwrap()),
        }
    }
    panic!("{} keeps being edited by others", who.name);
}

/// So many hours from now.
pub fn hours(app: &App, n: i64) -> Utc {
    app.now().plus(time::Duration::hours(n))
}

/// What no other policy of these is for, for long.
fn covers_of_its_own() -> Covers {
    use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let mut n = NEXT.fetch_add(1, Relaxed);
    let mut next = |words: &[&str]| {
        let word = words[n % words.len()].to_owned();
        n /= words.len();
        word
    };
    let kinds: Vec<&str> = Kind::ALL.iter().map(|kind| kind.word()).collect();
    Covers {
        environment: Some(next(&["production", "staging", "test", "development"])),
        change_type: Some(next(&["standard", "normal", "emergency"])),
        risk: Some(next(&["low", "medium", "high"])),
        criticality: next(&["1", "2", "3", "4"]).parse().ok(),
        record: next(&kinds),
        service: None,
    }
}

/// A policy of its own, for whatever needs one.
pub fn kept(app: &App, desk: &Desk) -> Id<andon::approvals::Kept> {
    let mut said = policy(vec![stage("Board", &[&desk.approver], Count::Any)]);
    said.covers = covers_of_its_own();
    said.name = format!("Policy {}", uuid::Uuid::new_v4());
    let wanted = Wanted {
        id: None,
        policy: said,
    };
    app.act(&desk.administrator, |w, v, ctx| {
        actions::save_policy(w, v, ctx, &wanted)
    })
    .unwrap()
}

/// A board of its own.
pub fn any_board(app: &App, desk: &Desk) -> Id<andon::approvals::Board> {
    let form = actions::BoardForm {
        name: format!("Board {}", uuid::Uuid::new_v4()),
        chair: Some(desk.manager.id),
        members: vec![desk.approver.id],
        disabled: false,
    };
    app.act(&desk.administrator, |w, v, ctx| {
        actions::add_board(w, v, ctx, &form)
    })
    .unwrap()
    .id
}

/// A delegation from the manager to the agent.
pub fn given(app: &App, desk: &Desk) -> Id<andon::approvals::Delegation> {
    use andon::schema::delegations;
    use diesel::prelude::*;
    // Nobody has two stand-ins at once: each begins when the one before it is over.
    let days = 24 * app.count("SELECT count(*) FROM delegations");
    let wanted = actions::Delegate {
        to: Some(desk.agent.id),
        starts_at: Some(hours(app, days)),
        ends_at: Some(hours(app, days + 24)),
    };
    app.act(&desk.manager, |w, v, ctx| {
        actions::delegate(w, v, ctx, wanted)
    })
    .unwrap();
    app.read(|conn| {
        Ok(delegations::table
            .filter(delegations::ended_at.is_null())
            .order(delegations::id.desc())
            .select(delegations::id)
            .first(conn)?)
    })
}

/// A change about which the approver is asked, after a round that was given up.
pub fn asked(app: &App, desk: &Desk) -> Record {
    let people = [&desk.approver, &desk.colleague];
    keep(
        app,
        desk,
        &policy(vec![stage("Board", &people, Count::All)]),
    );
    let record = change(app, desk);
    let mut first = case(desk, &record);
    submit(app, desk, &first);
    vote(app, &desk.colleague, &record, 1, (0, 1), Choice::Approve).unwrap();
    first.revision = 2;
    first.content[1].text = "Both at once".into();
    submit(app, desk, &first);
    app.act(&desk.approver, |w, v, ctx| {
        actions::ask(w, v, ctx, record.number(), 2, "What of the tills?")
    })
    .unwrap();
    record
}

/// A form that would be taken, where it is one of approvals.
pub fn posted(pattern: &str, desk: &Desk) -> Option<Vec<(String, String)>> {
    let new = uuid::Uuid::new_v4().to_string();
    let covers = covers_of_its_own();
    let word = |word: &Option<String>| word.clone().unwrap_or_default();
    let [place, change_type, risk] =
        [&covers.environment, &covers.change_type, &covers.risk].map(word);
    let criticality = covers.criticality.unwrap_or_default().to_string();
    let member = desk.approver.id.to_string();
    let to = desk.colleague.id.to_string();
    let fields = match pattern {
        "/settings/approvals" | "/settings/approvals/{id}" => vec![
            ("name", new.as_str()),
            ("record_kind", &covers.record),
            ("environment", &place),
            ("change_type", &change_type),
            ("risk", &risk),
            ("criticality", &criticality),
            ("s1_name", "Owner"),
            ("s1_seats", "service owner, must"),
            ("s1_count", "all"),
            ("s1_parts", "scope"),
            ("s1_parts", "items"),
            ("s1_parts", "plans"),
            ("s1_parts", "risk"),
            ("s1_parts", "window"),
        ],
        "/settings/boards" | "/settings/boards/{id}" => {
            vec![("name", new.as_str()), ("member", &member)]
        }
        "/approvals/delegations" => vec![
            ("to", to.as_str()),
            ("starts", "2099-01-02"),
            ("ends", "2099-01-03"),
        ],
        _ => return None,
    };
    let owned = fields
        .into_iter()
        .map(|(n, v)| (n.to_owned(), v.to_owned()));
    Some(owned.collect())
}

//! Post-mortems: raised where a rule asks for it, written together, agreed, reviewed, published. Each on
//! both databases.

mod bad_input;
mod erased;
mod factors;
mod hidden;
mod library;
mod plans;
mod published;
mod raised;
mod timeline;
mod written;

pub use published::complete;

use andon::follow::practice_of;
use andon::people::Person;
use andon::platform::db::Id;
use andon::postmortems::rules::sections::Section;
use andon::postmortems::rules::timeline::{Knowledge, Reach};
use andon::postmortems::{self, Annotate, People, Raise, RuleForm, SaveSection};
use andon::records::actions::Resolve;
use andon::records::{Kind, Number, Record, actions};

use crate::app::{App, Desk, Human, LogCall};

/// An incident of the agent's, as urgent as there are.
pub fn urgent(app: &App, desk: &Desk, title: &str) -> Record {
    let call = LogCall {
        impact: 1,
        urgency: 1,
        assignee: Some(&desk.agent),
        ..LogCall::incident(title).from(&desk.requester)
    };
    app.log(&desk.agent, &call)
}

pub fn resolve(app: &App, who: &Human, number: Number) -> Record {
    let fixed = Resolve {
        code: "fixed".into(),
        text: "Backed out.".into(),
    };
    app.act(who, |w, v, ctx| {
        actions::resolve(w, v, ctx, practice_of(number.kind), number, &fixed)
    })
    .unwrap()
}

/// How many post-mortems there are.
pub fn raised(app: &App) -> i64 {
    app.count("SELECT count(*) FROM records WHERE kind = 'postmortem'")
}

pub const FIRST: Number = Number {
    kind: Kind::Postmortem,
    n: 1,
};

/// A post-mortem over an urgent incident, raised since that was resolved.
pub fn postmortem(app: &App, desk: &Desk) -> Record {
    let incident = urgent(app, desk, "Card payments lost");
    resolve(app, &desk.agent, incident.number());
    find(app, FIRST)
}

pub fn find(app: &App, number: Number) -> Record {
    app.read(|r| {
        let visitor = andon::people::Visitor::command(andon::platform::db::Utc::from_micros(0));
        andon::records::find_visible(r, &visitor, number)
    })
}

pub fn raise(
    app: &App,
    who: &Human,
    over: &[Number],
) -> andon::platform::kernel::error::Result<Record> {
    let command = Raise {
        title: "What happened that night".into(),
        incidents: over.to_vec(),
    };
    app.act(who, |w, v, ctx| postmortems::raise(w, v, ctx, &command))
}

/// Writes a section anew, from how it stands.
pub fn write(app: &App, who: &Human, number: Number, section: Section, text: &str) -> Record {
    let record = find(app, number);
    let version = app.count(&format!(
        "SELECT coalesce(max(version), 0) FROM postmortem_sections WHERE section = '{}'",
        section.word()
    ));
    let command = SaveSection {
        section,
        base: version,
        text: text.into(),
    };
    app.act(who, |w, v, ctx| {
        postmortems::save_section(w, v, ctx, record.number(), &command)
    })
    .unwrap()
}

pub fn people(
    app: &App,
    who: &Human,
    number: Number,
    reviewer: Option<Id<Person>>,
    there: &[Id<Person>],
) -> andon::platform::kernel::error::Result<Record> {
    let due = app.count("SELECT count(*) FROM postmortems WHERE due_at IS NULL") == 0;
    let due_at = due.then(|| {
        app.read(|r| {
            use andon::schema::postmortems;
            use diesel::prelude::*;
            let at: Option<andon::platform::db::Utc> =
                postmortems::table.select(postmortems::due_at).first(r)?;
            Ok(at)
        })
    });
    let command = People {
        facilitator: Some(who.id),
        reviewer,
        participants: there.to_vec(),
        due_at: due_at.flatten(),
        ..People::default()
    };
    app.act(who, |w, v, ctx| {
        postmortems::edit_people(w, v, ctx, number, &command)
    })
}

pub fn annotation(text: &str) -> Annotate {
    Annotate {
        id: None,
        on: None,
        at: None,
        text: text.into(),
        evidence: String::new(),
        knowledge: Knowledge::Then,
        reach: Reach::Internal,
        is_key: false,
        is_hidden: false,
        odd_time: false,
    }
}

/// An entry of a timeline, for whoever asks each address who may reach it.
pub fn entry_on(app: &App, who: &Human, number: Number) -> String {
    let entry = Annotate {
        at: Some(app.now()),
        ..annotation("Somebody called")
    };
    app.act(who, |w, v, ctx| {
        postmortems::annotate(w, v, ctx, number, &entry)
    })
    .unwrap();
    app.read(|r| {
        use andon::schema::postmortem_annotations;
        use diesel::prelude::*;
        let newest: Id<Record> = postmortem_annotations::table
            .order(postmortem_annotations::written_at.desc())
            .select(postmortem_annotations::id)
            .first(r)?;
        Ok(newest.to_string())
    })
}

/// A rule that may be taken away, for the same.
pub fn rule_there(app: &App, desk: &Desk) -> String {
    let rules = app.count("SELECT count(*) FROM postmortem_rules");
    let form = RuleForm {
        impact_minutes: Some(100 + rules),
        ..RuleForm::default()
    };
    let row = app.act(&desk.administrator, |w, v, ctx| {
        postmortems::add_rule(w, v, ctx, &form)
    });
    row.unwrap().id.to_string()
}

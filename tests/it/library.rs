//! A desk with one of everything, for tests that look at every page.

use andon::entries::Audience;
use andon::incidents::{
    Declare, SetInstant, SetInstants, Source, Which, declare_major, set_instants,
};
use andon::people::Upload;
use andon::platform::db::Id;
use andon::records::actions::{self, HoldCommand, Resolve, Say};
use andon::records::{Kind, LinkType, Number, Record};

use crate::app::{App, Desk, FilledForm, Human, LogCall};
use crate::changes;
use crate::estate::{Estate, estate};
use crate::life_cycle::record_in;

/// Words that only people who work on records may ever read.
pub const CANARY: &str = "xylocanary";
/// A word nobody ever wrote.
pub const NONSENSE: &str = "qwzkjvbn";

/// Where things are.
pub struct Library {
    /// The requester's record, with something of everything on it.
    pub record: Record,
    pub path: String,
    /// Of the other requester.
    pub foreign: Record,
    pub public_file: String,
    pub internal_file: String,
    pub link: String,
    pub task: String,
    pub watcher: String,
    person: String,
    team: String,
    service: String,
    category: String,
    estate: Estate,
    /// An emergency that is a draft, so that each of its pages is there.
    change: String,
    freeze: String,
    maintenance: String,
    template: String,
}

impl Library {
    /// A value for a part of a path.
    pub fn part(&self, pattern: &str, part: &str) -> String {
        match part {
            "what" => "people".into(),
            "item" => self.estate.needed.to_string(),
            "id" if self.estate.id(pattern).is_some() => self.estate.id(pattern).unwrap(),
            "kind" if pattern.starts_with("/{kind:changes}") => "changes".into(),
            "number" if pattern.starts_with("/{kind:changes}") => self.change.clone(),
            "id" if pattern.starts_with("/changes/freezes") => self.freeze.clone(),
            "id" if pattern.starts_with("/changes/maintenance") => self.maintenance.clone(),
            "id" if pattern.starts_with("/changes/templates") => self.template.clone(),
            "kind" => "incidents".into(),
            "number" => self.record.number().to_string(),
            "person" => self.watcher.clone(),
            "link" => self.link.clone(),
            "task" => self.task.clone(),
            "list" => "resolution".into(),
            "code" => "fixed".into(),
            "scale" => "impact".into(),
            "level" => "1".into(),
            "of" => "setting".into(),
            "which" => "general".into(),
            "token" => "0".repeat(64),
            "id" if pattern.starts_with("/attachments") => self.public_file.clone(),
            "id" if pattern.starts_with("/settings/teams") => self.team.clone(),
            "id" if pattern.starts_with("/settings/services") => self.service.clone(),
            "id" if pattern.starts_with("/settings/categories") => self.category.clone(),
            "id" if pattern.starts_with("/settings/people") => self.person.clone(),
            _ => "1".into(),
        }
    }
}

/// Files a file's content where the product does, by posting it.
pub fn attach(app: &App, desk: &Desk, path: &str, audience: &str, name: &str, content: &[u8]) {
    let client = app.visit(&desk.agent);
    let form = FilledForm {
        action: format!("{path}/attachments"),
        method: "post".into(),
        multipart: true,
        fields: vec![
            ("form_key".into(), uuid::Uuid::new_v4().to_string()),
            ("audience".into(), audience.into()),
        ],
        files: vec![("files".into(), name.into(), content.to_vec())],
        buttons: Vec::new(),
    };
    client.send(&form).expect(303);
}

/// Adds a task and gives its id.
pub fn task_on(app: &App, who: &Human, number: Number, title: &str) -> String {
    let command = actions::AddTask {
        title: title.into(),
        blocking: true,
        ..actions::AddTask::default()
    };
    app.act(who, |w, v, ctx| {
        actions::add_task(w, v, ctx, number, &command)
    })
    .unwrap()
    .id
    .to_string()
}

fn attachment(app: &App, internal: bool) -> String {
    let audience = if internal {
        Audience::Internal
    } else {
        Audience::Public
    };
    use andon::schema::attachments;
    use diesel::prelude::*;
    let id: Id<Upload> = app.read(|r| {
        Ok(attachments::table
            .filter(attachments::audience.eq(audience.word()))
            .select(attachments::id)
            .order(attachments::at)
            .first(r)?)
    });
    id.to_string()
}

/// Records under one: an open one, one that a task blocks, one that has ended; and a duplicate.
fn family_of(app: &App, desk: &Desk, parent: Number) {
    let practice = andon::follow::practice_of(Kind::Incident);
    let child = |n: usize| {
        let title = format!("{CANARY} child {n}");
        let child = app.log(&desk.agent, &LogCall::incident(&title).from(&desk.other));
        app.act(&desk.agent, |w, v, ctx| {
            actions::set_parent(w, v, ctx, child.number(), Some(parent))
        })
        .unwrap();
        child.number()
    };
    let original = child(1);
    task_on(app, &desk.agent, child(2), &format!("{CANARY} blocks"));
    let (ended, double) = (child(3), child(4));
    app.act(&desk.agent, |w, v, ctx| {
        let done = Resolve {
            code: "fixed".into(),
            text: "Restarted.".into(),
        };
        actions::resolve(w, v, ctx, practice, ended, &done)?;
        actions::duplicate(w, v, ctx, practice, double, original, "The same.").map(drop)
    })
    .unwrap();
}

/// Fills a desk.
pub fn library(app: &App, desk: &Desk) -> Library {
    let secret = |what: &str| format!("{CANARY} {what}");
    let record = record_in(app, desk, Kind::Incident, "in_progress");
    let number = record.number();
    let path = app.path(&record);
    let say = |body: &str| Say {
        anyway: true,
        body: body.into(),
        ..Say::default()
    };
    app.act(&desk.agent, |w, v, ctx| {
        actions::reply(w, v, ctx, number, &say("We are looking at it."))
    })
    .unwrap();
    let note = secret("note about the boss");
    app.act(&desk.agent, |w, v, ctx| {
        actions::note(w, v, ctx, number, &say(&note))
    })
    .unwrap();
    attach(app, desk, &path, "public", "screen.txt", b"what they saw");
    let name = format!("{CANARY}-file.txt");
    attach(
        app,
        desk,
        &path,
        "note",
        &name,
        format!("{CANARY} content").as_bytes(),
    );

    // The other requester's record, and one nobody asked for, linked.
    let title = secret("of somebody else");
    let foreign = app.log(&desk.agent, &LogCall::incident(&title).from(&desk.other));
    let title = secret("problem behind it");
    let problem = app.log(&desk.agent, &LogCall::of(Kind::Problem, &title));
    app.act(&desk.agent, |w, v, ctx| {
        actions::link(w, v, ctx, number, problem.number(), LinkType::CausedBy)
    })
    .unwrap();

    // History nobody outside may read: holds, a re-opening, an override.
    let practice = andon::follow::practice_of(Kind::Incident);
    let command = HoldCommand {
        reason: "supplier".into(),
        supplier: secret("supplier"),
        supplier_case: secret("case"),
        ..HoldCommand::default()
    };
    app.act(&desk.agent, |w, v, ctx| {
        actions::hold(w, v, ctx, practice, number, &command)
    })
    .unwrap();
    app.act(&desk.agent, |w, v, ctx| {
        actions::resume(w, v, ctx, practice, number)
    })
    .unwrap();
    let done = Resolve {
        code: "fixed".into(),
        text: "New toner.".into(),
    };
    app.act(&desk.agent, |w, v, ctx| {
        actions::resolve(w, v, ctx, practice, number, &done)
    })
    .unwrap();
    let task = task_on(app, &desk.agent, number, &secret("task"));
    let again = actions::Reopen {
        who: secret("who"),
        why: secret("why"),
    };
    app.act(&desk.agent, |w, v, ctx| {
        actions::reopen(w, v, ctx, practice, number, &again)
    })
    .unwrap();
    let edit = actions::Edit {
        seen: i64::MAX,
        priority: andon::records::PriorityWish {
            priority: Some(1),
            reason: secret("reason"),
            ..Default::default()
        },
        ..actions::Edit::default()
    };
    app.act(&desk.agent, |w, v, ctx| {
        actions::edit(w, v, ctx, number, &edit)
    })
    .unwrap();
    // Handed to another team and back again.
    let handed = actions::HandOff {
        seen: i64::MAX,
        team: Some(desk.network),
        sentence: actions::Sentence {
            tried: secret("tried"),
            wanted: secret("wanted"),
        },
        ..actions::HandOff::default()
    };
    app.act(&desk.agent, |w, v, ctx| {
        actions::hand_off(w, v, ctx, practice, number, &handed)
    })
    .unwrap();
    let returned = actions::SendBack {
        seen: i64::MAX,
        reason: secret("returned"),
        ..actions::SendBack::default()
    };
    app.act(&desk.colleague, |w, v, ctx| {
        actions::send_back(w, v, ctx, practice, number, &returned)
    })
    .unwrap();
    // Something in every other state there is to be seen.
    for (kind, state) in [
        (Kind::Incident, "new"),
        (Kind::Incident, "waiting"),
        (Kind::Incident, "resolved"),
        (Kind::Incident, "closed"),
        (Kind::Incident, "cancelled"),
        (Kind::Request, "awaiting_approval"),
        (Kind::Request, "fulfilled"),
        (Kind::Change, "scheduled"),
    ] {
        record_in(app, desk, kind, state);
    }
    family_of(app, desk, number);
    // Somebody is asked, somebody else was.
    crate::approvals::kept(app, desk);
    crate::approvals::any_board(app, desk);
    crate::approvals::asked(app, desk);
    let estate = estate(app, desk);
    let edit = actions::Edit {
        seen: i64::MAX,
        item: Some("TILL-0114-06".into()),
        location: Some(Some(estate.location)),
        ..actions::Edit::default()
    };
    app.act(&desk.agent, |w, v, ctx| {
        actions::edit(w, v, ctx, number, &edit)
    })
    .unwrap();
    // Major, and when it happened: nothing of it is for those outside.
    let declare = Declare {
        reason: secret("reason why it is major"),
        lead: Some(desk.manager.id),
        next_update_at: Some(app.now().plus(time::Duration::minutes(30))),
    };
    app.act(&desk.manager, |w, v, ctx| {
        declare_major(w, v, ctx, number, &declare)
    })
    .unwrap();
    let detected = SetInstants {
        seen: i64::MAX,
        instants: vec![SetInstant {
            which: Which::Detected,
            at: Some(Some(app.now())),
            source: Some(Some(Source::Monitoring)),
            note: Some(secret("note about an instant")),
        }],
        ..SetInstants::default()
    };
    app.act(&desk.agent, |w, v, ctx| {
        set_instants(w, v, ctx, number, &detected)
    })
    .unwrap();
    let record = app.record(record.id);
    let links = app.act(&desk.agent, |w, v, _| {
        andon::records::links_of(w, v, record.id)
    });
    let emergency = changes::plan(app, desk, andon::changes::ChangeType::Emergency, 24, 26);
    let change = changes::raise(app, desk, "Restart the core", emergency);
    Library {
        change: change.number().to_string(),
        freeze: changes::freeze(app, desk, "Peak trading", 24, 48),
        maintenance: changes::maintenance(app, desk),
        template: changes::template(app, desk).to_string(),
        path,
        foreign,
        public_file: attachment(app, false),
        internal_file: attachment(app, true),
        link: links.unwrap()[0].id.to_string(),
        task,
        watcher: desk.watcher.id.to_string(),
        person: desk.colleague.id.to_string(),
        team: desk.network.to_string(),
        service: desk.mail.to_string(),
        category: desk.printing.to_string(),
        estate,
        record,
    }
}

//! A small desk on which everything has happened that the journal tells of.

use andon::incidents;
use andon::people::actions::{self as people, By};
use andon::people::meanwhile::Edit as Change;
use andon::people::{
    LocationForm, OrganisationForm, Person, PersonForm, Roles, Team, TeamForm, Upload, Visitor,
};
use andon::platform::db::{Id, Store, Utc, Write};
use andon::platform::kernel::ctx::{Actor, Ctx, Door};
use andon::platform::kernel::error::Result;
use andon::records::actions::{
    self as act, AddTask, Assign, Contact, Edit, EditTask, HoldCommand, Log, Reopen, Resolve, Say,
};
use andon::records::{Channel, Kind, LinkType, Number, PriorityWish, Record};
use andon::services::{self, CodeList, Scale};
use andon::settings::{
    Cells, CodeForm, General, ItemForm, LevelNames, SupplierForm, actions as settings,
};
use andon::tasks::Holder;
use time::Duration;

use andon::follow::practice_of;

/// When the scene begins: noon, so that it fits into one day.
pub const NOON: Utc = Utc::from_micros(1_800_014_400_000_000);

pub fn number(kind: Kind, n: i64) -> Number {
    Number { kind, n }
}

pub fn incident(n: i64) -> Number {
    number(Kind::Incident, n)
}

/// Somebody at work: each step happens a minute after the one before.
pub struct Desk<'s> {
    store: &'s Store,
    person: Person,
    team: Id<Team>,
    now: Utc,
}

impl<'s> Desk<'s> {
    pub fn open(store: &'s Store) -> Self {
        let ctx = Ctx::system(NOON, Door::Command);
        let (team, person) = store
            .write_here(|w| {
                let form = TeamForm {
                    name: "Service desk".into(),
                    ..TeamForm::default()
                };
                let team = people::add_team(w, By::Command, &ctx, &form)?;
                Ok((team.id, add_person(w, &ctx, "Ada Agent", Roles::AGENT)?))
            })
            .unwrap();
        Self {
            store,
            person,
            team,
            now: NOON,
        }
    }

    pub fn step<T>(&mut self, what: impl Fn(&mut Write<'_>, &Visitor, &Ctx) -> Result<T>) -> T {
        self.now = self.now.plus(Duration::minutes(1));
        let visitor = Visitor::offline(&self.person, vec![self.team], self.now);
        let ctx = Ctx {
            now: self.now,
            actor: Actor {
                id: Some(self.person.id.uuid()),
                label: self.person.name.clone(),
            },
            on_behalf_of: None,
            door: Door::Web,
            request_id: "scene".into(),
        };
        self.store
            .write_here(|w| what(w, &visitor, &ctx))
            .unwrap_or_else(|e| panic!("{e}"))
    }

    pub fn log(&mut self, kind: Kind, title: &str) -> Record {
        let command = self.call(title);
        self.step(|w, v, ctx| act::log(w, v, ctx, practice_of(kind), &command))
    }

    fn call(&self, title: &str) -> Log {
        Log {
            requester: Some(self.person.id),
            channel: Channel::Phone,
            title: title.to_owned(),
            description: "Since this morning.\r\n\u{1f5a8} \u{202e}x".to_owned(),
            service: None,
            category: None,
            item: None,
            location: None,
            priority: PriorityWish {
                impact: Some(2),
                urgency: Some(2),
                ..PriorityWish::default()
            },
            team: Some(self.team),
            assignee: None,
            reported_at: None,
            files: Vec::new(),
        }
    }

    /// Everything that can happen to an incident, and what that needs around it.
    pub fn play(&mut self) {
        for title in ["Printer on fire", "Mail is slow", "No sound", "Door"] {
            self.log(Kind::Incident, title);
        }
        self.log(Kind::Change, "New printer");
        self.log(Kind::Problem, "Printers burn");
        self.talk();
        self.hold_and_resume();
        self.tasks();
        self.connect();
        self.get_in_touch();
        self.end();
        self.administer();
        self.log(Kind::Incident, "Last one");
        self.estate();
    }

    /// What an administrator changes: the team, codes, levels, the matrix, settings.
    fn administer(&mut self) {
        self.now = self.now.plus(Duration::minutes(1));
        let ctx = Ctx::system(self.now, Door::Web);
        let by = Visitor::command(self.now);
        let (me, team) = (self.person.id, self.team);
        let write = |what: &dyn Fn(&mut Write<'_>) -> Result<()>| {
            self.store
                .write_here(what)
                .unwrap_or_else(|e| panic!("{e}"));
        };
        write(&|w| {
            let seen = TeamForm::of(&andon::people::find_team(w, team)?);
            let asked = TeamForm {
                lead: Some(me),
                ..seen.clone()
            };
            people::edit_team(w, By::Command, &ctx, team, &Change { seen, asked })?;
            let other = add_person(w, &ctx, "Mo Member", Roles::AGENT)?.id;
            for person in [me, other] {
                people::add_member(w, By::Command, &ctx, team, person)?;
            }
            people::remove_member(w, By::Command, &ctx, team, other)?;
            Ok(())
        });
        write(&|w| codes(w, &by, &ctx));
        write(&|w| {
            let seen = settings::general_now(w)?;
            let asked = General {
                close_after_days: "7".into(),
                ..seen.clone()
            };
            settings::edit_general(w, &by, &ctx, &Change { seen, asked })?;
            settings::set_desk_team(w, &by, &ctx, Some(team))
        });
        write(&|w| levels(w, &by, &ctx));
    }

    /// Many incidents, and many notes on the first of them, in one transaction.
    pub fn many(&mut self, incidents: usize, notes: usize) {
        let command = self.call("One of many");
        self.step(|w, v, ctx| {
            let practice = practice_of(Kind::Incident);
            let first = act::log(w, v, ctx, practice, &command)?.number();
            for _ in 1..incidents {
                act::log(w, v, ctx, practice, &command)?;
            }
            for n in 1..=notes {
                let note = Say {
                    anyway: true,
                    body: format!("Note {n}"),
                    ..Say::default()
                };
                act::note(w, v, ctx, first, &note)?;
            }
            Ok(())
        });
    }

    /// Where people belong, what things depend on, and a record that names them.
    fn estate(&mut self) {
        let named = |name: &str| ItemForm {
            name: name.into(),
            class: "Printer".into(),
            environment: "production".into(),
            ..ItemForm::default()
        };
        let (location, person) = self.step(|w, _, ctx| {
            let organisation = OrganisationForm {
                name: "Stokers".into(),
                disabled: false,
            };
            let organisation = people::add_organisation(w, By::Command, ctx, &organisation)?;
            let location = LocationForm {
                name: "Boiler room".into(),
                address: "Cellar".into(),
                disabled: false,
            };
            let location = people::add_location(w, By::Command, ctx, &location)?;
            let will = andon::people::find_person_named(w, "Will Watcher")?.unwrap();
            let seen = PersonForm::of(&will);
            let asked = PersonForm {
                organisation: Some(organisation.id),
                location: Some(location.id),
                vip: true,
                ..seen.clone()
            };
            let edit = Change { seen, asked };
            people::edit_person(w, By::Command, ctx, will.id, &edit)?;
            Ok((location.id, will.id))
        });
        let me = self.person.id;
        self.step(|w, _, ctx| {
            let ada = andon::people::find_person(w, me)?;
            let seen = PersonForm::of(&ada);
            let asked = PersonForm {
                manager: Some(person),
                ..seen.clone()
            };
            let edit = Change { seen, asked };
            people::edit_person(w, By::Command, ctx, me, &edit)
        });
        self.step(|w, _, ctx| {
            let all = Visitor::command(ctx.now);
            let form = SupplierForm {
                name: "Ember".into(),
                phone: "555 0100".into(),
                ..SupplierForm::default()
            };
            settings::add_supplier(w, &all, ctx, &form)?;
            let press = settings::add_item(w, &all, ctx, &named("PRESS-1"))?;
            let heater = settings::add_item(w, &all, ctx, &named("HEATER-1"))?;
            settings::add_need(w, &all, ctx, press.id, heater.id)?;
            settings::add_need(w, &all, ctx, heater.id, press.id)?;
            settings::remove_need(w, &all, ctx, heater.id, press.id)
        });
        self.step(|w, v, ctx| {
            let edit = Edit {
                overwrite: true,
                item: Some("press-1".into()),
                location: Some(Some(location)),
                ..Edit::default()
            };
            act::edit(w, v, ctx, incident(3), &edit)
        });
        let listed = HoldCommand {
            reason: "supplier".into(),
            supplier: " ember".into(),
            supplier_case: "E-7".into(),
            ..HoldCommand::default()
        };
        let incidents = practice_of(Kind::Incident);
        self.step(|w, v, ctx| act::hold(w, v, ctx, incidents, incident(3), &listed));
    }

    fn talk(&mut self) {
        let say = |body: &str, files| Say {
            anyway: true,
            body: body.to_owned(),
            files,
            ..Say::default()
        };
        let file = Upload {
            id: Id::new(),
            name: "fire.png".into(),
            media_type: "image/png".into(),
            size: 3,
            content: "ab".repeat(32),
        };
        let reply = say("We are **on** it.", vec![file]);
        let note = say("Bring water.", Vec::new());
        self.step(|w, v, ctx| act::reply(w, v, ctx, incident(1), &reply));
        self.step(|w, v, ctx| act::note(w, v, ctx, incident(1), &note));
        let me = self.person.id;
        self.step(|w, v, ctx| {
            let assign = Assign {
                overwrite: true,
                assignee: Some(Some(me)),
                ..Assign::default()
            };
            act::assign(w, v, ctx, practice_of(Kind::Incident), incident(1), &assign)
        });
        for (title, priority) in [("Printer burns", None), ("Printer burns brightly", Some(1))] {
            self.step(|w, v, ctx| {
                let edit = Edit {
                    overwrite: true,
                    title: Some(title.into()),
                    channel: Some(Channel::Chat),
                    priority: PriorityWish {
                        priority,
                        reason: "smoke".into(),
                        ..PriorityWish::default()
                    },
                    ..Edit::default()
                };
                act::edit(w, v, ctx, incident(1), &edit)
            });
        }
    }

    fn hold_and_resume(&mut self) {
        let incidents = practice_of(Kind::Incident);
        let supplier = HoldCommand {
            reason: "supplier".into(),
            supplier: "Fire & Co.".into(),
            supplier_case: "F-1".into(),
            resume_at: Some(NOON.plus(Duration::days(30))),
            ..HoldCommand::default()
        };
        self.step(|w, v, ctx| act::hold(w, v, ctx, incidents, incident(1), &supplier));
        self.step(|w, v, ctx| act::resume(w, v, ctx, incidents, incident(1)));
        let requester = HoldCommand {
            reason: "requester".into(),
            question: "Which floor?".into(),
            ..HoldCommand::default()
        };
        self.step(|w, v, ctx| act::hold(w, v, ctx, incidents, incident(1), &requester));
        let change = HoldCommand {
            reason: "change".into(),
            for_record: Some(number(Kind::Change, 1)),
            ..HoldCommand::default()
        };
        for n in [2, 3] {
            self.step(|w, v, ctx| act::hold(w, v, ctx, incidents, incident(n), &change));
        }
    }

    /// Three on an incident, each changed in another way, and one that ends with its change.
    fn tasks(&mut self) {
        let (me, team) = (self.person.id, self.team);
        let mut add = |number: Number, title: &str, who, blocking: bool| {
            let task = AddTask {
                title: title.into(),
                who: Some(who),
                due_at: blocking.then(|| NOON.plus(Duration::days(2))),
                blocking,
            };
            self.step(|w, v, ctx| act::add_task(w, v, ctx, number, &task))
                .id
        };
        let one = incident(1);
        let call = add(one, "Call the brigade", Holder::Person(me), true);
        let order = add(one, "Order a printer", Holder::Team(team), false);
        let sweep = add(one, "Sweep the floor", Holder::Person(me), true);
        add(
            number(Kind::Change, 1),
            "Unpack it",
            Holder::Team(team),
            true,
        );
        let edit = EditTask {
            overwrite: true,
            title: Some("Order two printers".into()),
            who: Some(Some(Holder::Person(me))),
            due_at: Some(Some(NOON.plus(Duration::days(3)))),
            blocking: Some(true),
            ..EditTask::default()
        };
        self.step(|w, v, ctx| act::edit_task(w, v, ctx, one, order, &edit));
        let back = EditTask {
            overwrite: true,
            who: Some(None),
            due_at: Some(None),
            blocking: Some(false),
            ..EditTask::default()
        };
        self.step(|w, v, ctx| act::edit_task(w, v, ctx, one, order, &back));
        self.step(|w, v, ctx| act::place_task(w, v, ctx, one, sweep, 1));
        self.step(|w, v, ctx| act::place_task(w, v, ctx, one, call, 3));
        self.step(|w, v, ctx| act::finish_task(w, v, ctx, one, call));
        self.step(|w, v, ctx| act::skip_task(w, v, ctx, one, sweep, "Nothing is left of it"));
    }

    fn connect(&mut self) {
        let me = self.person.id;
        let other = self.step(|w, _, ctx| add_person(w, ctx, "Will Watcher", Roles::NONE));
        let other = other.id;
        for person in [me, other] {
            self.step(|w, v, ctx| act::watch(w, v, ctx, incident(1), person));
        }
        self.step(|w, v, ctx| act::unwatch(w, v, ctx, incident(1), other));
        let problem = number(Kind::Problem, 1);
        self.step(|w, v, ctx| act::link(w, v, ctx, incident(1), problem, LinkType::CausedBy));
        self.step(|w, v, ctx| act::link(w, v, ctx, incident(1), incident(2), LinkType::Related));
        self.step(|w, v, ctx| {
            let record = andon::records::find_visible(w, v, incident(2))?;
            let links = andon::records::links_of(w, v, record.id)?;
            let link = links.iter().find(|l| l.number == incident(1)).unwrap();
            act::unlink(w, v, ctx, incident(2), link.id)
        });
    }

    /// Somebody called for the requester, is affected too, and calls again.
    fn get_in_touch(&mut self) {
        let number = incident(3);
        let incidents = practice_of(Kind::Incident);
        let caller = self.step(|w, _, _| {
            let found = andon::people::search_people(w, "will", 1)?;
            Ok(found[0].id)
        });
        let edit = Edit {
            overwrite: true,
            caller: Some(Some(caller)),
            ..Edit::default()
        };
        self.step(|w, v, ctx| act::edit(w, v, ctx, number, &edit));
        self.step(|w, v, ctx| act::add_affected(w, v, ctx, number, caller));
        let contact = Contact {
            from: caller,
            channel: Channel::Phone,
            text: "Still no sound.".into(),
            chaser: None,
            affected: false,
            reopen: false,
            files: Vec::new(),
        };
        self.step(|w, v, ctx| act::contact(w, v, ctx, incidents, number, &contact));
        let me = self.person.id;
        let other = incident(4);
        self.step(|w, v, ctx| act::add_affected(w, v, ctx, other, caller));
        self.step(|w, v, ctx| act::remove_affected(w, v, ctx, other, caller));
        let own = Contact {
            from: me,
            ..contact
        };
        self.step(|w, v, ctx| act::contact(w, v, ctx, incidents, other, &own));
    }

    fn end(&mut self) {
        let incidents = practice_of(Kind::Incident);
        let fixed = Resolve {
            code: "fixed".into(),
            text: "Extinguished.".into(),
        };
        let again = Reopen {
            who: "Ada".into(),
            why: "It burns again".into(),
        };
        for n in [1, 2, 4] {
            self.step(|w, v, ctx| act::resolve(w, v, ctx, incidents, incident(n), &fixed));
        }
        self.step(|w, v, ctx| {
            let record = andon::records::find_visible(w, v, incident(4))?;
            incidents::mark_first_contact(w, ctx, record)
        });
        self.step(|w, v, ctx| act::reopen(w, v, ctx, incidents, incident(1), &again));
        self.step(|w, v, ctx| act::resolve(w, v, ctx, incidents, incident(1), &fixed));
        self.step(|w, v, ctx| act::close(w, v, ctx, incidents, incident(2)));
        let withdrawn = Resolve {
            code: "withdrawn".into(),
            text: String::new(),
        };
        let changes = practice_of(Kind::Change);
        let change = number(Kind::Change, 1);
        // Ends the hold of INC-3, which waits for it.
        self.step(|w, v, ctx| act::cancel(w, v, ctx, changes, change, &withdrawn));
    }
}

/// A code is added, one that was there from the beginning edited, one moved.
fn codes(w: &mut Write<'_>, by: &Visitor, ctx: &Ctx) -> Result<()> {
    let budget = CodeForm {
        label: "Budget".into(),
        behaviour: "other".into(),
        disabled: false,
    };
    settings::add_code(w, by, ctx, CodeList::Hold, &budget)?;
    let advice = services::find_any_code(w, CodeList::Resolution, "advice")?;
    let seen = CodeForm::of(&advice);
    let asked = CodeForm {
        label: "Advice".into(),
        ..seen.clone()
    };
    let edit = Change { seen, asked };
    settings::edit_code(w, by, ctx, (CodeList::Resolution, "advice"), &edit)?;
    let up = settings::Step::Up;
    settings::move_code(w, by, ctx, (CodeList::Resolution, "workaround"), up)
}

/// A level renamed, one added, one added and taken away, a cell of the matrix changed.
fn levels(w: &mut Write<'_>, by: &Visitor, ctx: &Ctx) -> Result<()> {
    let names = [("name-1", "Highest"), ("hint-1", "cannot work")];
    let seen: LevelNames = [
        ("name-1", "High"),
        ("hint-1", "cannot work"),
        ("name-2", "Medium"),
        ("hint-2", "can limp on"),
        ("name-3", "Low"),
        ("hint-3", "can wait"),
    ]
    .map(|(field, text)| (field.to_owned(), text.to_owned()))
    .into();
    let mut asked = seen.clone();
    asked.extend(names.map(|(field, text)| (field.to_owned(), text.to_owned())));
    settings::edit_levels(w, by, ctx, Scale::Urgency, &Change { seen, asked })?;
    settings::add_level(w, by, ctx, Scale::Impact, "Trifle", "nobody")?;
    settings::add_level(w, by, ctx, Scale::Urgency, "Whenever", "")?;
    settings::remove_level(w, by, ctx, Scale::Urgency)?;
    let seen: Cells = [("cell-1-1".to_owned(), 1)].into();
    let asked: Cells = [("cell-1-1".to_owned(), 2)].into();
    settings::edit_matrix(w, by, ctx, &Change { seen, asked })?;
    Ok(())
}

fn add_person(w: &mut Write<'_>, ctx: &Ctx, name: &str, roles: Roles) -> Result<Person> {
    let form = PersonForm {
        name: name.into(),
        mail: format!("{}@example.org", name.replace(' ', ".")),
        language: "en".into(),
        zone: "Europe/Lisbon".into(),
        roles,
        ..PersonForm::default()
    };
    people::add_person(w, By::Command, ctx, &form)
}

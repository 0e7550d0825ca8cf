//! The cast of the stories: people with roles, two teams, a service and a category.

use andon::people::{Person, PersonForm, Roles, Team, Visitor, find_person, session};
use andon::platform::db::{Db, Id, Utc};
use andon::platform::kernel::error::Result;
use andon::platform::kernel::{secrets, text};
use andon::records::{Channel, Kind, PriorityWish, Record, actions};
use andon::schema::{categories, people, person_words, services, settings, team_members, teams};
use andon::services::{Category, Service};
use diesel::prelude::*;

use super::App;

/// A person of a story.
#[derive(Debug, Clone)]
pub struct Human {
    pub id: Id<Person>,
    pub name: String,
    pub mail: String,
}

/// A desk with somebody of each role, two teams, a service and a category.
#[derive(Debug, Clone)]
pub struct Desk {
    pub agent: Human,
    pub colleague: Human,
    pub manager: Human,
    pub administrator: Human,
    pub approver: Human,
    pub requester: Human,
    pub other: Human,
    pub watcher: Human,
    pub disabled: Human,
    pub desk: Id<Team>,
    pub network: Id<Team>,
    pub mail: Id<Service>,
    pub printing: Id<Category>,
}

/// What a story logs; the rest is as usual.
#[derive(Debug, Clone)]
pub struct LogCall<'a> {
    pub kind: Kind,
    pub title: &'a str,
    pub description: &'a str,
    pub requester: Option<&'a Human>,
    pub impact: i32,
    pub urgency: i32,
    pub team: Option<Id<Team>>,
    pub assignee: Option<&'a Human>,
}

impl<'a> LogCall<'a> {
    pub fn incident(title: &'a str) -> Self {
        Self::of(Kind::Incident, title)
    }

    pub fn of(kind: Kind, title: &'a str) -> Self {
        Self {
            kind,
            title,
            description: "",
            requester: None,
            impact: 3,
            urgency: 2,
            team: None,
            assignee: None,
        }
    }

    pub fn from(mut self, requester: &'a Human) -> Self {
        self.requester = Some(requester);
        self
    }
}

pub(super) fn visitor(conn: &mut Db, person: &Human, now: Utc) -> Result<Visitor> {
    let row = find_person(conn, person.id)?;
    let own = team_members::table
        .filter(team_members::person_id.eq(person.id))
        .select(team_members::team_id)
        .load(conn)?;
    Ok(Visitor::offline(&row, own, now))
}

impl App {
    /// Everybody a story needs.
    pub fn desk(&self) -> Desk {
        let now = self.now();
        self.write(|w| {
            let human = |w: &mut Db, name: &str, roles| insert_human(w, name, roles, now);
            let agent = human(w, "Ana Lima", Roles::AGENT)?;
            let colleague = human(w, "Ben Okafor", Roles::AGENT)?;
            let manager = human(w, "Mona Berg", Roles::MANAGER)?;
            let administrator = human(w, "Ada Admin", Roles::ADMINISTRATOR)?;
            let approver = human(w, "Apu Voss", Roles::APPROVER)?;
            let requester = human(w, "Rita Reyes", Roles::NONE)?;
            let other = human(w, "Omar Nasser", Roles::NONE)?;
            let watcher = human(w, "Wanda Watt", Roles::NONE)?;
            let disabled = human(w, "Dora Gone", Roles::AGENT)?;
            diesel::update(people::table.find(disabled.id))
                .set(people::disabled_at.eq(now))
                .execute(&mut **w)?;
            let desk = insert_team(w, "Service desk", &[&agent, &colleague, &manager])?;
            let network = insert_team(w, "Network", &[&colleague])?;
            diesel::insert_into(settings::table)
                .values((
                    settings::name.eq("desk_team"),
                    settings::value.eq(desk.to_string()),
                ))
                .execute(&mut **w)?;
            let mail = Id::<Service>::new();
            diesel::insert_into(services::table)
                .values((
                    services::id.eq(mail),
                    services::name.eq("Electronic mail"),
                    services::name_key.eq("electronic mail"),
                    services::team_id.eq(network),
                    services::criticality.eq(2),
                    services::version.eq(1),
                ))
                .execute(&mut **w)?;
            let printing = Id::<Category>::new();
            diesel::insert_into(categories::table)
                .values((
                    categories::id.eq(printing),
                    categories::name.eq("Printing"),
                    categories::name_key.eq("printing"),
                    categories::version.eq(1),
                ))
                .execute(&mut **w)?;
            Ok(Desk {
                agent,
                colleague,
                manager,
                administrator,
                approver,
                requester,
                other,
                watcher,
                disabled,
                desk,
                network,
                mail,
                printing,
            })
        })
    }

    /// One more person.
    pub fn human(&self, name: &str, roles: Roles) -> Human {
        let now = self.now();
        self.write(|w| insert_human(w, name, roles, now))
    }

    /// Gives somebody a password, hashed as the product hashes.
    pub fn set_password(&self, person: &Human, password: &str) {
        let hash = secrets::hash_password(password).expect("a hash");
        self.write(|w| {
            diesel::update(people::table.find(person.id))
                .set(people::password_hash.eq(&hash))
                .execute(&mut **w)?;
            Ok(())
        });
    }

    /// A row of people changed behind the product's back, for what has no page.
    pub fn set_language(&self, person: &Human, language: &str) {
        self.write(|w| {
            diesel::update(people::table.find(person.id))
                .set(people::language.eq(language))
                .execute(&mut **w)?;
            Ok(())
        });
    }

    pub(super) fn session_for(&self, person: &Human) -> String {
        let token = uuid::Uuid::new_v4().simple().to_string();
        let hash = secrets::sha256(token.as_bytes());
        let (now, limits) = (self.now(), self.site.limits);
        self.write(|w| session::insert(w, &hash, person.id, now, limits, "127.0.0.1", "a test"));
        token
    }

    /// Logs a record as somebody, who has the caller on the line.
    pub fn log(&self, who: &Human, call: &LogCall<'_>) -> Record {
        self.log_by(who, call, Channel::Phone)
    }

    /// Logs a record that came by a channel.
    pub fn log_by(&self, who: &Human, call: &LogCall<'_>, channel: Channel) -> Record {
        let practice = andon::follow::practice_of(call.kind);
        let command = actions::Log {
            requester: call.requester.map(|p| p.id),
            channel,
            title: call.title.to_owned(),
            description: call.description.to_owned(),
            service: None,
            category: None,
            item: None,
            location: None,
            priority: PriorityWish {
                impact: Some(call.impact),
                urgency: Some(call.urgency),
                ..PriorityWish::default()
            },
            team: call.team,
            assignee: call.assignee.map(|p| p.id),
            reported_at: None,
            files: Vec::new(),
        };
        self.act(who, |w, visitor, ctx| {
            actions::log(w, visitor, ctx, practice, &command)
        })
        .expect("a logged record")
    }

    /// The path of a record's page.
    pub fn path(&self, record: &Record) -> String {
        format!("/{}/{}", record.kind.path(), record.number())
    }

    /// A record as it stands now.
    pub fn record(&self, id: Id<Record>) -> Record {
        self.read(|r| andon::records::find_by_id(r, id))
    }
}

fn insert_human(conn: &mut Db, name: &str, roles: Roles, now: Utc) -> Result<Human> {
    let id = Id::<Person>::new();
    let mail = format!("{}@example.org", text::fold(name).replace(' ', "."));
    let form = PersonForm {
        name: name.to_owned(),
        mail: mail.clone(),
        language: "en".into(),
        zone: "UTC".into(),
        roles,
        ..PersonForm::default()
    };
    diesel::insert_into(people::table)
        .values((
            people::id.eq(id),
            people::name.eq(&form.name),
            people::mail.eq(&form.mail),
            people::mail_key.eq(text::fold(&form.mail)),
            people::phone.eq(&form.phone),
            people::language.eq(&form.language),
            people::zone.eq(&form.zone),
            people::theme.eq("auto"),
            people::single_keys.eq(true),
            people::roles.eq(form.roles.0),
            people::created_at.eq(now),
            people::version.eq(1),
        ))
        .execute(conn)?;
    let mut words = text::words(&format!("{name} {mail}"));
    words.sort();
    words.dedup();
    for word in words {
        diesel::insert_into(person_words::table)
            .values((person_words::word.eq(word), person_words::person_id.eq(id)))
            .execute(conn)?;
    }
    Ok(Human {
        id,
        name: name.to_owned(),
        mail,
    })
}

fn insert_team(conn: &mut Db, name: &str, members: &[&Human]) -> Result<Id<Team>> {
    let id = Id::<Team>::new();
    diesel::insert_into(teams::table)
        .values((
            teams::id.eq(id),
            teams::name.eq(name),
            teams::name_key.eq(text::fold(name)),
            teams::version.eq(1),
        ))
        .execute(conn)?;
    for person in members {
        diesel::insert_into(team_members::table)
            .values((
                team_members::person_id.eq(person.id),
                team_members::team_id.eq(id),
            ))
            .execute(conn)?;
    }
    Ok(id)
}

//! The person behind a request, as policies and pages know them.

use super::layout::{Flash, Shell, initials};
use super::line::Line;
use super::model::{Person, Roles, Team};
use super::session::Session;
use crate::platform::db::{Id, Utc};
use crate::platform::kernel::ctx::Actor;
use crate::platform::kernel::zone::Zone;
use crate::platform::words::Words;

/// The signed-in person behind a request.
#[derive(Debug, Clone)]
pub struct Visitor {
    pub id: Id<Person>,
    pub name: String,
    pub roles: Roles,
    pub teams: Vec<Id<Team>>,
    pub session: Id<Session>,
    pub words: Words,
    pub zone: Zone,
    pub now: Utc,
    /// How many notices they have not read.
    pub(super) unread: i64,
    /// Whether they lead a team.
    pub leads: bool,
    /// How everything stands, for whoever works and reads a page.
    pub(super) line: Option<Line>,
    theme: String,
    single_keys: bool,
    pub(super) flash: Option<Flash>,
}

impl Visitor {
    /// Somebody who is not at a browser: a command, a worker, a test of a policy.
    pub fn offline(person: &Person, teams: Vec<Id<Team>>, now: Utc) -> Self {
        Self {
            id: person.id,
            name: person.name.clone(),
            roles: person.roles(),
            teams,
            session: Id::nil(),
            words: Words::of(&person.language),
            zone: Zone::named(&person.zone).unwrap_or_else(Zone::utc),
            now,
            unread: 0,
            leads: false,
            line: None,
            theme: person.theme.clone(),
            single_keys: person.single_keys,
            flash: None,
        }
    }

    /// Whoever runs a command beside the database: they hold the file, so they see everything.
    pub fn command(now: Utc) -> Self {
        Self {
            id: Id::nil(),
            name: "command".into(),
            roles: Roles::ADMINISTRATOR,
            teams: Vec::new(),
            session: Id::nil(),
            words: Words::of("en"),
            zone: Zone::utc(),
            now,
            unread: 0,
            leads: false,
            line: None,
            theme: "auto".into(),
            single_keys: false,
            flash: None,
        }
    }

    pub fn actor(&self) -> Actor {
        Actor {
            id: Some(self.id.uuid()),
            label: self.name.clone(),
        }
    }

    /// The frame of a page for this person; `nav` is the menu item it belongs to.
    pub fn shell(&self, nav: &'static str, title: impl Into<String>) -> Shell {
        Shell {
            t: self.words,
            title: title.into(),
            nav,
            theme: self.theme.clone(),
            single_keys: self.single_keys,
            person: Some((self.name.clone(), initials(&self.name))),
            can_work: self.has(super::Right::Work),
            can_approve: self.has(super::Right::Approve),
            can_manage: self.has(super::Right::Manage),
            can_administer: self.has(super::Right::Administer),
            unread: self.unread,
            line: self.line,
            flash: self.flash.clone(),
            now: self.now,
            zone: self.zone.clone(),
            search: String::new(),
        }
    }
}

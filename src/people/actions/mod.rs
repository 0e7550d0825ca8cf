//! The verbs of people, teams, passwords and sessions.

mod erase;
mod passwords;
mod persons;
mod places;
mod preferences;
mod sign_in;
mod teams;

pub use erase::erase_person;
pub use passwords::{
    MadeLink, change_own_password, first_administrator, link_holder, make_password_link,
    make_setup_link, set_password, setup_is_open, use_password_link,
};
pub(super) use persons::roles_value;
pub use persons::{
    PERSON_FIELDS, add_person, add_requester, add_requesters, edit_person, set_person_enabled,
};
pub use places::{
    LOCATION_FIELDS, ORGANISATION_FIELDS, add_location, add_organisation, edit_location,
    edit_organisation,
};
pub use preferences::set_preferences;
pub use sign_in::{Checked, end_other_sessions, end_session, sign_in, sign_out};
pub use teams::{TEAM_FIELDS, add_member, add_team, edit_team, remove_member};

use super::model::{Person, Team};
use super::policy::Right;
use super::visitor::Visitor;
use crate::journal::Subject;
use crate::platform::db::Id;
use crate::platform::kernel::error::{Error, Result};

/// On whose authority something is administered.
#[derive(Debug, Clone, Copy)]
pub enum By<'a> {
    /// The person behind a request, who needs the right.
    Visitor(&'a Visitor),
    /// Whoever may run commands beside the database, and so may do anything.
    Command,
}

impl By<'_> {
    fn may_administer(self) -> Result<()> {
        match self {
            By::Visitor(visitor) => visitor.needs(Right::Administer),
            By::Command => Ok(()),
        }
    }
}

/// What is left of somebody who was erased stays as it is.
fn not_erased(person: &Person) -> Result<()> {
    match person.erased {
        Some(_) => Err(Error::refused("person-is-erased")),
        None => Ok(()),
    }
}

fn about_person(id: Id<Person>) -> Subject {
    Subject {
        kind: "person",
        id: id.uuid(),
    }
}

fn about_team(id: Id<Team>) -> Subject {
    Subject {
        kind: "team",
        id: id.uuid(),
    }
}

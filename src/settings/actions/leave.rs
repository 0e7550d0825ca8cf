//! Somebody leaves: what they hold is shown, handed on and the person disabled, in one step.

use super::may;
use crate::people::actions::{By, set_person_enabled};
use crate::people::{self, Person, PersonBrief, Team, Visitor};
use crate::platform::db::{Db, Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Result};
use crate::platform::kernel::secrets;
use crate::records::actions::{GiveTo, Held, give_away, release};
use crate::records::{self, Practices};
use crate::services::{self, Service};

/// So many of the people somebody manages are named.
pub const REPORTS_NAMED: usize = 20;

/// Everything that has to do with somebody who is about to leave.
#[derive(Debug, Clone)]
pub struct Holds {
    /// What somebody else must go on with.
    pub held: Held,
    /// Open records in which they are requester, caller or affected.
    pub as_requester: i64,
    pub watched: i64,
    pub services: Vec<Service>,
    pub teams: Vec<Team>,
    /// People whose line manager they are; one more than are named, where there are more.
    pub reports: Vec<PersonBrief>,
}

impl Holds {
    pub fn of(conn: &mut Db, visitor: &Visitor, person: Id<Person>) -> Result<Self> {
        may(visitor)?;
        let as_requester = records::open_counts(conn, visitor, &[person])?;
        let mut services = services::list_services(conn)?;
        services
            .retain(|service| service.owner_id == Some(person) && service.disabled_at.is_none());
        let mut teams = people::list_teams(conn)?;
        teams.retain(|team| team.lead_id == Some(person) && team.disabled_at.is_none());
        Ok(Self {
            held: Held::of(conn, visitor, person)?,
            as_requester: as_requester.get(&person).copied().unwrap_or(0),
            watched: records::count_watched(conn, visitor, person)?,
            services,
            teams,
            reports: people::reports_of(conn, person, REPORTS_NAMED as i64 + 1)?,
        })
    }
}

/// What stands for all that was shown as held: somebody who took a record meanwhile changes it.
pub fn print_of(held: &Held) -> String {
    let ids: Vec<u8> = held.ids().iter().flat_map(|id| *id.as_bytes()).collect();
    secrets::hex(&secrets::sha256(&ids))
}

/// Somebody leaves.
#[derive(Debug, Clone, Default)]
pub struct Leave {
    /// [`print_of`] what was shown; whoever was shown nothing takes it as it is.
    pub seen: Option<String>,
    pub to: Option<GiveTo>,
}

/// Gives away what a person holds and disables them: both, or neither. What whoever does it may not see
/// is nobody's from then on, and they learn nothing of it.
pub fn leave(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    practices: Practices,
    id: Id<Person>,
    command: &Leave,
) -> Result<Person> {
    may(visitor)?;
    let person = people::find_person(w, id)?;
    let held = Held::of(w, visitor, id)?;
    if command
        .seen
        .as_ref()
        .is_some_and(|seen| *seen != print_of(&held))
    {
        return Err(Error::refused("leave-changed"));
    }
    if !held.is_empty() {
        let to = command
            .to
            .ok_or_else(|| Error::invalid("to", "leave-to-needed"))?;
        give_away(w, visitor, ctx, practices, &person, &held, to)?;
    }
    release(w, visitor, ctx, &person)?;
    set_person_enabled(w, By::Visitor(visitor), ctx, id, false)
}

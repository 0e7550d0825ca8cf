//! The verbs of services, categories, codes, priorities and general settings.

mod codes;
mod erase;
mod fair_order;
mod general;
mod items;
mod leave;
mod priorities;
mod services;
mod suppliers;

pub use codes::{CODE_FIELDS, Step, add_code, edit_code, move_code};
pub use erase::{Erase, Erased, SCRUB, Traces, erase, erase_rest, remove_files};
pub use fair_order::{edit_fair_order, fair_classes, fair_order_now};
pub use general::{GENERAL_FIELDS, edit_general, general_now, set_desk_team};
pub use items::{ITEM_FIELDS, add_item, add_need, edit_item, remove_need};
pub use leave::{Holds, Leave, REPORTS_NAMED, leave, print_of};
pub use priorities::{add_level, edit_levels, edit_matrix, remove_level};
pub use services::{
    CATEGORY_FIELDS, SERVICE_FIELDS, add_category, add_service, edit_category, edit_service,
};
pub use suppliers::{SUPPLIER_FIELDS, add_supplier, edit_supplier};

use crate::journal::{Value, differences};
use crate::people::{self, Person, Right, Team, Visitor};
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::{Error, Result};

fn may(visitor: &Visitor) -> Result<()> {
    visitor.needs(Right::Administer)
}

/// A team with its name, as the journal keeps it.
fn team_value(conn: &mut Db, team: Option<Id<Team>>) -> Result<Value> {
    let name = team.map(|id| people::team_name(conn, id)).transpose()?;
    Ok(Value::reference(team.map(Id::uuid).zip(name)))
}

fn person_value(conn: &mut Db, person: Option<Id<Person>>) -> Result<Value> {
    let person = person.map(|id| people::find_person(conn, id)).transpose()?;
    Ok(Value::reference(person.map(|p| (p.id.uuid(), p.name))))
}

/// A team that is newly chosen must be there and enabled; the present one may stay.
fn check_team(conn: &mut Db, now: Option<Id<Team>>, chosen: Option<Id<Team>>) -> Result<()> {
    let Some(team) = chosen.filter(|team| Some(*team) != now) else {
        return Ok(());
    };
    match people::find_team(conn, team) {
        Ok(team) if team.disabled_at.is_none() => Ok(()),
        Ok(_) | Err(Error::NotFound) => Err(Error::invalid("team", "error-no-longer-there")),
        Err(e) => Err(e),
    }
}

/// An owner who is newly chosen must be there and enabled.
fn check_owner(conn: &mut Db, now: Option<Id<Person>>, chosen: Option<Id<Person>>) -> Result<()> {
    let Some(person) = chosen.filter(|person| Some(*person) != now) else {
        return Ok(());
    };
    match people::find_person(conn, person) {
        Ok(person) if person.disabled_at.is_none() => Ok(()),
        Ok(_) | Err(Error::NotFound) => Err(Error::invalid("owner", "error-no-longer-there")),
        Err(e) => Err(e),
    }
}

//! Sample data: Northgate, a retailer, after sixty days with Andon.
//!
//! An empty database is filled through the ordinary actions, each at its own time in the past, by the
//! door *demo*: what comes of it is what the product itself would have written. Chance comes out the
//! same each time.

mod apart;
mod approving;
mod cast;
mod catalogue;
mod chance;
mod enablement;
mod errands;
mod estate;
mod families;
mod files;
mod learnt;
mod lives;
mod majors;
mod outage;
mod plan;
mod play;
mod promises;
mod stories;

use crate::people::meanwhile::Edit;
use crate::people::{Visitor, list_names};
use crate::platform::db::{Db, Id, Store, Utc};
use crate::platform::files::blobs::Blobs;
use crate::platform::kernel::ctx::{Ctx, Door};
use crate::platform::kernel::error::{Error, Result};
use crate::platform::kernel::secrets;
use crate::services::{set_setting, setting};
use crate::settings::{General, actions as settings};

use cast::{CALLERS, Cast, STAFF, ZONE};
use catalogue::Catalogue;
use estate::Places;
use plan::Plan;
use play::Stage;

/// Of every login of the sample data. Known to everybody, and so never for real records.
pub const PASSWORD: &str = "lantern harbour 42";
/// The setting that marks a database of sample data.
const MARK: &str = "demo";

/// What a database is to somebody who brings sample data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    Empty,
    Filled,
    /// A former run did not come to its end.
    HalfFilled,
    /// Somebody's real desk.
    Real,
}

/// A login that is printed at the end.
pub struct Login {
    pub name: &'static str,
    pub mail: String,
    pub roles: String,
}

/// Looks before anything is written.
pub fn look(conn: &mut Db) -> Result<Found> {
    match setting(conn, MARK)?.as_deref() {
        Some("1") => return Ok(Found::Filled),
        Some(_) => return Ok(Found::HalfFilled),
        None => {}
    }
    // No record is without the people who made it.
    let people = list_names(conn, Id::nil(), 1)?;
    Ok(if people.is_empty() {
        Found::Empty
    } else {
        Found::Real
    })
}

/// Fills an empty database and says how many records it has now.
pub fn fill(store: &Store, blobs: &Blobs, now: Utc) -> Result<usize> {
    let hash = secrets::hash_password(PASSWORD)
        .map_err(|why| Error::inward(format!("the password cannot be hashed: {why}")))?;
    let files = files::create(blobs)?;
    let began = now.minus(time::Duration::days(61));
    let (cast, catalogue, items) = store.write_here(|w| {
        if look(w)? != Found::Empty {
            return Err(Error::inward(
                "the database was filled by somebody else meanwhile",
            ));
        }
        set_setting(w, MARK, "begun")?;
        let ctx = Ctx::system(began, Door::Demo);
        let places = Places::create(w, &ctx)?;
        let cast = Cast::create(w, &ctx, &hash, &places)?;
        let visitor = Visitor::command(began);
        let seen = settings::general_now(w)?;
        let asked = General {
            zone: ZONE.to_owned(),
            ..seen.clone()
        };
        settings::edit_general(w, &visitor, &ctx, &Edit { seen, asked })?;
        settings::set_desk_team(w, &visitor, &ctx, cast.teams.first().copied())?;
        let catalogue = Catalogue::create(w, &visitor, &ctx, &cast)?;
        let items = estate::create(w, &visitor, &ctx, &cast, &catalogue)?;
        promises::create(w, &visitor, &ctx)?;
        approving::create(w, &visitor, &ctx, &cast)?;
        Ok((cast, catalogue, items))
    })?;
    let stage = Stage {
        store,
        cast: &cast,
        catalogue: &catalogue,
        items: &items,
        files: &files,
    };
    let records = stage.play(&Plan::until(now))?;
    let logged = store.write_here(|w| {
        majors::play(w, &cast, now)?;
        apart::log(w, &cast, now)
    })?;
    let changes = enablement::play(store, &cast, now)?;
    let learnt = learnt::play(store, &cast, &catalogue, now)?;
    let apart = store.write_here(|w| {
        set_setting(w, MARK, "1")?;
        apart::play(w, &cast, now, &logged)
    })?;
    Ok(records + changes + learnt + apart)
}

/// The logins worth trying.
pub fn logins() -> Vec<Login> {
    let shown = STAFF.iter().filter(|colleague| colleague.shown);
    let requester = CALLERS.first().map(|name| Login {
        name,
        mail: cast::mail_of_caller(0),
        roles: "requester".to_owned(),
    });
    shown
        .map(|colleague| Login {
            name: colleague.name,
            mail: colleague.mail(),
            roles: colleague.roles.words().join(", "),
        })
        .chain(requester)
        .collect()
}

#[cfg(test)]
mod tests;

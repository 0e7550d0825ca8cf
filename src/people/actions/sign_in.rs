//! Sessions: begun by a password, ended by their owner.

use super::super::session::{self, Limits, Session};
use super::super::store;
use super::super::visitor::Visitor;
use crate::people::model::Person;
use crate::platform::db::{Id, Utc, Write};
use crate::platform::kernel::error::{Error, Result};

/// A password that was found right, outside of any transaction.
#[derive(Debug, Clone)]
pub struct Checked {
    pub person: Id<Person>,
    /// The hash it was checked against: should it have changed since, the check is void.
    pub against: String,
    /// A hash with today's parameters, where the stored one has others.
    pub rehashed: Option<String>,
    /// The session of this browser that the new one replaces.
    pub replaces: Option<Id<Session>>,
    pub address: String,
    pub device: String,
}

/// Begins a session. A person who was disabled, or whose password changed, since the check is
/// refused like a wrong password.
pub fn sign_in(
    w: &mut Write<'_>,
    checked: &Checked,
    token_hash: &[u8; 32],
    now: Utc,
    limits: Limits,
) -> Result<Person> {
    let person = store::find_person(w, checked.person)?;
    let stands = person.password_hash.as_deref() == Some(checked.against.as_str());
    if person.disabled_at.is_some() || !stands {
        return Err(Error::SignIn);
    }
    if let Some(hash) = &checked.rehashed {
        store::update_password(w, person.id, hash)?;
    }
    if let Some(old) = checked.replaces {
        session::end_by_id(w, old, now)?;
    }
    session::insert(
        w,
        token_hash,
        person.id,
        now,
        limits,
        &checked.address,
        &checked.device,
    )?;
    Ok(person)
}

/// Ends the session of this request.
pub fn sign_out(w: &mut Write<'_>, visitor: &Visitor, now: Utc) -> Result<()> {
    session::end(w, visitor.id, Some(visitor.session), now).map(drop)
}

/// Ends one of the visitor's own sessions.
pub fn end_session(
    w: &mut Write<'_>,
    visitor: &Visitor,
    which: Id<Session>,
    now: Utc,
) -> Result<()> {
    match session::end(w, visitor.id, Some(which), now)? {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}

/// Ends all of the visitor's sessions but this one; says how many.
pub fn end_other_sessions(w: &mut Write<'_>, visitor: &Visitor, now: Utc) -> Result<usize> {
    session::end_others(w, visitor.id, visitor.session, now)
}

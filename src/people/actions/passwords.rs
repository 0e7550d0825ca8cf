//! Passwords and the one-time links by which people set them. The journal knows that a password was
//! set and a link was made, never what they are.

use super::{By, about_person, persons};
use crate::journal::{self, NewFact};
use crate::people::links::{self, Purpose, RESET_LASTS, SETUP_LASTS};
use crate::people::model::{Person, PersonForm, Roles};
use crate::people::visitor::Visitor;
use crate::people::{session, store};
use crate::platform::db::{Db, Id, Utc, Write};
use crate::platform::kernel::ctx::{Actor, Ctx};
use crate::platform::kernel::error::{Error, Result};
use crate::platform::kernel::secrets::Token;

/// A link that was just made; its token is known only now.
#[derive(Debug, Clone)]
pub struct MadeLink {
    pub person: Person,
    pub token: Token,
    pub expires_at: Utc,
}

impl MadeLink {
    /// The link's path on this desk.
    pub fn path(&self) -> String {
        format!("/password/{}", self.token.to_text())
    }
}

/// Makes the link by which a person sets their password: seven days for the first one, half an
/// hour to reset it. Links made for them before and not used end.
pub fn make_password_link(
    w: &mut Write<'_>,
    by: By<'_>,
    ctx: &Ctx,
    id: Id<Person>,
) -> Result<MadeLink> {
    by.may_administer()?;
    let person = store::find_person(w, id)?;
    if person.disabled_at.is_some() {
        return Err(Error::refused("person-link-disabled"));
    }
    if person.mail.is_empty() {
        return Err(Error::refused("person-link-without-mail"));
    }
    let lasts = match person.password_hash {
        Some(_) => RESET_LASTS,
        None => SETUP_LASTS,
    };
    let token = new_token()?;
    let expires_at = ctx.now.plus(lasts);
    links::insert(w, &token.hash(), Purpose::Password, Some(id), expires_at)?;
    let fact = NewFact::new("person.password_link_made", Vec::new());
    journal::append_to(w, ctx, about_person(id), &fact)?;
    Ok(MadeLink {
        person,
        token,
        expires_at,
    })
}

/// Whom a password link is for, where it still works.
pub fn link_holder(conn: &mut Db, token_hash: &[u8; 32], now: Utc) -> Result<Person> {
    let id = links::find(conn, token_hash, Purpose::Password, now)?
        .flatten()
        .ok_or(Error::NotFound)?;
    let person = store::find_person(conn, id)?;
    if person.disabled_at.is_some() {
        return Err(Error::NotFound);
    }
    Ok(person)
}

/// Sets a password by a link, which is used up; every session of the person ends. `ctx` gets the
/// person as its actor: whoever holds the link acts as them.
pub fn use_password_link(
    w: &mut Write<'_>,
    ctx: &Ctx,
    token_hash: &[u8; 32],
    password_hash: &str,
) -> Result<Person> {
    let person = link_holder(w, token_hash, ctx.now)?;
    links::use_up(w, token_hash, ctx.now)?;
    session::end(w, person.id, None, ctx.now)?;
    keep(w, &acting(ctx, &person), person.id, password_hash)?;
    Ok(person)
}

/// Sets a person's password from the command line.
pub fn set_password(
    w: &mut Write<'_>,
    by: By<'_>,
    ctx: &Ctx,
    id: Id<Person>,
    password_hash: &str,
) -> Result<()> {
    by.may_administer()?;
    session::end(w, id, None, ctx.now)?;
    keep(w, ctx, id, password_hash)
}

/// Changes the visitor's own password, the old one having been checked against `against`; their
/// other sessions end.
pub fn change_own_password(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    against: &str,
    password_hash: &str,
) -> Result<()> {
    let person = store::find_person(w, visitor.id)?;
    if person.password_hash.as_deref() != Some(against) {
        return Err(Error::invalid("old_password", "password-wrong"));
    }
    session::end_others(w, visitor.id, visitor.session, ctx.now)?;
    links::withdraw(w, Purpose::Password, Some(visitor.id))?;
    keep(w, ctx, visitor.id, password_hash)
}

/// The set-up link of a desk without an administrator; none where there is one.
pub fn make_setup_link(w: &mut Write<'_>, now: Utc) -> Result<Option<Token>> {
    if store::count_with_role(w, Roles::ADMINISTRATOR.0)? > 0 {
        links::withdraw(w, Purpose::Setup, None)?;
        return Ok(None);
    }
    let token = new_token()?;
    let until = now.plus(SETUP_LASTS);
    links::insert(w, &token.hash(), Purpose::Setup, None, until)?;
    Ok(Some(token))
}

/// Whether a set-up link still works.
pub fn setup_is_open(conn: &mut Db, token_hash: &[u8; 32], now: Utc) -> Result<()> {
    let works = links::find(conn, token_hash, Purpose::Setup, now)?.is_some();
    if works && store::count_with_role(conn, Roles::ADMINISTRATOR.0)? == 0 {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}

/// Makes the first administrator, if there still is none.
pub fn first_administrator(
    w: &mut Write<'_>,
    ctx: &Ctx,
    token_hash: &[u8; 32],
    given: &PersonForm,
    password_hash: &str,
) -> Result<Person> {
    setup_is_open(w, token_hash, ctx.now)?;
    links::use_up(w, token_hash, ctx.now)?;
    let mut given = given.clone();
    given.roles = Roles::ADMINISTRATOR;
    let person = persons::create(w, ctx, &given)?;
    keep(w, &acting(ctx, &person), person.id, password_hash)?;
    Ok(person)
}

fn keep(w: &mut Write<'_>, ctx: &Ctx, id: Id<Person>, password_hash: &str) -> Result<()> {
    store::update_password(w, id, password_hash)?;
    let fact = NewFact::new("person.password_set", Vec::new());
    journal::append_to(w, ctx, about_person(id), &fact)
}

fn acting(ctx: &Ctx, person: &Person) -> Ctx {
    Ctx {
        actor: Actor {
            id: Some(person.id.uuid()),
            label: person.name.clone(),
        },
        ..ctx.clone()
    }
}

fn new_token() -> Result<Token> {
    Token::new().map_err(|_| Error::inward("no randomness for a link"))
}

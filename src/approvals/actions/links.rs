//! One-time links: for one person and one round. Opening one decides nothing; using it is a vote like
//! any other, by whoever is signed in, once.

use time::Duration;

use super::find;
use super::vote::{Vote, vote};
use crate::approvals::model::Round;
use crate::approvals::policy;
use crate::approvals::rules::{Cast, Phase};
use crate::approvals::store::{links, rounds};
use crate::people::{Person, Visitor};
use crate::platform::db::{Db, Id, Utc, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Result};
use crate::platform::kernel::secrets::Token;
use crate::records::{self, Number};

/// How long a link works, unless the round ends sooner.
const LASTS: Duration = Duration::hours(72);

/// Makes the link by which somebody who is asked now may answer. Its token is known only now.
pub fn make_link(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    round: i32,
    person: Id<Person>,
) -> Result<Token> {
    let acting = find(w, visitor, number, round)?;
    policy::may_steer(visitor)?;
    let standing = acting.round.standing(ctx.now);
    let open = standing.stages.iter().filter(|s| s.phase == Phase::Open);
    let mut seats = open.flat_map(|s| &s.seats);
    let waits = |(who, cast): &(uuid::Uuid, Cast)| *who == person.uuid() && *cast == Cast::Waiting;
    if standing.decision.is_some() || !seats.any(waits) {
        return Err(Error::refused("approval-link-not-asked"));
    }
    let token = Token::new().map_err(|_| Error::inward("no randomness"))?;
    let expires = ctx.now.plus(LASTS).min(acting.round.row.decide_by);
    links::insert(w, &token.hash(), acting.round.row.id, person, expires)?;
    Ok(token)
}

/// What a link leads to.
#[derive(Debug, Clone, Copy)]
pub struct Opened {
    pub number: Number,
    pub round: i32,
    /// Whether it may still be used; if not, what there is now is shown.
    pub works: bool,
}

/// Where a link leads its person; for everybody else there is none. Nothing is changed by asking.
pub fn open_link(conn: &mut Db, visitor: &Visitor, token: &str, now: Utc) -> Result<Opened> {
    let (round, works) = held(conn, visitor, token, now)?;
    let record = records::find_asked_by_id(conn, visitor, round.row.record_id)?;
    Ok(Opened {
        number: record.number(),
        round: round.row.number,
        works,
    })
}

/// Votes by a link, which is used up.
pub fn use_link(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    token: &str,
    command: &Vote,
) -> Result<Number> {
    let (round, works) = held(w, visitor, token, ctx.now)?;
    let record = records::find_asked_by_id(w, visitor, round.row.record_id)?;
    let hash = Token::parse(token).ok_or(Error::NotFound)?.hash();
    if !works || !links::use_up(w, &hash, ctx.now)? {
        return Err(Error::refused("approval-link-used"));
    }
    vote(w, visitor, ctx, record.number(), round.row.number, command)?;
    Ok(record.number())
}

fn held(conn: &mut Db, visitor: &Visitor, token: &str, now: Utc) -> Result<(Round, bool)> {
    let hash = Token::parse(token).ok_or(Error::NotFound)?.hash();
    let link = links::find(conn, &hash)?.ok_or(Error::NotFound)?;
    if link.person_id != visitor.id {
        return Err(Error::NotFound);
    }
    let round = rounds::find(conn, link.round_id)?;
    let newest = rounds::newest(conn, round.row.record_id)?;
    let is_newest = newest.is_some_and(|n| n.row.id == round.row.id);
    let open = round.standing(now).decision.is_none();
    let works = link.used_at.is_none() && link.expires_at > now && is_newest && open;
    Ok((round, works))
}

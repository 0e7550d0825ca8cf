//! Somebody left, or may approve no longer: their seats go to the next who can take them, or stay empty.

use uuid::Uuid;

use super::Acting;
use super::append::{append, event};
use crate::approvals::model::Happening;
use crate::approvals::rules::{Cast, Phase, heir};
use crate::approvals::store::rounds;
use crate::people::Person;
use crate::platform::db::{Db, Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::Result;
use crate::records::{self, Record};

/// Empties every seat from which this person has said nothing, in every round that goes on, if they
/// left or have no right to approve any more. What they said before counts on.
pub fn vacate(w: &mut Write<'_>, ctx: &Ctx, person: Id<Person>) -> Result<()> {
    if unable(w, &[person.uuid()])?.is_empty() {
        return Ok(());
    }
    for id in rounds::waiting_for(w, person)? {
        let round = rounds::find(w, id)?;
        let record = records::find_by_id(w, round.row.record_id)?;
        empty(w, ctx, Acting { record, round }, &[person.uuid()])?;
    }
    Ok(())
}

/// Empties the seats of a round that opened with people who can sit there no longer: what was frozen
/// before them is asked again.
pub(super) fn vacate_gone(w: &mut Write<'_>, ctx: &Ctx, acting: Acting) -> Result<Acting> {
    let seats = acting.round.electorate.stages.iter().flat_map(|b| &b.seats);
    let everybody: Vec<Uuid> = seats.map(|s| s.person).collect();
    let gone = unable(w, &everybody)?;
    empty(w, ctx, acting, &gone)
}

/// Which of these people left or have no right to approve.
fn unable(conn: &mut Db, people: &[Uuid]) -> Result<Vec<Uuid>> {
    let mut unable = rounds::disabled_of(conn, people)?;
    unable.extend(rounds::rightless_of(conn, people)?);
    Ok(unable)
}

fn empty(w: &mut Write<'_>, ctx: &Ctx, mut acting: Acting, gone: &[Uuid]) -> Result<Acting> {
    while let Some((stage, seat, person)) = next_seat(&acting, ctx, gone) {
        let standing = acting.round.standing(ctx.now);
        let bench = acting.round.electorate.stages.get(stage);
        let alternates = bench.map_or_else(Vec::new, |bench| bench.alternates.clone());
        let cannot = cannot_sit(w, &acting.record, &alternates)?;
        let spoke = acting.round.spoke(&standing, stage);
        let can = |other| !cannot.contains(&other);
        let taker = heir(&acting.round.electorate, &standing, stage, &spoke, can);
        let mut vacated = event(&acting.round, ctx, Happening::Vacated);
        vacated.stage = Some(stage as i32);
        vacated.seat = Some(seat as i32);
        vacated.behalf_id = Some(Id::from_uuid(person));
        vacated.heir_id = taker.map(Id::from_uuid);
        acting = append(w, ctx, acting, vacated, Vec::new())?;
    }
    Ok(acting)
}

/// Who of the alternates cannot take a seat: gone, without the right, or kept from the record.
fn cannot_sit(conn: &mut Db, record: &Record, alternates: &[Uuid]) -> Result<Vec<Uuid>> {
    let mut cannot = unable(conn, alternates)?;
    if record.is_restricted {
        for other in alternates {
            if !records::is_open_to(conn, record, Id::from_uuid(*other))? {
                cannot.push(*other);
            }
        }
    }
    Ok(cannot)
}

/// The next seat on which one of them sits and from which nothing was said.
fn next_seat(acting: &Acting, ctx: &Ctx, gone: &[Uuid]) -> Option<(usize, usize, Uuid)> {
    let standing = acting.round.standing(ctx.now);
    if standing.decision.is_some() {
        return None;
    }
    standing.stages.iter().enumerate().find_map(|(at, stage)| {
        if matches!(stage.phase, Phase::Ended(_)) {
            return None;
        }
        let mut seats = stage.seats.iter().enumerate();
        let (seat, (person, _)) =
            seats.find(|(_, (who, cast))| gone.contains(who) && *cast == Cast::Waiting)?;
        Some((at, seat, *person))
    })
}

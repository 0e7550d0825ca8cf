//! Somebody left: their seats go to the next who can take them, or stay empty.

use super::Acting;
use super::append::{append, event};
use crate::approvals::model::Happening;
use crate::approvals::rules::{Cast, Phase, heir};
use crate::approvals::store::rounds;
use crate::people::Person;
use crate::platform::db::{Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::Result;
use crate::records;

/// Empties every seat from which this person has said nothing, in every round that goes on. What they
/// said before counts on.
pub fn vacate(w: &mut Write<'_>, ctx: &Ctx, person: Id<Person>) -> Result<()> {
    for id in rounds::waiting_for(w, person)? {
        let round = rounds::find(w, id)?;
        let record = records::find_by_id(w, round.row.record_id)?;
        let mut acting = Acting { record, round };
        while let Some((stage, seat)) = next_seat(&acting, ctx, person) {
            let standing = acting.round.standing(ctx.now);
            let mut gone: Vec<_> = acting
                .round
                .electorate
                .stages
                .get(stage)
                .map_or_else(Vec::new, |bench| bench.alternates.clone());
            gone = rounds::disabled_of(w, &gone)?;
            let mut blind = Vec::new();
            if acting.record.is_restricted {
                for stage in &acting.round.electorate.stages {
                    for other in &stage.alternates {
                        if !records::is_open_to(w, &acting.record, Id::from_uuid(*other))? {
                            blind.push(*other);
                        }
                    }
                }
            }
            let can = |other| !gone.contains(&other) && !blind.contains(&other);
            let taker = heir(&acting.round.electorate, &standing, stage, can);
            let mut vacated = event(&acting.round, ctx, Happening::Vacated);
            vacated.stage = Some(stage as i32);
            vacated.seat = Some(seat as i32);
            vacated.behalf_id = Some(person);
            vacated.heir_id = taker.map(Id::from_uuid);
            acting = append(w, ctx, acting, vacated, Vec::new())?;
        }
    }
    Ok(())
}

/// The next seat on which they sit and from which nothing was said.
fn next_seat(acting: &Acting, ctx: &Ctx, person: Id<Person>) -> Option<(usize, usize)> {
    let standing = acting.round.standing(ctx.now);
    if standing.decision.is_some() {
        return None;
    }
    standing.stages.iter().enumerate().find_map(|(at, stage)| {
        if matches!(stage.phase, Phase::Ended(_)) {
            return None;
        }
        let sits =
            |(who, cast): &(uuid::Uuid, Cast)| *who == person.uuid() && *cast == Cast::Waiting;
        stage.seats.iter().position(sits).map(|seat| (at, seat))
    })
}

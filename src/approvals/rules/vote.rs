//! Who may say something for a seat now, and who takes a seat that nobody sits on.

use uuid::Uuid;

use super::count::{Cast, Phase, Standing};
use super::electorate::Electorate;

/// Why somebody may not vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoVote {
    /// The round is decided.
    Decided,
    /// Other stages come first, or this one has ended.
    NotAsked,
    Suspended,
    /// Requester or implementer, for whomever they would vote.
    OwnChange,
    /// Somebody voted from this seat.
    Voted,
    /// They have a seat of their own in the stage: nobody has two.
    SitsAlready,
    /// They said something in this stage, for somebody else: nobody counts twice.
    Spoke,
    /// They do not have the right to approve now.
    NoRight,
    /// Nobody of theirs sits there.
    NoSeat,
}

/// Whether a human may say something for whoever sits there: themself, or somebody who let them.
/// `spoke` are those whose votes stand in the stage, whomever they spoke for.
pub fn may_vote(
    electorate: &Electorate,
    standing: &Standing,
    (stage, seat): (usize, usize),
    human: Uuid,
    behalf: Option<Uuid>,
    spoke: &[Uuid],
) -> Result<(), NoVote> {
    if standing.decision.is_some() {
        return Err(NoVote::Decided);
    }
    let at = standing.stages.get(stage).ok_or(NoVote::NoSeat)?;
    let (sits, cast) = at.seats.get(seat).ok_or(NoVote::NoSeat)?;
    if *sits != behalf.unwrap_or(human) {
        return Err(NoVote::NoSeat);
    }
    if electorate.excluded.contains(&human) {
        return Err(NoVote::OwnChange);
    }
    if at.phase != Phase::Open {
        return Err(NoVote::NotAsked);
    }
    if standing.suspended_at.is_some() {
        return Err(NoVote::Suspended);
    }
    if *cast != Cast::Waiting {
        return Err(NoVote::Voted);
    }
    if behalf.is_some() && at.seats.iter().any(|(person, _)| *person == human) {
        return Err(NoVote::SitsAlready);
    }
    if spoke.contains(&human) {
        return Err(NoVote::Spoke);
    }
    Ok(())
}

/// Whether what was said from a seat may be withdrawn: only while nothing follows from it.
pub fn may_withdraw(standing: &Standing, (stage, seat): (usize, usize)) -> Result<(), NoVote> {
    if standing.decision.is_some() {
        return Err(NoVote::Decided);
    }
    let at = standing.stages.get(stage).ok_or(NoVote::NoSeat)?;
    match (at.phase, at.seats.get(seat)) {
        (Phase::Open, Some((_, Cast::Said(_)))) => Ok(()),
        (Phase::Open, _) => Err(NoVote::NoSeat),
        _ => Err(NoVote::NotAsked),
    }
}

/// Who takes a seat of this stage: the first alternate who can, sits nowhere in it and spoke for nobody.
pub fn heir(
    electorate: &Electorate,
    standing: &Standing,
    stage: usize,
    spoke: &[Uuid],
    can: impl Fn(Uuid) -> bool,
) -> Option<Uuid> {
    let bench = electorate.stages.get(stage)?;
    let sits = standing.stages.get(stage)?;
    let free = |person: &&Uuid| {
        !electorate.excluded.contains(person)
            && !sits.seats.iter().any(|(other, _)| other == *person)
            && !spoke.contains(person)
            && can(**person)
    };
    bench.alternates.iter().find(free).copied()
}

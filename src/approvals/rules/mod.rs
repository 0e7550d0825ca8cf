//! Who sits, what stands, and what has to be asked again. Pure.

mod count;
mod digest;
mod electorate;
mod vote;

#[cfg(test)]
mod prove;
#[cfg(test)]
mod tests;

pub use count::{
    Cast, Choice, Decision, Event, Outcome, Phase, StageStanding, Standing, Tally, What, count,
};
pub use digest::{Digest, Former, carried, inside};
pub use electorate::{Absence, Bench, Electorate, Meeting, Missing, People, Seat, Shortage, seat};
pub use vote::{NoVote, heir, may_vote, may_withdraw};

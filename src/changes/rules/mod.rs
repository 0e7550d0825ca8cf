//! The rules of changes. Pure: no database, no clock on the wall; time is an argument.

pub mod authority;
pub mod calendar;
pub mod conflicts;
pub mod emergency;
pub mod freezes;
pub mod life;
pub mod maintenance;
pub mod outcome;
pub mod parties;
pub mod plan;
pub mod risk;
pub mod rollout;
pub mod steps;
pub mod tally;
pub mod window;

#[cfg(test)]
fn id<T>(n: u128) -> crate::platform::db::Id<T> {
    crate::platform::db::Id::from_uuid(uuid::Uuid::from_u128(n))
}

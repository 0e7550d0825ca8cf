//! All diesel of approvals.

pub mod boards;
pub mod delegations;
pub mod erase;
pub mod links;
pub mod policies;
pub mod rounds;
pub mod waiting;

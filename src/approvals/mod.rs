//! Approvals: who has to say yes before something is done, and who did.
//!
//! A *policy* names *stages*; a stage asks the people on its *seats* and says how many must approve. A
//! *round* puts one question: its seats are filled and frozen when it opens, and it is bound to a
//! *digest* of what exactly is approved, in parts. Everything said in it is appended as an *event* and
//! never changed; what it has come to is counted by one pure function. A *board* has members and a
//! chair, who may decide a stage for a meeting. A *delegation* lets somebody decide for another between
//! two instants, on the record and with no more rights than the other had.
//!
//! Rounds attach to any record and know no practice: whoever submits says what it is about ([`Case`]).

pub mod actions;
mod model;
mod pages;
mod policy;
pub mod rules;
mod store;
pub mod terms;
pub mod verify;
pub mod written;

pub use actions::{close, submit};
pub use model::{
    Asked, Board, Case, Content, Delegation, Kept, Round, RoundState, Shape, identified,
};
pub use pages::routes;
pub use rules::{Choice, Decision, Digest};
pub use store::boards::{board_by_name, find_board, list_boards, members_of_board};
pub use store::erase::{erase_content, erase_named, erase_said, erase_texts};
pub use store::policies::{find_policy, policies};
pub use store::rounds::{newest, standing};
pub use store::waiting::{held, waited_between};
pub use terms::{Part, Policy};

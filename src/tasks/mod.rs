//! Tasks: pieces of the work on a record.
//!
//! A *task* has a title, perhaps a team or a person (never both) and a due date, and its place among
//! the tasks of its record. It is *open* until it is *done*, *skipped* with a reason, or *cancelled*
//! with its record; an ended task stays as it ended. One that is *blocking* must have ended before
//! the record is resolved. Tasks are internal: requesters see none of them.
//!
//! Like what is said on a record, what is done with its tasks are the record's verbs
//! (`records::actions`) and stands in the record's own chain of facts; here is what a task is.

mod model;
pub mod rules;
mod store;
pub mod verify;

pub use model::{Holder, Task, TaskSeen, TaskState};
pub use store::{
    NewTask, by_ids, erase_texts, find, holder_name, insert, list_of, of_records, open_blocking,
    open_blocking_of, open_of, set_holder, set_place, update,
};

//! The portal: what requesters see of their own records, in plain words, and what they do there.
//!
//! Somebody's *own* records are those they are requester, caller, affected or watcher of; a restricted
//! one only where it names them ([`crate::records::Sight::Involved`]). Here that holds for everybody,
//! also for those who work on all of them elsewhere. Only public parts are read: replies, files, how it stands, what
//! happens next and what is asked. What requesters do are the record's own verbs.

mod pages;
mod rules;
mod store;
mod view;

pub use pages::routes;

//! Attachments: files on records and entries.
//!
//! Content is stored by its SHA-256 outside any served folder; the row says on which record it
//! stands, who may read it and what it was called. What may be shown in the browser is a short
//! list; everything else downloads.

mod model;
mod store;

pub use model::{Attachment, OwnAttachment};
pub use store::{
    Given, attachments_of, contents_after, erase, find_attachment, given_by, has_content, insert,
    own_attachments_of,
};

//! Files that people send: kept by content, known by what they are.

pub mod archive;
pub mod blobs;
pub mod media;

//! Files that people send: kept by content, known by what they are.

pub mod blobs;
pub mod media;

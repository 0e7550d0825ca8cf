//! What the desk supports, and the vocabularies it speaks: services, categories, codes, levels.
//!
//! A *service* has an owner, a team and a criticality; a *category* may name a team. Both propose a
//! team for a new record: the category's, else the service's, else the desk's. *Codes* are the
//! lists for holds, resolutions, cancellations and contributing factors.

pub mod fields;
mod model;
mod seeds;
mod store;
pub mod verify;

pub use model::{Category, Code, CodeList, Level, RISK_ACCEPTED, Scale, Service};
pub use store::*;

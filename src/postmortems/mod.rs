//! Post-mortems: what is learnt from what happened, and the action items that come of it.
//!
//! A post-mortem is over one incident or several. Those who were there write it together, section by
//! section, agree on the *facts*, and somebody who wrote nothing of it *reviews* and publishes it; then a
//! copy is frozen, and it is *closed* when every action item was *verified* or *declined*. Its *timeline*
//! is read from the journals of the linked records, with what people annotate; its seven *instants* give
//! the durations. The words are checked to be blameless, which suggests and never forbids.

pub mod rules;

pub use rules::actions::PRACTICE as ACTION;
pub use rules::life::PRACTICE;

//! A known error: a publication on a problem, with versions. Pure.
//!
//! It is possible as soon as there is a workaround, before anybody knows a cause, and is matched until it
//! is *retired*, whatever state its problem is in. A fix that held retires it; when the fix turns out not
//! to hold, what the fix retired is offered again, and what a person retired is not.

use crate::platform::kernel::error::{Error, Invalid, Message, Result};
use crate::search::alike::{Reason, Traits};

crate::text_enum! {
    /// Who is told of the workaround.
    pub enum Audience {
        /// Whoever works on records.
        Desk = "desk",
        /// Requesters too: it may go into a reply as it stands.
        Requesters = "requesters",
    }
}

crate::text_enum! {
    /// Why it is not offered any more.
    pub enum Retired {
        /// The fix held.
        Fixed = "fixed",
        /// Somebody said so.
        ByHand = "by_hand",
        /// Its problem was cancelled.
        Cancelled = "cancelled",
    }
}

/// A publication as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// 0 when nothing was published yet.
    pub version: i64,
    pub retired: Option<Retired>,
}

impl Standing {
    pub fn is_offered(&self) -> bool {
        self.version > 0 && self.retired.is_none()
    }
}

/// What is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    pub symptoms: String,
    pub workaround: String,
    pub audience: Audience,
}

/// Publishes, or publishes again: the version it becomes. Each keeps its text; what was retired is
/// offered again. A text that nobody changed is no version.
pub fn publish(standing: Standing, last: Option<&Publication>, new: &Publication) -> Result<i64> {
    let mut invalid = Invalid::default();
    if new.symptoms.trim().is_empty() {
        invalid.add("symptoms", "known-error-symptoms-needed");
    }
    if new.workaround.trim().is_empty() {
        invalid.add("workaround", "known-error-workaround-needed");
    }
    if standing.is_offered() && last == Some(new) {
        return Err(Error::Refused(Message::new("known-error-unchanged")));
    }
    invalid.or(standing.version + 1)
}

/// Retires what is offered.
pub fn retire(standing: Standing, why: Retired) -> Result<Retired> {
    match standing.is_offered() {
        true => Ok(why),
        false => Err(Error::Refused(Message::new("known-error-not-offered"))),
    }
}

/// What happened to its problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happened {
    /// Resolved with this code.
    Resolved(super::fix::Resolution),
    /// The fix failed or was backed out, or the problem was re-opened.
    NotFixed,
    Cancelled,
}

/// How the publication stands after it. An accepted risk keeps it.
pub fn after(standing: Standing, happened: Happened) -> Standing {
    use super::fix::Resolution;
    let retired = match (standing.retired, happened) {
        (None, Happened::Resolved(Resolution::Fixed)) => Some(Retired::Fixed),
        (None, Happened::Cancelled) => Some(Retired::Cancelled),
        (Some(Retired::Fixed), Happened::NotFixed) => None,
        (kept, _) => kept,
    };
    match standing.version {
        0 => standing,
        _ => Standing {
            retired,
            ..standing
        },
    }
}

/// What a known error is offered by: the words of its symptoms and title, and where its problem stands.
/// A caller's first words are few, so two common ones with the same service are enough; one that shares
/// words alone needs as much as any likeness ([`crate::search::alike`]).
pub fn is_match(asked: &Traits, score: i64, reasons: &[Reason]) -> bool {
    let words = reasons
        .iter()
        .any(|reason| matches!(reason, Reason::Words(_)));
    // Without a word in common, only the very same item speaks for it.
    let item = reasons.contains(&Reason::Item);
    (words || item || asked.words.is_empty()) && score >= crate::search::alike::ENOUGH
}

/// How often it was offered, used and worked. Used without being offered counts as both.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub offered: i64,
    pub used: i64,
    pub worked: i64,
}

/// Who of those linked a text for an audience reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reaches {
    /// As a reply: the requester and everybody who follows.
    Reply,
    /// As a note: those who work on it.
    Note,
    /// Nobody: it has ended, or everybody sees it and the problem is restricted.
    No,
}

/// How an open incident linked to the problem is told.
pub fn reaches(
    audience: Audience,
    is_open: bool,
    problem_restricted: bool,
    incident_restricted: bool,
) -> Reaches {
    match audience {
        _ if !is_open || (problem_restricted && !incident_restricted) => Reaches::No,
        Audience::Requesters => Reaches::Reply,
        Audience::Desk => Reaches::Note,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fix::Resolution;
    use super::*;
    use proptest::prelude::*;

    const NONE: Standing = Standing {
        version: 0,
        retired: None,
    };
    const LIVE: Standing = Standing {
        version: 2,
        retired: None,
    };

    fn text(workaround: &str) -> Publication {
        Publication {
            symptoms: "Drawer stays shut".into(),
            workaround: workaround.into(),
            audience: Audience::Desk,
        }
    }

    #[test]
    fn a_workaround_is_enough_and_a_change_is_a_version() {
        assert_eq!(publish(NONE, None, &text("Port B")).unwrap(), 1);
        assert!(matches!(
            publish(NONE, None, &text("  ")),
            Err(Error::Invalid(_))
        ));
        assert!(matches!(
            publish(LIVE, Some(&text("a")), &text("a")),
            Err(Error::Refused(_))
        ));
        assert_eq!(publish(LIVE, Some(&text("a")), &text("b")).unwrap(), 3);
        let retired = Standing {
            retired: Some(Retired::ByHand),
            ..LIVE
        };
        assert_eq!(
            publish(retired, Some(&text("a")), &text("a")).unwrap(),
            3,
            "offered again"
        );
        assert!(retire(LIVE, Retired::ByHand).is_ok());
        assert!(
            retire(retired, Retired::ByHand).is_err() && retire(NONE, Retired::ByHand).is_err()
        );
    }

    #[test]
    fn a_fix_retires_it_and_a_fix_that_failed_brings_it_back() {
        let fixed = after(LIVE, Happened::Resolved(Resolution::Fixed));
        assert!(!fixed.is_offered());
        assert!(after(fixed, Happened::NotFixed).is_offered());
        let by_hand = Standing {
            retired: Some(Retired::ByHand),
            ..LIVE
        };
        assert!(!after(by_hand, Happened::NotFixed).is_offered());
        assert!(after(LIVE, Happened::Resolved(Resolution::RiskAccepted)).is_offered());
        assert!(after(LIVE, Happened::Resolved(Resolution::Other)).is_offered());
        assert!(!after(LIVE, Happened::Cancelled).is_offered());
        assert_eq!(after(NONE, Happened::Resolved(Resolution::Fixed)), NONE);
    }

    #[test]
    fn a_place_in_common_alone_offers_nothing_to_a_caller_with_words() {
        let asked = Traits {
            words: vec!["drawer".into()],
            ..Traits::default()
        };
        assert!(!is_match(
            &asked,
            5,
            &[Reason::Service, Reason::Subcategory, Reason::Category]
        ));
        assert!(is_match(
            &asked,
            4,
            &[Reason::Words(vec!["drawer".into()]), Reason::Service]
        ));
        assert!(is_match(&asked, 4, &[Reason::Item]));
        assert!(!is_match(
            &asked,
            2,
            &[Reason::Words(vec!["drawer".into()])]
        ));
    }

    #[test]
    fn a_text_reaches_the_right_people_and_no_others() {
        assert_eq!(
            reaches(Audience::Requesters, true, false, false),
            Reaches::Reply
        );
        assert_eq!(reaches(Audience::Desk, true, false, false), Reaches::Note);
        assert_eq!(
            reaches(Audience::Requesters, false, false, false),
            Reaches::No
        );
        assert_eq!(reaches(Audience::Desk, true, true, false), Reaches::No);
        assert_eq!(reaches(Audience::Desk, true, true, true), Reaches::Note);
    }

    proptest! {
        /// Only publishing makes it offered where it never was, and only what the table says ends it.
        #[test]
        fn what_a_person_retired_stays_retired(happened in prop::collection::vec(0u8..5, 0..20)) {
            let mut standing = Standing { retired: Some(Retired::ByHand), ..LIVE };
            for n in happened {
                standing = after(standing, match n {
                    0 => Happened::Resolved(Resolution::Fixed),
                    1 => Happened::Resolved(Resolution::RiskAccepted),
                    2 => Happened::Resolved(Resolution::Other),
                    3 => Happened::NotFixed,
                    _ => Happened::Cancelled,
                });
            }
            prop_assert!(!standing.is_offered());
        }
    }
}

//! How a record stands, in words of those who wait for it. Pure.

use crate::records::Group;

/// How a record stands for its requester. There are fewer of these than states: who waits wants to
/// know whether it is their turn, and whether it goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Received,
    Working,
    /// The desk has asked something.
    WaitingForYou,
    /// The same, told to somebody who only follows.
    WaitingForRequester,
    WaitingForDate,
    WaitingForOthers,
    WaitingForApproval,
    Planned,
    /// Done as far as the desk knows: theirs to confirm.
    Done,
    Closed,
    Cancelled,
    Declined,
}

impl Standing {
    /// `behaviour` is what the rules know the reason of its hold by; `mine` whether the reader is the
    /// requester.
    pub fn of(state: &str, group: Group, behaviour: Option<&str>, mine: bool) -> Self {
        match (state, behaviour) {
            (_, Some("requester")) if mine => Standing::WaitingForYou,
            (_, Some("requester")) => Standing::WaitingForRequester,
            (_, Some("appointment")) => Standing::WaitingForDate,
            (_, Some(_)) => Standing::WaitingForOthers,
            ("new" | "draft", _) => Standing::Received,
            ("awaiting_approval", _) => Standing::WaitingForApproval,
            ("fix_planned" | "scheduled", _) => Standing::Planned,
            ("resolved" | "fulfilled", _) => Standing::Done,
            ("cancelled", _) => Standing::Cancelled,
            ("rejected", _) => Standing::Declined,
            _ => match group {
                Group::Open => Standing::Working,
                Group::Waiting => Standing::WaitingForOthers,
                Group::Done => Standing::Closed,
            },
        }
    }

    /// Its part of the keys of the catalogue: `portal-is-…` and `portal-next-…`.
    pub const fn word(self) -> &'static str {
        match self {
            Standing::Received => "received",
            Standing::Working => "working",
            Standing::WaitingForYou => "waiting-for-you",
            Standing::WaitingForRequester => "waiting-for-requester",
            Standing::WaitingForDate => "waiting-for-date",
            Standing::WaitingForOthers => "waiting-for-others",
            Standing::WaitingForApproval => "waiting-for-approval",
            Standing::Planned => "planned",
            Standing::Done => "done",
            Standing::Closed => "closed",
            Standing::Cancelled => "cancelled",
            Standing::Declined => "declined",
        }
    }

    pub const fn icon(self) -> &'static str {
        match self {
            Standing::Received => "s-new",
            Standing::Working => "s-prog",
            Standing::WaitingForYou | Standing::WaitingForRequester => "reply",
            Standing::WaitingForDate | Standing::Planned => "clock",
            Standing::WaitingForOthers | Standing::WaitingForApproval => "s-wait",
            Standing::Done => "s-res",
            Standing::Closed => "s-done",
            Standing::Cancelled | Standing::Declined => "x",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::words::Words;

    const ALL: [Standing; 12] = [
        Standing::Received,
        Standing::Working,
        Standing::WaitingForYou,
        Standing::WaitingForRequester,
        Standing::WaitingForDate,
        Standing::WaitingForOthers,
        Standing::WaitingForApproval,
        Standing::Planned,
        Standing::Done,
        Standing::Closed,
        Standing::Cancelled,
        Standing::Declined,
    ];

    #[test]
    fn every_standing_has_its_words() {
        let t = Words::of("en");
        for standing in ALL {
            for family in ["portal-is", "portal-next"] {
                let key = format!("{family}-{}", standing.word());
                assert!(t.has(&key), "{key}");
            }
        }
    }

    #[test]
    fn whose_turn_it_is() {
        let waiting =
            |behaviour, mine| Standing::of("waiting", Group::Waiting, Some(behaviour), mine);
        assert_eq!(waiting("requester", true), Standing::WaitingForYou);
        assert_eq!(waiting("requester", false), Standing::WaitingForRequester);
        assert_eq!(waiting("appointment", true), Standing::WaitingForDate);
        assert_eq!(waiting("supplier", true), Standing::WaitingForOthers);
        assert_eq!(waiting("", true), Standing::WaitingForOthers);
        for (state, group, standing) in [
            ("new", Group::Open, Standing::Received),
            ("in_fulfilment", Group::Open, Standing::Working),
            (
                "awaiting_approval",
                Group::Waiting,
                Standing::WaitingForApproval,
            ),
            ("scheduled", Group::Open, Standing::Planned),
            ("resolved", Group::Done, Standing::Done),
            ("fulfilled", Group::Done, Standing::Done),
            ("closed", Group::Done, Standing::Closed),
            ("rejected", Group::Done, Standing::Declined),
            ("cancelled", Group::Done, Standing::Cancelled),
            ("anything", Group::Done, Standing::Closed),
        ] {
            assert_eq!(Standing::of(state, group, None, true), standing, "{state}");
        }
    }
}

//! The life of an action item, how far those of a post-mortem are, and how old they become. Pure.
//!
//! open → in progress → done → verified; *declined* with a reason ("won't do") from anywhere before. Done
//! waits: an action is finished when somebody has seen that it helps, as it was agreed how. A record
//! that carries an action (a change, a request, a problem) never completes it: its end asks.

use time::Duration;

use crate::platform::db::Utc;
use crate::platform::kernel::error::{Error, Message, Result};
use crate::records::{Group, Kind, Move, Need, Practice, State, Verb, Who};

crate::text_enum! {
    /// What it changes about the next time.
    pub enum ActionKind {
        Detect = "detect",
        Mitigate = "mitigate",
        Prevent = "prevent",
        Process = "process",
    }
}

const fn state(word: &'static str, group: Group, on_the_way: bool) -> State {
    State {
        word,
        group,
        on_the_way,
    }
}

const fn step(
    verb: Verb,
    from: &'static [&'static str],
    to: &'static str,
    needs: &'static [Need],
) -> Move {
    Move {
        verb,
        from,
        to,
        who: Who::Agent,
        needs,
    }
}

pub const PRACTICE: Practice = Practice {
    kind: Kind::Action,
    first: "open",
    marks: crate::records::no_marks,
    becomes: None,
    besides: crate::postmortems::items_beside::of,
    cells: crate::records::no_cells,
    states: &[
        state("open", Group::Open, true),
        state("in_progress", Group::Open, true),
        state("done", Group::Waiting, true),
        state("verified", Group::Done, true),
        state("declined", Group::Done, false),
    ],
    moves: &[
        step(Verb::Advance, &["open", "done"], "in_progress", &[]),
        step(
            Verb::Advance,
            &["open", "in_progress"],
            "done",
            &[Need::TasksDone],
        ),
        // What was seen, in its own words; the act asks for it.
        Move {
            who: Who::System,
            ..step(Verb::Close, &["done"], "verified", &[])
        },
        step(
            Verb::Cancel,
            &["open", "in_progress", "done"],
            "declined",
            &[Need::CancellationCode, Need::Reason],
        ),
    ],
};

/// Whether somebody may verify: there is a way agreed to verify it, and something to say.
pub fn may_verify(state: &str, verification: &str, seen: &str) -> Result<()> {
    match (state, verification.trim(), seen.trim()) {
        ("done", "", _) => Err(Error::Refused(Message::new("action-no-verification"))),
        ("done", _, "") => Err(Error::Refused(Message::new("action-say-what-was-seen"))),
        ("done", ..) => Ok(()),
        _ => Err(Error::Refused(Message::new("action-not-done"))),
    }
}

/// What the end of the record that carries an action asks of its owner. The action stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// It ended well: is it done, does it help?
    Verify,
    /// It ended otherwise: who does it now?
    CarryOtherwise,
}

/// What follows from the end of a carrier.
pub fn on_carriers_end(action: &str, ended_well: bool) -> Option<Asked> {
    match (action, ended_well) {
        ("verified" | "declined", _) => None,
        (_, true) => Some(Asked::Verify),
        (_, false) => Some(Asked::CarryOtherwise),
    }
}

/// An action, for counting.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'a> {
    pub state: &'a str,
    pub due: Option<Utc>,
    pub since: Utc,
}

impl Standing<'_> {
    /// Somebody has to do something about it.
    fn is_waited_for(&self) -> bool {
        matches!(self.state, "open" | "in_progress")
    }

    fn is_over(&self) -> bool {
        matches!(self.state, "verified" | "declined")
    }

    fn is_overdue(&self, now: Utc) -> bool {
        self.is_waited_for() && self.due.is_some_and(|due| due < now)
    }
}

/// "3 of 5 done, 2 overdue". What was declined is not to be done and counts apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub done: usize,
    pub of: usize,
    pub overdue: usize,
    /// Of those done, how many nobody has verified.
    pub unverified: usize,
    pub declined: usize,
}

pub fn tally<'a>(actions: impl IntoIterator<Item = Standing<'a>>, now: Utc) -> Tally {
    let mut sum = Tally::default();
    for action in actions {
        if action.state == "declined" {
            sum.declined += 1;
            continue;
        }
        sum.of += 1;
        sum.done += usize::from(!action.is_waited_for());
        sum.unverified += usize::from(action.state == "done");
        sum.overdue += usize::from(action.is_overdue(now));
    }
    sum
}

/// Days up to which an action is in a column of the ageing report; the last has no end.
pub const AGES: [i64; 3] = [30, 60, 90];

/// How many actions that are not over are how old.
pub fn ageing<'a>(actions: impl IntoIterator<Item = Standing<'a>>, now: Utc) -> [usize; 4] {
    let mut columns = [0; 4];
    for action in actions.into_iter().filter(|a| !a.is_over()) {
        let days = (now.micros() - action.since.micros()).max(0)
            / Duration::DAY.whole_microseconds() as i64;
        let column = AGES
            .iter()
            .position(|most| days <= *most)
            .unwrap_or(AGES.len());
        if let Some(n) = columns.get_mut(column) {
            *n += 1;
        }
    }
    columns
}

/// When an action is due unless somebody says otherwise: 15 days after a first-priority incident, else
/// 30 (the common policy of those who publish theirs; field notes 4.1).
pub fn proposed_due(created: Utc, priority: i32) -> Utc {
    created.plus(Duration::days(if priority <= 1 { 15 } else { 30 }))
}

/// When its owner is reminded next: three days before, on the day, and each week it is late.
pub fn next_reminder(due: Utc, last: Option<Utc>) -> Utc {
    let ahead = due.minus(Duration::days(3));
    match last {
        None => ahead,
        Some(last) if last < ahead => ahead,
        Some(last) if last < due => due,
        Some(last) => {
            let week = Duration::WEEK.whole_microseconds() as i64;
            let late = (last.micros() - due.micros()) / week + 1;
            Utc::from_micros(due.micros().saturating_add(late.saturating_mul(week)))
        }
    }
}

/// The newest reminder that is due by now, after the last one; those that were slept through count as
/// one.
pub fn reminder_due(due: Utc, last: Option<Utc>, now: Utc) -> Option<Utc> {
    let mut newest = None;
    let mut next = next_reminder(due, last);
    while next <= now {
        newest = Some(next);
        next = next_reminder(due, newest);
    }
    newest
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(n: i64) -> Utc {
        Utc::from_micros(0).plus(Duration::days(n))
    }

    fn of(state: &str, due: i64) -> Standing<'_> {
        Standing {
            state,
            due: Some(day(due)),
            since: day(0),
        }
    }

    #[test]
    fn three_of_five_are_done_and_two_overdue() {
        let all = [
            of("verified", 1),
            of("done", 1),
            of("done", 1),
            of("open", 1),
            of("in_progress", 2),
            of("declined", 1),
        ];
        let sum = tally(all, day(3));
        assert_eq!(
            sum,
            Tally {
                done: 3,
                of: 5,
                overdue: 2,
                unverified: 2,
                declined: 1
            }
        );
        assert_eq!(tally([], day(3)), Tally::default());
        // On the instant itself nothing is late, and without a date never.
        assert_eq!(tally([of("open", 3)], day(3)).overdue, 0);
        let dateless = Standing {
            due: None,
            ..of("open", 0)
        };
        assert_eq!(tally([dateless], day(999)).overdue, 0);
    }

    #[test]
    fn an_action_ages_until_it_is_over() {
        let at = |state, since| Standing {
            state,
            due: None,
            since: day(since),
        };
        let all = [
            at("open", 100),
            at("open", 69),
            at("done", 30),
            at("in_progress", 0),
            at("verified", 0),
            at("declined", 0),
        ];
        assert_eq!(ageing(all, day(100)), [1, 1, 1, 1]);
        assert_eq!(ageing([at("open", 200)], day(100)), [1, 0, 0, 0]);
    }

    #[test]
    fn a_carrier_asks_and_never_completes() {
        for state in PRACTICE.states.iter().map(|s| s.word) {
            let over = matches!(state, "verified" | "declined");
            assert_eq!(
                on_carriers_end(state, true),
                (!over).then_some(Asked::Verify)
            );
            assert_eq!(
                on_carriers_end(state, false),
                (!over).then_some(Asked::CarryOtherwise)
            );
        }
    }

    #[test]
    fn nothing_is_verified_before_it_is_done_or_without_saying_how() {
        assert!(may_verify("done", "Alert fires in the drill", "It did on Tuesday").is_ok());
        for (state, how, seen) in [
            ("open", "x", "y"),
            ("done", " ", "y"),
            ("done", "x", ""),
            ("verified", "x", "y"),
        ] {
            assert!(
                may_verify(state, how, seen).is_err(),
                "{state} {how} {seen}"
            );
        }
        let into: Vec<_> = PRACTICE
            .moves
            .iter()
            .filter(|m| m.to == "verified")
            .collect();
        assert!(
            into.iter()
                .all(|m| m.from == ["done"] && m.who == Who::System)
        );
    }

    #[test]
    fn the_owner_is_reminded_ahead_on_the_day_and_weekly() {
        let mut last = None;
        let mut days = Vec::new();
        for _ in 0..5 {
            let next = next_reminder(day(10), last);
            days.push((next.micros() - day(0).micros()) / day(1).micros());
            last = Some(next);
        }
        assert_eq!(days, [7, 10, 17, 24, 31]);
        assert_eq!(proposed_due(day(0), 1), day(15));
        assert_eq!(proposed_due(day(0), 3), day(30));
    }

    #[test]
    fn reminders_slept_through_are_one() {
        let due = |last, now| {
            reminder_due(day(10), last, day(now)).map(|at| at.micros() / day(1).micros())
        };
        assert_eq!(due(None, 6), None);
        assert_eq!(due(None, 8), Some(7));
        assert_eq!(due(None, 25), Some(24));
        assert_eq!(due(Some(day(24)), 30), None);
        assert_eq!(due(Some(day(24)), 31), Some(31));
    }

    proptest! {
        #[test]
        fn the_next_reminder_is_later_than_the_last(due in -500i64..500, last in -500i64..500) {
            prop_assert!(next_reminder(day(due), Some(day(last))) > day(last).min(day(due).minus(Duration::days(3)).minus(Duration::SECOND)));
            prop_assert!(next_reminder(day(due), Some(day(last))) > day(last) || last < due - 3);
        }

        #[test]
        fn every_action_is_counted_once(picks in prop::collection::vec((0usize..5, 0i64..10, 0i64..200), 0..40)) {
            let all: Vec<_> = picks.iter().map(|(s, due, since)| Standing { since: day(*since), ..of(PRACTICE.states[*s].word, *due) }).collect();
            let sum = tally(all.iter().copied(), day(5));
            prop_assert_eq!(sum.of + sum.declined, all.len());
            prop_assert!(sum.overdue + sum.done <= sum.of && sum.unverified <= sum.done);
            let aged: usize = ageing(all.iter().copied(), day(200)).iter().sum();
            prop_assert_eq!(aged, all.iter().filter(|a| !a.is_over()).count());
        }
    }
}

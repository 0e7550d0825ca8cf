//! The fair order: work that waits is not forgotten. Pure.
//!
//! Each class of work has an allowance; a record's place in the order is its *virtual deadline*, entry +
//! allowance, shifted by what it was paused. It is stored and never recomputed by the clock on the wall:
//! ageing with the same slope for everybody is sorting by a fixed instant (field notes 6). A record can
//! be overtaken only by what enters within the difference of two allowances after it. That bounds the
//! wait only while as much is done as arrives; so of every five pulls at least one comes from problems
//! and action items, when there are any. The due order of promises stands beside and is not touched.

use std::cmp::Reverse;

use time::Duration;

use super::life_cycle::ON_HOLD;
use super::model::{Kind, Record};
use crate::platform::db::Utc;
use crate::services;

/// At least one pull of so many is reserved.
pub const EVERY: u8 = 5;

crate::text_enum! {
    /// A class of work.
    pub enum Class {
        Incident = "incident",
        Request = "request",
        Problem = "problem",
        Action = "action",
    }
}

impl Class {
    /// The class of a kind of record, by its word; a change and a post-mortem have a time of their own
    /// and are not pulled.
    pub fn of(kind: Kind) -> Option<Self> {
        Class::from_word(kind.word())
    }

    /// The kind of record it is, where the desk has such.
    pub fn kind(self) -> Option<Kind> {
        Kind::from_word(self.word())
    }

    /// The kinds of those for which pulls are reserved.
    pub fn reserved() -> Vec<Kind> {
        let reserved = Class::ALL.iter().filter(|class| class.is_reserved());
        reserved.filter_map(|class| class.kind()).collect()
    }

    /// Whether pulls are reserved for it.
    pub fn is_reserved(self) -> bool {
        matches!(self, Class::Problem | Class::Action)
    }

    /// How long it may wait before it is as urgent as what enters then, until somebody sets another.
    pub fn allowance(self) -> Duration {
        let hours = services::fields::ALLOWANCES.iter();
        let mut hours = hours.filter(|(word, ..)| *word == self.word());
        Duration::hours(hours.next().map_or(0, |(_, _, hours)| *hours))
    }
}

/// A record's place in the order, as its row keeps it. It is a function of the record's facts and of the
/// allowances as they were when it entered: [`deadline`] gives the same from all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub entered: Utc,
    pub deadline: Utc,
    /// Since when it is paused, while it is.
    pub paused_since: Option<Utc>,
}

impl Place {
    /// The place of what enters. What is of no class stands behind everything, for good.
    pub fn entering(at: Utc, allowance: Option<Duration>) -> Self {
        Self {
            entered: at,
            deadline: allowance.map_or(Utc::FAR, |allowance| deadline(at, allowance, &[])),
            paused_since: None,
        }
    }

    pub fn of(record: &Record) -> Self {
        Self {
            entered: record.entered_at,
            deadline: record.virtual_deadline,
            paused_since: record.paused_since,
        }
    }

    /// Its place after something happened: the time it is on hold is not its own. (While an approval is
    /// asked for it is not pulled, but it waits.)
    pub fn after(self, on_hold: bool, at: Utc) -> Self {
        match self.paused_since {
            None if on_hold => Self {
                paused_since: Some(at),
                ..self
            },
            Some(since) if !on_hold => Self {
                deadline: shifted(self.deadline, since, at),
                paused_since: None,
                ..self
            },
            _ => self,
        }
    }

    pub fn write(self, record: &mut Record) {
        record.entered_at = self.entered;
        record.virtual_deadline = self.deadline;
        record.paused_since = self.paused_since;
    }
}

/// Whether a record comes into the order anew: it is new, or was taken up again.
pub fn enters(before: Option<&Record>, after: &Record) -> bool {
    before.is_none_or(|before| !before.is_open && after.is_open)
}

/// Writes a record's place after what happened to it at an instant. The allowance counts where it enters.
pub fn place(before: Option<&Record>, record: &mut Record, at: Utc, allowance: Option<Duration>) {
    let place = match enters(before, record) {
        true => Place::entering(at, allowance),
        false => Place::of(record),
    };
    place.after(record.state == ON_HOLD, at).write(record);
}

/// A deadline later by a pause; what never comes stays so.
fn shifted(deadline: Utc, from: Utc, to: Utc) -> Utc {
    if deadline == Utc::FAR {
        return deadline;
    }
    let paused = to.micros().saturating_sub(from.micros()).max(0);
    let micros = deadline.micros().saturating_add(paused);
    Utc::from_micros(micros.min(Utc::FAR.micros()))
}

/// The virtual deadline: entry + allowance + the time it was paused. Pauses may overlap and have no
/// order; one that is not over counts when it is, since nothing paused is pulled.
pub fn deadline(entered: Utc, allowance: Duration, pauses: &[(Utc, Utc)]) -> Utc {
    let mut sorted: Vec<_> = pauses
        .iter()
        .map(|(from, to)| ((*from).max(entered), *to))
        .collect();
    sorted.sort_unstable();
    let (mut paused, mut until) = (0_i64, entered);
    for (from, to) in sorted {
        let from = from.max(until);
        if to > from {
            paused = paused.saturating_add(to.micros() - from.micros());
            until = to;
        }
    }
    let base = entered.plus(allowance);
    Utc::from_micros(base.micros().saturating_add(paused).min(Utc::FAR.micros()))
}

/// What stands at the head of an order: the earliest virtual deadline, ties by the record's id, which
/// is the order of arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head<R> {
    pub record: R,
    pub class: Class,
    pub deadline: Utc,
}

/// How many pulls in a row took nothing reserved; kept with the team.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Since(pub u8);

/// Why this one is next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why<R> {
    /// Nothing has an earlier virtual deadline.
    Earliest,
    /// The last four pulls took no problem and no action item; but for that, the other would be next.
    Reserved { instead_of: Head<R> },
}

/// What is pulled next, why, and the count after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pull<R> {
    pub next: Head<R>,
    pub why: Why<R>,
    pub since: Since,
}

/// The next pull, given the head of the whole order and the head of problems and action items.
pub fn pull<R: Copy + PartialEq>(
    first: Option<Head<R>>,
    reserved: Option<Head<R>>,
    since: Since,
) -> Option<Pull<R>> {
    let first = first.or(reserved)?;
    let turn = since.0 >= EVERY - 1 && !first.class.is_reserved();
    let (next, why) = match reserved.filter(|_| turn) {
        Some(own) => (own, Why::Reserved { instead_of: first }),
        None => (first, Why::Earliest),
    };
    let since = match next.class.is_reserved() {
        true => Since(0),
        false => Since((since.0 + 1).min(EVERY - 1)),
    };
    Some(Pull { next, why, since })
}

/// How long the oldest of each class has waited: the one that entered first. Classes with nothing have
/// no line.
pub fn oldest<R: Copy>(
    waiting: impl IntoIterator<Item = (Class, Utc, R)>,
    now: Utc,
) -> Vec<(Class, R, i64)> {
    let mut found: Vec<(Class, Utc, R)> = Vec::new();
    for (class, entered, record) in waiting {
        match found.iter_mut().find(|(known, ..)| *known == class) {
            Some(known) if entered < known.1 => *known = (class, entered, record),
            Some(_) => {}
            None => found.push((class, entered, record)),
        }
    }
    found.sort_by_key(|(_, entered, _)| Reverse(now.micros() - entered.micros()));
    found
        .into_iter()
        .map(|(class, entered, record)| (class, record, (now.micros() - entered.micros()).max(0)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn hour(n: i64) -> Utc {
        Utc::from_micros(n * 3_600_000_000)
    }

    fn head(record: usize, class: Class, deadline: i64) -> Head<usize> {
        Head {
            record,
            class,
            deadline: hour(deadline),
        }
    }

    #[test]
    fn a_deadline_is_entry_and_allowance_and_the_pauses() {
        let of = |pauses: &[(i64, i64)]| {
            let pauses: Vec<_> = pauses.iter().map(|(a, b)| (hour(*a), hour(*b))).collect();
            deadline(hour(10), Duration::hours(4), &pauses)
        };
        assert_eq!(of(&[]), hour(14));
        assert_eq!(of(&[(11, 13)]), hour(16));
        assert_eq!(
            of(&[(12, 14), (11, 13)]),
            hour(17),
            "what overlaps counts once"
        );
        assert_eq!(
            of(&[(5, 11)]),
            hour(15),
            "before it entered nothing was paused"
        );
        assert_eq!(of(&[(13, 11)]), hour(14));
        assert!(deadline(Utc::FAR, Duration::days(15), &[]) == Utc::FAR);
    }

    #[test]
    fn a_place_kept_step_by_step_is_the_one_counted_at_the_end() {
        let allowance = Duration::hours(4);
        let place = Place::entering(hour(10), Some(allowance));
        let place = place.after(false, hour(11)).after(true, hour(12));
        let place = place.after(true, hour(13)).after(false, hour(15));
        assert_eq!(
            place.deadline,
            deadline(hour(10), allowance, &[(hour(12), hour(15))])
        );
        assert_eq!(place.paused_since, None);
        let never = Place::entering(hour(1), None).after(true, hour(2));
        assert_eq!(never.after(false, hour(9)).deadline, Utc::FAR);
    }

    #[test]
    fn a_class_is_a_kind_by_its_word() {
        for kind in Kind::ALL {
            if let Some(class) = Class::of(*kind) {
                assert_eq!(class.kind(), Some(*kind));
            }
        }
        assert!(Class::reserved().contains(&Kind::Problem));
        assert_eq!(Class::of(Kind::Change), None);
        for class in Class::ALL {
            assert!(class.allowance() > Duration::ZERO, "{class}");
        }
    }

    #[test]
    fn the_fifth_pull_is_reserved_and_says_instead_of_what() {
        let (incident, problem) = (head(1, Class::Incident, 1), head(2, Class::Problem, 90));
        let mut since = Since::default();
        for _ in 0..4 {
            let pull = pull(Some(incident), Some(problem), since).unwrap();
            assert_eq!((pull.next, pull.why), (incident, Why::Earliest));
            since = pull.since;
        }
        let fifth = pull(Some(incident), Some(problem), since).unwrap();
        assert_eq!(
            (fifth.next, fifth.why),
            (
                problem,
                Why::Reserved {
                    instead_of: incident
                }
            )
        );
        assert_eq!(fifth.since, Since(0));
        // With none there, the turn is kept for the next that comes.
        let without = pull(Some(incident), None, since).unwrap();
        assert_eq!((without.next, without.since), (incident, Since(4)));
        // One whose deadline has come needs no reserved pull.
        let due = head(2, Class::Action, 0);
        assert_eq!(
            pull(Some(due), Some(due), since).unwrap().why,
            Why::Earliest
        );
        assert_eq!(pull::<usize>(None, None, since), None);
    }

    #[test]
    fn the_oldest_of_each_class_is_reported() {
        let waiting = [
            (Class::Incident, hour(5), 1),
            (Class::Problem, hour(1), 2),
            (Class::Incident, hour(3), 3),
        ];
        let found = oldest(waiting, hour(10));
        assert_eq!(
            found,
            [
                (Class::Problem, 2, 9 * 3_600_000_000),
                (Class::Incident, 3, 7 * 3_600_000_000)
            ]
        );
    }

    #[derive(Debug, Clone, Copy)]
    enum Step {
        Arrive(Class),
        /// Pauses what stands at this place, or lets the paused one there go on.
        Pause(usize),
        Resume(usize),
        Pull,
        Wait(i64),
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let class = prop::sample::select(Class::ALL);
        let step = prop_oneof![
            4 => class.prop_map(Step::Arrive),
            1 => (0usize..20).prop_map(Step::Pause),
            1 => (0usize..20).prop_map(Step::Resume),
            5 => Just(Step::Pull),
            2 => (0i64..100).prop_map(Step::Wait),
        ];
        prop::collection::vec(step, 0..150)
    }

    struct Work {
        entered: Utc,
        class: Class,
        pauses: Vec<(Utc, Utc)>,
        paused_since: Option<Utc>,
        taken: bool,
    }

    /// Plays the steps as the desk does: one head of the whole order, one of what is reserved. Each pull
    /// with what waited before it.
    fn play(steps: &[Step]) -> Vec<(Pull<usize>, Vec<Head<usize>>)> {
        let (mut all, mut pulls) = (Vec::<Work>::new(), Vec::new());
        let (mut now, mut since) = (hour(0), Since::default());
        for step in steps {
            match *step {
                Step::Arrive(class) => all.push(Work {
                    entered: now,
                    class,
                    pauses: vec![],
                    paused_since: None,
                    taken: false,
                }),
                Step::Pause(n) => {
                    if let Some(work) = all.get_mut(n).filter(|w| w.paused_since.is_none()) {
                        work.paused_since = Some(now);
                    }
                }
                Step::Resume(n) => {
                    if let Some((work, from)) = all
                        .get_mut(n)
                        .and_then(|w| w.paused_since.take().map(|from| (w, from)))
                    {
                        work.pauses.push((from, now));
                    }
                }
                Step::Wait(hours) => now = now.plus(Duration::hours(hours)),
                Step::Pull => {
                    let waits = |w: &Work| !w.taken && w.paused_since.is_none();
                    let mut waiting: Vec<_> = all
                        .iter()
                        .enumerate()
                        .filter(|(_, w)| waits(w))
                        .map(|(n, w)| Head {
                            record: n,
                            class: w.class,
                            deadline: deadline(w.entered, w.class.allowance(), &w.pauses),
                        })
                        .collect();
                    waiting.sort_unstable_by_key(|head| (head.deadline, head.record));
                    let reserved = waiting.iter().find(|h| h.class.is_reserved()).copied();
                    if let Some(found) = pull(waiting.first().copied(), reserved, since) {
                        all[found.next.record].taken = true;
                        since = found.since;
                        pulls.push((found, waiting));
                    }
                }
            }
        }
        pulls
    }

    proptest! {
        /// The proof. Outside the one reserved pull in five, no item is taken before one with an
        /// earlier virtual deadline, whatever arrives; the reserved pulls follow the same order among
        /// problems and action items.
        #[test]
        fn nothing_is_taken_before_an_earlier_deadline_but_by_the_reserved_pull(steps in steps()) {
            for (pull, waiting) in play(&steps) {
                let rivals = waiting.iter().filter(|head| match pull.why {
                    Why::Earliest => true,
                    Why::Reserved { .. } => head.class.is_reserved(),
                });
                for other in rivals {
                    prop_assert!((pull.next.deadline, pull.next.record) <= (other.deadline, other.record));
                }
                if let Why::Reserved { instead_of } = pull.why {
                    prop_assert!(pull.next.class.is_reserved() && !instead_of.class.is_reserved());
                    prop_assert_eq!(Some(&instead_of), waiting.first());
                }
            }
        }

        /// Of every five pulls at least one takes a problem or an action item, when one waits at the last
        /// of them; and at most one of five is taken out of order.
        #[test]
        fn of_every_five_pulls_one_is_reserved_and_only_one(steps in steps()) {
            let pulls = play(&steps);
            for five in pulls.windows(EVERY as usize) {
                let any = five[4].1.iter().any(|head| head.class.is_reserved());
                let taken = five.iter().filter(|(pull, _)| pull.next.class.is_reserved()).count();
                prop_assert!(taken >= 1 || !any);
                let forced = five.iter().filter(|(pull, _)| matches!(pull.why, Why::Reserved { .. })).count();
                prop_assert!(forced <= 1);
            }
        }

        /// What waits is overtaken only by what entered within the difference of the allowances (pauses
        /// aside), or by a reserved pull.
        #[test]
        fn overtaking_is_bounded(arrivals in prop::collection::vec((prop::sample::select(Class::ALL), 0i64..60), 1..40)) {
            let mut now = hour(0);
            let waiting: Vec<_> = arrivals.iter().map(|(class, wait)| {
                now = now.plus(Duration::hours(*wait));
                (now, *class, deadline(now, class.allowance(), &[]))
            }).collect();
            for (entered, class, at) in &waiting {
                for (later, other, before) in waiting.iter().filter(|(later, ..)| later > entered) {
                    if before < at {
                        let ahead = class.allowance() - other.allowance();
                        prop_assert!(*later <= entered.plus(ahead));
                    }
                }
            }
        }
    }
}

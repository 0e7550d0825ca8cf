//! Which incidents need a post-mortem, and by when it is due. Pure.
//!
//! Major incidents and those of the first priority by default; an administrator's rules add others, and
//! the editor shows how many the last 90 days would have raised ([`would_raise`]). Due five business days
//! after the incident was resolved, the day itself not counted.

use crate::platform::db::{Id, Utc};
use crate::services::{Category, Service};

/// Business days between the resolution and the day it is due.
pub const DAYS: u32 = 5;

/// What a rule looks at; an empty field lets everything pass. All that are given must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rule {
    pub major: bool,
    /// This priority or a more urgent one.
    pub priority: Option<i32>,
    pub service: Option<Id<Service>>,
    pub category: Option<Id<Category>>,
    /// It hurt for at least so many minutes.
    pub impact_minutes: Option<i64>,
}

/// The rules of a new desk: nobody has to write any.
pub const BY_DEFAULT: [Rule; 2] = [
    Rule {
        major: true,
        priority: None,
        service: None,
        category: None,
        impact_minutes: None,
    },
    Rule {
        major: false,
        priority: Some(1),
        service: None,
        category: None,
        impact_minutes: None,
    },
];

/// A resolved incident, as the rules see it.
#[derive(Debug, Clone, Copy)]
pub struct Resolved {
    pub is_major: bool,
    pub priority: i32,
    pub service: Option<Id<Service>>,
    pub category: Option<Id<Category>>,
    pub impact_minutes: i64,
    pub is_imported: bool,
    /// There is one already, over it or over what it recurs in.
    pub has_one: bool,
}

impl Rule {
    /// Whether it asks for anything: one that does not would raise a post-mortem for every incident.
    pub fn is_empty(&self) -> bool {
        *self == Rule::default()
    }

    pub fn holds(&self, of: &Resolved) -> bool {
        !self.is_empty()
            && (!self.major || of.is_major)
            && self.priority.is_none_or(|most| of.priority <= most)
            && self
                .service
                .is_none_or(|service| of.service == Some(service))
            && self
                .category
                .is_none_or(|category| of.category == Some(category))
            && self
                .impact_minutes
                .is_none_or(|least| of.impact_minutes >= least)
    }
}

/// The place of the rule that asks for a post-mortem of an incident.
pub fn raised_by(rules: &[Rule], of: &Resolved) -> Option<usize> {
    if of.is_imported || of.has_one {
        return None;
    }
    rules.iter().position(|rule| rule.holds(of))
}

/// How many of these incidents each rule would have raised one for, and how many all of them together:
/// what stands there already counts too, since the question is what the rules mean.
pub fn would_raise(rules: &[Rule], of: &[Resolved]) -> (Vec<usize>, usize) {
    let each = rules
        .iter()
        .map(|rule| of.iter().filter(|i| rule.holds(i)).count())
        .collect();
    let all = of
        .iter()
        .filter(|i| rules.iter().any(|rule| rule.holds(i)))
        .count();
    (each, all)
}

/// When it is due: the end of the fifth business day after the one the incident was resolved on. `day`
/// gives the end of the n-th business day that opens at or after an instant, by the desk's calendar
/// (`service_levels::Timeline::day`); `next_day` the beginning of the local day after an instant. Where
/// there is no calendar, or none of its days comes, the weekdays in UTC do.
pub fn due(
    resolved: Utc,
    next_day: impl Fn(Utc) -> Utc,
    day: impl Fn(Utc, u32) -> Option<Utc>,
) -> Utc {
    day(next_day(resolved), DAYS).unwrap_or_else(|| weekdays_after(resolved, DAYS))
}

const DAY: i64 = 86_400_000_000;

/// The end of the n-th weekday after an instant's own day, in UTC.
fn weekdays_after(from: Utc, count: u32) -> Utc {
    let mut day = from.micros().div_euclid(DAY);
    let mut left = count;
    while left > 0 {
        day += 1;
        // 1970-01-01 was a Thursday: 0 is Monday.
        left -= u32::from((day + 3).rem_euclid(7) < 5);
    }
    Utc::from_micros((day + 1) * DAY)
}

/// Whether it is overdue. One that nobody waits for any longer is not.
pub fn is_overdue(state: &str, due: Option<Utc>, now: Utc) -> bool {
    matches!(state, "draft" | "facts_agreed" | "in_review") && due.is_some_and(|due| due < now)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn incident(is_major: bool, priority: i32) -> Resolved {
        Resolved {
            is_major,
            priority,
            service: None,
            category: None,
            impact_minutes: 30,
            is_imported: false,
            has_one: false,
        }
    }

    #[test]
    fn major_and_first_priority_need_one_and_others_only_by_a_rule() {
        let by = |of| raised_by(&BY_DEFAULT, &of);
        assert_eq!(by(incident(true, 3)), Some(0));
        assert_eq!(by(incident(false, 1)), Some(1));
        assert_eq!(by(incident(false, 2)), None);
        assert_eq!(
            by(Resolved {
                is_imported: true,
                ..incident(true, 1)
            }),
            None
        );
        assert_eq!(
            by(Resolved {
                has_one: true,
                ..incident(true, 1)
            }),
            None
        );
        let long = Rule {
            priority: Some(2),
            impact_minutes: Some(60),
            ..Rule::default()
        };
        assert_eq!(raised_by(&[long], &incident(false, 2)), None);
        let hurt = Resolved {
            impact_minutes: 60,
            ..incident(false, 2)
        };
        assert_eq!(raised_by(&[long], &hurt), Some(0));
        assert_eq!(
            raised_by(&[Rule::default()], &hurt),
            None,
            "an empty rule raises nothing"
        );
    }

    #[test]
    fn the_editor_shows_what_each_rule_would_have_raised() {
        let past = [incident(true, 1), incident(false, 1), incident(false, 4)];
        assert_eq!(would_raise(&BY_DEFAULT, &past), (vec![1, 2], 2));
    }

    #[test]
    fn due_is_the_fifth_business_day_after_the_day_it_was_resolved_on() {
        let at = |text| Utc::parse(text).unwrap();
        let none = |_, _| None;
        let friday = at("2026-11-20T10:41:00Z");
        assert_eq!(due(friday, |at| at, none), at("2026-11-28T00:00:00Z"));
        let sunday = at("2026-11-22T23:59:00Z");
        assert_eq!(due(sunday, |at| at, none), at("2026-11-28T00:00:00Z"));
        let by_calendar = due(
            friday,
            |_| at("2026-11-21T00:00:00Z"),
            |from, n| {
                assert_eq!((from, n), (at("2026-11-21T00:00:00Z"), 5));
                Some(at("2026-11-27T17:00:00Z"))
            },
        );
        assert_eq!(by_calendar, at("2026-11-27T17:00:00Z"));
    }

    #[test]
    fn what_is_published_or_cancelled_is_not_overdue() {
        let (then, now) = (Utc::from_micros(1), Utc::from_micros(2));
        assert!(is_overdue("draft", Some(then), now) && is_overdue("in_review", Some(then), now));
        assert!(
            !is_overdue("published", Some(then), now) && !is_overdue("cancelled", Some(then), now)
        );
        assert!(!is_overdue("draft", Some(now), now) && !is_overdue("draft", None, now));
    }
}

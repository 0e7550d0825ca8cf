//! Whether an incident is what an action was to prevent. Pure.
//!
//! It is when it was reported within 90 days of the action's completion, and is of the same service and
//! category as the post-mortem's incident; where either has no service, of the same category and
//! subcategory. History that was imported recurs in nothing. A dry report asks the same of what is there
//! and writes nothing.

use std::collections::HashMap;

use time::Duration;

use crate::platform::db::{Id, Utc};
use crate::services::{Category, Service};

/// So long after its completion an action is held to what it was for.
pub const WITHIN: Duration = Duration::days(90);

/// What an incident is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct About {
    pub service: Option<Id<Service>>,
    pub category: Option<Id<Category>>,
    pub subcategory: Option<Id<Category>>,
}

/// Why an incident counts as the same again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Same {
    ServiceAndCategory,
    CategoryAndSubcategory,
}

impl About {
    /// What the two have in common, where that is enough.
    pub fn same(&self, other: &About) -> Option<Same> {
        let equal = |a: Option<_>, b| a.is_some() && a == b;
        if !equal(self.category, other.category) {
            return None;
        }
        match (self.service, other.service) {
            (Some(a), Some(b)) => (a == b).then_some(Same::ServiceAndCategory),
            _ => equal(self.subcategory, other.subcategory).then_some(Same::CategoryAndSubcategory),
        }
    }
}

/// An action that was completed, with one incident of its post-mortem.
#[derive(Debug, Clone, Copy)]
pub struct Completed<A> {
    pub action: A,
    pub at: Utc,
    pub about: About,
}

/// An incident as it was reported.
#[derive(Debug, Clone, Copy)]
pub struct Reported<I> {
    pub incident: I,
    pub at: Utc,
    pub about: About,
    pub is_imported: bool,
}

/// Whether an incident recurs in what an action was for.
pub fn recurs<A, I>(done: &Completed<A>, incident: &Reported<I>) -> Option<Same> {
    let in_time = incident.at >= done.at && incident.at <= done.at.plus(WITHIN);
    (in_time && !incident.is_imported).then(|| done.about.same(&incident.about))?
}

/// Every pair of an action and an incident in which it recurs, as a dry report lists them: imported
/// history too where it is asked for, since nothing is written. Each pair once, in the order given.
pub fn pairs<A: Copy + PartialEq, I: Copy + PartialEq>(
    done: &[Completed<A>],
    incidents: &[Reported<I>],
    with_imported: bool,
) -> Vec<(A, I, Same)> {
    let mut by_category: HashMap<_, Vec<&Reported<I>>> = HashMap::new();
    for incident in incidents.iter().filter(|i| i.about.category.is_some()) {
        by_category
            .entry(incident.about.category)
            .or_default()
            .push(incident);
    }
    let mut found: Vec<(A, I, Same)> = Vec::new();
    for action in done {
        let first = found.len();
        for incident in by_category
            .get(&action.about.category)
            .into_iter()
            .flatten()
        {
            let asked = Reported {
                is_imported: incident.is_imported && !with_imported,
                ..**incident
            };
            if let Some(same) = recurs(action, &asked) {
                found.push((action.action, incident.incident, same));
            }
        }
        // An action of a post-mortem with several incidents stands here several times.
        let (before, now) = found.split_at(first);
        let new: Vec<_> = now
            .iter()
            .filter(|(a, i, _)| {
                !before
                    .iter()
                    .rev()
                    .take_while(|(b, ..)| b == a)
                    .any(|(_, j, _)| i == j)
            })
            .copied()
            .collect();
        found.truncate(first);
        found.extend(new);
    }
    found
}

/// Whether a new action is opened: not while one that was opened for the same is not over. Then the
/// incident is linked to that one.
pub fn opens(open_already: usize) -> bool {
    open_already == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn id<T>(n: u8) -> Option<Id<T>> {
        (n > 0).then(|| Id::from_uuid(Uuid::from_u128(u128::from(n))))
    }

    fn about(service: u8, category: u8, subcategory: u8) -> About {
        About {
            service: id(service),
            category: id(category),
            subcategory: id(subcategory),
        }
    }

    fn day(n: i64) -> Utc {
        Utc::from_micros(0).plus(Duration::days(n))
    }

    #[test]
    fn service_and_category_or_without_a_service_the_subcategory() {
        use Same::*;
        for (a, b, same) in [
            ((1, 1, 1), (1, 1, 2), Some(ServiceAndCategory)),
            ((1, 1, 1), (2, 1, 1), None),
            ((1, 1, 1), (1, 2, 1), None),
            ((0, 1, 1), (0, 1, 1), Some(CategoryAndSubcategory)),
            ((0, 1, 1), (0, 1, 2), None),
            ((0, 1, 0), (0, 1, 0), None),
            ((1, 1, 1), (0, 1, 1), Some(CategoryAndSubcategory)),
            ((1, 0, 0), (1, 0, 0), None),
            ((0, 0, 0), (0, 0, 0), None),
        ] {
            let (x, y) = (about(a.0, a.1, a.2), about(b.0, b.1, b.2));
            assert_eq!(x.same(&y), same, "{a:?} {b:?}");
            assert_eq!(y.same(&x), same, "{b:?} {a:?}");
        }
    }

    #[test]
    fn within_ninety_days_of_completion_and_never_from_an_import() {
        let done = Completed {
            action: 1,
            at: day(10),
            about: about(1, 1, 1),
        };
        let reported = |at, is_imported| Reported {
            incident: 7,
            at,
            about: about(1, 1, 9),
            is_imported,
        };
        assert!(recurs(&done, &reported(day(10), false)).is_some());
        assert!(recurs(&done, &reported(day(100), false)).is_some());
        assert!(recurs(&done, &reported(day(100).plus(Duration::SECOND), false)).is_none());
        assert!(recurs(&done, &reported(day(9), false)).is_none());
        assert!(recurs(&done, &reported(day(20), true)).is_none());
        assert_eq!(pairs(&[done], &[reported(day(20), true)], false), []);
        assert_eq!(pairs(&[done], &[reported(day(20), true)], true).len(), 1);
        // One post-mortem over two incidents of the same kind is one pair.
        assert_eq!(
            pairs(&[done, done], &[reported(day(20), false)], false).len(),
            1
        );
    }

    #[test]
    fn one_action_is_open_for_the_same_at_a_time() {
        assert!(opens(0) && !opens(1));
    }

    proptest! {
        /// The report is the rule asked of every pair.
        #[test]
        fn the_report_lists_what_the_rule_says(
            done in prop::collection::vec((0i64..200, 0u8..3, 0u8..3, 0u8..3), 0..8),
            reported in prop::collection::vec((0i64..300, 0u8..3, 0u8..3, 0u8..3, any::<bool>()), 0..20),
        ) {
            let done: Vec<_> = done.iter().enumerate().map(|(n, (at, s, c, u))| Completed { action: n, at: day(*at), about: about(*s, *c, *u) }).collect();
            let reported: Vec<_> = reported.iter().enumerate().map(|(n, (at, s, c, u, is_imported))| Reported { incident: n, at: day(*at), about: about(*s, *c, *u), is_imported: *is_imported }).collect();
            let slow: Vec<_> = done.iter().flat_map(|d| reported.iter().filter_map(move |r| Some((d.action, r.incident, recurs(d, r)?)))).collect();
            prop_assert_eq!(pairs(&done, &reported, false), slow);
        }
    }
}

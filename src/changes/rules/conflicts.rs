//! What a planned change collides with: over all of its items, their dependents and dependencies to a
//! depth, its implementer, maintenance hours and freezes. One pure function over prepared data.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use super::window::Span;
use crate::items::Item;
use crate::people::Person;
use crate::platform::db::Id;
use crate::records::Record;

/// A change as a collision sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    pub change: Id<Record>,
    pub span: Span,
    pub items: Vec<Id<Item>>,
    pub implementer: Option<Id<Person>>,
}

crate::text_enum! {
    /// How one change stands in another's way.
    pub enum Way {
        /// Both touch it.
        SameItem = "same_item",
        /// The other touches what ours depends on.
        Dependency = "dependency",
        /// The other touches what depends on ours.
        Dependent = "dependent",
        /// One person is to do both at once.
        SameImplementer = "same_implementer",
    }
}

/// What a policy may make a reason to stop a change; everything else is advice. A word of [`Way`] each,
/// and the hours in which nobody may work.
pub const BLOCKING: [&str; 5] = [
    "same_item",
    "dependency",
    "dependent",
    "same_implementer",
    OUTSIDE_MAINTENANCE,
];

/// That its window lies outside the maintenance windows.
pub const OUTSIDE_MAINTENANCE: &str = "outside_maintenance";

/// A collision with another change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    pub with: Id<Record>,
    pub way: Way,
    /// The item that both meet at; none for a person.
    pub item: Option<Id<Item>>,
    pub shared: Span,
}

/// What depends on what, both ways. Edges may run in circles.
#[derive(Debug, Default)]
pub struct Graph {
    needs: HashMap<Id<Item>, Vec<Id<Item>>>,
    needed_by: HashMap<Id<Item>, Vec<Id<Item>>>,
}

impl Graph {
    /// From edges: the first depends on the second.
    pub fn of(edges: impl IntoIterator<Item = (Id<Item>, Id<Item>)>) -> Self {
        let mut graph = Self::default();
        for (item, needs) in edges {
            graph.needs.entry(item).or_default().push(needs);
            graph.needed_by.entry(needs).or_default().push(item);
        }
        graph
    }

    /// What is reached within so many steps, without where it began.
    fn reach(
        along: &HashMap<Id<Item>, Vec<Id<Item>>>,
        from: &[Id<Item>],
        depth: usize,
    ) -> HashSet<Id<Item>> {
        let mut seen: HashSet<Id<Item>> = from.iter().copied().collect();
        let mut found = HashSet::new();
        let mut edge = from.to_vec();
        for _ in 0..depth {
            let next: Vec<Id<Item>> = edge
                .iter()
                .filter_map(|item| along.get(item))
                .flatten()
                .copied()
                .filter(|item| seen.insert(*item))
                .collect();
            if next.is_empty() {
                break;
            }
            found.extend(next.iter().copied());
            edge = next;
        }
        found
    }

    /// How many items depend on these, within so many steps.
    pub fn dependents(&self, items: &[Id<Item>], depth: usize) -> usize {
        Self::reach(&self.needed_by, items, depth).len()
    }

    /// What each item around these is to them. An item of ours is nothing else besides.
    fn around(&self, items: &[Id<Item>], depth: usize) -> HashMap<Id<Item>, Way> {
        let mut ways: HashMap<Id<Item>, Way> = items.iter().map(|i| (*i, Way::SameItem)).collect();
        let reached = [
            (Self::reach(&self.needs, items, depth), Way::Dependency),
            (Self::reach(&self.needed_by, items, depth), Way::Dependent),
        ];
        for (found, way) in reached {
            for item in found {
                if let Entry::Vacant(free) = ways.entry(item) {
                    free.insert(way);
                }
            }
        }
        ways
    }
}

/// Every collision of one change with others, each other at most once a way and item, the earliest
/// first. A change does not collide with itself, nor with what touches nothing of it.
pub fn conflicts(mine: &Planned, others: &[Planned], graph: &Graph, depth: usize) -> Vec<Conflict> {
    let around = graph.around(&mine.items, depth);
    let mut found = Vec::new();
    for other in others.iter().filter(|o| o.change != mine.change) {
        let Some(shared) = mine.span.shared(other.span) else {
            continue;
        };
        let with = other.change;
        let mut told = HashSet::new();
        for item in &other.items {
            if let Some(way) = around.get(item)
                && told.insert(*item)
            {
                let (way, item) = (*way, Some(*item));
                found.push(Conflict {
                    with,
                    way,
                    item,
                    shared,
                });
            }
        }
        if mine.implementer.is_some() && mine.implementer == other.implementer {
            let (way, item) = (Way::SameImplementer, None);
            found.push(Conflict {
                with,
                way,
                item,
                shared,
            });
        }
    }
    found.sort_by_key(|c| (c.shared.starts, c.with, c.way, c.item));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::changes::rules::id;
    use crate::platform::db::Utc;
    use proptest::prelude::*;

    fn span(from: i64, to: i64) -> Span {
        let at = |h: i64| Utc::from_micros(h * 3_600_000_000);
        Span::new(at(from), at(to))
    }

    fn planned(change: u128, from: i64, to: i64, items: &[u128], who: u128) -> Planned {
        Planned {
            change: id(change),
            span: span(from, to),
            items: items.iter().map(|n| id(*n)).collect(),
            implementer: Some(id(who)),
        }
    }

    fn ways(mine: &Planned, others: &[Planned], edges: &[(u128, u128)], depth: usize) -> Vec<Way> {
        let graph = Graph::of(edges.iter().map(|(a, b)| (id(*a), id(*b))));
        let found = conflicts(mine, others, &graph, depth);
        found.into_iter().map(|c| c.way).collect()
    }

    /// Pitfall: conflict detection on the first item alone.
    #[test]
    fn every_item_counts_and_not_only_the_first() {
        let mine = planned(1, 0, 4, &[10, 11, 12], 1);
        let other = planned(2, 3, 5, &[90, 12], 2);
        assert_eq!(ways(&mine, &[other], &[], 2), [Way::SameItem]);
    }

    #[test]
    fn dependents_and_dependencies_to_a_depth_and_circles_end() {
        let mine = planned(1, 0, 4, &[10], 1);
        let edges = [(10, 20), (20, 30), (40, 10), (30, 10)];
        let on = |item| [planned(2, 0, 4, &[item], 2)];
        assert_eq!(ways(&mine, &on(20), &edges, 1), [Way::Dependency]);
        assert_eq!(ways(&mine, &on(40), &edges, 1), [Way::Dependent]);
        assert_eq!(ways(&mine, &on(30), &edges, 1), [Way::Dependent]);
        assert_eq!(ways(&mine, &on(30), &edges, 9), [Way::Dependency]);
        assert_eq!(ways(&mine, &on(99), &edges, 9), []);
    }

    #[test]
    fn one_person_cannot_be_at_two_works_at_once() {
        let mine = planned(1, 0, 4, &[10], 7);
        assert_eq!(
            ways(&mine, &[planned(2, 3, 6, &[], 7)], &[], 2),
            [Way::SameImplementer]
        );
        assert_eq!(ways(&mine, &[planned(2, 4, 6, &[10], 7)], &[], 2), []);
        assert_eq!(ways(&mine, std::slice::from_ref(&mine), &[], 2), []);
    }

    #[test]
    fn a_policy_may_block_each_way_there_is() {
        for way in Way::ALL {
            assert!(BLOCKING.contains(&way.word()), "{way:?}");
        }
    }

    proptest! {
        /// Two that collide over an item of both know it from either side, whenever either moves.
        #[test]
        fn the_same_item_is_seen_from_both_sides(
            a in 0i64..20, la in 1i64..9, b in 0i64..20, lb in 1i64..9,
            ia in prop::collection::vec(0u128..12, 0..5), ib in prop::collection::vec(0u128..12, 0..5),
            edges in prop::collection::vec((0u128..12, 0u128..12), 0..20), depth in 0usize..4
        ) {
            let one = planned(1, a, a + la, &ia, 1);
            let two = planned(2, b, b + lb, &ib, 2);
            let graph = Graph::of(edges.iter().map(|(a, b)| (id(*a), id(*b))));
            let there = conflicts(&one, std::slice::from_ref(&two), &graph, depth);
            let back = conflicts(&two, std::slice::from_ref(&one), &graph, depth);
            prop_assert_eq!(there.is_empty(), back.is_empty());
            let same = |all: &[Conflict]| {
                let mut v: Vec<_> = all.iter().filter(|c| c.way == Way::SameItem).map(|c| c.item).collect();
                v.sort(); v
            };
            prop_assert_eq!(same(&there), same(&back));
            let both = ia.iter().any(|i| ib.contains(i)) && one.span.overlaps(two.span);
            prop_assert_eq!(!same(&there).is_empty(), both);
        }
    }
}

//! How like two things are, and why: incidents, known errors, post-mortems. Pure; no learning, no network.
//!
//! A score is a sum of points for what two have in common, and each point has a reason that the page
//! prints. Words count by how rare they are among those looked at, so "printer" says little where
//! everybody prints. Where they stand (service, item, category) counts, and alone never enough: one
//! reason is coincidence unless it is the same item or a rare word.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use crate::items::Item;
use crate::platform::db::{Id, Utc};
use crate::services::{Category, Service};

/// What is known of something that may be like another.
#[derive(Debug, Clone, Default)]
pub struct Traits {
    /// Folded words that say something, each once.
    pub words: Vec<String>,
    pub service: Option<Id<Service>>,
    pub item: Option<Id<Item>>,
    pub category: Option<Id<Category>>,
    pub subcategory: Option<Id<Category>>,
    /// Kinds of contributing factors, by their codes.
    pub factors: Vec<String>,
}

/// Why one is like the other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The rarest first.
    Words(Vec<String>),
    Item,
    Service,
    Subcategory,
    Category,
    Factors(Vec<String>),
}

/// A candidate that is like what was asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike<T> {
    pub what: T,
    pub score: i64,
    pub reasons: Vec<Reason>,
}

/// Points. A rare word and the same item are each enough.
const RARE_WORD: i64 = 4;
const WORD: i64 = 2;
const COMMON_WORD: i64 = 1;
const ITEM: i64 = 4;
const SERVICE: i64 = 2;
const SUBCATEGORY: i64 = 2;
const CATEGORY: i64 = 1;
const FACTOR: i64 = 1;
/// The fewest points worth anybody's look.
pub const ENOUGH: i64 = 4;
/// Words of one candidate that are counted; a long text is not likelier by its length.
const COUNTED: usize = 6;
/// A rare word has so many letters; shorter ones are rare by accident.
const TELLING: usize = 5;

/// How many of the candidates have each word.
fn frequencies<'a>(all: impl Iterator<Item = &'a Traits>) -> HashMap<&'a str, usize> {
    let mut found: HashMap<&str, usize> = HashMap::new();
    for traits in all {
        for word in &traits.words {
            *found.entry(word).or_default() += 1;
        }
    }
    found
}

/// The points of a word that so many of all candidates have.
fn points(word: &str, having: usize, of: usize) -> i64 {
    if having <= 2.max(of / 50) && word.chars().count() >= TELLING {
        RARE_WORD
    } else if having * 4 <= of.max(8) {
        WORD
    } else {
        COMMON_WORD
    }
}

/// The candidates that are like it, the likest first, then the newest, then in the order of their keys.
pub fn alike<T: Copy + Ord>(
    asked: &Traits,
    candidates: &[(T, Utc, Traits)],
    limit: usize,
) -> Vec<Alike<T>> {
    let frequencies = frequencies(candidates.iter().map(|(_, _, traits)| traits));
    let weight = |word: &str| {
        points(
            word,
            frequencies.get(word).copied().unwrap_or(0),
            candidates.len(),
        )
    };
    let mut found: Vec<(Utc, Alike<T>)> = candidates
        .iter()
        .filter_map(|(what, at, traits)| {
            let (score, reasons) = compare(asked, traits, weight);
            (score >= ENOUGH).then_some((
                *at,
                Alike {
                    what: *what,
                    score,
                    reasons,
                },
            ))
        })
        .collect();
    found.sort_by_key(|(at, alike)| (Reverse(alike.score), Reverse(*at), alike.what));
    found.truncate(limit);
    found.into_iter().map(|(_, alike)| alike).collect()
}

/// The points of what two have in common, and the reasons for them.
pub fn compare(asked: &Traits, other: &Traits, weight: impl Fn(&str) -> i64) -> (i64, Vec<Reason>) {
    let there: HashSet<&String> = other.words.iter().collect();
    let mut shared: Vec<(i64, &String)> = asked
        .words
        .iter()
        .filter(|w| there.contains(w))
        .map(|w| (weight(w), w))
        .collect();
    shared.sort_by_key(|(points, word)| (Reverse(*points), *word));
    shared.dedup();
    let mut score: i64 = shared.iter().take(COUNTED).map(|(points, _)| points).sum();
    let mut reasons = Vec::new();
    if !shared.is_empty() {
        reasons.push(Reason::Words(
            shared.into_iter().map(|(_, word)| word.clone()).collect(),
        ));
    }
    let same = |a: bool, points: i64, reason: Reason| a.then_some((points, reason));
    let subcategory = asked.subcategory.is_some() && asked.subcategory == other.subcategory;
    let places = [
        same(
            asked.item.is_some() && asked.item == other.item,
            ITEM,
            Reason::Item,
        ),
        same(
            asked.service.is_some() && asked.service == other.service,
            SERVICE,
            Reason::Service,
        ),
        same(subcategory, SUBCATEGORY, Reason::Subcategory),
        same(
            !subcategory && asked.category.is_some() && asked.category == other.category,
            CATEGORY,
            Reason::Category,
        ),
    ];
    for (points, reason) in places.into_iter().flatten() {
        score += points;
        reasons.push(reason);
    }
    let mut factors: Vec<String> = asked
        .factors
        .iter()
        .filter(|f| other.factors.contains(f))
        .cloned()
        .collect();
    factors.sort();
    factors.dedup();
    if !factors.is_empty() {
        score += FACTOR * factors.len().min(3) as i64;
        reasons.push(Reason::Factors(factors));
    }
    (score, reasons)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn id<T>(n: u8) -> Option<Id<T>> {
        (n > 0).then(|| Id::from_uuid(Uuid::from_u128(u128::from(n))))
    }

    fn traits(words: &str, service: u8, item: u8, category: u8) -> Traits {
        Traits {
            words: words.split_whitespace().map(str::to_owned).collect(),
            service: id(service),
            item: id(item),
            category: id(category),
            ..Traits::default()
        }
    }

    #[test]
    fn every_hit_says_why() {
        let asked = traits("cash drawer dead after update", 1, 0, 2);
        let all = [
            (
                1,
                Utc::from_micros(1),
                traits("drawer of the till update", 1, 0, 2),
            ),
            (2, Utc::from_micros(2), traits("nothing alike", 1, 0, 2)),
            (3, Utc::from_micros(3), traits("something else", 2, 0, 3)),
        ];
        let found = alike(&asked, &all, 5);
        assert_eq!(found.len(), 1);
        let words = Reason::Words(vec!["drawer".into(), "update".into()]);
        assert_eq!(found[0].reasons, [words, Reason::Service, Reason::Category]);
    }

    #[test]
    fn one_coincidence_is_not_enough_the_same_item_is() {
        let weight = |_: &str| WORD;
        let asked = traits("slow", 1, 7, 2);
        assert!(compare(&asked, &traits("slow", 0, 0, 0), weight).0 < ENOUGH);
        assert!(compare(&asked, &traits("", 1, 0, 2), weight).0 < ENOUGH);
        assert!(compare(&asked, &traits("", 0, 7, 0), weight).0 >= ENOUGH);
        assert_eq!(
            compare(&traits("", 0, 0, 0), &traits("", 0, 0, 0), weight),
            (0, vec![])
        );
    }

    #[test]
    fn a_word_everybody_has_says_little() {
        assert_eq!(points("printer", 900, 1_000), COMMON_WORD);
        assert_eq!(points("printer", 200, 1_000), WORD);
        assert_eq!(points("handshake", 10, 1_000), RARE_WORD);
        assert_eq!(points("tls", 1, 1_000), WORD);
    }

    proptest! {
        #[test]
        fn more_in_common_is_never_less_alike_and_has_its_reason(
            a in prop::collection::vec("[a-d]{5}", 0..6), b in prop::collection::vec("[a-d]{5}", 0..6),
            places in prop::array::uniform6(0u8..3),
        ) {
            let [s, i, c, t, j, d] = places;
            let asked = traits(&a.join(" "), s, i, c);
            let other = traits(&b.join(" "), t, j, d);
            let (score, reasons) = compare(&asked, &other, |_| WORD);
            prop_assert_eq!(score > 0, !reasons.is_empty());
            let nearer = Traits { item: asked.item.or(id(1)), ..other.clone() };
            let asked = Traits { item: asked.item.or(id(1)), ..asked };
            let (more, why) = compare(&asked, &nearer, |_| WORD);
            prop_assert!(more >= score && why.contains(&Reason::Item));
        }

        #[test]
        fn the_order_of_the_candidates_does_not_matter(texts in prop::collection::vec("[a-c]{5}( [a-c]{5}){0,3}", 0..12)) {
            let all: Vec<_> = texts.iter().enumerate().map(|(n, t)| (n, Utc::from_micros(0), traits(t, 1, 0, 1))).collect();
            let mut turned = all.clone();
            turned.reverse();
            let asked = traits("aaaaa bbbbb abcab", 1, 0, 1);
            prop_assert_eq!(alike(&asked, &all, 5), alike(&asked, &turned, 5));
        }
    }
}

//! Open incidents like the one being typed, while somebody still listens on the phone.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use super::store::{self, Reach, Words};
use crate::people::Visitor;
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::Result;
use crate::platform::kernel::text;
use crate::records::{Kind, Number, Record};
use crate::services::{Category, Service};

/// Finds looked at, newest first.
const LOOKED_AT: i64 = 300;
/// Words of a title that are asked for.
const ASKED: usize = 8;
/// A word in no more of the titles looked at than this is rare: alone it is enough.
const RARE: usize = 2;
/// A rare word has at least so many letters; shorter ones are rare by accident.
const TELLING: usize = 5;

/// Words that say nothing about what is broken.
const EMPTY_WORDS: [&str; 40] = [
    "about", "after", "and", "any", "are", "but", "can", "cannot", "cant", "could", "does",
    "doesn", "don", "for", "from", "has", "have", "her", "his", "how", "into", "isn", "its", "not",
    "off", "our", "out", "she", "since", "that", "the", "their", "there", "they", "this", "was",
    "when", "will", "with", "you",
];

/// An open incident that may be the same thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Similar {
    pub number: Number,
    pub title: String,
    /// The words both titles have: the reason, for the page to show.
    pub why: Vec<String>,
    pub service: Option<Id<Service>>,
    pub category: Option<Id<Category>>,
}

/// Open incidents whose title shares two telling words with this one, or a rare one; the likest
/// first, then the newest.
pub fn similar_open(
    conn: &mut Db,
    visitor: &Visitor,
    title: &str,
    limit: usize,
) -> Result<Vec<Similar>> {
    let asked = telling_words(title);
    let mut ids = HashSet::new();
    let reach = store::reach(conn, visitor)?.public();
    for words in [2, 1].into_iter().filter_map(|n| sharing(&asked, n)) {
        let batch = store::newest_hits(conn, &reach, &words, i64::MAX, 0, LOOKED_AT)?;
        ids.extend(batch.hits.iter().map(|hit| hit.record));
    }
    let ids: Vec<_> = ids.into_iter().collect();
    let candidates = store::open_incidents(conn, visitor, &ids)?;
    Ok(likest(&asked, candidates, limit))
}

/// Words of what is written down that are asked for: its title, as a rule.
const COMPARED_BY: usize = 6;
/// Records compared with one that is written down; each of them is read.
const COMPARED: usize = 80;

/// Records whose public texts have some of these words: those that share three before those that share
/// two, before those that share one, of each the newest. Without a visitor only texts are asked that are
/// not set apart.
pub fn candidates(
    conn: &mut Db,
    visitor: Option<&Visitor>,
    words: &[String],
) -> Result<Vec<Id<Record>>> {
    let reach = match visitor {
        Some(visitor) => store::reach(conn, visitor)?.public(),
        None => Reach::unnamed(),
    };
    let mut ids = Vec::new();
    let mut seen = HashSet::new();
    let asked = words.get(..COMPARED_BY).unwrap_or(words);
    for words in [3, 2, 1].into_iter().filter_map(|n| sharing(asked, n)) {
        let batch = store::newest_hits(conn, &reach, &words, i64::MAX, 0, COMPARED as i64)?;
        let found = batch.hits.iter().map(|hit| hit.record);
        ids.extend(found.filter(|id| seen.insert(*id)));
        if ids.len() >= COMPARED {
            break;
        }
    }
    ids.truncate(COMPARED);
    Ok(ids)
}

/// The folded words of a title that say something, each once.
fn telling_words(title: &str) -> Vec<String> {
    telling(title, ASKED)
}

/// The first folded words of a text that say something, each once.
pub fn telling(said: &str, most: usize) -> Vec<String> {
    let mut asked: Vec<String> = Vec::new();
    for word in text::words(said) {
        let telling = word.chars().count() >= 3 && !EMPTY_WORDS.contains(&word.as_str());
        if telling && !asked.contains(&word) {
            asked.push(word);
        }
    }
    asked.truncate(most);
    asked
}

/// A question for texts that have any so many of the words: what three frequent words share is newer than
/// what two of them do. Words are letters and digits, so quoting them is all the escaping there is.
fn sharing(words: &[String], n: usize) -> Option<Words> {
    (words.len() >= n).then(|| Words {
        fts5: some_of(words, n, ["\"", " AND ", " OR "]),
        tsquery: some_of(words, n, ["'", " & ", " | "]),
    })
}

/// Any `n` of the words, each way to choose them once; what several ways begin with is asked for once.
fn some_of(words: &[String], n: usize, signs: [&str; 3]) -> String {
    let [quote, and, or] = signs;
    let mut ways = Vec::new();
    for (place, word) in words.iter().enumerate() {
        let rest = words.get(place + 1..).unwrap_or_default();
        if n <= 1 {
            ways.push(format!("{quote}{word}{quote}"));
        } else if rest.len() + 1 >= n {
            let others = some_of(rest, n - 1, signs);
            ways.push(format!("({quote}{word}{quote}{and}({others}))"));
        }
    }
    ways.join(or)
}

fn likest(asked: &[String], candidates: Vec<store::OpenIncident>, limit: usize) -> Vec<Similar> {
    let shared = |title: &str| -> Vec<String> {
        let there: HashSet<String> = text::words(title).into_iter().collect();
        asked
            .iter()
            .filter(|w| there.contains(*w))
            .cloned()
            .collect()
    };
    let why: Vec<Vec<String>> = candidates
        .iter()
        .map(|(_, title, ..)| shared(title))
        .collect();
    let mut titles_with: HashMap<&str, usize> = HashMap::new();
    for word in why.iter().flatten() {
        *titles_with.entry(word).or_default() += 1;
    }
    let rare = |word: &String| {
        word.chars().count() >= TELLING
            && titles_with.get(word.as_str()).is_some_and(|n| *n <= RARE)
    };
    let mut found: Vec<_> = candidates
        .into_iter()
        .zip(&why)
        .filter(|(_, why)| why.len() > 1 || why.iter().any(rare))
        .collect();
    found.sort_by_key(|((_, _, at, ..), why)| Reverse((why.len(), *at)));
    found
        .into_iter()
        .take(limit)
        .map(|((n, title, _, service, category), why)| Similar {
            number: Number {
                kind: Kind::Incident,
                n,
            },
            title,
            why: why.clone(),
            service,
            category,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::db::Utc;

    fn numbers(title: &str, open: &[&str]) -> Vec<i64> {
        let candidates = open
            .iter()
            .enumerate()
            .map(|(i, title)| {
                let at = Utc::from_micros(i as i64);
                (i as i64, (*title).to_owned(), at, None, None)
            })
            .collect();
        likest(&telling_words(title), candidates, 3)
            .into_iter()
            .map(|s| s.number.n)
            .collect()
    }

    #[test]
    fn only_telling_words_are_asked_for() {
        assert_eq!(
            telling_words("The VPN cannot connect: VPN on my PC, since Übung"),
            ["vpn", "connect", "ubung"]
        );
        let words: Vec<String> = ["a", "b", "c"].map(String::from).into();
        assert!(sharing(&[], 1).is_none() && sharing(&words[..1], 2).is_none());
        let asked = |n| sharing(&words, n).unwrap();
        assert_eq!(asked(1).fts5, r#""a" OR "b" OR "c""#);
        assert_eq!(
            asked(2).fts5,
            r#"("a" AND ("b" OR "c")) OR ("b" AND ("c"))"#
        );
        assert_eq!(asked(2).tsquery, "('a' & ('b' | 'c')) | ('b' & ('c'))");
        assert_eq!(asked(3).tsquery, "('a' & (('b' & ('c'))))");
    }

    #[test]
    fn two_words_or_a_rare_one_and_the_likest_first() {
        let open = [
            "Printer jams on floor 2",
            "Printer offline",
            "Printer slow",
            "Payroll export rejected",
            "Floor 2 printer jams again",
        ];
        assert_eq!(numbers("Printer jams in lobby", &open), [4, 0]);
        assert_eq!(numbers("Payroll", &open), [3]);
        assert!(numbers("Printer", &open).is_empty());
        assert!(numbers("Nothing alike", &open).is_empty());
    }
}

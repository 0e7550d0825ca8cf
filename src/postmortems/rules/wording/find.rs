//! Finding: every rule at every word it may begin with.

use std::collections::HashSet;

use super::pattern::{Begins, Language, Rule};
use super::prose::{self, Word};
use super::{Hit, Register, language};
use crate::platform::kernel::text;

/// Topics that are about what might have been.
const MIGHT_HAVE_BEEN: [&str; 2] = ["counterfactual", "expectation"];

/// What of a text could be said otherwise, in its order, none over another. `names` are those of the
/// people who may be meant.
pub fn check(tag: &str, register: Register, names: &[&str], text: &str) -> Vec<Hit> {
    let Some(language) = language(tag) else {
        return Vec::new();
    };
    let words = prose::words(text);
    let named = named(&words, names);
    let mut hits = Vec::new();
    let mut candidates = Vec::new();
    let (mut at, mut sentence, mut person) = (0, 0..0, false);
    while let Some(word) = words.get(at) {
        if word.sentence {
            (sentence, person) = (bounds(&words, at), false);
        }
        let is_name = named.contains(&at);
        person |= is_name || language.in_class(language.roles, &word.folded, false);
        language.candidates(&word.folded, is_name, &mut candidates);
        let found = candidates.iter().find_map(|n| {
            let rule = language.rules.get(*n)?;
            let end =
                speaks(rule, register).then(|| matched(language, rule, &words, at, &named))??;
            Some((rule, end))
        });
        let Some((rule, end)) = found else {
            at += 1;
            continue;
        };
        if rule.topic != "fine" {
            let last = words.get(end.saturating_sub(1)).unwrap_or(word);
            hits.push(Hit {
                rule: rule.id,
                topic: rule.topic,
                at: word.at.start..last.at.end,
                sentence: sentence.clone(),
                names_a_person: person,
            });
        }
        // A sentence may only begin at a word that is looked at: nothing reaches over one.
        at = end.max(at + 1);
    }
    hits
}

fn speaks(rule: &Rule, register: Register) -> bool {
    match register {
        Register::Prose => rule.register != "action",
        Register::Luck => rule.register != "action" && !MIGHT_HAVE_BEEN.contains(&rule.topic),
        Register::Action => rule.register != "prose",
    }
}

/// Where a rule that begins at a word ends, if it holds there. Optional words are taken where they fit;
/// there are at most three of them in a row, so it is tried with and without.
fn matched(
    language: &Language,
    rule: &Rule,
    words: &[Word],
    at: usize,
    named: &HashSet<usize>,
) -> Option<usize> {
    let first = words.get(at)?;
    let begins = match rule.begins {
        Begins::Anywhere => true,
        Begins::Clause => first.clause,
        Begins::Sentence => first.sentence,
    };
    begins.then(|| rest(language, rule, 0, words, at, at, named))?
}

fn rest(
    language: &Language,
    rule: &Rule,
    element: usize,
    words: &[Word],
    start: usize,
    at: usize,
    named: &HashSet<usize>,
) -> Option<usize> {
    let Some(wanted) = rule.elements.get(element) else {
        return Some(at);
    };
    let here = words.get(at).filter(|word| at == start || !word.sentence);
    let fits =
        here.is_some_and(|word| language.has(&wanted.words, &word.folded, named.contains(&at)));
    let next = |at| rest(language, rule, element + 1, words, start, at, named);
    match (wanted.excluded, fits) {
        (true, true) => None,
        (true, false) => next(at),
        (false, true) => next(at + 1).or_else(|| wanted.optional.then(|| next(at))?),
        (false, false) => wanted.optional.then(|| next(at))?,
    }
}

/// From the first word of a sentence to its last.
fn bounds(words: &[Word], first: usize) -> std::ops::Range<usize> {
    let start = words.get(first).map_or(0, |word| word.at.start);
    let rest = words.iter().skip(first);
    let own = rest
        .enumerate()
        .take_while(|(n, word)| *n == 0 || !word.sentence);
    start..own.last().map_or(start, |(_, word)| word.at.end)
}

/// Which words are, or begin, the name of a person: a whole name, or its first part.
fn named(words: &[Word], names: &[&str]) -> HashSet<usize> {
    let mut first: HashSet<String> = HashSet::new();
    let mut last: HashSet<String> = HashSet::new();
    for name in names {
        let parts = text::words(name);
        // A given name of two letters is too often another word.
        first.extend(parts.first().filter(|part| part.len() > 2).cloned());
        last.extend(parts.into_iter().skip(1));
    }
    let is = |n: usize, of: &HashSet<String>| words.get(n).is_some_and(|w| of.contains(&w.folded));
    let mut found = HashSet::new();
    for n in 0..words.len() {
        // Of a whole name the last part is the one that stands before what it did.
        if is(n, &first) && !is(n + 1, &last) {
            found.insert(n);
        }
        if n > 0 && is(n, &last) && is(n - 1, &first) {
            found.insert(n);
        }
    }
    found
}

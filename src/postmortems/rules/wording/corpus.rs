//! The corpus: sentences as people write them in several registers, each with the rules that are to ask
//! about it, `-` for none. It measures both what is missed and what is asked in vain.

use super::{Register, check};

const CORPUS: &str = include_str!("corpus.txt");

fn sentences() -> impl Iterator<Item = (&'static str, Vec<&'static str>, &'static str)> {
    CORPUS
        .lines()
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
        .map(|line| {
            let mut parts = line.splitn(3, '\t');
            let (register, rules, text) = (
                parts.next().unwrap(),
                parts.next().unwrap(),
                parts.next().unwrap(),
            );
            let rules = rules.split(' ').filter(|r| *r != "-").collect();
            (register, rules, text)
        })
}

#[test]
fn every_sentence_of_the_corpus_is_asked_about_as_expected() {
    let names = ["Ada Okafor", "Luis Ferreira", "Noor Haddad"];
    let wrong: Vec<String> = sentences()
        .filter_map(|(register, expected, text)| {
            let kind = match register {
                "action" => Register::Action,
                _ => Register::Prose,
            };
            let found: Vec<_> = check("en", kind, &names, text)
                .iter()
                .map(|h| h.rule)
                .collect();
            (found != expected).then(|| format!("{expected:?} but {found:?}: {text}"))
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn the_corpus_is_large_and_has_both_kinds_in_every_register() {
    let all: Vec<_> = sentences().collect();
    assert!(all.len() >= 60, "{}", all.len());
    for register in ["plain", "formal", "chat", "review", "support", "action"] {
        let of = |asked: bool| {
            all.iter()
                .filter(|(r, rules, _)| *r == register && rules.is_empty() != asked)
                .count()
        };
        assert!(
            of(true) >= 3 && of(false) >= 3,
            "{register}: {} {}",
            of(true),
            of(false)
        );
    }
    assert!(all.iter().all(|(_, _, text)| !text.is_empty()));
}

/// Each rule has a sentence that it alone asks about, so none can fall silent unseen.
#[test]
fn every_rule_that_asks_is_in_the_corpus() {
    let language = super::pattern::Language::read(include_str!("en.txt"));
    let spoken: Vec<&str> = sentences().flat_map(|(_, rules, _)| rules).collect();
    let silent: Vec<_> = language
        .rules
        .iter()
        .filter(|rule| rule.topic != "fine" && !spoken.contains(&rule.id))
        .map(|rule| rule.id)
        .collect();
    assert_eq!(silent, Vec::<&str>::new());
}

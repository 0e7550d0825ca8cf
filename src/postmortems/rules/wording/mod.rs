//! Blameless by help: words that describe a day that did not happen, judge, or name one cause, each with
//! the question that turns it round. Pure.
//!
//! A deterministic check, never a gate: a *hit* is a suggestion that somebody takes up or dismisses with
//! a reason, and nothing is counted by author. What the rules are stands in a file for each language
//! ([`pattern`]); quotations, code and addresses are no prose of the author's and are not checked
//! ([`prose`]). One pass over the words: what a text costs grows with its length, whatever is in it.

mod find;
mod pattern;
mod prose;

#[cfg(test)]
mod corpus;

use std::ops::Range;
use std::sync::LazyLock;

pub use find::check;
use pattern::Language;

/// The languages there are rules for. A text in another one is not checked.
static ENGLISH: LazyLock<Language> = LazyLock::new(|| Language::read(include_str!("en.txt")));

/// The rules of a language, by its tag.
fn language(tag: &str) -> Option<&'static Language> {
    let primary = tag.split('-').next().unwrap_or_default();
    primary.eq_ignore_ascii_case("en").then_some(&*ENGLISH)
}

/// What a text is, which decides which rules speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Register {
    /// A section of a post-mortem.
    Prose,
    /// Where luck is told: what might have been is the point of it, so only judging is asked about.
    Luck,
    /// The title of an action item.
    Action,
}

/// Words that a rule asks about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The rule: `CF1`.
    pub rule: &'static str,
    /// Its question is `wording-ask-` with this.
    pub topic: &'static str,
    /// Bytes of the text as it was written.
    pub at: Range<usize>,
    /// The sentence it stands in.
    pub sentence: Range<usize>,
    /// Whether the sentence names a person or a role before it.
    pub names_a_person: bool,
}

impl Hit {
    /// The key of the question in the catalogue.
    pub fn question(&self) -> String {
        format!("wording-ask-{}", self.topic)
    }

    /// What a dismissal is of: the rule and the words of the sentence. It holds wherever the sentence
    /// moves to, and no longer once the sentence is another one.
    pub fn means(&self, text: &str) -> String {
        let sentence = text.get(self.sentence.clone()).unwrap_or_default();
        let words = crate::platform::kernel::text::index_text(sentence);
        format!("{} {words}", self.rule)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn hits(text: &str) -> Vec<&'static str> {
        check("en", Register::Prose, &[], text)
            .iter()
            .map(|h| h.rule)
            .collect()
    }

    #[test]
    fn a_hit_says_where_it_stands_and_which_question_it_raises() {
        let text = "Ärger am Morgen. The implementer shouldn't have raised it.\n";
        let found = check("en-GB", Register::Prose, &[], text);
        assert_eq!(found.len(), 1);
        let hit = &found[0];
        assert_eq!(&text[hit.at.clone()], "shouldn't have raised");
        assert_eq!(
            &text[hit.sentence.clone()],
            "The implementer shouldn't have raised it"
        );
        assert_eq!(hit.question(), "wording-ask-counterfactual");
        assert!(hit.names_a_person);
        assert_eq!(check("de", Register::Prose, &[], text), []);
    }

    #[test]
    fn quotations_code_and_addresses_are_not_the_authors_prose() {
        for text in [
            "> We should have known.",
            "Ada said \"we should have known\" on the call.",
            "Ada said “we should have known” on the call.",
            "Sie sagte «we should have known».",
            "The log says `failed to check`.",
            "```\nhe should have known\n```\n",
            "~~~ text\nhe should have known\n",
            "    he should have known\n",
            "See <https://wiki/if-only> and https://wiki/if-only/careless for it.",
            "See [the page](https://wiki/if%20only/careless-sloppy).",
            "<!-- careless -->",
        ] {
            assert_eq!(hits(text), Vec::<&str>::new(), "{text}");
        }
        // What is around them is.
        assert_eq!(hits("If only \"x\" and `y` were known"), ["CF6"]);
        assert_eq!(hits("It was [careless](https://wiki/x)."), ["JU1"]);
        // What is never closed is no quotation.
        assert_eq!(hits("A 5\" pipe and \"careless work"), ["JU1"]);
        assert_eq!(hits("\"It is\n\ncareless\" work"), ["JU1"]);
        assert_eq!(hits("```\ncode\n```\nIt was careless."), ["JU1"]);
        // Under a list, what is set in is its text.
        assert_eq!(hits("- one\n\n    careless work\n"), ["JU1"]);
    }

    #[test]
    fn a_dismissal_holds_for_the_sentence_wherever_it_stands() {
        let before = "We should have known.";
        let moved = "A new beginning.\n\nWe should  **have** known. And more.";
        let other = "We should have known by ten.";
        let means = |text: &str| check("en", Register::Prose, &[], text)[0].means(text);
        assert_eq!(means(before), means(moved));
        assert_ne!(means(before), means(other));
    }

    #[test]
    fn names_at_the_desk_count_as_persons() {
        let names = ["Ada Okafor", "Luís"];
        let found = check(
            "en",
            Register::Prose,
            &names,
            "Ada Okafor deleted the table. Luis forgot to ask.",
        );
        let rules: Vec<_> = found.iter().map(|h| (h.rule, h.names_a_person)).collect();
        assert_eq!(rules, [("BL7", true), ("BL7", true)]);
        assert!(hits("The job deleted the table.").is_empty());
    }

    #[test]
    fn actions_are_asked_how_one_will_know_and_luck_may_be_told() {
        let of = |register, text| -> Vec<&str> {
            check("en", register, &[], text)
                .iter()
                .map(|h| h.rule)
                .collect()
        };
        assert_eq!(of(Register::Action, "Be more careful with limits"), ["AI1"]);
        assert_eq!(of(Register::Action, "Improve monitoring"), ["AI2"]);
        assert_eq!(
            of(Register::Action, "Alert on handshakes per minute"),
            [""; 0]
        );
        assert_eq!(
            of(Register::Action, "The team should have one alert"),
            [""; 0]
        );
        let luck = "It would have been down for days. Sloppy work was found.";
        assert_eq!(of(Register::Luck, luck), ["JU1"]);
        assert_eq!(of(Register::Prose, luck), ["CF1", "JU1"]);
    }

    #[test]
    fn nothing_reaches_over_the_end_of_a_sentence() {
        assert!(hits("That is what we should. Have known errors listed.").is_empty());
        assert!(hits("should\n\nhave known").is_empty());
        assert_eq!(hits("should\nhave known"), ["CF1"]);
    }

    /// 10,000 words of the worst kind, and long runs of what opens and never closes.
    #[test]
    fn ten_thousand_words_are_checked_in_no_time() {
        let texts = [
            "We should have known if only he had checked. ".repeat(1_250),
            "should ".repeat(10_000),
            "had the ".repeat(5_000),
            "\" ' « “ ` ".repeat(2_000),
            "`a ``b ```c ".repeat(4_000),
            "[a](b <c ".repeat(4_000),
            "\"a ".repeat(10_000),
        ];
        // What is promised (10 ms) the bench measures; this finds what grows with the square, even in a
        // debug build on a busy machine.
        let most = 5_000;
        for text in &texts {
            check("en", Register::Prose, &["Ada Okafor"], "warm");
            let began = std::time::Instant::now();
            let found = check("en", Register::Prose, &["Ada Okafor"], text);
            let took = began.elapsed().as_millis();
            let head: String = text.chars().take(20).collect();
            assert!(took <= most, "{head}: {took} ms, {} hits", found.len());
        }
    }

    proptest! {
        #[test]
        fn hits_lie_in_the_text_in_order_and_apart(text in "[\\PC\n`\"'«»<>\\[\\]()*_ ]{0,200}") {
            let found = check("en", Register::Prose, &[], &text);
            let mut end = 0;
            for hit in &found {
                prop_assert!(text.get(hit.at.clone()).is_some());
                prop_assert!(hit.at.start >= end && hit.at.end > hit.at.start);
                prop_assert!(hit.sentence.start <= hit.at.start && hit.at.end <= hit.sentence.end);
                end = hit.at.end;
            }
        }

        /// Whatever is quoted is skipped, whatever it is.
        #[test]
        fn what_is_quoted_is_not_asked_about(words in prop::collection::vec(
            prop::sample::select(vec!["should", "have", "known", "careless", "if", "only", "the", "root", "cause"]), 1..20
        )) {
            let said = words.join(" ");
            for text in [format!("> {said}\n"), format!("He said “{said}” then."), format!("```\n{said}\n```\n"), format!("Log: `{said}`.")] {
                prop_assert!(hits(&text).is_empty(), "{}", text);
            }
        }

        /// Emphasis and line breaks change nothing.
        #[test]
        fn markup_within_a_sentence_changes_nothing(marks in prop::collection::vec(prop::sample::select(vec![" ", "\n", " **", "** ", " _"]), 4)) {
            let text = format!("The{}team{}should{}have{}known", marks[0], marks[1], marks[2], marks[3]);
            prop_assert_eq!(hits(&text), vec!["CF1"]);
        }
    }
}

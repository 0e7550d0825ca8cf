//! Where a search's words stand in a text: excerpts with the finds marked, and counts for ranking.
//! Pure; what comes out is plain text in parts, which the template escapes.

use std::borrow::Cow;
use std::ops::Range;

use crate::platform::kernel::text::{MAX_WORD, Query, fold, word_spans, words};

/// A part of a text: found, or around what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    pub hit: bool,
}

/// How many characters an excerpt has, about.
const EXCERPT: usize = 180;
/// How many of them stand before the first find.
const BEFORE: usize = 60;

/// A whole line, marked.
pub fn marked(text: &str, query: &Query) -> Vec<Piece> {
    let spans: Vec<Range<usize>> = word_spans(text).collect();
    pieces(text, 0..text.len(), &finds(text, &spans, query))
}

/// The words around the first find, on one line; the beginning of the text where there is none.
pub fn excerpt(text: &str, query: &Query) -> Vec<Piece> {
    let spans: Vec<Range<usize>> = word_spans(text).collect();
    let found = finds(text, &spans, query);
    let first = found.first().map_or(0, |at| at.start);
    let from = back(text, first, BEFORE, &spans);
    let to = on(text, from, EXCERPT, &spans);
    let mut pieces = pieces(text, from..to, &found);
    for piece in &mut pieces {
        piece.text = one_line(&piece.text);
    }
    if from > 0 {
        add(&mut pieces, 0, "… ");
    }
    if text.get(to..).is_some_and(|rest| !rest.trim().is_empty()) {
        let end = pieces.len();
        add(&mut pieces, end, " …");
    }
    pieces
}

/// How often the search's terms stand in a text, at most `most`.
pub fn count(text: &str, query: &Query, most: usize) -> usize {
    let spans: Vec<Range<usize>> = word_spans(text).collect();
    finds(text, &spans, query).len().min(most)
}

/// The stretches of a text that a term matches, in order, none overlapping.
fn finds(text: &str, spans: &[Range<usize>], query: &Query) -> Vec<Range<usize>> {
    let folded: Vec<Cow<'_, str>> = spans
        .iter()
        .map(|at| folded(text.get(at.clone()).unwrap_or_default()))
        .collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < spans.len() {
        let length = query
            .terms()
            .iter()
            .filter(|term| {
                let last = term.words().len() - 1;
                term.words().iter().enumerate().all(|(i, word)| {
                    folded.get(at + i).is_some_and(|there| {
                        there == word
                            || (i == last && term.is_prefix() && there.starts_with(word.as_str()))
                    })
                })
            })
            .map(|term| term.words().len())
            .max();
        match length {
            Some(length) => {
                if let (Some(first), Some(last)) = (spans.get(at), spans.get(at + length - 1)) {
                    found.push(first.start..last.end);
                }
                at += length;
            }
            None => at += 1,
        }
    }
    found
}

/// A word as the index has it. Most words of most texts need no copy.
fn folded(word: &str) -> Cow<'_, str> {
    if word.len() > MAX_WORD {
        Cow::Owned(words(word).into_iter().next().unwrap_or_default())
    } else if word
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    {
        Cow::Borrowed(word)
    } else {
        Cow::Owned(fold(word))
    }
}

fn pieces(text: &str, within: Range<usize>, found: &[Range<usize>]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut push = |range: Range<usize>, hit: bool| {
        if let Some(text) = text.get(range).filter(|text| !text.is_empty()) {
            pieces.push(Piece {
                text: text.to_owned(),
                hit,
            });
        }
    };
    let mut done = within.start;
    for at in found
        .iter()
        .filter(|at| at.start >= within.start && at.end <= within.end)
    {
        push(done..at.start, false);
        push(at.clone(), true);
        done = at.end;
    }
    push(done..within.end, false);
    pieces
}

/// The beginning of the word about `chars` characters before a place.
fn back(text: &str, place: usize, chars: usize, spans: &[Range<usize>]) -> usize {
    let before = text.get(..place).unwrap_or_default();
    let Some((least, _)) = before.char_indices().rev().nth(chars) else {
        return 0;
    };
    spans
        .iter()
        .map(|at| at.start)
        .find(|start| *start >= least)
        .map_or(least, |start| start.min(place))
}

/// The end of the word about `chars` characters after a place.
fn on(text: &str, place: usize, chars: usize, spans: &[Range<usize>]) -> usize {
    let after = text.get(place..).unwrap_or_default();
    let Some((most, _)) = after.char_indices().nth(chars) else {
        return text.len();
    };
    let most = place + most;
    spans
        .iter()
        .map(|at| at.end)
        .take_while(|end| *end <= most)
        .last()
        .filter(|end| *end > place)
        .unwrap_or(most)
}

/// Runs of blanks and line breaks as one blank, those at the ends kept: the parts stand side by side.
fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    let mut blank = false;
    for c in text.chars() {
        if c.is_whitespace() || c.is_control() {
            if !blank {
                line.push(' ');
            }
            blank = true;
        } else {
            line.push(c);
            blank = false;
        }
    }
    line
}

fn add(pieces: &mut Vec<Piece>, at: usize, text: &str) {
    pieces.insert(
        at,
        Piece {
            text: text.to_owned(),
            hit: false,
        },
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::kernel::text::QueryLimits;
    use proptest::prelude::*;

    fn query(typed: &str) -> Query {
        Query::parse(typed, QueryLimits::default()).unwrap()
    }

    fn shown(pieces: &[Piece]) -> String {
        pieces
            .iter()
            .map(|p| {
                if p.hit {
                    format!("[{}]", p.text)
                } else {
                    p.text.clone()
                }
            })
            .collect()
    }

    #[test]
    fn words_phrases_and_prefixes_are_marked_as_they_were_written() {
        for (text, typed, marked_text) in [
            ("Card payments failing", "card", "[Card] payments failing"),
            ("Two cards, one card", "card", "Two [cards], one [card]"),
            ("Two cards", "card one", "Two cards"),
            ("Café CAFÉ cafe", "café", "[Café] [CAFÉ] [cafe]"),
            (
                "paper jam, jam paper",
                "\"paper jam\"",
                "[paper jam], jam paper",
            ),
            ("at 10.0.0.1 now", "10.0.0.1", "at [10.0.0.1] now"),
            ("東京タワー", "東京", "[東京]タワー"),
            ("<b>bold</b>", "bold", "<b>[bold]</b>"),
            ("", "x", ""),
        ] {
            assert_eq!(shown(&marked(text, &query(typed))), marked_text, "{text:?}");
        }
    }

    #[test]
    fn an_excerpt_is_one_line_around_the_first_find() {
        let text = format!(
            "{}\n\n  the needle\tis here {}",
            "word ".repeat(100),
            "more ".repeat(100)
        );
        let line = shown(&excerpt(&text, &query("needle")));
        assert!(line.starts_with("… word"), "{line}");
        assert!(line.contains("the [needle] is here more"), "{line}");
        assert!(line.ends_with("more …"), "{line}");
        assert!(line.chars().count() < EXCERPT + 10);
        assert_eq!(
            shown(&excerpt("short needle", &query("needle"))),
            "short [needle]"
        );
        let none = shown(&excerpt(&"word ".repeat(100), &query("needle")));
        assert!(none.starts_with("word word") && none.ends_with("word …"));
    }

    #[test]
    fn terms_are_counted_up_to_a_limit() {
        assert_eq!(count("card card cards", &query("card"), 10), 3);
        assert_eq!(count(&"card ".repeat(99), &query("card"), 10), 10);
        assert_eq!(count("paper", &query("\"paper jam\""), 10), 0);
    }

    proptest! {
        #[test]
        fn marking_changes_no_character(text in any::<String>(), typed in "[a-zé東 \"]{1,12}") {
            if let Ok(query) = Query::parse(&typed, QueryLimits::default()) {
                let all: String = marked(&text, &query).into_iter().map(|p| p.text).collect();
                prop_assert_eq!(&all, &text);
                let _ = excerpt(&text, &query);
            }
        }

        #[test]
        fn an_excerpt_is_short(text in "\\PC{0,600}") {
            let all: String = excerpt(&text, &query("a")).into_iter().map(|p| p.text).collect();
            prop_assert!(all.chars().count() <= EXCERPT + 6);
        }
    }
}

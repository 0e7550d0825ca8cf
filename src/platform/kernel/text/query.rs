//! What somebody typed into the search box, as a question both indexes understand.
//!
//! Words are joined by *and*; `"quoted words"` are a phrase; the last word, unless it is quoted, is a
//! prefix (one searches while typing) from its third letter on. A run without blanks that holds several words (`10.0.0.1`,
//! `e-mail`, `INC-1042`, 東京) is a phrase as well: whoever types it means those words side by side.
//! A quote that is never closed runs to the end. What holds no letter and no digit is left out.
//!
//! Every word handed to a database is letters and digits only and quoted besides, so nothing typed
//! can become an operator.

use std::fmt;

use super::words;

/// How much one search may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueryLimits {
    /// Characters as typed.
    pub max_chars: usize,
    /// Terms; a phrase counts as one.
    pub max_terms: usize,
    /// A last word of fewer letters stands for itself: all words that begin with one letter are
    /// most of the index, and nobody means them.
    pub min_prefix: usize,
}

impl Default for QueryLimits {
    fn default() -> Self {
        Self {
            max_chars: 300,
            max_terms: 12,
            min_prefix: 3,
        }
    }
}

/// Why there is nothing to search for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueryProblem {
    /// Nothing typed, or nothing with a letter or digit in it.
    Empty,
    TooLong {
        max: usize,
        got: usize,
    },
    TooManyTerms {
        max: usize,
        got: usize,
    },
}

impl fmt::Display for QueryProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("nothing to search for: type a word"),
            Self::TooLong { max, got } => {
                write!(f, "{got} characters, at most {max} can be searched for")
            }
            Self::TooManyTerms { max, got } => {
                write!(f, "{got} words, at most {max} can be searched for")
            }
        }
    }
}

impl std::error::Error for QueryProblem {}

/// A word, or several that must stand side by side. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    words: Vec<String>,
    /// The last word may go on.
    prefix: bool,
}

impl Term {
    pub fn words(&self) -> &[String] {
        &self.words
    }

    pub fn is_prefix(&self) -> bool {
        self.prefix
    }

    fn can_go_on(&self, least: usize) -> bool {
        self.words
            .last()
            .is_some_and(|word| word.chars().nth(least.saturating_sub(1)).is_some())
    }
}

/// A search with at least one term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    terms: Vec<Term>,
}

impl Query {
    pub fn parse(typed: &str, limits: QueryLimits) -> Result<Self, QueryProblem> {
        let got = typed.chars().count();
        if got > limits.max_chars {
            return Err(QueryProblem::TooLong {
                max: limits.max_chars,
                got,
            });
        }
        let mut terms = Vec::new();
        let mut last_is_open = false;
        for (part, text) in typed.split(is_quote).enumerate() {
            // Between quotes: every second part.
            if part % 2 == 1 {
                last_is_open &= !push_term(&mut terms, text);
            } else {
                for run in text.split_whitespace() {
                    last_is_open |= push_term(&mut terms, run);
                }
            }
        }
        if terms.len() > limits.max_terms {
            return Err(QueryProblem::TooManyTerms {
                max: limits.max_terms,
                got: terms.len(),
            });
        }
        match terms.last_mut() {
            None => return Err(QueryProblem::Empty),
            Some(last) => last.prefix = last_is_open && last.can_go_on(limits.min_prefix),
        }
        Ok(Self { terms })
    }

    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// The text for FTS5's `MATCH`: `"printer" "paper jam" "tra"*`.
    pub fn to_fts5(&self) -> String {
        self.joined(" ", |term| {
            let star = if term.prefix { "*" } else { "" };
            format!("\"{}\"{star}", term.words.join(" "))
        })
    }

    /// The text for `to_tsquery('simple', …)`: `'printer' & 'paper' <-> 'jam' & 'tra':*`.
    pub fn to_tsquery(&self) -> String {
        self.joined(" & ", |term| {
            let star = if term.prefix { ":*" } else { "" };
            let quoted: Vec<String> = term.words.iter().map(|word| tsquery_word(word)).collect();
            format!("{}{star}", quoted.join(" <-> "))
        })
    }

    fn joined(&self, between: &str, write: impl Fn(&Term) -> String) -> String {
        let parts: Vec<String> = self.terms.iter().map(write).collect();
        parts.join(between)
    }
}

fn push_term(terms: &mut Vec<Term>, text: &str) -> bool {
    let words = words(text);
    let any = !words.is_empty();
    if any {
        terms.push(Term {
            words,
            prefix: false,
        });
    }
    any
}

/// A word holds letters and digits only; the escapes are there should that ever change.
fn tsquery_word(word: &str) -> String {
    format!("'{}'", word.replace('\\', "\\\\").replace('\'', "''"))
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '‟' | '«' | '»' | '＂')
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic
    )]
    use super::*;
    use proptest::prelude::*;

    fn parsed(typed: &str) -> Query {
        Query::parse(typed, QueryLimits::default()).unwrap()
    }

    #[test]
    fn words_phrases_and_a_prefix() {
        let query = parsed("Printer \"paper  JAM\" tra");
        assert_eq!(query.to_fts5(), r#""printer" "paper jam" "tra"*"#);
        assert_eq!(
            query.to_tsquery(),
            "'printer' & 'paper' <-> 'jam' & 'tra':*"
        );
        assert!(query.terms()[2].is_prefix() && !query.terms()[0].is_prefix());
    }

    #[test]
    fn a_quoted_last_word_is_no_prefix() {
        assert_eq!(parsed("vpn \"down\"").to_fts5(), r#""vpn" "down""#);
        assert_eq!(parsed("“vpn").to_fts5(), r#""vpn""#);
        assert_eq!(parsed("vpn \" ! \"").to_fts5(), r#""vpn"*"#);
    }

    #[test]
    fn what_is_typed_together_stays_together() {
        assert_eq!(parsed("INC-1042").to_fts5(), r#""inc 1042"*"#);
        assert_eq!(
            parsed("10.0.0.1 x").to_tsquery(),
            "'10' <-> '0' <-> '0' <-> '1' & 'x'"
        );
        assert_eq!(parsed("東京").to_fts5(), r#""東 京""#);
    }

    #[test]
    fn operators_are_only_text() {
        assert_eq!(
            parsed("a OR b* NOT (c)").to_fts5(),
            r#""a" "or" "b" "not" "c""#
        );
        assert_eq!(parsed("x' | !y & z:*").to_tsquery(), "'x' & 'y' & 'z'");
    }

    #[test]
    fn each_problem_has_its_name() {
        let limits = QueryLimits::default();
        assert_eq!(Query::parse("", limits), Err(QueryProblem::Empty));
        assert_eq!(Query::parse(" - \"?\" ", limits), Err(QueryProblem::Empty));
        assert_eq!(
            Query::parse(&"é".repeat(301), limits),
            Err(QueryProblem::TooLong { max: 300, got: 301 })
        );
        assert_eq!(
            Query::parse(&"a ".repeat(13), limits),
            Err(QueryProblem::TooManyTerms { max: 12, got: 13 })
        );
        assert!(Query::parse(&"a ".repeat(12), limits).is_ok());
    }

    proptest! {
        #[test]
        fn quoting_is_always_balanced(typed in "[\\PC\"' \\\\*:&|<>()!-]{0,80}|\\PC{0,80}") {
            if let Ok(query) = Query::parse(&typed, QueryLimits { max_terms: 300, ..QueryLimits::default() }) {
                let fts = query.to_fts5();
                prop_assert_eq!(fts.matches('"').count(), 2 * query.terms().len());
                prop_assert!(fts.chars().all(|c| c.is_alphanumeric() || " \"*".contains(c)));
                let words: usize = query.terms().iter().map(|t| t.words().len()).sum();
                prop_assert_eq!(query.to_tsquery().matches('\'').count(), 2 * words);
            }
        }
    }
}

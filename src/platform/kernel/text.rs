//! Text as people type it, made safe to keep and possible to find.
//!
//! Two jobs. *Cleaning* (`clean_line`, `clean_text`) is what every form field, mail and import cell
//! goes through before it is kept. *Folding* (`fold`, `words`, `index_text`, [`Query`]) is done here,
//! in Rust, before either database sees a word, so that SQLite's FTS5 and PostgreSQL's tsvector find
//! exactly the same records: neither stems, and neither is asked what an accent is.
//!
//! The choices, once:
//! - Folding is NFKD, lower case, marks dropped, and the Latin letters Unicode does not take apart
//!   (ß, æ, ø, ł, đ, þ …) spelled out. A vowel sign of an Indic script is a letter there and stays.
//! - A word is a run of letters and digits. Han and kana characters stand alone, one word each,
//!   since nothing between them says where a word ends; a query for several becomes a phrase.
//! - A word longer than [`MAX_WORD`] characters is cut there, in the index and in the query alike,
//!   so it is still found.

mod query;

pub use query::{Query, QueryLimits, QueryProblem, Term};

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{canonical_combining_class, is_combining_mark};

/// The longest word kept, in characters.
pub const MAX_WORD: usize = 64;

/// Appends a number with at least `width` digits; an instant is written thousands of times a second,
/// and formatting it by a pattern costs several times as much.
pub fn push_digits(out: &mut String, n: u32, width: u32) {
    let mut unit = 10_u32.pow(width.saturating_sub(1)).max(1);
    while n / unit >= 10 {
        unit *= 10;
    }
    while unit > 0 {
        out.push(char::from(b'0' + (n / unit % 10) as u8));
        unit /= 10;
    }
}

/// Case, accents and compatibility forms taken away: `Ångström`, `ANGSTROM` and `ångstrom` fold to
/// the same text. Folding a folded text changes nothing.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    // A second round of decomposition, since lower-casing may give a letter that can be taken apart.
    for c in text.nfkd().flat_map(char::to_lowercase).nfkd() {
        push_folded(&mut folded, c);
    }
    folded
}

fn push_folded(out: &mut String, c: char) {
    if c.is_ascii() {
        out.push(c);
        return;
    }
    match c {
        'ß' => out.push_str("ss"),
        'æ' => out.push_str("ae"),
        'œ' => out.push_str("oe"),
        'ø' => out.push('o'),
        'ł' => out.push('l'),
        'đ' | 'ð' => out.push('d'),
        'þ' => out.push_str("th"),
        'ħ' => out.push('h'),
        'ŧ' => out.push('t'),
        'ŋ' => out.push('n'),
        'ı' => out.push('i'),
        'ς' => out.push('σ'),
        _ if is_dropped_mark(c) => {}
        _ => out.push(c),
    }
}

/// Accents go; the vowel signs of Indic scripts are letters of class 0 and stay.
fn is_dropped_mark(c: char) -> bool {
    is_combining_mark(c) && (canonical_combining_class(c) != 0 || !c.is_alphanumeric())
}

/// Han, kana and their extensions: written without spaces, so each character is a word.
fn stands_alone(c: char) -> bool {
    matches!(u32::from(c),
        0x3005..=0x3007 | 0x3041..=0x30FF | 0x31F0..=0x31FF | 0x3400..=0x4DBF
        | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFF)
}

/// The folded words of a text, in order.
pub fn words(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    each_word(&fold(text), |word| found.push(word.to_owned()));
    found
}

/// What both indexes store: the words with one space between. FTS5 keeps it with
/// `tokenize = "unicode61 remove_diacritics 0"`, PostgreSQL as `to_tsvector('simple', …)`.
pub fn index_text(text: &str) -> String {
    let folded = fold(text);
    let mut out = String::with_capacity(folded.len());
    each_word(&folded, |word| {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    });
    out
}

/// Where the words stand in a text as it was written, for marking what was found. Each span folds to
/// the word the index has for it.
pub fn word_spans(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut rest = 0;
    std::iter::from_fn(move || {
        let tail = text.get(rest..)?;
        let start = rest + tail.find(char::is_alphanumeric)?;
        let word = text.get(start..)?;
        let first = word.chars().next()?;
        let end = if stands_alone(first) {
            first.len_utf8()
        } else {
            word.find(|c| stands_alone(c) || !(c.is_alphanumeric() || is_combining_mark(c)))
                .unwrap_or(word.len())
        };
        rest = start + end;
        Some(start..rest)
    })
}

/// Calls `take` with each word of a text that is already folded.
fn each_word(folded: &str, mut take: impl FnMut(&str)) {
    for run in folded.split(|c: char| !c.is_alphanumeric()) {
        let mut rest = run;
        while let Some(first) = rest.chars().next() {
            let end = if stands_alone(first) {
                first.len_utf8()
            } else {
                rest.find(stands_alone).unwrap_or(rest.len())
            };
            let (word, after) = rest.split_at(end);
            take(cut(word));
            rest = after;
        }
    }
}

fn cut(word: &str) -> &str {
    if word.len() <= MAX_WORD {
        return word;
    }
    match word.char_indices().nth(MAX_WORD) {
        Some((end, _)) => word.get(..end).unwrap_or(word),
        None => word,
    }
}

/// More characters than the field takes, counted after cleaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLong {
    pub max: usize,
    pub got: usize,
}

impl fmt::Display for TooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} characters, at most {} fit", self.got, self.max)
    }
}

impl std::error::Error for TooLong {}

/// One line: controls, bidi overrides and isolates removed; line breaks and tabs become a space (so
/// that words do not run together); composed (NFC); trimmed. Blanks inside stay as they are. A line
/// with nothing to see in it (only zero-width characters) is empty.
pub fn clean_line(text: &str, max: usize) -> Result<String, TooLong> {
    let kept: Cow<'_, str> = if text.bytes().all(|b| (0x20..0x7F).contains(&b)) {
        Cow::Borrowed(text)
    } else {
        let plain = text.replace("\r\n", "\n");
        let line: String = plain.chars().filter_map(line_char).nfc().collect();
        if line.chars().all(|c| c.is_whitespace() || is_invisible(c)) {
            return Ok(String::new());
        }
        Cow::Owned(line)
    };
    within(kept.trim(), max)
}

/// Several lines: CRLF and lone CR become LF, controls other than LF and tab are removed, composed
/// (NFC), blank lines at the start and blanks at the end cut. Indentation of the first line stays:
/// it means something in Markdown.
pub fn clean_text(text: &str, max: usize) -> Result<String, TooLong> {
    let plain_ascii = |b: u8| (0x20..0x7F).contains(&b) || b == b'\n' || b == b'\t';
    let kept: Cow<'_, str> = if text.bytes().all(plain_ascii) {
        Cow::Borrowed(text)
    } else {
        let plain = text.replace("\r\n", "\n").replace('\r', "\n");
        Cow::Owned(plain.chars().filter(|c| !is_removed(*c)).nfc().collect())
    };
    let ended = kept.trim_end();
    let first = ended.len() - ended.trim_start().len();
    let lead = ended.get(..first).unwrap_or_default();
    let start = lead.rfind('\n').map_or(0, |at| at + 1);
    within(ended.get(start..).unwrap_or_default(), max)
}

fn within(text: &str, max: usize) -> Result<String, TooLong> {
    if text.len() > max {
        let got = text.chars().count();
        if got > max {
            return Err(TooLong { max, got });
        }
    }
    Ok(text.to_owned())
}

fn line_char(c: char) -> Option<char> {
    match c {
        '\n' | '\r' | '\t' | '\u{0B}' | '\u{0C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some(' '),
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => None,
        _ if is_removed(c) => None,
        _ => Some(c),
    }
}

/// Controls (C0, DEL, C1) but for LF and tab, and the byte order mark.
fn is_removed(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t') || c == '\u{FEFF}'
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{34F}' | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2064}' | '\u{FE00}'..='\u{FE0F}')
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

    #[test]
    fn case_and_accents_fold_alike() {
        for (a, b) in [
            ("Ångström", "angstrom"),
            ("STRAẞE straße", "strasse strasse"),
            ("Łódź Đuro Þór", "lodz duro thor"),
            ("İstanbul ISTANBUL ıstanbul", "istanbul istanbul istanbul"),
            ("Cœur ÆRØ", "coeur aero"),
            ("ﬁle ２０", "file 20"),
            ("ΟΔΟΣ οδός", "οδοσ οδοσ"),
            ("Йод", "иод"),
            ("e\u{301}te\u{301}", "ete"),
        ] {
            assert_eq!(fold(a), b);
        }
    }

    #[test]
    fn words_are_runs_of_letters_and_digits() {
        assert_eq!(
            words("VPN: can't reach 10.0.0.1!"),
            ["vpn", "can", "t", "reach", "10", "0", "0", "1"]
        );
        assert_eq!(
            words("東京タワーfire"),
            ["東", "京", "タ", "ワ", "ー", "fire"]
        );
        assert_eq!(words("हिन्दी")[0].chars().next(), Some('ह'));
        assert!(words(" -- \u{1F525} ?!").is_empty());
        assert_eq!(words(&"x".repeat(1000))[0].len(), MAX_WORD);
        assert_eq!(index_text("  Zoë's\tPrinter\n#4 "), "zoe s printer 4");
    }

    #[test]
    fn words_are_found_where_they_stand() {
        let spans = |text: &str| -> Vec<String> {
            word_spans(text).map(|at| text[at].to_owned()).collect()
        };
        assert_eq!(
            spans("Ça, c'est e\u{301}te\u{301}!"),
            ["Ça", "c", "est", "e\u{301}te\u{301}"]
        );
        assert_eq!(spans("VPN東京x2"), ["VPN", "東", "京", "x2"]);
        assert!(spans(" — ?").is_empty());
    }

    #[test]
    fn a_line_is_one_line() {
        assert_eq!(clean_line("  a\0b\r\nc\td  ", 9).unwrap(), "ab c d");
        assert_eq!(clean_line("Opened by  17", 50).unwrap(), "Opened by  17");
        assert_eq!(
            clean_line("evil\u{202E}gpj.exe\u{2066}", 50).unwrap(),
            "evilgpj.exe"
        );
        assert_eq!(clean_line("\u{FEFF}e\u{301}", 1).unwrap(), "é");
        assert_eq!(clean_line("\u{200B}\u{200D}", 10).unwrap(), "");
        assert_eq!(clean_line("👩‍💻", 10).unwrap(), "👩‍💻");
        assert_eq!(
            clean_line(&"é".repeat(10_000), 250),
            Err(TooLong {
                max: 250,
                got: 10_000
            })
        );
        assert!(clean_line(&"é".repeat(250), 250).is_ok());
    }

    #[test]
    fn a_text_keeps_its_lines() {
        assert_eq!(
            clean_text("\r\n\r\n    code\r\n\tmore\u{7}\r\n \r\n", 99).unwrap(),
            "    code\n\tmore"
        );
        assert_eq!(clean_text("\0 \n ", 9).unwrap(), "");
        assert_eq!(clean_text("a\rb\u{202B}", 9).unwrap(), "a\nb\u{202B}");
        assert_eq!(clean_text("abc", 2), Err(TooLong { max: 2, got: 3 }));
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,40}|\\p{Lu}{0,20}|\\p{M}{0,9}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn case_never_matters(text in "[a-zA-ZÀ-ſΑ-ωА-я ]{0,40}") {
            prop_assert_eq!(fold(&text.to_uppercase()), fold(&text.to_lowercase()));
        }

        #[test]
        fn an_index_text_indexes_to_itself(text in "\\PC{0,200}") {
            let index = index_text(&text);
            prop_assert_eq!(index_text(&index), index.clone());
            prop_assert_eq!(index.split_terminator(' ').map(str::to_owned).collect::<Vec<_>>(), words(&text));
        }

        #[test]
        fn clean_is_clean(text in any::<String>()) {
            let line = clean_line(&text, usize::MAX).unwrap();
            prop_assert!(!line.chars().any(char::is_control));
            prop_assert_eq!(clean_line(&line, usize::MAX).unwrap(), line);
            let body = clean_text(&text, usize::MAX).unwrap();
            prop_assert!(!body.contains(['\0', '\r']));
            prop_assert_eq!(clean_text(&body, usize::MAX).unwrap(), body);
        }
    }
}

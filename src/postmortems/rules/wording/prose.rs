//! What of a Markdown text is the author's own prose, as words with their places. Quotations, code,
//! addresses and comments are left out; a piece of code leaves a mark, since it can be a subject
//! ("`cron` should have run").
//!
//! It reads the source, not a rendering, so that a hit's place is a place in what the author typed.
//! Each kind of bracket is looked for once a paragraph: a text full of what never closes stays linear.

use std::ops::Range;

use crate::platform::kernel::text;

/// What stands for a piece of code.
pub(super) const CODE: &str = "`";

/// A word of the prose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pub at: Range<usize>,
    pub folded: String,
    /// Whether a sentence, or a clause of one, begins here.
    pub sentence: bool,
    pub clause: bool,
}

/// The words of the prose, in order.
pub(super) fn words(source: &str) -> Vec<Word> {
    let mut reader = Reader {
        source,
        found: Vec::new(),
        sentence: true,
        clause: true,
    };
    for paragraph in paragraphs(source) {
        (reader.sentence, reader.clause) = (true, true);
        reader.paragraph(paragraph);
    }
    reader.found
}

/// The runs of lines that belong together: no fences, block quotes or code that is set in.
fn paragraphs(source: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut fence: Option<&str> = None;
    let (mut open, mut after_blank, mut in_list) = (false, true, false);
    let mut start = 0;
    for line in source.split_inclusive('\n') {
        let at = start..start + line.len();
        start = at.end;
        let text = line.trim_start_matches(' ');
        let indent = line.len() - text.len();
        let text = text.trim_end();
        if let Some(mark) = fence {
            if text.starts_with(mark)
                && text
                    .trim_start_matches(mark.get(..1).unwrap_or("`"))
                    .is_empty()
            {
                fence = None;
            }
            open = false;
        } else if let Some(mark) = fence_of(text) {
            (fence, open) = (Some(mark), false);
        } else if text.is_empty() {
            (open, after_blank) = (false, true);
            continue;
        } else if text.starts_with('>') {
            open = false;
        } else if after_blank && !in_list && (indent >= 4 || line.starts_with('\t')) {
            open = false;
            continue;
        } else {
            let item = is_item(text);
            in_list = item || (in_list && (indent > 0 || !after_blank));
            // Headings, items and rows of a table each stand for themselves.
            let alone = item || text.starts_with(['#', '|']);
            match found.last_mut() {
                Some(last) if open && !alone => last.end = at.end,
                _ => found.push(at),
            }
            open = !text.starts_with(['#', '|']);
        }
        after_blank = false;
    }
    found
}

fn fence_of(text: &str) -> Option<&str> {
    let mark = ['`', '~']
        .into_iter()
        .find(|mark| text.starts_with(*mark))?;
    let run = text.len() - text.trim_start_matches(mark).len();
    let rest = text.get(run..)?;
    (run >= 3 && !(mark == '`' && rest.contains('`'))).then(|| text.get(..run))?
}

fn is_item(text: &str) -> bool {
    let digits = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = digits.len() < text.len() && digits.starts_with(['.', ')']);
    let marked = text.starts_with(['-', '*', '+']);
    let after = if numbered {
        digits.get(1..)
    } else {
        text.get(1..)
    };
    (numbered || marked) && after.is_some_and(|rest| rest.starts_with(' '))
}

struct Reader<'a> {
    source: &'a str,
    found: Vec<Word>,
    sentence: bool,
    clause: bool,
}

/// Openers for which nothing closed in this paragraph: there is no use in looking again.
#[derive(Default)]
struct Unclosed(Vec<String>);

impl Reader<'_> {
    fn paragraph(&mut self, range: Range<usize>) {
        let Some(text) = self.source.get(range.clone()) else {
            return;
        };
        let mut unclosed = Unclosed::default();
        let mut at = 0;
        let mut before = ' ';
        while let Some(rest) = text.get(at..) {
            let Some(c) = rest.chars().next() else {
                break;
            };
            if let Some((length, skipped)) = skipped(rest, before, &mut unclosed) {
                if skipped == Skipped::Code {
                    self.push(range.start + at..range.start + at + length, CODE.to_owned());
                } else if skipped == Skipped::Quotation {
                    // Words on both sides of a quotation do not belong together.
                    self.push(range.start + at..range.start + at + length, String::new());
                }
                at += length;
                before = ' ';
            } else if c.is_alphanumeric() {
                let end = word_end(rest);
                self.word(range.start + at, rest.get(..end).unwrap_or_default());
                at += end;
                before = 'a';
            } else {
                let next = rest.get(c.len_utf8()..).and_then(|r| r.chars().next());
                self.mark(c, next);
                at += c.len_utf8();
                before = c;
            }
        }
    }

    /// A word, a contraction as two.
    fn word(&mut self, start: usize, word: &str) {
        let folded = text::fold(word).replace('’', "'");
        let at = start..start + word.len();
        let cut = ["n't", "'ve", "'d", "'s", "'re", "'ll"]
            .into_iter()
            .find(|end| folded.len() > end.len() && folded.ends_with(end));
        match cut.and_then(|end| Some((folded.strip_suffix(end)?, end))) {
            Some((head, end)) => {
                self.push(at.clone(), head.to_owned());
                self.push(at, end.to_owned());
            }
            None => self.push(at, folded),
        }
    }

    fn push(&mut self, at: Range<usize>, folded: String) {
        let (sentence, clause) = (self.sentence, self.clause || self.sentence);
        (self.sentence, self.clause) = (false, false);
        self.found.push(Word {
            at,
            folded,
            sentence,
            clause,
        });
    }

    fn mark(&mut self, c: char, next: Option<char>) {
        let ends =
            next.is_none_or(|n| n.is_whitespace() || matches!(n, '*' | '_' | '"' | '”' | ')'));
        match c {
            '.' | '!' | '?' | ';' | '…' if ends => self.sentence = true,
            '|' => self.sentence = true,
            ':' if ends => self.clause = true,
            ',' | '(' | ')' | '–' | '—' => self.clause = true,
            _ => {}
        }
    }
}

/// Letters and digits, with an apostrophe or a hyphen between two of them.
fn word_end(text: &str) -> usize {
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let joins =
            matches!(c, '\'' | '’') && chars.peek().is_some_and(|(_, n)| n.is_alphanumeric());
        let mark = !c.is_alphanumeric() && !joins && !('\u{300}'..='\u{36f}').contains(&c);
        if mark {
            return at;
        }
    }
    text.len()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Skipped {
    Code,
    Quotation,
    Address,
}

/// How much of the text is not prose, where something like that begins here.
fn skipped(rest: &str, before: char, unclosed: &mut Unclosed) -> Option<(usize, Skipped)> {
    let free = !before.is_alphanumeric();
    match rest.chars().next()? {
        '`' => {
            let run = rest.len() - rest.trim_start_matches('`').len();
            let ticks = rest.get(..run)?;
            let body = rest.get(run..)?;
            let end = unclosed.find(ticks, || run_of_ticks(body, run));
            // Ticks that nothing closes are only marks, all of them.
            Some(end.map_or((run, Skipped::Address), |end| (run + end, Skipped::Code)))
        }
        '“' | '„' => closed(rest, &['”', '“'], unclosed),
        '«' => closed(rest, &['»'], unclosed),
        '"' if free => closed(rest, &['"'], unclosed),
        '‘' if free => closed(rest, &['’'], unclosed),
        '\'' if free => closed(rest, &['\''], unclosed),
        '<' if rest.starts_with("<!--") => {
            let end = unclosed.find("<!--", || rest.find("-->"));
            end.map(|end| (end + 3, Skipped::Address))
        }
        '<' if rest
            .get(1..)?
            .starts_with(|c: char| c.is_ascii_alphabetic() || c == '/') =>
        {
            let end = unclosed.find("<", || rest.find('>'));
            end.map(|end| (end + 1, Skipped::Address))
        }
        ']' if rest.starts_with("](") => {
            let end = unclosed.find("](", || rest.find(')'));
            end.map(|end| (end + 1, Skipped::Address))
        }
        'h' | 'w' if free && is_address(rest) => {
            let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '>' | ')' | '|'));
            Some((end.unwrap_or(rest.len()), Skipped::Address))
        }
        _ => None,
    }
}

fn is_address(rest: &str) -> bool {
    ["http://", "https://", "www."]
        .iter()
        .any(|head| rest.starts_with(head))
}

/// A quotation: it begins before a word and ends after one, with no word right behind.
fn closed(rest: &str, ends: &[char], unclosed: &mut Unclosed) -> Option<(usize, Skipped)> {
    let open = rest.chars().next()?;
    let body = rest.get(open.len_utf8()..)?;
    if body.starts_with(char::is_whitespace) {
        return None;
    }
    let find = || {
        let mut last = ' ';
        let mut chars = body.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let next = chars.peek().map_or(' ', |(_, next)| *next);
            if ends.contains(&c) && !last.is_whitespace() && !next.is_alphanumeric() {
                return Some(open.len_utf8() + at + c.len_utf8());
            }
            last = c;
        }
        None
    };
    let mut name = [0; 4];
    let end = unclosed.find(open.encode_utf8(&mut name), find)?;
    Some((end, Skipped::Quotation))
}

/// Where a run of exactly so many ticks ends.
fn run_of_ticks(body: &str, run: usize) -> Option<usize> {
    let mut at = 0;
    while let Some(next) = body.get(at..)?.find('`') {
        let from = at + next;
        let ticks = body.get(from..)?;
        let here = ticks.len() - ticks.trim_start_matches('`').len();
        at = from + here;
        if here == run {
            return Some(at);
        }
    }
    None
}

impl Unclosed {
    fn find(&mut self, open: &str, find: impl FnOnce() -> Option<usize>) -> Option<usize> {
        if self.0.iter().any(|known| known == open) {
            return None;
        }
        let end = find();
        if end.is_none() {
            self.0.push(open.to_owned());
        }
        end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> Vec<String> {
        words(text).into_iter().map(|w| w.folded).collect()
    }

    #[test]
    fn contractions_are_two_words_at_one_place() {
        assert_eq!(
            folded("They shouldn’t've, it's"),
            ["they", "shouldn't", "'ve", "it", "'s"]
        );
        let found = words("can't");
        assert_eq!((found[0].at.clone(), found[1].at.clone()), (0..5, 0..5));
    }

    #[test]
    fn sentences_end_where_a_reader_ends_them() {
        let begins = |text: &str| -> Vec<String> {
            words(text)
                .into_iter()
                .filter(|w| w.sentence)
                .map(|w| w.folded)
                .collect()
        };
        assert_eq!(
            begins("At 10.41 it held. Then 7.4.2 came! **So** it was."),
            ["at", "then", "so"]
        );
        assert_eq!(
            begins("# Head\nBody goes\non\n- item\n- more"),
            ["head", "body", "item", "more"]
        );
        assert_eq!(
            begins("| a b | c |\n|---|---|\n| d | e |"),
            ["a", "c", "d", "e"]
        );
    }

    #[test]
    fn code_leaves_a_mark_and_a_quotation_a_gap() {
        assert_eq!(
            folded("`cron` ran \"at ten\" again"),
            ["`", "ran", "", "again"]
        );
        assert_eq!(
            folded("don't 'quote me' on it, the users' fault"),
            ["do", "n't", "", "on", "it", "the", "users", "fault"]
        );
    }
}

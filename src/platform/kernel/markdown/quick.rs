//! Text without any Markdown: recognised, escaped, split into paragraphs.
//!
//! `is_plain` may be wrong in one direction only: text it is unsure about takes the full path.
//! Where a character means something only beside certain others (`_` between letters, `&` before a
//! space, `[` without `](`), the neighbours are asked, because log lines and paths are full of
//! them. The oracle is the full path itself; see the property test.

/// Whether the full path would find nothing but paragraphs and line breaks here.
pub(super) fn is_plain(text: &str) -> bool {
    text.split('\n').all(|line| {
        let line = line.strip_suffix('\r').unwrap_or(line);
        let start = line.trim_start_matches(' ');
        // Four spaces may be a block of code.
        line.len() - start.len() < 4
            && starts_plain(start.as_bytes())
            && reads_plain(line.as_bytes())
    })
}

/// Nothing at the beginning of the line that makes a heading, list, quote, table or rule.
fn starts_plain(line: &[u8]) -> bool {
    match line {
        [b'#' | b'>' | b'=' | b'|' | b'*', ..] => false,
        [b'-' | b'+', next, ..] => next.is_ascii_alphanumeric(),
        [b'-' | b'+'] => false,
        [b':', next, ..] => *next != b'-',
        [b'0'..=b'9', ..] => {
            let rest = line
                .iter()
                .position(|b| !b.is_ascii_digit())
                .and_then(|at| line.get(at..));
            !matches!(rest, Some([b'.' | b')'] | [b'.' | b')', b' ', ..]))
        }
        // A byte order mark is dropped by the parser.
        [0xEF, 0xBB, 0xBF, ..] => false,
        _ => true,
    }
}

/// Bytes that may mean something, depending on their neighbours. All others are only themselves.
fn is_mark(byte: &u8) -> bool {
    matches!(byte, 0..=31 | 127 | b'w' | b'`' | b'~' | b'*' | b'_' | b']')
        || matches!(byte, b'<' | b'&' | b'\\' | b':' | b'@')
}

/// Nothing inside the line that makes emphasis, code, a link, an entity or HTML.
fn reads_plain(line: &[u8]) -> bool {
    let mut from = 0;
    while let Some(step) = line
        .get(from..)
        .and_then(|rest| rest.iter().position(is_mark))
    {
        let at = from + step;
        let before = at
            .checked_sub(1)
            .and_then(|at| line.get(at))
            .copied()
            .unwrap_or(b' ');
        if !mark_is_plain(before, line.get(at..).unwrap_or_default()) {
            return false;
        }
        from = at + 1;
    }
    true
}

/// Whether the first byte of `rest`, a mark, is only itself.
fn mark_is_plain(before: u8, rest: &[u8]) -> bool {
    let Some((mark, after)) = rest.split_first() else {
        return true;
    };
    let next = after.first().copied().unwrap_or(b'\n');
    match mark {
        b'w' => !rest.starts_with(b"www."),
        b'*' => before == b' ' && next == b' ',
        b'_' => before.is_ascii_alphanumeric() && next.is_ascii_alphanumeric(),
        b']' => !matches!(next, b'(' | b':'),
        b'<' => !(next.is_ascii_alphabetic() || matches!(next, b'/' | b'!' | b'?')),
        b'&' => !is_entity(after),
        b'\\' => !(next.is_ascii_punctuation() || next == b'\n'),
        b':' => next != b'/',
        b'@' => before == b' ' || matches!(next, b' ' | b'\n'),
        _ => false,
    }
}

/// Letters, digits or # up to a semicolon: "&amp;" and "&#38;", but not "R&D".
fn is_entity(after: &[u8]) -> bool {
    let end = after
        .iter()
        .find(|b| !(b.is_ascii_alphanumeric() || **b == b'#'));
    end == Some(&b';')
}

/// Escaped, blank lines between paragraphs, a break at each line end.
pub(super) fn paragraphs(text: &str) -> String {
    lines(text, |line| line.trim_matches(' '))
}

/// The same for text that *does* hold Markdown but is shown as it stands.
pub(super) fn verbatim(text: &str) -> String {
    lines(text, |line| line)
}

fn lines(text: &str, trim: impl Fn(&str) -> &str) -> String {
    let mut html = String::with_capacity(text.len() + text.len() / 8 + 16);
    let mut inside = false;
    for line in text.split('\n') {
        let line = trim(line.strip_suffix('\r').unwrap_or(line));
        if line.trim_matches(' ').is_empty() {
            html.push_str(if inside { "</p>\n" } else { "" });
            inside = false;
            continue;
        }
        html.push_str(if inside { "<br>\n" } else { "<p>" });
        inside = true;
        escape(line, &mut html);
    }
    html.push_str(if inside { "</p>" } else { "" });
    html.truncate(html.trim_end_matches('\n').len());
    html
}

/// As the sanitiser's own writer does it, so that both paths agree to the byte.
fn escape(line: &str, html: &mut String) {
    let special = |byte: &u8| matches!(byte, b'&' | b'<' | b'>' | b'\0' | 0xC2);
    let mut rest = line;
    while let Some(at) = rest.as_bytes().iter().position(special) {
        let (plain, from) = rest.split_at_checked(at).unwrap_or((rest, ""));
        html.push_str(plain);
        let mut chars = from.chars();
        match chars.next() {
            Some('&') => html.push_str("&amp;"),
            Some('<') => html.push_str("&lt;"),
            Some('>') => html.push_str("&gt;"),
            Some('\0') => html.push('\u{fffd}'),
            Some('\u{a0}') => html.push_str("&nbsp;"),
            Some(other) => html.push(other),
            None => {}
        }
        rest = chars.as_str();
    }
    html.push_str(rest);
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic
    )]

    use proptest::prelude::*;

    use super::*;
    use crate::platform::kernel::markdown::full::sanitised;

    #[test]
    fn everyday_text_is_plain() {
        for text in [
            "",
            "Hello Anna,\n\nthe printer on floor 3 works again. Could you try it, please?\n\nKind regards\nBen",
            "Error 0x80070005 (Access denied) - since 10:45, about 50% of calls!",
            "C:\\Users\\anna failed; snake_case_name, R&D, 3 < 5 > 2, a * b = c [solved]",
            "It's \"fixed\".\r\nSee you; 2026-11-21. 3.5 GB free\r\n-5 degrees\r\n+49 30 12345",
            "Grüße aus Köln – 你好 🎉\u{a0}!",
        ] {
            assert!(is_plain(text), "{text}");
            assert_eq!(paragraphs(text), sanitised(text).unwrap(), "{text}");
        }
    }

    #[test]
    fn marked_up_text_is_not() {
        for text in [
            "# x",
            "> x",
            "- x",
            "* x",
            "+ x",
            "1. x",
            "12) x",
            "1.",
            "    x",
            "\tx",
            "x\n===",
            "x\n---",
            "*x*",
            "_x_",
            "__x__",
            "`x`",
            "~~x~~",
            "[x](y)",
            "[x]: /y",
            "![x](y)",
            "<b>",
            "<!-- -->",
            "&amp;",
            "&#1;",
            "a\\*b",
            "x\\",
            "http://x.y",
            "www.x.y",
            "a@b.cd",
            "| a |\n| - |",
            "a\n:-",
            "<https://x>",
            "a\0b",
            "a\rb",
            "a\u{b}b",
            "-",
            "+",
            "---",
        ] {
            assert!(!is_plain(text), "{text:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        /// Whatever is called plain comes out of both paths the same, to the byte.
        #[test]
        fn both_paths_agree(text in r#"([ab1 w.,:;!?"'()\[\]<>&#*_~`|\\/@=+\-\n{}$%^äx9]|  |\r\n|\n\n|://|www\.|\u{a0}|\u{2028}|\u{feff}|\u{85}){0,40}"#) {
            if is_plain(&text) {
                prop_assert_eq!(paragraphs(&text), sanitised(&text).unwrap());
            }
        }

        /// The same with few marks, so that more of it is plain.
        #[test]
        fn both_paths_agree_on_prose(text in r#"([a-zA-Z0-9]{1,6}[ .,:;!?_*&<>"'()\[\]|+=#@\\/\n -]{1,2}){0,20}"#) {
            if is_plain(&text) {
                prop_assert_eq!(paragraphs(&text), sanitised(&text).unwrap());
            }
        }

        #[test]
        fn nothing_panics(text in any::<String>()) {
            is_plain(&text);
            let html = verbatim(&text) + &paragraphs(&text);
            let tags = html.replace("<p>", "").replace("</p>", "").replace("<br>", "");
            prop_assert!(!tags.contains(['<', '>']));
        }
    }
}

//! The beginning of a text as plain words, for lists and titles of links.

use comrak::nodes::NodeValue;
use comrak::{Arena, parse_document};

use super::{cut, full, quick};

/// At most `max` characters on one line, without marks, ended by "…" when there is more. Plain
/// text: the template escapes it.
pub fn excerpt(text: &str, max: usize) -> String {
    // Marks and blanks take room that is not shown; eight times is plenty, and it bounds the work.
    let start = cut(text, max.saturating_mul(8).saturating_add(200));
    let words = if quick::is_plain(start) {
        start.to_owned()
    } else {
        unmarked(start)
    };
    let mut line = String::with_capacity(max);
    let mut room = max;
    let more = start.len() < text.len();
    for word in words
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|w| !w.is_empty())
    {
        let gap = usize::from(!line.is_empty());
        let length = word.chars().count();
        if gap + length > room {
            if line.is_empty() {
                line.extend(word.chars().take(max.saturating_sub(1)));
            }
            return ended(line, max);
        }
        line.push_str(if gap == 1 { " " } else { "" });
        line.push_str(word);
        room -= gap + length;
    }
    if more { ended(line, max) } else { line }
}

/// With an ellipsis, for which the last word may have to go.
fn ended(mut line: String, max: usize) -> String {
    if line.chars().count() >= max {
        match line.rfind(' ') {
            Some(at) => line.truncate(at),
            None => line = line.chars().take(max.saturating_sub(1)).collect(),
        }
    }
    line.push('…');
    line
}

fn unmarked(text: &str) -> String {
    let arena = Arena::new();
    let mut words = String::with_capacity(text.len());
    for node in parse_document(&arena, text, &full::options()).descendants() {
        match &node.data().value {
            NodeValue::Text(text) => words.push_str(text),
            NodeValue::Code(code) => words.push_str(&code.literal),
            NodeValue::HtmlInline(html) => words.push_str(html),
            NodeValue::CodeBlock(code) => {
                words.push(' ');
                words.push_str(&code.literal);
            }
            NodeValue::HtmlBlock(html) => {
                words.push(' ');
                words.push_str(&html.literal);
            }
            value if value.block() => words.push(' '),
            NodeValue::SoftBreak | NodeValue::LineBreak => words.push(' '),
            _ => {}
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_without_marks() {
        for (text, max, line) in [
            ("", 10, ""),
            ("short", 10, "short"),
            ("exactly 10", 10, "exactly 10"),
            ("one two three", 9, "one two…"),
            ("one two three", 7, "one…"),
            ("one two three", 8, "one two…"),
            ("Donaudampfschiff", 6, "Donau…"),
            ("a\n\n b\r\nc\t d", 20, "a b c d"),
            (
                "# Head\n\n- **bold** [link](http://x)\n- `code`",
                40,
                "Head bold link code",
            ),
            ("![photo](x) <b>kept</b>", 40, "photo <b>kept</b>"),
            ("äöü 你好 🎉🎉🎉", 8, "äöü 你好…"),
            ("\u{0}\u{7}a", 5, "a"),
            ("x", 0, "…"),
        ] {
            assert_eq!(excerpt(text, max), line, "{text:?}");
        }
        assert_eq!(
            excerpt(&"word ".repeat(100_000), 20),
            "word word word word…"
        );
    }

    proptest! {
        #[test]
        fn never_longer_than_asked(text in any::<String>(), max in 1usize..50) {
            let line = excerpt(&text, max);
            prop_assert!(line.chars().count() <= max, "{line:?}");
            prop_assert!(!line.chars().any(char::is_control));
        }
    }
}

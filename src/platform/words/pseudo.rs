//! English made visibly foreign: what is still plain ASCII on a page did not come from the catalogue.
//!
//! Each literal piece of a message becomes `‹ƒóóréîgñ›`: no ASCII letter is left, vowels are doubled
//! (about 40 % longer, as German would be), brackets show where a piece begins and ends. What stands
//! between pieces (names, numbers) is left as it is.

use std::borrow::Cow;

pub(super) fn transform(text: &str) -> Cow<'_, str> {
    if !text.contains(|c: char| c.is_ascii_alphabetic()) {
        return Cow::Borrowed(text);
    }
    let body = text.trim();
    let (before, after) = text.split_once(body).unwrap_or_default();
    let mut out = String::with_capacity(text.len() * 3);
    out.push_str(before);
    out.push('‹');
    for letter in body.chars() {
        out.push(accented(letter));
        if matches!(letter, 'a' | 'e' | 'i' | 'o' | 'u' | 'y') {
            out.push(accented(letter));
        }
    }
    out.push('›');
    out.push_str(after);
    Cow::Owned(out)
}

fn accented(letter: char) -> char {
    const PLAIN: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const FOREIGN: &str = "áƀçđéƒĝĥîĵķļɱñóþɋŕšţúṽŵẋýžÅƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞɊŔŠŢÛṼŴẊÝŽ";
    PLAIN
        .chars()
        .zip(FOREIGN.chars())
        .find(|(plain, _)| *plain == letter)
        .map_or(letter, |(_, foreign)| foreign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_changes_and_the_edges_stay() {
        for letter in ('a'..='z').chain('A'..='Z') {
            assert!(!accented(letter).is_ascii(), "{letter}");
        }
        assert_eq!(transform(" by "), " ‹ƀýý› ");
        assert_eq!(transform(", 12 "), ", 12 ");
    }

    #[test]
    fn it_grows_as_a_longer_language_would() {
        let english = "Nobody has taken this incident yet. Take it, or assign it to a team.";
        let grown = transform(english).chars().count() * 100 / english.chars().count();
        assert!((125..160).contains(&grown), "{grown} %");
    }
}

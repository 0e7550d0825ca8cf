//! Which passwords are accepted: length, and not what a guesser tries first. No composition rules
//! and no expiry (ASVS 5.0 6.2.5 and 6.2.10: they make passwords worse).
//!
//! Long lists of leaked passwords are nearly all shorter than twelve characters, so what remains
//! to be caught is a well-known word drawn out ("Password2026!", "welcomewelcome"), a row of keys,
//! or one's own name. The words are taken out, the usual disguises undone first (0 for o, $ for s);
//! what is left of the password must still be worth something by itself.

use unicode_normalization::UnicodeNormalization;

/// Characters at least (security baseline: 8 is the floor of ASVS level 1, 12 our default).
pub const MIN_CHARACTERS: usize = 12;

/// Bytes at most: long passphrases fit, and nobody makes us hash a megabyte.
pub const MAX_BYTES: usize = 256;

/// Letters and digits that must remain beside a well-known word or the person's own name.
const LEFT_OVER: usize = 6;

/// Different characters at least: "aaaaaaaaaaaa" and "121212121212" are no passwords.
const DIFFERENT: usize = 5;

/// Words and rows that the published lists of most common passwords are made of, longest first
/// among those that contain each other. Folded: lower case, disguises undone, letters and digits.
const COMMON: &[&str] = &[
    "administrator",
    "administrat",
    "servicedesk",
    "letmeinplease",
    "helpdesk",
    "changeit",
    "changeme",
    "password",
    "passwort",
    "kennwort",
    "passphrase",
    "passwd",
    "iloveyou",
    "trustno",
    "qwertyuiop",
    "qwertzuiop",
    "azertyuiop",
    "qwerty",
    "qwertz",
    "azerty",
    "asdfghjkl",
    "asdfgh",
    "zxcvbnm",
    "yxcvbnm",
    "qazwsxedc",
    "qazwsx",
    "1qaz2wsx3edc",
    "1qaz2wsx",
    "abcdefghijklmnop",
    "abcdefghijkl",
    "abcdefgh",
    "abcdef",
    "abcd",
    "abc123",
    "12345678901234567890",
    "1234567890",
    "0123456789",
    "0987654321",
    "987654321",
    "123456789",
    "12345678",
    "1234567",
    "123456",
    "12345",
    "654321",
    "112233",
    "123123",
    "321321",
    "1234",
    "welcome",
    "willkommen",
    "bienvenue",
    "letmein",
    "monkey",
    "dragon",
    "master",
    "sunshine",
    "princess",
    "football",
    "baseball",
    "superman",
    "batman",
    "shadow",
    "michael",
    "starwars",
    "pokemon",
    "whatever",
    "computer",
    "internet",
    "secret",
    "geheim",
    "hallo",
    "hello",
    "login",
    "admin",
    "root",
    "user",
    "guest",
    "default",
    "test",
    "demo",
    "temp",
    "support",
    "service",
    "company",
    "office",
    "system",
    "server",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "monday",
    "friday",
    "spring",
    "summer",
    "autumn",
    "winter",
    "sommer",
    "herbst",
    "fruhling",
    "hello",
    "freedom",
    "liverpool",
    "arsenal",
    "chelsea",
    "andon",
];

/// Why a password was not taken. What a page shows is `key()`, with the numbers as arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weak {
    TooShort { min: usize },
    TooLong { max: usize },
    Common,
    Personal,
}

impl Weak {
    pub fn key(&self) -> &'static str {
        match self {
            Weak::TooShort { .. } => "password-too-short",
            Weak::TooLong { .. } => "password-too-long",
            Weak::Common => "password-common",
            Weak::Personal => "password-personal",
        }
    }
}

/// `about`: what is publicly known of the person (name, mail address, sign-in name).
pub fn check_password(password: &str, about: &[&str]) -> Result<(), Weak> {
    if password.len() > MAX_BYTES {
        return Err(Weak::TooLong { max: MAX_BYTES });
    }
    if password.nfkc().count() < MIN_CHARACTERS {
        return Err(Weak::TooShort {
            min: MIN_CHARACTERS,
        });
    }
    let mut different: Vec<char> = password.to_lowercase().chars().collect();
    different.sort_unstable();
    different.dedup();
    if different.len() < DIFFERENT || is_run(password) {
        return Err(Weak::Common);
    }
    let (disguised, plain) = (fold(password, true), fold(password, false));
    let personal: Vec<String> = about
        .iter()
        .flat_map(|known| known.split(|c: char| !c.is_alphanumeric()))
        .filter(|part| part.chars().count() >= 3)
        .map(|part| fold(part, false))
        .collect();
    let is_mostly = |words: &[&str]| {
        let mut words: Vec<&str> = words.to_vec();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        [&disguised, &plain]
            .into_iter()
            .any(|text| mostly(text, &words))
    };
    if is_mostly(&personal.iter().map(String::as_str).collect::<Vec<_>>()) {
        return Err(Weak::Personal);
    }
    if is_mostly(COMMON) {
        return Err(Weak::Common);
    }
    Ok(())
}

/// Whether little is left when the words are gone. Without any of them, all is left.
fn mostly(text: &str, words: &[&str]) -> bool {
    let mut left = text.to_owned();
    for word in words {
        if left.contains(word) {
            // A space keeps the two sides from forming a new word.
            left = left.replace(word, " ");
        }
    }
    left != text && left.chars().filter(|c| *c != ' ').count() < LEFT_OVER
}

/// "abcdefghijkl", "lkjihgfedcba", "567890123456": each character follows the one before.
fn is_run(text: &str) -> bool {
    let text: Vec<u32> = text.to_lowercase().chars().map(u32::from).collect();
    let steps = |by: u32| {
        text.iter()
            .zip(text.iter().skip(1))
            .filter(|(a, b)| a.wrapping_add(by) == **b)
            .count()
    };
    steps(1).max(steps(u32::MAX)) + LEFT_OVER > text.len()
}

/// Lower-case letters and digits without accents; with `disguises`, look-alikes become letters.
fn fold(text: &str, disguises: bool) -> String {
    let undo = |c: char| match c {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' | '€' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        c => c,
    };
    let text = text.nfkd().flat_map(char::to_lowercase);
    let text = text.map(|c| if disguises { undo(c) } else { c });
    text.filter(|c| c.is_alphanumeric()).collect()
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

    const ABOUT: [&str; 2] = ["Margaretha Ellis-Brandt", "m.ellis@northwind.example"];

    #[test]
    fn length_in_characters_and_bytes() {
        let short = Err(Weak::TooShort { min: 12 });
        assert_eq!(check_password("", &[]), short);
        assert_eq!(check_password("blue-ocean1", &[]), short);
        assert_eq!(
            check_password("üöäéèêñçøåß", &[]),
            short,
            "bytes are not characters"
        );
        assert_eq!(check_password("blue-oceans1", &[]), Ok(()));
        assert_eq!(check_password("青い海と白い雲と静かな夜", &[]), Ok(()));
        let long: String = ('a'..='z').cycle().step_by(7).take(256).collect();
        assert_eq!(check_password(&long, &[]), Ok(()));
        assert_eq!(
            check_password(&format!("{long}x"), &[]),
            Err(Weak::TooLong { max: 256 })
        );
    }

    #[test]
    fn common_ones() {
        for bad in [
            "password1234",
            "Password2026!",
            "P@ssw0rd!P@ssw0rd!",
            "passwordpassword",
            "welcomewelcome",
            "Welcome12345",
            "123456789012",
            "qwertyuiop123",
            "qwertyuiopas",
            "administrator",
            "Admin-Admin-1",
            "changeme1234",
            "aaaaaaaaaaaa",
            "121212121212",
            "abcdefghijkl",
            "lkjihgfedcba",
            "iloveyou1234",
            "Summer2026!!",
            "Winter-2026-x",
            "1qaz2wsx3edc",
            "letmeinplease",
            "567890123456",
            "            ",
            "Servicedesk1!",
            "andon-andon-12",
            "111111222222",
            "password-welcome-2026",
        ] {
            assert_eq!(check_password(bad, &[]), Err(Weak::Common), "{bad}");
        }
        for good in [
            "correct horse battery staple",
            "welcome-sunrise-cat",
            "839201847562",
            "tr4mpoline-oslo",
            "my password is a bicycle",
            "kaffee um halb drei",
            "xK9#mP2$vL5n",
            "testing the waters",
        ] {
            assert_eq!(check_password(good, &ABOUT), Ok(()), "{good}");
        }
    }

    #[test]
    fn ones_own_name() {
        for bad in [
            "margaretha2026",
            "Margaretha-Ellis",
            "ellis.brandt!1",
            "Northwind2026!",
            "M4rgar3tha!!!!",
        ] {
            assert_eq!(check_password(bad, &ABOUT), Err(Weak::Personal), "{bad}");
        }
        assert_eq!(check_password("margaretha2026", &[]), Ok(()));
        assert_eq!(check_password("ellis rides a zebra", &ABOUT), Ok(()));
    }

    #[test]
    fn the_list_is_folded_as_passwords_are() {
        for word in COMMON {
            assert_eq!(fold(word, false), *word);
        }
        assert!(mostly("passwordpassword", &["password"]) && !mostly("", &["password"]));
    }
}

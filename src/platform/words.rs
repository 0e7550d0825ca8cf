//! Every word the product says, in one catalogue, through one helper.
//!
//! The catalogue is Fluent (`words/en/*.ftl`, one file a slice). Messages that need no argument are
//! resolved once at start into a map, because a page asks for hundreds of them; messages with plurals or
//! names are resolved when asked. `en-XA` is English made visibly foreign (`pseudo`): a page rendered in it
//! shows, as plain ASCII, each word that did not come from here (`untranslated` finds them).
//!
//! A key that is missing is a mistake of ours and must not cost a person the page: it is shown as `⟦key⟧`
//! and logged as an error once.

mod language;
mod pseudo;
mod untranslated;

use std::borrow::Cow;

use fluent_bundle::{FluentArgs, FluentValue};

use language::Language;

#[doc(hidden)]
pub use untranslated::untranslated;

/// The tag of the language every missing one falls back to.
pub const DEFAULT: &str = "en";
/// The tag of the pseudo-language that tests render pages in. It is never offered to a person.
pub const PSEUDO: &str = "en-XA";

/// The words of one language. Copy it freely: it is a reference.
#[derive(Clone, Copy)]
pub struct Words {
    language: &'static Language,
}

impl Words {
    /// The words for a language tag; an unknown tag gets English.
    #[must_use]
    pub fn of(tag: &str) -> Words {
        Words {
            language: language::find(tag),
        }
    }

    /// The tags a person may choose from.
    #[must_use]
    pub fn offered() -> &'static [&'static str] {
        &[DEFAULT]
    }

    /// The language's tag, for `<html lang>`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        self.language.tag
    }

    /// Does the catalogue hold this key?
    #[must_use]
    pub fn has(self, key: &str) -> bool {
        self.language.has(key)
    }

    /// A message without arguments; an attribute of a message is `message.attribute`.
    #[must_use]
    pub fn s(self, key: &str) -> Cow<'static, str> {
        self.language.plain(key)
    }

    /// A message that counts something: `$count` in the catalogue chooses the plural.
    #[must_use]
    pub fn n(self, key: &str, count: impl Count) -> String {
        let mut args = FluentArgs::with_capacity(1);
        args.set("count", count.count());
        self.language.format(key, &args)
    }

    /// A message with named arguments of one type: `t.with("moved", &[("from", a), ("to", b)])`.
    #[must_use]
    pub fn with<'a, A: Arg>(self, key: &str, args: impl AsRef<[(&'a str, A)]>) -> String {
        let args: FluentArgs<'_> = args
            .as_ref()
            .iter()
            .map(|(name, value)| (*name, value.arg()))
            .collect();
        self.language.format(key, &args)
    }

    /// `with` for one argument: the form that reads best in a template.
    #[must_use]
    pub fn with1(self, key: &str, name: &str, value: impl Arg) -> String {
        self.language
            .format(key, &FluentArgs::from_iter([(name, value.arg())]))
    }

    /// `with` for two arguments, which may differ in type.
    #[must_use]
    pub fn with2(
        self,
        key: &str,
        name: &str,
        value: impl Arg,
        name2: &str,
        value2: impl Arg,
    ) -> String {
        self.language.format(
            key,
            &FluentArgs::from_iter([(name, value.arg()), (name2, value2.arg())]),
        )
    }

    /// A whole number as the language groups its digits.
    #[must_use]
    pub fn number(self, value: impl Count) -> String {
        grouped(value.count())
    }
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Words({})", self.language.tag)
    }
}

/// What can be counted: whole numbers and references to them, since templates pass references.
pub trait Count {
    fn count(self) -> i64;
}

/// What can stand in a sentence: text (never interpreted) or a whole number (grouped, chooses plurals).
pub trait Arg {
    fn arg(&self) -> FluentValue<'_>;
}

macro_rules! whole_numbers {
    ($($number:ty),*) => {$(
        impl Count for $number {
            fn count(self) -> i64 { i64::try_from(self).unwrap_or(i64::MAX) }
        }
        impl Arg for $number {
            fn arg(&self) -> FluentValue<'_> { FluentValue::from(Count::count(*self)) }
        }
    )*};
}
whole_numbers!(i16, i32, i64, u8, u16, u32, u64, usize);

impl<T: Count + Copy> Count for &T {
    fn count(self) -> i64 {
        (*self).count()
    }
}

macro_rules! texts {
    ($($text:ty),*) => {$(
        impl Arg for $text {
            fn arg(&self) -> FluentValue<'_> { FluentValue::String(Cow::Borrowed(self)) }
        }
    )*};
}
texts!(str, String, Cow<'_, str>);

impl<T: Arg + ?Sized> Arg for &T {
    fn arg(&self) -> FluentValue<'_> {
        (**self).arg()
    }
}

/// 1234567 → 1,234,567.
fn grouped(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if value < 0 {
        out.push('-');
    }
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests;

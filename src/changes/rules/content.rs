//! What an authority is given for: everything a change says, as one canonical text a part. Two changes
//! have the same digest exactly when they say the same.

use sha2::{Digest, Sha256};

/// The parts in which the content is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    Scope,
    Items,
    Plans,
    Risk,
    Implementer,
    Window,
}

impl Part {
    pub const ALL: [Part; 6] = [
        Part::Scope,
        Part::Items,
        Part::Plans,
        Part::Risk,
        Part::Implementer,
        Part::Window,
    ];
}

/// The fields of each part, in their order.
#[derive(Debug, Clone, Default)]
pub struct Content(Vec<(Part, String)>);

impl Content {
    pub fn say(&mut self, part: Part, text: impl ToString) {
        self.0.push((part, text.to_string()));
    }

    /// The digest of one part. Each text goes in with its length, so that none can pass for two.
    pub fn part(&self, part: Part) -> [u8; 32] {
        let mut hash = Sha256::new();
        for (_, text) in self.0.iter().filter(|(of, _)| *of == part) {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text.as_bytes());
        }
        hash.finalize().into()
    }

    /// The digest of all parts together.
    pub fn whole(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        for part in Part::ALL {
            hash.update(self.part(part));
        }
        hash.finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(said: &[(Part, &str)]) -> Content {
        let mut content = Content::default();
        for (part, text) in said {
            content.say(*part, text);
        }
        content
    }

    #[test]
    fn a_part_changes_with_its_own_words_only() {
        let a = content(&[(Part::Scope, "a"), (Part::Plans, "b")]);
        let b = content(&[(Part::Scope, "a"), (Part::Plans, "c")]);
        assert_eq!(a.part(Part::Scope), b.part(Part::Scope));
        assert_ne!(a.part(Part::Plans), b.part(Part::Plans));
        assert_ne!(a.whole(), b.whole());
    }

    #[test]
    fn no_two_texts_pass_for_others() {
        let split = content(&[(Part::Plans, "ab"), (Part::Plans, "c")]);
        let other = content(&[(Part::Plans, "a"), (Part::Plans, "bc")]);
        assert_ne!(split.whole(), other.whole());
        let moved = content(&[(Part::Scope, "ab"), (Part::Plans, "c")]);
        assert_ne!(split.whole(), moved.whole());
    }
}

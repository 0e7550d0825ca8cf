//! Why something is offered, as it is kept beside the offer. Pure.

use crate::search::alike::Reason;

/// A reason for an offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// Somebody linked the two.
    Linked,
    Alike(Reason),
}

/// Reasons as a text: one a line, its word first.
pub fn write(all: &[Why]) -> String {
    let line = |why: &Why| match why {
        Why::Linked => "linked".to_owned(),
        Why::Alike(Reason::Words(words)) => format!("words {}", words.join(" ")),
        Why::Alike(Reason::Item) => "item".to_owned(),
        Why::Alike(Reason::Service) => "service".to_owned(),
        Why::Alike(Reason::Subcategory) => "subcategory".to_owned(),
        Why::Alike(Reason::Category) => "category".to_owned(),
        Why::Alike(Reason::Factors(codes)) => format!("factors {}", codes.join(" ")),
    };
    all.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// What [`write`] wrote; a line that says nothing is left out.
pub fn read(text: &str) -> Vec<Why> {
    let line = |line: &str| {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let list = || rest.split(' ').map(str::to_owned).collect();
        Some(match word {
            "linked" => Why::Linked,
            "words" => Why::Alike(Reason::Words(list())),
            "item" => Why::Alike(Reason::Item),
            "service" => Why::Alike(Reason::Service),
            "subcategory" => Why::Alike(Reason::Subcategory),
            "category" => Why::Alike(Reason::Category),
            "factors" => Why::Alike(Reason::Factors(list())),
            _ => return None,
        })
    };
    text.lines().filter_map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn reasons_read_back(words in prop::collection::vec("[a-z0-9]{1,8}", 1..5), linked in any::<bool>()) {
            let mut all = vec![
                Why::Alike(Reason::Words(words.clone())),
                Why::Alike(Reason::Item),
                Why::Alike(Reason::Service),
                Why::Alike(Reason::Subcategory),
                Why::Alike(Reason::Category),
                Why::Alike(Reason::Factors(words)),
            ];
            if linked {
                all.insert(0, Why::Linked);
            }
            prop_assert_eq!(read(&write(&all)), all);
        }

        #[test]
        fn any_text_is_read(text in "\\PC{0,60}") {
            let _ = read(&text);
        }
    }
}

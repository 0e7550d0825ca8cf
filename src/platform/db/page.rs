//! Paging by key: a page starts after a row, never after a count of rows.

use super::{Id, Utc};

/// Which way a page reads from its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The rows after the key.
    Next,
    /// The rows before the key, still shown in the list's own order.
    Previous,
}

/// One page of rows, with the keys of its neighbours where there are any.
#[derive(Debug, Clone)]
pub struct Page<T> {
    pub rows: Vec<T>,
    pub previous: Option<String>,
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// Builds a page of at most `size` rows from `size + 1` rows read in the direction `way`
    /// (for [`Way::Previous`]: nearest first). `from` is the key the page was asked for by.
    pub fn of(
        mut rows: Vec<T>,
        size: usize,
        way: Way,
        from: Option<&str>,
        key: impl Fn(&T) -> String,
    ) -> Self {
        let more = rows.len() > size;
        rows.truncate(size);
        if way == Way::Previous {
            rows.reverse();
        }
        let first = rows.first().map(&key);
        let last = rows.last().map(&key);
        let (previous, next) = match way {
            Way::Next => (first.filter(|_| from.is_some()), last.filter(|_| more)),
            Way::Previous => (first.filter(|_| more), last),
        };
        Self {
            rows,
            previous,
            next,
        }
    }
}

/// The key of a row in a list that is ordered by instant and id.
pub fn key_at<T>(at: Utc, id: Id<T>) -> String {
    format!("{}.{id}", at.micros())
}

/// What [`key_at`] wrote; nothing of any other text.
pub fn read_key_at<T>(text: &str) -> Option<(Utc, Id<T>)> {
    let (at, id) = text.split_once('.')?;
    Some((Utc::from_micros(at.parse().ok()?), id.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_key_reads_back(micros in any::<i64>()) {
            let (at, id) = (Utc::from_micros(micros), Id::<Way>::new());
            prop_assert_eq!(read_key_at(&key_at(at, id)), Some((at, id)));
        }

        #[test]
        fn a_key_from_an_address_is_one_or_none(text in "\\PC{0,60}") {
            let _ = read_key_at::<Way>(&text);
        }
    }

    #[test]
    fn the_first_page_has_no_previous_and_the_last_no_next() {
        let page = Page::of(vec![1, 2, 3], 2, Way::Next, None, i32::to_string);
        assert_eq!(
            (page.rows, page.previous, page.next),
            (vec![1, 2], None, Some("2".into()))
        );
        let page = Page::of(vec![3], 2, Way::Next, Some("2"), i32::to_string);
        assert_eq!(
            (page.rows, page.previous, page.next),
            (vec![3], Some("3".into()), None)
        );
        let page = Page::of(vec![2, 1], 2, Way::Previous, Some("3"), i32::to_string);
        assert_eq!(
            (page.rows, page.previous, page.next),
            (vec![1, 2], None, Some("2".into()))
        );
    }
}

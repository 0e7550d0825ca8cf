//! How many tasks a record may have, and how one takes another place among them. Pure.

use crate::platform::kernel::error::{Error, Message, Result};

/// Tasks of one record. More is a project, and a page of them helps nobody.
pub const MOST: usize = 100;

/// Refuses one task too many.
pub fn room_for_one(there: usize) -> Result<()> {
    if there < MOST {
        Ok(())
    } else {
        Err(Error::refused(
            Message::new("task-too-many").arg("max", MOST),
        ))
    }
}

/// The order after one moved to a place, counted from 1; a place beyond the end is the last.
/// Nothing moves when it is not among them.
pub fn moved<T: Copy + PartialEq>(order: &[T], what: T, place: usize) -> Vec<T> {
    let mut after = order.to_vec();
    if let Some(at) = after.iter().position(|other| *other == what) {
        after.remove(at);
        let to = place.saturating_sub(1).min(after.len());
        after.insert(to, what);
    }
    after
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_moves_and_the_others_close_up() {
        assert_eq!(moved(&[1, 2, 3, 4], 3, 1), [3, 1, 2, 4]);
        assert_eq!(moved(&[1, 2, 3, 4], 1, 4), [2, 3, 4, 1]);
        assert_eq!(moved(&[1, 2, 3, 4], 2, 2), [1, 2, 3, 4]);
        assert_eq!(moved(&[1, 2], 1, 99), [2, 1]);
        assert_eq!(moved(&[1, 2], 2, 0), [2, 1]);
        assert_eq!(moved(&[1, 2], 7, 1), [1, 2]);
    }

    #[test]
    fn a_record_has_so_many_tasks_and_no_more() {
        assert!(room_for_one(MOST - 1).is_ok());
        assert!(room_for_one(MOST).is_err());
    }

    proptest! {
        #[test]
        fn nobody_is_lost_and_the_others_keep_their_order(n in 1usize..40, what in 0usize..50, place in 0usize..50) {
            let order: Vec<usize> = (0..n).collect();
            let after = moved(&order, what, place);
            let others: Vec<usize> = after.iter().copied().filter(|x| *x != what).collect();
            prop_assert!(others.is_sorted());
            prop_assert_eq!(after.len(), n);
            if what < n {
                let at = after.iter().position(|x| *x == what);
                prop_assert_eq!(at, Some(place.saturating_sub(1).min(n - 1)));
            }
        }
    }
}

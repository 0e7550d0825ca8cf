//! What a major incident promises. Pure.

use time::Duration;

use crate::platform::db::Utc;

/// The next word is proposed for then: often enough to be believed, seldom enough to get work done.
pub const CADENCE: Duration = Duration::minutes(30);

/// How late a promised word is, in whole minutes; nothing while it is not.
pub fn overdue(next_update_at: Utc, now: Utc) -> Option<i64> {
    let late = now.micros() - next_update_at.micros();
    (late > 0).then_some(late / 60_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_promise_is_late_once_its_time_is_over() {
        let at = Utc::from_micros(1_000_000_000);
        assert_eq!(overdue(at, at.minus(Duration::minutes(1))), None);
        assert_eq!(overdue(at, at), None);
        assert_eq!(overdue(at, at.plus(Duration::seconds(30))), Some(0));
        assert_eq!(overdue(at, at.plus(Duration::minutes(95))), Some(95));
    }
}

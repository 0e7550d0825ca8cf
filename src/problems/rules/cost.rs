//! What a problem costs: how many incidents, how often, how much time, where. Pure.

use time::Duration;

use crate::platform::db::{Id, Utc};
use crate::services::Service;

/// An incident as it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    pub reported_at: Utc,
    pub resolved_at: Option<Utc>,
    pub is_open: bool,
    pub service: Option<Id<Service>>,
}

/// What they cost together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cost {
    pub incidents: usize,
    pub open: usize,
    pub first: Option<Utc>,
    pub last: Option<Utc>,
    /// How many were reported in the last 30 days.
    pub lately: usize,
    /// From report to resolution, of all together; of those still open, until now.
    pub hurt: Duration,
    /// The services they hit, the one hit most first.
    pub services: Vec<(Id<Service>, usize)>,
}

const LATELY: Duration = Duration::days(30);

/// What some incidents cost together, as of now.
pub fn cost(all: &[Counted], now: Utc) -> Cost {
    let mut cost = Cost {
        incidents: all.len(),
        ..Cost::default()
    };
    let mut services: Vec<(Id<Service>, usize)> = Vec::new();
    for one in all {
        cost.open += usize::from(one.is_open);
        cost.lately += usize::from(one.reported_at > now.minus(LATELY));
        cost.first = Some(
            cost.first
                .map_or(one.reported_at, |at| at.min(one.reported_at)),
        );
        cost.last = Some(
            cost.last
                .map_or(one.reported_at, |at| at.max(one.reported_at)),
        );
        let until = match (one.resolved_at, one.is_open) {
            (Some(at), _) => at,
            (None, true) => now,
            // Cancelled: nothing was out.
            (None, false) => one.reported_at,
        };
        let micros = (until.micros() - one.reported_at.micros()).max(0);
        cost.hurt += Duration::microseconds(micros);
        if let Some(service) = one.service {
            match services.iter_mut().find(|(id, _)| *id == service) {
                Some((_, n)) => *n += 1,
                None => services.push((service, 1)),
            }
        }
    }
    services.sort_by_key(|(id, n)| (std::cmp::Reverse(*n), *id));
    cost.services = services;
    cost
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(n: i64) -> Utc {
        Utc::from_micros(0).plus(Duration::days(n))
    }

    #[test]
    fn open_ones_hurt_until_now_and_cancelled_ones_never_did() {
        let (a, b) = (Id::new(), Id::new());
        let one = |from, to: Option<i64>, is_open, service| Counted {
            reported_at: day(from),
            resolved_at: to.map(day),
            is_open,
            service,
        };
        let all = [
            one(10, Some(12), false, Some(a)),
            one(95, None, true, Some(b)),
            one(99, None, false, Some(b)),
            one(50, Some(51), false, None),
        ];
        let cost = cost(&all, day(100));
        assert_eq!((cost.incidents, cost.open, cost.lately), (4, 1, 2));
        assert_eq!((cost.first, cost.last), (Some(day(10)), Some(day(99))));
        assert_eq!(cost.hurt, Duration::days(2 + 5 + 1));
        assert_eq!(cost.services, [(b, 2), (a, 1)]);
    }

    #[test]
    fn nothing_costs_nothing() {
        assert_eq!(super::cost(&[], day(1)), Cost::default());
    }
}

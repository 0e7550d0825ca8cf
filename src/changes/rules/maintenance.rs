//! Maintenance windows: the hours of a week in which a service or an environment may be worked on.
//! They are local hours of a zone; a change must lie inside them as a whole.

use super::window::Span;
use crate::platform::db::{Id, Utc};
use crate::platform::kernel::zone::Zone;
use crate::services::Service;

/// Minutes of a day.
const DAY: i64 = 1_440;

/// A weekly window. Nothing named means every service and environment.
#[derive(Debug, Clone)]
pub struct Weekly {
    pub service: Option<Id<Service>>,
    pub environment: Option<String>,
    pub zone: Zone,
    /// Monday is bit 0.
    pub days: u8,
    /// Minute of the local day at which it opens.
    pub opens: i64,
    /// How long it stays open; it may run past midnight.
    pub minutes: i64,
}

impl Weekly {
    /// Whether it speaks about this part of a change.
    fn is_for(&self, service: Option<Id<Service>>, environment: Option<&str>) -> bool {
        let own = self.environment.as_deref().zip(environment);
        self.service.is_none_or(|s| Some(s) == service) && own.is_none_or(|(own, e)| own == e)
    }

    /// Its openings that touch a span, in their order.
    pub fn openings(&self, within: Span) -> Vec<Span> {
        let longest = (self.minutes / DAY + 1) as i32;
        let first = day_of(&self.zone, within.starts) - longest;
        let last = day_of(&self.zone, within.ends);
        (first..=last)
            .filter(|day| self.days >> weekday(*day) & 1 == 1)
            .filter_map(|day| {
                let opens = self.zone.at(day, self.opens)?;
                // So long by the clock on the wall, as whoever wrote it meant it.
                let closes = self.zone.at(day, self.opens + self.minutes)?;
                Some(Span::new(opens, closes))
            })
            .filter(|opening| opening.overlaps(within))
            .collect()
    }
}

/// The local day of an instant, counted from 1970-01-01.
pub fn day_of(zone: &Zone, at: Utc) -> i32 {
    let seconds = at.micros().div_euclid(1_000_000) + zone.offset(at);
    seconds.div_euclid(86_400) as i32
}

/// Monday is 0; the first day of 1970 was a Thursday.
pub fn weekday(day: i32) -> u8 {
    (day + 3).rem_euclid(7) as u8
}

/// Whether a window lies in what these openings cover together.
fn covered(window: Span, mut openings: Vec<Span>) -> bool {
    openings.sort_by_key(|o| (o.starts, o.ends));
    let mut from = window.starts;
    for opening in openings {
        if opening.starts > from {
            break;
        }
        from = from.max(opening.ends);
    }
    from >= window.ends
}

/// The windows that speak about a service in an environment, or in any; `None` is what belongs to no
/// service. Hours of a service's own go before those of its environment.
pub fn meant<'a>(
    all: &[&'a Weekly],
    service: Option<Id<Service>>,
    environment: Option<&str>,
) -> Vec<&'a Weekly> {
    let meant = all.iter().filter(|w| w.is_for(service, environment));
    let mut meant: Vec<&Weekly> = meant.copied().collect();
    if meant.iter().any(|w| w.service.is_some()) {
        meant.retain(|w| w.service.is_some());
    }
    meant
}

/// The services a window is outside the maintenance hours of (`None` for what belongs to no service).
/// What nobody set hours for may be worked on at any time.
pub fn outside(
    all: &[Weekly],
    services: &[Id<Service>],
    environment: &str,
    window: Span,
) -> Vec<Option<Id<Service>>> {
    let asked: Vec<Option<Id<Service>>> = match services {
        [] => vec![None],
        services => services.iter().map(|s| Some(*s)).collect(),
    };
    let all: Vec<&Weekly> = all.iter().collect();
    let misses = |service: &Option<Id<Service>>| {
        let meant = meant(&all, *service, Some(environment));
        let openings = meant.iter().flat_map(|w| w.openings(window)).collect();
        !meant.is_empty() && !covered(window, openings)
    };
    asked.into_iter().filter(misses).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MICROS: i64 = 60_000_000;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn berlin() -> Zone {
        Zone::named("Europe/Berlin").unwrap()
    }

    fn at(month: i8, day: i8, hour: i8) -> Utc {
        berlin()
            .instant(date(2026, month, day).at(hour, 0, 0, 0))
            .unwrap()
    }

    fn nightly(service: Option<Id<Service>>, environment: Option<&str>) -> Weekly {
        Weekly {
            service,
            environment: environment.map(str::to_owned),
            zone: berlin(),
            days: 0b000_0010,
            opens: 22 * 60,
            minutes: 4 * 60,
        }
    }

    #[test]
    fn a_change_lies_inside_as_a_whole_also_past_midnight() {
        let all = [nightly(None, Some("production"))];
        let out = |from, to| !outside(&all, &[], "production", Span::new(from, to)).is_empty();
        // 24 November 2026 is a Tuesday.
        assert!(!out(at(11, 24, 22), at(11, 25, 2)));
        assert!(!out(at(11, 24, 23), at(11, 25, 1)));
        assert!(out(at(11, 24, 21), at(11, 24, 23)));
        assert!(out(at(11, 25, 1), at(11, 25, 3)));
        assert!(out(at(11, 23, 22), at(11, 23, 23)));
        assert!(outside(&all, &[], "test", Span::new(at(11, 23, 1), at(11, 23, 2))).is_empty());
    }

    #[test]
    fn a_services_own_hours_go_before_its_environments() {
        let (till, web) = (crate::changes::rules::id(1), crate::changes::rules::id(2));
        let mut own = nightly(Some(till), None);
        own.days = 0b100_0000;
        let all = [nightly(None, Some("production")), own];
        let tuesday = Span::new(at(11, 24, 22), at(11, 24, 23));
        assert_eq!(
            outside(&all, &[till, web], "production", tuesday),
            [Some(till)]
        );
        let sunday = Span::new(at(11, 22, 22), at(11, 22, 23));
        assert_eq!(
            outside(&all, &[till, web], "production", sunday),
            [Some(web)]
        );
    }

    #[test]
    fn openings_that_touch_are_one() {
        let mut late = nightly(None, None);
        late.opens = 0;
        late.minutes = 6 * 60;
        late.days = 0b000_0100;
        let mut early = nightly(None, None);
        early.minutes = 2 * 60;
        let span = Span::new(at(11, 24, 22), at(11, 25, 6));
        assert!(outside(&[early.clone(), late], &[], "production", span).is_empty());
        assert!(!outside(&[early], &[], "production", span).is_empty());
    }

    #[test]
    fn the_night_of_the_change_of_clocks_is_an_hour_longer() {
        let mut sunday = nightly(None, None);
        sunday.days = 0b010_0000;
        sunday.opens = 22 * 60;
        sunday.minutes = 8 * 60;
        // Saturday, 24 October: at three it is two again.
        let span = Span::new(at(10, 24, 22), at(10, 25, 6));
        assert_eq!(span.minutes(), 9 * 60);
        assert!(outside(&[sunday], &[], "production", span).is_empty());
    }

    proptest! {
        #[test]
        fn covered_is_every_minute_being_in_some_opening(
            from in 0i64..40, long in 1i64..20, openings in prop::collection::vec((0i64..50, 1i64..15), 0..5)
        ) {
            let span = |a: i64, b: i64| Span::new(Utc::from_micros(a * MICROS), Utc::from_micros(b * MICROS));
            let all: Vec<Span> = openings.iter().map(|(a, l)| span(*a, a + l)).collect();
            let window = span(from, from + long);
            let slow = (from..from + long).all(|m| all.iter().any(|o| o.has(Utc::from_micros(m * MICROS))));
            prop_assert_eq!(covered(window, all), slow);
        }
    }
}

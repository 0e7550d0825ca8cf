//! A calendar that is asked for one instant at a time.

use std::cell::RefCell;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;

use crate::service_levels::calendar::{Calendar, Exception, Window};

/// What the wall of one place shows, and when somebody is there by one definition.
pub struct Wall {
    zone: TimeZone,
    week: [Vec<(i64, i64)>; 7],
    holidays: Vec<Date>,
    closures: Vec<(DateTime, DateTime)>,
    openings: Vec<(DateTime, DateTime)>,
    /// From the first instant that was asked for on: not asked yet, closed, open.
    asked: RefCell<(i64, Vec<u8>)>,
}

/// How many ticks are remembered, and how many of them before the first that is asked for.
const REMEMBERED: i64 = 80_000;
const BEFORE: i64 = 30_000;

impl Wall {
    pub fn of(calendar: &Calendar) -> Self {
        let spans = |list: &[Exception]| {
            let moment = |text: String| text.parse::<DateTime>().unwrap();
            let span = |e: &Exception| (moment(e.from.to_string()), moment(e.to.to_string()));
            list.iter().map(span).collect()
        };
        let hours = |windows: &[Window]| windows.iter().map(|w| w.minutes()).collect();
        Self {
            zone: TimeZone::get(&calendar.zone).unwrap(),
            week: calendar.week.days().map(|(_, windows)| hours(windows)),
            holidays: calendar
                .holidays
                .iter()
                .map(|h| h.date.to_string().parse().unwrap())
                .collect(),
            closures: spans(&calendar.closures),
            openings: spans(&calendar.openings),
            asked: RefCell::default(),
        }
    }

    pub fn shows(&self, seconds: i64) -> DateTime {
        self.zone
            .to_datetime(Timestamp::from_second(seconds).unwrap())
    }

    /// Whether somebody is there in the `tick` seconds from an instant on.
    pub fn is_open(&self, at: i64, tick: i64) -> bool {
        let number = at.div_euclid(tick);
        let mut asked = self.asked.borrow_mut();
        if asked.1.is_empty() {
            *asked = (number - BEFORE, vec![0; REMEMBERED as usize]);
        }
        let place = number - asked.0;
        let is_open = || self.days(at).next().is_some();
        match asked.1.get_mut(place as usize) {
            None => is_open(),
            Some(known) => {
                if *known == 0 {
                    *known = 1 + u8::from(is_open());
                }
                *known == 2
            }
        }
    }

    /// The days whose hours are open at an instant: it may be in extra openings, in hours of its own
    /// day and in hours that went over midnight.
    pub fn days(&self, at: i64) -> impl Iterator<Item = Date> + '_ {
        let shows = self.shows(at);
        let today = shows.date();
        let within = move |(from, to): &(DateTime, DateTime)| *from <= shows && shows < *to;
        let opened = self.openings.iter().filter(move |o| within(o));
        let opened = opened.map(|(from, _)| from.date());
        let is_holiday = |date: Date| self.holidays.contains(&date);
        let closed = self.closures.iter().any(within) || is_holiday(today);
        let minute = i64::from(shows.hour()) * 60 + i64::from(shows.minute());
        let own = !closed && self.is_in(today.weekday(), minute);
        let before = today.yesterday().unwrap();
        let over = !closed && !is_holiday(before) && self.is_in(before.weekday(), minute + 24 * 60);
        let hours = [own.then_some(today), over.then_some(before)];
        opened.chain(hours.into_iter().flatten())
    }

    fn is_in(&self, day: Weekday, minute: i64) -> bool {
        let windows = &self.week[day.to_monday_zero_offset() as usize];
        windows
            .iter()
            .any(|(from, to)| *from <= minute && minute < *to)
    }

    /// When a time of the wall comes on a day; one that comes twice, for the first time.
    pub fn when(&self, date: Date, hour: u8, minute: u8) -> i64 {
        let local = date.at(hour as i8, minute as i8, 0, 0);
        self.zone.to_timestamp(local).unwrap().as_second()
    }
}

//! The nights and days that calendars get wrong, one by one.

use std::sync::Arc;

use uuid::Uuid;

use super::*;
use crate::platform::db::Utc;

const MINUTE: i64 = 60_000_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// An instant of UTC, to the minute or to the second.
fn at(text: &str) -> Utc {
    let (minute, second) = match text.len() {
        16 => (text, 0),
        _ => (&text[..16], text[17..].parse().unwrap()),
    };
    let minute: LocalMinute = minute.parse().unwrap();
    Utc::from_micros(minute.0 * MINUTE + second * 1_000_000)
}

/// Hours of some days, by their numbers from 1 for Monday.
fn calendar(zone: &str, days: &str, hours: &[&str]) -> Calendar {
    let on = |n: &str| {
        let windows = hours.iter().filter(|_| days.contains(n));
        windows.map(|h| h.parse().unwrap()).collect()
    };
    Calendar {
        name: "Desk".to_owned(),
        zone: zone.to_owned(),
        week: Week {
            monday: on("1"),
            tuesday: on("2"),
            wednesday: on("3"),
            thursday: on("4"),
            friday: on("5"),
            saturday: on("6"),
            sunday: on("7"),
        },
        holidays: Vec::new(),
        closures: Vec::new(),
        openings: Vec::new(),
        also: Vec::new(),
    }
}

fn holiday(date: &str) -> Holiday {
    Holiday {
        date: date.parse().unwrap(),
        name: String::new(),
    }
}

fn exception(from: &str, to: &str) -> Exception {
    Exception {
        from: from.parse().unwrap(),
        to: to.parse().unwrap(),
        name: String::new(),
    }
}

fn hours(calendar: &Calendar) -> Hours {
    Hours::of([calendar]).unwrap()
}

const ALL: &str = "1234567";

/// Open minutes between two instants.
fn minutes(calendar: &Calendar, from: &str, to: &str) -> i64 {
    hours(calendar).between(at(from), at(to)) / MINUTE
}

#[test]
fn the_hour_that_does_not_exist_has_no_length() {
    let (from, to) = ("2026-03-28 23:00", "2026-03-29 22:00");
    let day = |window| minutes(&calendar("Europe/Berlin", "7", &[window]), from, to);
    assert_eq!(day("00:00-08:00"), 7 * 60);
    assert_eq!(day("02:00-03:00"), 0);
    assert_eq!(day("01:30-02:30"), 30);
    assert_eq!(day("02:30-03:30"), 30);
    assert_eq!(day("00:00-24:00"), 23 * 60);
    let night = hours(&calendar("Europe/Berlin", ALL, &["00:00-24:00"]));
    let due = night.after(at("2026-03-28 23:00"), 3 * HOUR);
    assert_eq!(due, Some(at("2026-03-29 02:00")), "04:00 on the wall");
}

#[test]
fn the_hour_that_comes_twice_counts_twice() {
    let (from, to) = ("2026-10-24 22:00", "2026-10-25 23:00");
    let day = |window| minutes(&calendar("Europe/Berlin", "7", &[window]), from, to);
    assert_eq!(day("00:00-08:00"), 9 * 60);
    assert_eq!(day("02:00-03:00"), 2 * 60);
    assert_eq!(day("00:00-24:00"), 25 * 60);
    // Open while the wall shows it: half past two comes, goes, and comes again.
    let split = hours(&calendar("Europe/Berlin", "7", &["01:00-02:30"]));
    let pieces = [
        (at("2026-10-24 23:00"), at("2026-10-25 00:30")),
        (at("2026-10-25 01:00"), at("2026-10-25 01:30")),
    ];
    assert_eq!(split.intervals(at(from), at(to), 9), pieces);
    assert_eq!(split.between(at(from), at(to)), 2 * HOUR);
}

#[test]
fn half_an_hour_of_summer_time_and_offsets_of_half_hours() {
    let island = calendar("Australia/Lord_Howe", "7", &["00:00-04:00"]);
    let spring = minutes(&island, "2026-10-03 00:00", "2026-10-04 12:00");
    assert_eq!(spring, 3 * 60 + 30);
    let autumn = minutes(&island, "2026-04-04 00:00", "2026-04-05 12:00");
    assert_eq!(autumn, 4 * 60 + 30);
    let kolkata = hours(&calendar("Asia/Kolkata", "1", &["09:00-17:00"]));
    let due = kolkata.after(at("2026-11-02 00:00"), 45 * MINUTE);
    assert_eq!(
        due,
        Some(at("2026-11-02 04:15")),
        "opens at half past three"
    );
}

#[test]
fn a_day_that_a_zone_skipped_is_no_day() {
    for (zone, skipped, begin, end) in [
        (
            "Pacific/Apia",
            "2011-12-30",
            "2011-12-29 10:00",
            "2011-12-31 10:00",
        ),
        (
            "Pacific/Kwajalein",
            "1993-08-21",
            "1993-08-20 12:00",
            "1993-08-22 12:00",
        ),
    ] {
        let hours = hours(&calendar(zone, ALL, &["00:00-24:00"]));
        let length = hours.between(at(begin), at(end));
        assert_eq!(length, 2 * DAY, "{zone}: time itself has no hole");
        let skipped: LocalDate = skipped.parse().unwrap();
        let two_before = Utc::from_micros((i64::from(skipped.0) - 2) * DAY);
        let days = hours.days_from(two_before).take(5);
        let days: Vec<i32> = days.map(|d| d.day).collect();
        assert!(!days.contains(&skipped.0), "{zone}: {days:?}");
        assert!(days.contains(&(skipped.0 - 1)) && days.contains(&(skipped.0 + 1)));
        for next in hours.days_from(two_before).take(5) {
            assert_eq!(next.closes.micros() - next.opens.micros(), DAY);
        }
    }
    let friday = hours(&calendar("Pacific/Apia", "5", &["08:00-16:00"]));
    let week = friday.between(at("2011-12-24 12:00"), at("2012-01-05 00:00"));
    assert_eq!(week, 0, "there was no Friday");
}

#[test]
fn offsets_with_seconds() {
    let monrovia = hours(&calendar("Africa/Monrovia", "1", &["08:00-16:00"]));
    let pieces = monrovia.intervals(at("1971-05-03 00:00"), at("1971-05-04 00:00"), 9);
    let (opens, closes) = (at("1971-05-03 08:44:30"), at("1971-05-03 16:44:30"));
    assert_eq!(pieces, [(opens, closes)]);
    // Amsterdam was 19 minutes and 32 seconds ahead.
    let amsterdam = hours(&calendar("Europe/Amsterdam", ALL, &["08:00-16:00"]));
    let open = amsterdam.between(at("1930-01-06 07:40:28"), at("1930-01-06 07:41"));
    let zone = crate::platform::kernel::zone::Zone::named("Europe/Amsterdam").unwrap();
    match zone.offset(at("1930-01-06 00:00")) {
        1_172 => assert_eq!(open, 32_000_000),
        // Zone data that keeps years before 1970 together with Brussels.
        offset => assert_eq!(offset, 0),
    }
}

#[test]
fn changes_of_clocks_at_midnight() {
    let paulo = calendar("America/Sao_Paulo", "7", &["00:00-24:00"]);
    let day = minutes(&paulo, "2018-11-04 00:00", "2018-11-05 12:00");
    assert_eq!(day, 23 * 60, "it began at one");
    let back = calendar("America/Sao_Paulo", "6", &["00:00-24:00"]);
    let day = minutes(&back, "2018-02-17 00:00", "2018-02-18 12:00");
    assert_eq!(day, 25 * 60, "its last hour came twice");
}

#[test]
fn a_window_over_midnight_belongs_to_the_day_it_opens_on() {
    let night = calendar("UTC", "12345", &["22:00-06:00"]);
    // From Friday evening to Monday evening.
    let weekend = |c: &Calendar| minutes(c, "2026-11-06 12:00", "2026-11-09 12:00");
    assert_eq!(weekend(&night), 8 * 60);
    let mut saturday = night.clone();
    saturday.holidays = vec![holiday("2026-11-07")];
    assert_eq!(weekend(&saturday), 2 * 60, "cut at midnight");
    let mut friday = night.clone();
    friday.holidays = vec![holiday("2026-11-06")];
    assert_eq!(
        weekend(&friday),
        0,
        "it does not open, nor does its morning"
    );
    let first = hours(&night).days_from(at("2026-11-06 23:00")).next();
    assert_eq!(first.map(|d| d.opens), Some(at("2026-11-09 22:00")));
    let first = hours(&night).days_from(at("2026-11-06 22:00")).next();
    assert_eq!(first.map(|d| d.closes), Some(at("2026-11-07 06:00")));
}

/// Friday's hours open only after a closure, a minute later than an extra opening of Saturday. (Hours are
/// made ready in blocks of 366 days; one ends with that Friday. Found by `make prove`.)
#[test]
fn days_come_in_the_order_they_open() {
    let mut night = calendar("UTC", "5", &["15:00-10:00"]);
    night.closures = vec![exception("2018-03-29 12:00", "2018-03-31 05:14")];
    night.openings = vec![exception("2018-03-31 05:13", "2018-03-31 05:14")];
    let hours = hours(&night);
    let days = hours.days_from(at("2018-03-31 05:00")).take(3);
    let closes: Vec<_> = days.map(|day| day.closes).collect();
    assert_eq!(
        closes,
        [
            at("2018-03-31 05:14"),
            at("2018-03-31 10:00"),
            at("2018-04-07 10:00")
        ]
    );
}

#[test]
fn a_leap_day_is_a_day() {
    let office = calendar("UTC", "12345", &["08:00-18:00"]);
    let count = |from, to| minutes(&office, from, to) / 600;
    assert_eq!(count("2024-02-28 00:00", "2024-03-02 00:00"), 3);
    assert_eq!(count("2023-02-28 00:00", "2023-03-02 00:00"), 2);
    let mut closed = office.clone();
    closed.holidays = vec![holiday("2024-02-29")];
    assert_eq!(
        minutes(&closed, "2024-02-28 00:00", "2024-03-02 00:00"),
        1_200
    );
}

#[test]
fn closures_and_openings_as_the_wall_shows_them() {
    let mut desk = calendar("Europe/Berlin", "12345", &["08:00-18:00"]);
    desk.holidays = vec![holiday("2026-12-25")];
    desk.closures = vec![exception("2026-12-24 12:00", "2026-12-24 15:00")];
    desk.openings = vec![
        exception("2026-12-25 10:00", "2026-12-25 12:00"),
        exception("2026-12-26 22:00", "2026-12-27 02:00"),
    ];
    assert_eq!(faults(&desk), []);
    let hours = hours(&desk);
    let days: Vec<_> = hours.days_from(at("2026-12-24 00:00")).take(4).collect();
    let open: Vec<_> = days.iter().map(|d| (d.opens, d.closes)).collect();
    assert_eq!(
        open,
        [
            (at("2026-12-24 07:00"), at("2026-12-24 17:00")),
            (at("2026-12-25 09:00"), at("2026-12-25 11:00")),
            (at("2026-12-26 21:00"), at("2026-12-27 01:00")),
            (at("2026-12-28 07:00"), at("2026-12-28 17:00")),
        ]
    );
    let week = hours.between(at("2026-12-24 00:00"), at("2026-12-28 00:00"));
    assert_eq!(week, (7 + 2 + 4) * HOUR);
}

#[test]
fn four_hundred_holidays_are_taken() {
    let mut desk = calendar("UTC", ALL, &["08:00-09:00"]);
    let first: LocalDate = "2026-01-01".parse().unwrap();
    let dates = (0..400).map(|n| LocalDate(first.0 + n));
    desk.holidays = dates
        .map(|date| Holiday {
            date,
            name: String::new(),
        })
        .collect();
    assert_eq!(faults(&desk), []);
    let due = hours(&desk).after(at("2026-01-01 00:00"), HOUR);
    assert_eq!(due, Some(at("2027-02-05 09:00")));
    desk.holidays.push(desk.holidays[7].clone());
    assert_eq!(faults(&desk)[0].reason, "calendar-holiday-twice");
    let far = (0..3_000).map(|n| LocalDate(first.0 + n));
    desk.holidays = far
        .map(|date| Holiday {
            date,
            name: String::new(),
        })
        .collect();
    assert_eq!(faults(&desk)[0].reason, "calendar-too-many-dates");
}

#[test]
fn what_is_asked_for_beyond_all_years_has_an_answer() {
    let rare = hours(&calendar("UTC", "1", &["08:00-08:01"]));
    let century = Utc::from_micros(at("2026-01-01 00:00").micros() + 90 * 366 * DAY);
    let open = rare.between(at("2026-01-01 00:00"), century);
    assert!((4_600..4_800).contains(&(open / MINUTE)));
    assert_eq!(rare.after(at("2026-01-01 00:00"), 100_000 * MINUTE), None);
    assert_eq!(rare.after(at("2026-01-01 00:00"), i64::MAX / 4), None);
    let (never, end) = (Utc::from_micros(i64::MIN), Utc::from_micros(i64::MAX));
    assert!(rare.between(never, end) > 0);
    assert_eq!(rare.between(Utc::FAR, end), 0);
    assert_eq!(rare.days_from(Utc::FAR).next(), None);
}

#[test]
fn an_empty_calendar_is_refused() {
    let empty = calendar("UTC", "", &[]);
    let reasons = |c: &Calendar| faults(c).into_iter().map(|f| f.reason).collect::<Vec<_>>();
    assert_eq!(reasons(&empty), ["calendar-empty"]);
    let mut joined = empty.clone();
    joined.also = vec![Uuid::nil()];
    assert_eq!(reasons(&joined), [""; 0]);
    // It would not hang either.
    assert_eq!(hours(&empty).after(at("2026-01-01 00:00"), HOUR), None);
    assert_eq!(hours(&empty).days_from(at("2026-01-01 00:00")).next(), None);
}

#[test]
fn what_people_get_wrong_is_named() {
    let reasons = |c: &Calendar| faults(c).into_iter().map(|f| f.reason).collect::<Vec<_>>();
    let desk = calendar("UTC", "1", &["08:00-18:00"]);
    let mut lost = desk.clone();
    lost.zone = "Europe/Atlantis".to_owned();
    assert_eq!(reasons(&lost), ["calendar-zone-unknown"]);
    assert!(Hours::of([&lost]).is_none());
    let twice = calendar("UTC", "1", &["08:00-12:00", "11:00-18:00"]);
    assert_eq!(reasons(&twice), ["calendar-hours-overlap"]);
    let touching = calendar("UTC", "1", &["08:00-12:00", "12:00-18:00"]);
    assert_eq!(reasons(&touching), [""; 0]);
    let night = calendar("UTC", ALL, &["20:00-08:00", "07:00-12:00"]);
    assert_eq!(
        reasons(&night),
        ["calendar-hours-overlap"; 7],
        "also on Mondays"
    );
    let mut dates = desk.clone();
    dates.closures = vec![exception("2026-12-24 12:00", "2026-12-24 12:00")];
    dates.openings = vec![exception("2026-12-25 12:00", "2026-12-24 12:00")];
    assert_eq!(reasons(&dates), ["calendar-ends-before-it-starts"; 2]);
    let mut both = desk.clone();
    both.closures = vec![exception("2026-12-24 12:00", "2026-12-24 14:00")];
    both.openings = vec![exception("2026-12-24 13:00", "2026-12-26 14:00")];
    assert_eq!(
        reasons(&both),
        [
            "calendar-opening-longer-than-a-day",
            "calendar-closed-and-open"
        ]
    );
    let mut closures = desk;
    closures.closures = vec![
        exception("2026-12-24 12:00", "2026-12-24 14:00"),
        exception("2026-12-24 13:00", "2026-12-24 16:00"),
    ];
    assert_eq!(reasons(&closures), ["calendar-dates-overlap"]);
}

#[test]
fn a_calendar_is_kept_and_written_in_files_alike() {
    let text = r#"
name = "Office"
zone = "Europe/Lisbon"
week.monday = ["08:00-12:00", "13:00-18:00"]
week.friday = ["22:00-06:00"]
holidays = [{ date = "2026-12-25", name = "Christmas Day" }]
closures = [{ from = "2026-12-24 12:00", to = "2026-12-24 18:00" }]
"#;
    let read: Calendar = toml::from_str(text).unwrap();
    let kept = serde_json::to_string(&read).unwrap();
    assert_eq!(serde_json::from_str::<Calendar>(&kept).unwrap(), read);
    assert_eq!(read.week.monday.len(), 2);
    assert!(toml::from_str::<Calendar>("name = \"A\"\nzone = \"UTC\"\nopen = true").is_err());
}

#[test]
fn a_sub_minute_start_is_counted_to_the_microsecond() {
    let office = hours(&calendar("UTC", "12345", &["08:00-18:00"]));
    let start = Utc::from_micros(at("2026-11-02 17:59:59").micros() + 999_999);
    assert_eq!(office.after(start, 1), Some(at("2026-11-02 18:00")));
    let next = office.after(start, 2).unwrap();
    assert_eq!(next.micros(), at("2026-11-03 08:00").micros() + 1);
    assert_eq!(office.between(start, next), 2);
}

#[test]
fn the_first_version_holds_for_all_time_before() {
    let version = |from: &str, days| CalendarVersion {
        from: at(from),
        id: Uuid::new_v4(),
        hours: Arc::new(hours(&calendar("UTC", days, &["08:00-18:00"]))),
    };
    let (one, two) = (
        version("2026-11-01 00:00", ALL),
        version("2026-11-03 12:00", ""),
    );
    let timeline = Timeline::of(vec![two.clone(), one.clone()]).unwrap();
    assert_eq!(timeline.at(at("1999-01-01 00:00")).unwrap().id, one.id);
    assert_eq!(timeline.at(at("2026-11-03 12:00")).unwrap().id, two.id);
    let open = |known| timeline.between(at("2026-11-02 00:00"), at("2026-11-05 00:00"), known);
    assert_eq!(open(Utc::FAR), 14 * HOUR);
    assert_eq!(open(at("2026-11-03 00:00")), 30 * HOUR, "not known yet");
    assert!(Timeline::of(Vec::new()).is_none());
}

#[test]
fn many_threads_make_a_calendar_ready_together() {
    let hours = hours(&calendar("Europe/Berlin", ALL, &["08:00-18:00"]));
    let open = || hours.between(at("1970-01-01 00:00"), at("2038-01-01 00:00"));
    let all: Vec<i64> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
        threads.into_iter().map(|t| t.join().unwrap()).collect()
    });
    assert!(all.iter().all(|n| *n == all[0]));
    assert_eq!(all[0], 24_837 * 10 * HOUR);
}

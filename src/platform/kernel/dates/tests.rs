#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]
use super::*;
use proptest::prelude::*;
use time::macros::datetime;

fn utc(format: &str, value: &str, zone_name: &str) -> OffsetDateTime {
    let format: DateFormat = format.parse().unwrap();
    format.instant(value, &zone(zone_name).unwrap()).unwrap()
}

fn problem(format: &str, value: &str) -> String {
    format
        .parse::<DateFormat>()
        .unwrap()
        .parse(value)
        .unwrap_err()
        .to_string()
}

#[test]
fn day_first_is_day_first() {
    assert_eq!(
        utc("d/m/yyyy HH:MM", "3/4/2016 07:09", "UTC"),
        datetime!(2016-04-03 07:09 UTC)
    );
    assert_eq!(
        utc("d/m/yyyy HH:MM", "29/2/2016 01:16", "UTC"),
        datetime!(2016-02-29 01:16 UTC)
    );
    assert_eq!("d/m/yyyy HH:MM".parse(), Ok(DateFormat::day_first()));
    assert_eq!(DateFormat::day_first().to_string(), "d/m/yyyy HH:MM");
}

#[test]
fn iso_with_and_without_offset() {
    assert_eq!(
        utc("iso", "2016-04-03T07:09", "Europe/Vienna"),
        datetime!(2016-04-03 05:09 UTC)
    );
    assert_eq!(
        utc("iso", "2016-04-03 07:09:30", "UTC"),
        datetime!(2016-04-03 07:09:30 UTC)
    );
    assert_eq!(
        utc("iso", "2016-04-03T07:09Z", "Europe/Vienna"),
        datetime!(2016-04-03 07:09 UTC)
    );
    assert_eq!(
        utc("iso", "2016-04-03T07:09:00-03:30", "UTC"),
        datetime!(2016-04-03 10:39 UTC)
    );
    for bad in [
        "2016-4-3 07:09",
        "2016-04-03",
        "2016-04-03T07:09+2",
        "2016-04-03T07:09 Z",
        "2016-04-03T07:09:0",
        "2016-04-03T07:09+15:00",
    ] {
        assert!(
            problem("iso", bad).contains("is not a date written as yyyy-mm-dd"),
            "{bad}"
        );
    }
}

#[test]
fn a_month_first_file_is_recognised() {
    assert_eq!(
        problem("d/m/yyyy HH:MM", "5/13/2016 10:00"),
        "13 cannot be a month: is this file month-first? Give --dates m/d/yyyy"
    );
    assert_eq!(
        problem("mm.dd.yyyy HH:MM", "13.05.2016 10:00"),
        "13 cannot be a month: is this file day-first? Give --dates dd.mm.yyyy"
    );
    assert_eq!(
        utc("m/d/yyyy", "5/13/2016 10:00", "UTC"),
        datetime!(2016-05-13 10:00 UTC)
    );
    assert!(problem("d/m/yyyy HH:MM", "14/13/2016 10:00").contains("13 cannot be a month"));
    assert!(problem("yyyy-mm-dd", "2016-13-01").contains("Give --dates yyyy-dd-mm"));
}

#[test]
fn impossible_dates_say_so() {
    assert!(problem("d/m/yyyy HH:MM", "31/2/2016 10:00").contains("month 2 of 2016 has no day 31"));
    assert!(problem("d/m/yyyy HH:MM", "29/2/2015 10:00").contains("has no day 29"));
    assert!(problem("d/m/yyyy HH:MM", "0/2/2015 10:00").contains("has no day 0"));
    assert!(problem("d/m/yyyy HH:MM", "1/0/2015 10:00").contains("0 cannot be a month"));
    assert!(problem("d/m/yyyy HH:MM", "1/2/2015 24:00").contains("there is no 24:00:00"));
    assert!(problem("d/m/yyyy HH:MM", "1/2/0216 10:00").contains("the year 216"));
    for bad in [
        "",
        "1/2/16 10:00",
        "1/2/2016",
        "1/2/2016 9:00",
        "1/2/2016 10:00 ",
        "001/2/2016 10:00",
        "tomorrow",
        "１/2/2016 10:00",
    ] {
        assert!(
            problem("d/m/yyyy HH:MM", bad).contains("is not a date written as d/m/yyyy HH:MM"),
            "{bad}"
        );
    }
}

#[test]
fn a_pattern_without_time_takes_both() {
    assert_eq!(
        utc("dd.mm.yyyy", "03.04.2016", "Europe/Vienna"),
        datetime!(2016-04-02 22:00 UTC)
    );
    assert_eq!(
        utc("dd.mm.yyyy", "03.04.2016 23:59:58", "UTC"),
        datetime!(2016-04-03 23:59:58 UTC)
    );
    assert!(problem("dd.mm.yyyy", "3.4.2016").contains("written as dd.mm.yyyy"));
    assert_eq!(
        utc("yyyymmdd HHMMSS", "20160403 235958", "UTC"),
        datetime!(2016-04-03 23:59:58 UTC)
    );
    for bad in [
        "",
        "d/m",
        "d/m/yy",
        "d/m/yyyy HH",
        "d/m/yyyy SS",
        "d/d/m/yyyy",
        "d/m/yyyy hh:mm",
        "%Y-%m-%d",
    ] {
        assert!(
            bad.parse::<DateFormat>()
                .unwrap_err()
                .to_string()
                .contains("is no date format"),
            "{bad}"
        );
    }
}

#[test]
fn clock_changes_are_resolved_the_compatible_way() {
    // 02:30 does not exist: moved on by the hour that was skipped.
    assert_eq!(
        utc("iso", "2024-03-31 02:30", "Europe/Vienna"),
        datetime!(2024-03-31 01:30 UTC)
    );
    // 02:30 happens twice: the first.
    assert_eq!(
        utc("iso", "2024-10-27 02:30", "Europe/Vienna"),
        datetime!(2024-10-27 00:30 UTC)
    );
    // Sao Paulo's clocks used to change at midnight.
    assert_eq!(
        utc("iso", "2016-10-16 00:10", "America/Sao_Paulo"),
        datetime!(2016-10-16 03:10 UTC)
    );
    assert!(
        zone("Mars/Olympus")
            .unwrap_err()
            .to_string()
            .contains("no time zone")
    );
}

proptest! {
    #[test]
    fn never_panics(value in "\\PC{0,30}|[0-9/: TZ+.-]{0,26}", format in "[dmyHMS/. T:-]{0,20}") {
        if let Ok(format) = format.parse::<DateFormat>() {
            let _ = format.parse(&value);
            prop_assert_eq!(format.to_string().parse::<DateFormat>(), Ok(format));
        }
        let _ = DateFormat::Iso.parse(&value);
    }

    #[test]
    fn what_is_written_is_read(y in 1970i16..=2199, m in 1i8..=12, d in 1i8..=28, h in 0i8..=23, min in 0i8..=59) {
        let civil = jiff::civil::date(y, m, d).at(h, min, 0, 0);
        let day_first = DateFormat::day_first().parse(&format!("{d}/{m}/{y} {h:02}:{min:02}")).unwrap();
        prop_assert_eq!(day_first, Local { civil, offset: None });
        let iso = DateFormat::Iso.parse(&format!("{y}-{m:02}-{d:02}T{h:02}:{min:02}:00")).unwrap();
        prop_assert_eq!(iso.civil, civil);
    }
}

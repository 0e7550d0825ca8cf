use proptest::prelude::*;

use super::*;

fn berlin() -> Zone {
    Zone::named("Europe/Berlin").unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn a_share_is_never_shown_better_than_it_is() {
    let shown = |part, whole| Share::of(part, whole).unwrap().text();
    assert_eq!(shown(9496, 10_000), "94.9");
    assert_eq!(shown(9999, 10_000), "99.9");
    assert_eq!(shown(10_000, 10_000), "100");
    assert_eq!(shown(95, 100), "95");
    assert_eq!(shown(0, 3), "0");
    assert_eq!(shown(2, 3), "66.6");
}

#[test]
fn nothing_is_divided_by_nothing() {
    assert_eq!(Share::of(0, 0), None);
    assert_eq!(spread(Vec::new()), Spread::default());
    assert_eq!(percentile(&[], 50), None);
}

#[test]
fn a_goal_is_compared_with_the_numbers_behind_the_percent() {
    let against = |part, whole| Share::of(part, whole).unwrap().against(95);
    assert_eq!(against(95, 100), Standing::Reached);
    assert_eq!(against(9496, 10_000), Standing::JustUnder);
    assert_eq!(against(94, 100), Standing::JustUnder);
    assert_eq!(against(9399, 10_000), Standing::WellUnder);
    let over = |part, whole| Share::of(part, whole).unwrap().points_over(95);
    assert_eq!(over(9496, 10_000), -1);
    assert_eq!(over(95, 100), 0);
    assert_eq!(over(972, 1000), 22);
}

#[test]
fn percentiles_are_values_that_occurred() {
    let ten: Vec<i64> = (1..=10).collect();
    let of = |percent| percentile(&ten, percent).unwrap();
    assert_eq!([of(25), of(50), of(75), of(90), of(100)], [3, 5, 8, 9, 10]);
    assert_eq!(percentile(&[7], 25), Some(7));
    let four = spread(vec![40, 10, 30, 20]);
    assert_eq!(
        (four.n, four.p25, four.median, four.p75, four.p90),
        (4, Some(10), Some(20), Some(30), Some(40))
    );
}

#[test]
fn months_are_the_desks_own_and_know_the_change_of_clocks() {
    let period = Period::of(&berlin(), day("2026-09-15"), day("2026-11-20")).unwrap();
    let months = period.months().0;
    let days: Vec<String> = months.iter().map(|m| m.from.to_string()).collect();
    assert_eq!(days, ["2026-09-15", "2026-10-01", "2026-11-01"]);
    assert_eq!(months[0].start.rfc3339(), "2026-09-14T22:00:00Z");
    assert_eq!(months[1].end.rfc3339(), "2026-10-31T23:00:00Z");
    assert_eq!(months[2].end.rfc3339(), "2026-11-20T23:00:00Z");
    // 31 October 23:50 in Berlin is still October.
    let at = berlin()
        .instant(day("2026-10-31").at(23, 50, 0, 0))
        .unwrap();
    assert_eq!(period.months().place(at), Some(1));
    assert_eq!(period.months().place(months[2].end), None);
}

#[test]
fn weeks_begin_on_monday_and_end_with_the_period() {
    let period = Period::of(&berlin(), day("2026-11-04"), day("2026-11-17")).unwrap();
    let weeks: Vec<(String, String)> = (period.weeks().0.iter())
        .map(|w| (w.from.to_string(), w.to.to_string()))
        .collect();
    let expected = [
        ("2026-11-04", "2026-11-08"),
        ("2026-11-09", "2026-11-15"),
        ("2026-11-16", "2026-11-17"),
    ];
    assert_eq!(weeks, expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    assert_eq!(period.trend().0.len(), 3);
    let long = Period::of(&berlin(), day("2026-01-01"), day("2026-11-17")).unwrap();
    assert_eq!(long.trend().0.len(), 11);
}

#[test]
fn a_period_that_is_none_is_refused() {
    let problem = |from, to| Period::of(&berlin(), day(from), day(to)).unwrap_err().key;
    assert_eq!(
        problem("2026-11-20", "2026-11-19"),
        "report-period-backwards"
    );
    assert_eq!(problem("2020-01-01", "2026-11-19"), "report-period-long");
    assert_eq!(
        problem("-009999-01-01", "2026-11-19"),
        "report-period-unknown"
    );
    assert_eq!(problem("2026-11-19", "9999-12-31"), "report-period-unknown");
    let one = Period::of(&berlin(), day("2024-02-29"), day("2024-02-29")).unwrap();
    assert_eq!(one.end.micros() - one.start.micros(), 86_400_000_000);
}

#[test]
fn ages_and_scales() {
    let now = Utc::from_micros(1_700_000_000_000_000);
    let aged = |days: i64| age(Utc::from_micros(now.micros() - days * 86_400_000_000), now);
    assert_eq!(
        [aged(0), aged(1), aged(2), aged(3), aged(89), aged(90)],
        [0, 1, 1, 2, 5, 6]
    );
    assert_eq!(age(Utc::FAR, now), 0);
    assert_eq!(
        (log_place(0), log_place(60_000_000), log_place(i64::MAX)),
        (0, 0, 1000)
    );
    assert_eq!(
        (step(0), step(4), step(5), step(37), step(1200)),
        (1, 1, 2, 10, 500)
    );
}

proptest! {
    #[test]
    fn a_shown_share_is_at_most_the_true_one(part in 0u64..1_000_000, more in 0u64..1_000_000, goal in 1u32..=100) {
        if let Some(share) = Share::of(part, part + more) {
            let shown: f64 = share.text().parse().unwrap();
            prop_assert!(shown <= part as f64 * 100.0 / (part + more) as f64 + 1e-9);
            // What is shown as the goal has reached it.
            prop_assert_eq!(shown >= f64::from(goal), share.against(goal) == Standing::Reached);
        }
    }

    #[test]
    fn slots_follow_each_other_without_a_gap(from in 0i32..20_000, days in 0i32..700) {
        let first = day("1971-01-01").checked_add(i64::from(from).days()).unwrap();
        let last = first.checked_add(i64::from(days).days()).unwrap();
        let period = Period::of(&berlin(), first, last).unwrap();
        for slots in [period.months().0, period.weeks().0] {
            prop_assert_eq!(slots[0].start, period.start);
            prop_assert_eq!(slots[slots.len() - 1].end, period.end);
            for pair in slots.windows(2) {
                prop_assert_eq!(pair[0].end, pair[1].start);
            }
        }
    }
}

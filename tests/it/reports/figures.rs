//! What the figures are, by hand.

use andon::people::default_zone;
use andon::platform::kernel::zone::Zone;
use andon::reports::{Ask, By, Figures, Five, GroupBy, Narrow, Period, answer};
use andon::schema::settings;
use andon::service_levels::Target;
use diesel::prelude::*;
use time::Duration;

use super::clocks::{Clock, agreement, at, put, put_all};
use crate::app::{App, each_database};

pub fn asked(app: &App, from: &str, to: &str) -> Ask {
    let zone = app.read(default_zone);
    let zone = Zone::named(&zone).unwrap();
    Ask {
        period: Period::of(&zone, from.parse().unwrap(), to.parse().unwrap()).unwrap(),
        target: Target::Resolution,
        group_by: GroupBy::Priority,
        by: By::Outcome,
        narrow: Narrow::default(),
    }
}

pub fn figures(app: &App, ask: &Ask) -> Figures {
    let now = app.now();
    app.read(|r| answer(r, ask, now)).figures
}

fn five(met: u64, breached: u64, running: u64, ended: u64, exempt: u64) -> Five {
    Five {
        met,
        breached,
        running,
        ended,
        exempt,
    }
}

pub fn berlin(app: &App) {
    app.write(|w| {
        diesel::insert_into(settings::table)
            .values((
                settings::name.eq("default_zone"),
                settings::value.eq("Europe/Berlin"),
            ))
            .execute(&mut **w)?;
        Ok(())
    });
}

#[test]
fn the_five_add_up_to_n_and_attainment_is_met_of_met_and_breached() {
    each_database(|app| {
        let desk = app.desk();
        let agreed = agreement(&app, "Standard", 95, &[]);
        let all = [
            Clock::met("2026-10-05T10:00:00Z").p(1),
            Clock::met("2026-10-06T10:00:00Z").p(2),
            Clock::breached("2026-10-07T10:00:00Z").p(2),
            Clock::running("2026-10-08T10:00:00Z", "2026-12-01T10:00:00Z").p(2),
            Clock::met("2026-10-09T10:00:00Z").as_("ended").p(2),
            Clock::breached("2026-10-10T10:00:00Z").as_("exempt").p(3),
            // Another target, another cycle, what was superseded, and what is restricted: in none of it.
            Clock::met("2026-10-05T10:00:00Z").of("first_response"),
            Clock {
                is_counted: false,
                cycle: 2,
                ..Clock::met("2026-10-05T10:00:00Z")
            },
            Clock {
                is_restricted: true,
                ..Clock::breached("2026-10-05T10:00:00Z")
            },
            Clock {
                is_counted: false,
                is_superseded: true,
                ..Clock::breached("2026-10-05T10:00:00Z")
            },
        ];
        put_all(&app, &desk, agreed, &all);
        let october = asked(&app, "2026-10-01", "2026-10-31");
        let found = figures(&app, &october);
        assert_eq!(found.total, five(2, 1, 1, 1, 1));
        assert_eq!(found.total.n(), 6);
        assert_eq!(found.total.attainment().unwrap().text(), "66.6");
        assert_eq!((found.goal, found.superseded), (Some(95), 1));
        let lines: Vec<(&str, Five)> = found
            .lines
            .iter()
            .map(|l| (l.label.as_str(), l.total))
            .collect();
        let expected = [
            ("P1", five(1, 0, 0, 0, 0)),
            ("P2", five(1, 1, 1, 1, 0)),
            ("P3", five(0, 0, 0, 0, 1)),
        ];
        assert_eq!(lines, expected);
        // A month in which nothing was decided has no share at all.
        let none = figures(&app, &asked(&app, "2026-01-01", "2026-01-31"));
        assert_eq!(
            (none.total, none.total.attainment()),
            (Five::default(), None)
        );
    });
}

#[test]
fn a_clock_counts_in_the_month_its_result_became_certain() {
    each_database(|app| {
        let desk = app.desk();
        berlin(&app);
        let agreed = agreement(&app, "Standard", 95, &[]);
        // Reported on 31 October at 23:50 in Berlin with 8 hours; still open on 30 November.
        let open = Clock {
            reported_at: at("2026-10-31T22:50:00Z"),
            stopped_at: None,
            ..Clock::breached("2026-11-01T06:50:00Z")
        };
        let record = put_all(&app, &desk, agreed, &[open]).remove(0);
        let months = |app: &App| -> Vec<Five> {
            let found = figures(app, &asked(app, "2026-10-01", "2026-12-31"));
            found.lines.iter().flat_map(|l| l.months.clone()).collect()
        };
        let november = [
            five(0, 0, 0, 0, 0),
            five(0, 1, 0, 0, 0),
            five(0, 0, 0, 0, 0),
        ];
        assert_eq!(months(&app), november);
        // Resolved on 2 December: still November.
        app.write(|w| {
            use andon::schema::clocks;
            diesel::update(clocks::table.filter(clocks::record_id.eq(record.id)))
                .set((
                    clocks::stopped_at.eq(at("2026-12-02T10:00:00Z")),
                    clocks::phase.eq("stopped"),
                ))
                .execute(&mut **w)?;
            Ok(())
        });
        assert_eq!(months(&app), november);
        // Counted by other instants it stands elsewhere.
        let mut by = asked(&app, "2026-10-01", "2026-12-31");
        by.by = By::Opened;
        assert_eq!(figures(&app, &by).lines[0].months[0], five(0, 1, 0, 0, 0));
        by.by = By::Resolved;
        assert_eq!(figures(&app, &by).lines[0].months[2], five(0, 1, 0, 0, 0));
    });
}

#[test]
fn lines_are_grouped_by_what_stood_at_the_outcome() {
    each_database(|app| {
        let desk = app.desk();
        let gold = agreement(&app, "Gold", 99, &["supplier"]);
        let plain = agreement(&app, "Plain", 90, &[]);
        put_all(
            &app,
            &desk,
            gold,
            &[
                Clock {
                    service: Some(desk.mail),
                    ..Clock::met("2026-10-05T10:00:00Z")
                }
                .with(desk.network),
                Clock::breached("2026-10-06T10:00:00Z").with(desk.network),
            ],
        );
        put_all(
            &app,
            &desk,
            plain,
            &[Clock::met("2026-10-05T11:00:00Z").with(desk.desk)],
        );
        let grouped = |group_by| -> Vec<(String, Option<u32>, Five)> {
            let ask = Ask {
                group_by,
                ..asked(&app, "2026-10-01", "2026-10-31")
            };
            let found = figures(&app, &ask);
            found
                .lines
                .into_iter()
                .map(|l| (l.label, l.goal, l.total))
                .collect()
        };
        assert_eq!(
            grouped(GroupBy::Team),
            [
                ("Network".to_owned(), Some(99), five(1, 1, 0, 0, 0)),
                ("Service desk".to_owned(), Some(90), five(1, 0, 0, 0, 0)),
            ]
        );
        assert_eq!(
            grouped(GroupBy::Agreement),
            [
                ("Gold".to_owned(), Some(99), five(1, 1, 0, 0, 0)),
                ("Plain".to_owned(), Some(90), five(1, 0, 0, 0, 0)),
            ]
        );
        // What has no service stands at the end, without a name.
        assert_eq!(
            grouped(GroupBy::Service),
            [
                ("Electronic mail".to_owned(), Some(99), five(1, 0, 0, 0, 0)),
                (String::new(), Some(99), five(1, 1, 0, 0, 0)),
            ]
        );
        assert_eq!(grouped(GroupBy::Organisation).len(), 1);
        let narrow = Ask {
            narrow: Narrow {
                team: Some(Some(desk.network.uuid())),
                ..Narrow::default()
            },
            ..asked(&app, "2026-10-01", "2026-10-31")
        };
        assert_eq!(figures(&app, &narrow).total, five(1, 1, 0, 0, 0));
    });
}

#[test]
fn durations_are_percentiles_of_clocks_that_stopped() {
    each_database(|app| {
        let desk = app.desk();
        let agreed = agreement(&app, "Standard", 95, &[]);
        let mut all: Vec<Clock> = (1..=10)
            .map(|n| Clock::met("2026-10-05T10:00:00Z").took(Duration::hours(n)))
            .collect();
        // One that breached and still runs has no duration yet.
        all.push(Clock {
            stopped_at: None,
            ..Clock::breached("2026-10-06T10:00:00Z")
        });
        put_all(&app, &desk, agreed, &all);
        let spread = figures(&app, &asked(&app, "2026-10-01", "2026-10-31")).spread;
        let hours = |h: i64| Some(h * 3_600_000_000);
        assert_eq!(
            (spread.n, spread.p25, spread.median, spread.p75, spread.p90),
            (10, hours(3), hours(5), hours(8), hours(9))
        );
    });
}

#[test]
fn a_record_counts_once_with_its_worst_cycle_and_every_cycle_is_listed() {
    each_database(|app| {
        let desk = app.desk();
        let agreed = agreement(&app, "Standard", 95, &[]);
        let record = super::clocks::incident(&app, &desk, "Comes back");
        let first = Clock {
            is_counted: false,
            ..Clock::met("2026-10-05T10:00:00Z")
        };
        put(&app, record.id, agreed, &first);
        let second = Clock {
            cycle: 2,
            ..Clock::breached("2026-10-08T10:00:00Z")
        };
        put(&app, record.id, agreed, &second);
        let found = figures(&app, &asked(&app, "2026-10-01", "2026-10-31"));
        assert_eq!(found.total, five(0, 1, 0, 0, 0));
    });
}

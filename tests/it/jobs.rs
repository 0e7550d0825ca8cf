//! Leases on scheduled work: one instance at a time, and nothing from whoever was taken over.

use super::app::each_database;
use andon::platform::db::{Store, Utc};
use andon::platform::jobs::{self, Lease};
use andon::platform::kernel::error::{Error, Result};
use time::Duration;

const NOW: Utc = Utc::from_micros(1_800_000_000_000_000);

fn check(store: &Store) {
    let claim = |now: Utc| store.write_here(|w| Lease::claim(w, "tidy", now)).unwrap();
    let minutes = |n: i64| NOW.plus(Duration::minutes(n));

    let first = claim(NOW).expect("a job nobody ran is due");
    assert_eq!(claim(minutes(1)), None, "somebody holds it");
    store.write_here(|w| first.renew(w, minutes(4))).unwrap();
    assert_eq!(claim(minutes(6)), None, "and has just said so");

    // Whoever is silent for long is taken over, and may do no more.
    let second = claim(minutes(30)).expect("the first holder is gone");
    assert!(store.write_here(|w| first.renew(w, minutes(31))).is_err());
    assert!(
        !store
            .write_here(|w| first.finish(w, minutes(31), minutes(32)))
            .unwrap()
    );
    assert_eq!(claim(minutes(31)), None, "the second one still holds it");
    assert!(
        store
            .write_here(|w| second.finish(w, minutes(31), minutes(60)))
            .unwrap()
    );

    // Not before its time; and three days late is one run.
    assert_eq!(claim(minutes(59)), None);
    let late = claim(NOW.plus(Duration::days(3))).expect("it is due");
    let next = NOW.plus(Duration::days(4));
    store
        .write_here(|w| late.finish(w, NOW.plus(Duration::days(3)), next))
        .unwrap();
    assert_eq!(claim(NOW.plus(Duration::days(3))), None);

    // A failure leaves it due, for anybody.
    let failing = claim(next).expect("it is due");
    store.write_here(|w| failing.give_up(w)).unwrap();
    assert!(claim(next).is_some());
    actix_web::rt::System::new().block_on(many_at_once(store));
}

async fn many_at_once(store: &Store) {
    let runs = std::cell::Cell::new(0);
    let one = || {
        jobs::run(
            store,
            "rush",
            NOW,
            NOW.plus(Duration::hours(1)),
            |_| async {
                runs.set(runs.get() + 1);
                Ok(())
            },
        )
    };
    let all: Vec<Result<()>> = futures_util::future::join_all((0..8).map(|_| one())).await;
    assert!(all.iter().all(Result::is_ok), "{all:?}");
    assert_eq!(runs.get(), 1, "eight at once are one run");

    let failed = |now: Utc| {
        jobs::run(store, "rush", now, now, |_| async {
            Err(Error::inward("no"))
        })
    };
    assert!(
        failed(NOW).await.is_ok(),
        "it is not due, so it was not tried"
    );
    let later = NOW.plus(Duration::hours(2));
    assert!(failed(later).await.is_err());
    assert!(failed(later).await.is_err(), "it stays due");
}

#[test]
fn one_at_a_time() {
    each_database(|app| check(&app.site.store));
}

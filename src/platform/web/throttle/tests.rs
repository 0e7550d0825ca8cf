#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use time::macros::datetime;

use super::*;

const T0: OffsetDateTime = datetime!(2026-03-02 08:00 UTC);

fn ip(n: u32) -> IpAddr {
    IpAddr::from(n.to_be_bytes())
}

fn wrong(t: &mut Throttle, who: &str, from: IpAddr, now: OffsetDateTime) -> Option<Wait> {
    t.begin(who, from, now).err()
}

#[test]
fn a_hundred_wrong_ones_from_one_address_and_the_right_one_from_another() {
    let mut t = Throttle::default();
    let waits = (0..100)
        .filter_map(|_| wrong(&mut t, "anna@example.org", ip(1), T0))
        .count();
    assert_eq!(waits, 90);
    let wait = wrong(
        &mut t,
        "Anna@Example.org ",
        ip(1),
        T0 + Duration::seconds(61),
    )
    .unwrap();
    assert_eq!((wait.minutes(), wait.seconds()), (14, 839));
    let this = t.begin("anna@example.org", ip(2), T0).unwrap();
    t.succeeded(this, T0);
    assert!(
        wrong(
            &mut t,
            "anna@example.org",
            ip(1),
            T0 + Duration::minutes(14)
        )
        .is_some()
    );
    assert!(
        wrong(
            &mut t,
            "anna@example.org",
            ip(1),
            T0 + Duration::minutes(15)
        )
        .is_none()
    );
}

#[test]
fn one_address_at_many_accounts_is_stopped_others_are_not() {
    let mut t = Throttle::default();
    let waits = (0..100)
        .filter_map(|n| wrong(&mut t, &format!("p{n}"), ip(1), T0))
        .count();
    assert_eq!(waits, 50);
    assert!(wrong(&mut t, "p99", ip(2), T0).is_none());
}

#[test]
fn one_account_from_everywhere_is_slowed_but_never_locked() {
    let mut t = Throttle::default();
    for n in 0..200 {
        assert!(wrong(&mut t, "boss", ip(n), T0).is_none());
    }
    let mut passed = 0;
    while wrong(&mut t, "boss", ip(5000), T0).is_none() {
        passed += 1;
    }
    assert_eq!(passed, 3, "an address of a guessed account gets three");
    let this = t
        .begin("boss", ip(6000), T0)
        .expect("a fresh address always gets in");
    t.succeeded(this, T0);
    assert!(
        wrong(&mut t, "else", ip(5000), T0).is_none(),
        "other accounts feel nothing"
    );
}

#[test]
fn success_forgives_the_pair_but_not_the_address() {
    let mut t = Throttle::default();
    for _ in 0..9 {
        assert!(wrong(&mut t, "anna", ip(1), T0).is_none());
    }
    let this = t.begin("anna", ip(1), T0).unwrap();
    t.succeeded(this, T0);
    for _ in 0..10 {
        assert!(wrong(&mut t, "anna", ip(1), T0).is_none());
    }
    assert!(wrong(&mut t, "anna", ip(1), T0).is_some());
    // 19 of 50 are used; a guesser with an account of their own cannot reset them.
    let waits = (0..40)
        .filter_map(|n| wrong(&mut t, &format!("x{n}"), ip(1), T0))
        .count();
    assert_eq!(waits, 40 - 31);
}

#[test]
fn who_signed_in_here_before_gets_past_a_neighbour() {
    let mut t = Throttle::default();
    let this = t.begin("anna", ip(1), T0 - Duration::days(20)).unwrap();
    t.succeeded(this, T0 - Duration::days(20));
    for n in 0..60 {
        let _ = wrong(&mut t, &format!("x{n}"), ip(1), T0);
    }
    assert!(wrong(&mut t, "ben", ip(1), T0).is_some());
    assert!(wrong(&mut t, "anna", ip(1), T0).is_none());
    let mut more = 0;
    while wrong(&mut t, "anna", ip(1), T0).is_none() {
        more += 1;
    }
    assert_eq!(more, 9, "their own limit holds");
}

#[test]
fn fifty_at_once_are_counted_before_they_fail_and_busy_ones_are_not() {
    let mut t = Throttle::default();
    let begun: Vec<Try> = (0..50)
        .filter_map(|_| t.begin("anna", ip(1), T0).ok())
        .collect();
    assert_eq!(begun.len(), 10);
    for this in begun {
        t.undo(this);
    }
    assert!(wrong(&mut t, "anna", ip(1), T0).is_none());
}

#[test]
fn a_refused_try_does_not_lengthen_the_wait() {
    let mut t = Throttle::default();
    for minute in 0..15 {
        for _ in 0..20 {
            let _ = wrong(&mut t, "anna", ip(1), T0 + Duration::minutes(minute));
        }
    }
    assert!(wrong(&mut t, "anna", ip(1), T0 + Duration::minutes(15)).is_none());
}

#[test]
fn ipv6_counts_by_64_and_mapped_ipv4_as_ipv4() {
    let mut t = Throttle::default();
    let v6 = |n: u128| IpAddr::from((0x2001_0db8_u128 << 96 | n).to_be_bytes());
    for n in 0..10 {
        assert!(wrong(&mut t, "anna", v6(n), T0).is_none());
    }
    assert!(wrong(&mut t, "anna", v6(77), T0).is_some());
    assert!(wrong(&mut t, "anna", v6(1 << 64), T0).is_none());
    assert_eq!(
        network("::ffff:192.0.2.1".parse().unwrap()),
        ip(0xC000_0201)
    );
}

#[test]
fn memory_is_bounded() {
    let entries = NonZeroUsize::new(100).unwrap();
    let mut t = Throttle::new(Limits {
        entries,
        ..Limits::default()
    });
    for n in 0..10_000 {
        if let Ok(this) = t.begin(&format!("p{n}"), ip(n), T0) {
            t.succeeded(this, T0);
        }
        let _ = t.begin(&format!("p{n}"), ip(n), T0);
    }
    let sizes = [
        t.pairs.len(),
        t.addresses.len(),
        t.accounts.len(),
        t.known.len(),
    ];
    assert_eq!(sizes, [100; 4]);
}

#[test]
fn a_clock_that_goes_back_does_not_panic() {
    let mut t = Throttle::default();
    for _ in 0..10 {
        let _ = wrong(&mut t, "anna", ip(1), T0);
    }
    let wait = wrong(&mut t, "anna", ip(1), T0 - Duration::minutes(5)).unwrap();
    assert_eq!(wait.minutes(), 20);
}

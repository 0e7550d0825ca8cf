#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use std::time::{Duration, Instant};

use futures_util::FutureExt;

use super::*;

#[test]
fn tokens() {
    let token = Token::new().unwrap();
    let text = token.to_text();
    assert_eq!(text.len(), 64);
    assert_eq!(Token::parse(&text), Some(token.clone()));
    assert_ne!(Token::new().unwrap(), token);
    assert_eq!(token.hash(), sha256(&token.0));
    assert!(!format!("{token:?}").contains(&text[..8]));
    let short = &text[1..];
    let bad = [
        String::new(),
        short.into(),
        format!("{text}0"),
        format!("{short}G"),
        format!("{short}A"),
        format!("{short} "),
        format!("{}é", &text[2..]),
    ];
    for bad in bad {
        assert_eq!(Token::parse(&bad), None, "{bad:?}");
    }
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(hex(&sha256(b"abc")), abc);
    assert_eq!(unhex(abc), Some(sha256(b"abc")));
}

#[test]
fn comparing() {
    assert!(same(b"", b"") && same(b"abc", b"abc"));
    assert!(!same(b"abc", b"abd") && !same(b"abc", b"ab") && !same(b"", b"a"));
}

#[test]
fn the_right_password_and_only_that() {
    let stored = hash_password("correct horse battery").unwrap();
    assert!(
        stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
        "{stored}"
    );
    assert_ne!(stored, hash_password("correct horse battery").unwrap());
    let yes = Verified {
        ok: true,
        needs_rehash: false,
    };
    let no = Verified {
        ok: false,
        needs_rehash: false,
    };
    assert_eq!(verify_password(Some(&stored), "correct horse battery"), yes);
    for wrong in [
        "",
        "correct horse batterz",
        "correct horse battery ",
        &"x".repeat(300),
    ] {
        assert_eq!(verify_password(Some(&stored), wrong), no);
    }
    assert_eq!(verify_password(None, "correct horse battery"), no);
    assert_eq!(verify_password(Some("plain text"), "plain text"), no);
    assert_eq!(verify_password(Some(""), ""), no);
}

#[test]
fn both_ways_to_write_an_umlaut_are_one_password() {
    let stored = hash_password("gr\u{fc}ne B\u{e4}ume").unwrap();
    assert!(verify_password(Some(&stored), "gru\u{308}ne Ba\u{308}ume").ok);
}

#[test]
fn other_parameters_still_work_and_ask_for_a_new_hash() {
    let params = Params::new(64, 1, 1, None).unwrap();
    let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let stored = weak
        .hash_password_with_salt(b"an old password", b"0123456789abcdef")
        .unwrap();
    let stored = PasswordHash::to_string(&stored);
    let found = verify_password(Some(&stored), "an old password");
    assert_eq!(
        found,
        Verified {
            ok: true,
            needs_rehash: true
        }
    );
    let found = verify_password(Some(&stored), "another");
    assert_eq!(
        found,
        Verified {
            ok: false,
            needs_rehash: false
        }
    );
}

#[test]
fn an_unknown_user_costs_a_whole_hash() {
    assert!(current(&PasswordHash::new(DUMMY).unwrap()));
    let stored = hash_password("correct horse battery").unwrap();
    let time = |stored: Option<&str>| {
        let mut all: Vec<Duration> = (0..9)
            .map(|_| {
                let start = Instant::now();
                verify_password(stored, "wrong");
                start.elapsed()
            })
            .collect();
        all.sort();
        all[4]
    };
    // A wide margin: this test is about doing the work at all, not about the machine.
    assert!(time(None) * 3 > time(Some(&stored)));
}

#[actix_web::test]
async fn the_gate_runs_some_queues_some_and_refuses_the_rest() {
    let gate = PasswordGate::with(2, 3);
    let (most, now) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let all = (0..8).map(|_| {
        let (most, now) = (Arc::clone(&most), Arc::clone(&now));
        gate.run(move || {
            most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis(30));
            now.fetch_sub(1, Ordering::SeqCst);
        })
    });
    let done = futures_util::future::join_all(all).await;
    let busy = done
        .iter()
        .filter(|r| matches!(r, Err(GateError::Busy { .. })))
        .count();
    assert_eq!((busy, done.iter().filter(|r| r.is_ok()).count()), (3, 5));
    assert!(most.load(Ordering::SeqCst) <= 2);
    assert_eq!(gate.waiting.load(Ordering::SeqCst), 0);
    assert_eq!(gate.run(|| 7).await, Ok(7));
}

#[actix_web::test]
async fn a_waiter_who_leaves_gives_back_its_place_and_a_panic_its_permit() {
    let gate = PasswordGate::with(1, 1);
    let (tell, wait) = std::sync::mpsc::channel::<()>();
    let first = actix_web::rt::spawn({
        let gate = gate.clone();
        async move { gate.run(move || wait.recv().is_ok()).await }
    });
    actix_web::rt::task::yield_now().await;
    {
        let second = gate.run(|| ());
        let third = gate.run(|| ());
        futures_util::pin_mut!(second, third);
        assert!(second.as_mut().now_or_never().is_none());
        assert!(matches!(
            third.await,
            Err(GateError::Busy {
                retry_after_seconds: 2
            })
        ));
    }
    assert_eq!(gate.waiting.load(Ordering::SeqCst), 0);
    tell.send(()).unwrap();
    assert_eq!(first.await.unwrap(), Ok(true));
    assert_eq!(
        gate.run(|| if gate_breaks() {
            panic!("x")
        })
        .await,
        Err(GateError::Broken)
    );
    assert_eq!(gate.run(|| 1).await, Ok(1));
}

fn gate_breaks() -> bool {
    true
}

//! A panic inside a read or a write rolls back, loses its connection, and the next write succeeds.

use andon::platform::kernel::error::{Error, Result};
use andon::services;

use crate::app::{App, each_database};

fn value(app: &App) -> Option<String> {
    app.read(|r| services::setting(r, "close_after_days"))
}

fn assert_inward<T: std::fmt::Debug>(outcome: Result<T>) {
    match outcome {
        Err(Error::Inward(text)) => assert!(text.contains("panicked"), "{text}"),
        other => panic!("a panic answered with {other:?}"),
    }
}

#[test]
fn a_panic_in_a_write_leaves_nothing_and_the_next_write_succeeds() {
    each_database(|app| {
        for round in 0..3 {
            let outcome: Result<()> = app.site.store.write_here(|w| {
                services::set_setting(w, "close_after_days", "99")?;
                assert!(round > 5, "in the middle of a write");
                Ok(())
            });
            assert_inward(outcome);
            assert_ne!(value(&app).as_deref(), Some("99"));
            let next = round.to_string();
            app.write(|w| services::set_setting(w, "close_after_days", &next));
            assert_eq!(value(&app), Some(next));
        }
    });
}

#[test]
fn a_panic_in_a_read_leaves_the_next_read_and_write_alone() {
    each_database(|app| {
        // More often than there are connections to lose.
        for _ in 0..12 {
            let outcome: Result<()> = app.site.store.read_here(|r| {
                services::setting(r, "close_after_days")?;
                panic!("in the middle of a read");
            });
            assert_inward(outcome);
        }
        app.write(|w| services::set_setting(w, "close_after_days", "7"));
        assert_eq!(value(&app).as_deref(), Some("7"));
    });
}

#[test]
fn a_panic_on_a_blocking_thread_answers_and_gives_its_place_back() {
    each_database(|app| {
        let store = app.site.store.clone();
        actix_web::rt::System::new().block_on(async {
            for _ in 0..12 {
                let outcome: Result<()> = store
                    .write(|w| {
                        services::set_setting(w, "close_after_days", "99")?;
                        panic!("in the middle of a write");
                    })
                    .await;
                assert_inward(outcome);
            }
            let written = store
                .write(|w| services::set_setting(w, "close_after_days", "8"))
                .await;
            written.unwrap();
        });
        assert_eq!(value(&app).as_deref(), Some("8"));
    });
}

#[test]
fn an_error_rolls_back_and_keeps_its_connection() {
    each_database(|app| {
        let outcome: Result<()> = app.site.store.write_here(|w| {
            services::set_setting(w, "close_after_days", "99")?;
            Err(Error::refused("error-refused"))
        });
        assert!(matches!(outcome, Err(Error::Refused(_))));
        assert_eq!(value(&app), None);
        assert_eq!(app.anonymous().get("/readyz").status, 200);
    });
}

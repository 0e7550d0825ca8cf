//! Holds, exhaustively: every reason with and without what it needs, and every way a hold ends.

use andon::follow::practice_of;
use andon::platform::db::Id;
use andon::platform::kernel::error::{Error, Result};
use andon::records::actions::{self, HoldCommand};
use andon::records::{self, Kind, Number, Record};

use crate::app::{App, Desk, LogCall, each_database};
use crate::life_cycle::{moved, record_in};

fn hold(app: &App, desk: &Desk, number: Number, command: &HoldCommand) -> Result<Record> {
    app.act(&desk.agent, |w, v, ctx| {
        actions::hold(w, v, ctx, practice_of(number.kind), number, command)
    })
}

fn reason(word: &str) -> HoldCommand {
    HoldCommand {
        reason: word.into(),
        ..HoldCommand::default()
    }
}

#[track_caller]
fn fields<T: std::fmt::Debug>(outcome: Result<T>) -> Vec<&'static str> {
    match outcome {
        Err(Error::Invalid(invalid)) => invalid.0.into_iter().map(|(f, _)| f).collect(),
        other => panic!("not refused as invalid: {other:?}"),
    }
}

#[test]
fn each_reason_needs_what_it_says() {
    each_database(|app| {
        let desk = app.desk();
        let incident = record_in(&app, &desk, Kind::Incident, "in_progress");
        let change = record_in(&app, &desk, Kind::Change, "scheduled");
        let problem = record_in(&app, &desk, Kind::Problem, "fix_planned");
        let ended_change = record_in(&app, &desk, Kind::Change, "closed");
        let ended_problem = record_in(&app, &desk, Kind::Problem, "resolved");
        let number = incident.number();
        let refused = |command: &HoldCommand| {
            let before = app.count("SELECT count(*) FROM facts");
            let fields = fields(hold(&app, &desk, number, command));
            let after = app.count("SELECT count(*) FROM facts");
            assert_eq!(before, after, "a refused hold left facts");
            assert_eq!(app.count("SELECT count(*) FROM entries"), 0);
            assert_eq!(app.record(incident.id).state, "in_progress");
            fields
        };
        let tomorrow = app.now().plus(time::Duration::days(1));
        let yesterday = app.now().minus(time::Duration::days(1));

        assert_eq!(refused(&reason("")), ["hold_reason"]);
        assert_eq!(refused(&reason("no such reason")), ["hold_reason"]);
        // A code of another list is none.
        assert_eq!(refused(&reason("fixed")), ["hold_reason"]);
        assert_eq!(refused(&reason("requester")), ["question"]);
        assert_eq!(refused(&reason("supplier")), ["supplier", "supplier_case"]);
        let supplier = HoldCommand {
            supplier: "Acme".into(),
            ..reason("supplier")
        };
        assert_eq!(refused(&supplier), ["supplier_case"]);
        let case = HoldCommand {
            supplier_case: "4711".into(),
            ..reason("supplier")
        };
        assert_eq!(refused(&case), ["supplier"]);
        for (word, own, other, ended) in [
            ("change", &change, &problem, &ended_change),
            ("problem", &problem, &change, &ended_problem),
        ] {
            assert_eq!(refused(&reason(word)), ["for_record"]);
            let unknown = Number {
                kind: own.kind,
                n: 4711,
            };
            for wrong in [other.number(), ended.number(), number, unknown] {
                let command = HoldCommand {
                    for_record: Some(wrong),
                    ..reason(word)
                };
                assert_eq!(refused(&command), ["for_record"], "{word} for {wrong}");
            }
        }
        for word in ["requester", "appointment", "supplier", "other"] {
            let late = HoldCommand {
                resume_at: Some(yesterday),
                question: "When?".into(),
                supplier: "Acme".into(),
                supplier_case: "4711".into(),
                ..reason(word)
            };
            assert_eq!(refused(&late), ["resume_at"], "{word} until yesterday");
        }

        // And with what they need, each holds; back and on hold again for the next.
        let full: Vec<HoldCommand> = vec![
            HoldCommand {
                question: "Which printer?".into(),
                ..reason("requester")
            },
            HoldCommand {
                resume_at: Some(tomorrow),
                ..reason("appointment")
            },
            HoldCommand {
                supplier: "Acme".into(),
                supplier_case: "4711".into(),
                ..reason("supplier")
            },
            HoldCommand {
                for_record: Some(change.number()),
                ..reason("change")
            },
            HoldCommand {
                for_record: Some(problem.number()),
                ..reason("problem")
            },
            reason("other"),
        ];
        for command in &full {
            for resume_at in [command.resume_at, Some(tomorrow)] {
                let command = HoldCommand {
                    resume_at,
                    ..command.clone()
                };
                let held = hold(&app, &desk, number, &command).unwrap();
                assert_eq!(held.state, "waiting", "{}", command.reason);
                let row = app.read(|r| records::hold_of(r, incident.id)).unwrap();
                assert_eq!(
                    (row.reason, row.state_before),
                    (command.reason.clone(), "in_progress".into())
                );
                let back = app
                    .act(&desk.agent, |w, v, ctx| {
                        actions::resume(w, v, ctx, practice_of(Kind::Incident), number)
                    })
                    .unwrap();
                assert_eq!(back.state, "in_progress");
                assert!(app.read(|r| records::hold_of(r, incident.id)).is_none());
            }
        }
        // The question is a public reply, once for each such hold.
        assert_eq!(
            app.count("SELECT count(*) FROM entries WHERE audience = 'public'"),
            2
        );
        // Waiting for a change or a problem links it, once.
        assert_eq!(app.count("SELECT count(*) FROM links"), 2);
    });
}

#[test]
fn a_hold_begins_where_it_goes_back_to() {
    each_database(|app| {
        let desk = app.desk();
        for state in ["new", "assigned", "in_progress"] {
            let record = record_in(&app, &desk, Kind::Incident, state);
            hold(&app, &desk, record.number(), &reason("other")).unwrap();
            let back = app
                .act(&desk.agent, |w, v, ctx| {
                    actions::resume(w, v, ctx, practice_of(Kind::Incident), record.number())
                })
                .unwrap();
            assert_eq!(back.state, state);
        }
    });
}

#[test]
fn a_hold_ends_on_its_date_by_itself() {
    each_database(|app| {
        let desk = app.desk();
        let record = record_in(&app, &desk, Kind::Request, "in_fulfilment");
        let command = HoldCommand {
            resume_at: Some(app.now().plus(time::Duration::hours(2))),
            ..reason("appointment")
        };
        hold(&app, &desk, record.number(), &command).unwrap();
        app.travel(time::Duration::hours(1));
        app.work();
        assert_eq!(app.record(record.id).state, "waiting");
        app.travel(time::Duration::hours(1));
        app.work();
        let back = app.record(record.id);
        assert_eq!(back.state, "in_fulfilment");
        app.work();
        assert_eq!(app.record(record.id).facts, back.facts, "resumed twice");
    });
}

/// Each way a change or a problem can finish lets go whoever waited for it.
#[test]
fn a_hold_ends_when_what_it_waits_for_finishes() {
    each_database(|app| {
        let desk = app.desk();
        for (word, kind, begin, end) in [
            ("change", Kind::Change, "review", "close"),
            ("change", Kind::Change, "scheduled", "cancel"),
            ("change", Kind::Change, "awaiting_approval", "reject"),
            ("problem", Kind::Problem, "verifying", "resolve"),
            ("problem", Kind::Problem, "new", "cancel"),
        ] {
            let other = record_in(&app, &desk, kind, begin);
            let waiting: Vec<Record> = ["new", "in_progress"]
                .map(|state| {
                    let record = record_in(&app, &desk, Kind::Incident, state);
                    let command = HoldCommand {
                        for_record: Some(other.number()),
                        ..reason(word)
                    };
                    hold(&app, &desk, record.number(), &command).unwrap()
                })
                .into();
            finish(&app, &desk, other.number(), end);
            for (record, state) in waiting.iter().zip(["new", "in_progress"]) {
                assert_eq!(app.record(record.id).state, state, "{word} {end}");
                assert!(app.read(|r| records::hold_of(r, record.id)).is_none());
            }
        }
    });
}

fn finish(app: &App, desk: &Desk, number: Number, verb: &str) {
    let practice = practice_of(number.kind);
    let end = |code: &str| actions::Resolve {
        code: code.into(),
        text: "Over".into(),
    };
    app.act(&desk.manager, |w, v, ctx| match verb {
        "close" if number.kind == Kind::Change => moved(w, v, ctx, number, "closed"),
        "close" => actions::close(w, v, ctx, practice, number),
        "cancel" => actions::cancel(w, v, ctx, practice, number, &end("withdrawn")),
        "resolve" => actions::resolve(w, v, ctx, practice, number, &end("fixed")),
        _ => moved(w, v, ctx, number, "rejected"),
    })
    .unwrap();
}

/// Who waited and went on otherwise is left alone when the other record finishes.
#[test]
fn leaving_a_hold_another_way_ends_it() {
    each_database(|app| {
        let desk = app.desk();
        let change = record_in(&app, &desk, Kind::Change, "review");
        let for_change = HoldCommand {
            for_record: Some(change.number()),
            ..reason("change")
        };
        let record = record_in(&app, &desk, Kind::Incident, "in_progress");
        hold(&app, &desk, record.number(), &for_change).unwrap();
        finish(&app, &desk, record.number(), "resolve");
        assert!(app.read(|r| records::hold_of(r, record.id)).is_none());
        finish(&app, &desk, change.number(), "close");
        assert_eq!(app.record(record.id).state, "resolved");
        let open = "SELECT count(*) FROM holds WHERE ended_at IS NULL";
        assert_eq!(app.count(open), 0);
    });
}

/// A hold code an administrator made has no behaviour and needs nothing; a disabled one is gone.
#[test]
fn codes_of_administrators_hold_too() {
    each_database(|app| {
        let desk = app.desk();
        use andon::schema::codes;
        use diesel::prelude::*;
        let now = app.now();
        app.write(|w| {
            diesel::insert_into(codes::table)
                .values((
                    codes::list.eq("hold"),
                    codes::code.eq("weather"),
                    codes::label.eq("The weather"),
                    codes::behaviour.eq(""),
                    codes::position.eq(9),
                ))
                .execute(&mut **w)?;
            diesel::update(codes::table.find(("hold", "other")))
                .set(codes::disabled_at.eq(now))
                .execute(&mut **w)?;
            Ok(())
        });
        let title = "On the roof";
        let record = app.log(&desk.agent, &LogCall::incident(title));
        let refused = hold(&app, &desk, record.number(), &reason("other"));
        assert_eq!(fields(refused), ["hold_reason"]);
        hold(&app, &desk, record.number(), &reason("weather")).unwrap();
        assert_ne!(record.id, Id::nil());
    });
}

//! Emergencies: by word of mouth, written up afterwards, unauthorised.

use andon::changes::{self, Authority, ChangeType, Ending, Outcome, Verdict};
use andon::records::{Kind, LinkType, Record, actions};
use time::Duration;

use super::{freeze, plan, raise, try_raise, why};
use crate::app::{App, Desk, each_database};
use crate::instants::verified;
use crate::library::task_on;
use crate::life_cycle::record_in;
use crate::majors::major;

pub fn emergency(app: &App, desk: &Desk) -> Record {
    let plan = changes::PlanForm {
        change_type: ChangeType::Emergency.word().into(),
        backout_plan: "Boot the former image".into(),
        ..changes::PlanForm::default()
    };
    raise(app, desk, "Restart the core", plan)
}

/// Links an open major incident.
pub fn linked(app: &App, desk: &Desk, change: &Record) {
    let incident = record_in(app, desk, Kind::Incident, "in_progress");
    major(app, desk, incident.number());
    let (from, to) = (change.number(), incident.number());
    app.act(&desk.agent, |w, v, ctx| {
        actions::link(w, v, ctx, from, to, LinkType::Related)
    })
    .unwrap();
}

pub fn word(app: &App, desk: &Desk, hours_ago: i64) -> Authority {
    Authority {
        person: Some(desk.manager.id),
        at: Some(app.now().minus(Duration::hours(hours_ago))),
        how: "On the phone".into(),
    }
}

fn done(app: &App, hours_ago: i64) -> Ending {
    Ending {
        outcome: Some(Outcome::Successful),
        text: String::new(),
        ended_at: Some(app.now().minus(Duration::hours(hours_ago))),
    }
}

/// P1 open, freeze on, one authority awake: yes at 03:10, work until 03:40, logged at 08:00.
#[test]
fn what_was_done_at_night_is_written_up_in_the_morning() {
    each_database(|app| {
        let desk = app.desk();
        freeze(&app, &desk, "Peak trading", -10, 100);
        let change = emergency(&app, &desk);
        linked(&app, &desk, &change);
        let number = change.number();
        let began = Some(app.now().minus(Duration::hours(5)));
        let (authority, ending) = (word(&app, &desk, 6), done(&app, 4));
        let record = app
            .act(&desk.agent, |w, v, ctx| {
                changes::write_up(w, v, ctx, number, &authority, began, &ending)
            })
            .unwrap();
        assert_eq!(record.state, "review");
        // It passed the freeze on its own authority, and is listed.
        let report = app.visit(&desk.manager).page("/changes/report");
        report.assert_says("Emergencies during a freeze");
        report.assert_says(&number.to_string());
        let close = || app.act(&desk.manager, |w, v, ctx| changes::close(w, v, ctx, number));
        assert_eq!(why(close()), "change-close-confirmation-missing");
        let answer = |who, yes| {
            app.act(who, |w, v, ctx| {
                changes::answer_authority(w, v, ctx, number, yes)
            })
        };
        assert_eq!(why(answer(&desk.administrator, true)), "forbidden");
        app.visit(&desk.manager)
            .page(&number.path())
            .assert_says("I authorised this");
        answer(&desk.manager, false).unwrap();
        app.visit(&desk.agent)
            .page(&number.path())
            .assert_says("Refused after the fact");
        assert_eq!(
            why(answer(&desk.manager, true)),
            "change-authority-answered"
        );
        assert_eq!(why(close()), "change-close-verdict-missing");
        app.act(&desk.manager, |w, v, ctx| {
            changes::verdict(w, v, ctx, number, Some(Verdict::Keep), "It works")
        })
        .unwrap();
        assert_eq!(why(close()), "change-close-review-missing");
        app.act(&desk.manager, |w, v, ctx| {
            changes::review(w, v, ctx, number, "Ask first")
        })
        .unwrap();
        assert_eq!(close().unwrap().state, "closed");
        verified(&app);
    });
}

#[test]
fn the_same_without_authority_is_unauthorised_and_as_normal_it_is_refused() {
    each_database(|app| {
        let desk = app.desk();
        let number = emergency(&app, &desk).number();
        let began = Some(app.now().minus(Duration::hours(5)));
        let ending = done(&app, 4);
        let nobody = Authority::default();
        app.act(&desk.agent, |w, v, ctx| {
            changes::write_up(w, v, ctx, number, &nobody, began, &ending)
        })
        .unwrap();
        app.visit(&desk.agent)
            .page(&number.path())
            .assert_says("Unauthorised");
        let answered = app.act(&desk.manager, |w, v, ctx| {
            changes::answer_authority(w, v, ctx, number, true)
        });
        assert_eq!(why(answered), "forbidden");
        let past = plan(&app, &desk, ChangeType::Normal, -5, -4);
        let raised = try_raise(&app, &desk.agent, "After the fact", past);
        assert_eq!(why(raised), "change-window-past");
        verified(&app);
    });
}

#[test]
fn somebodys_word_starts_work_only_while_an_emergency_is_open() {
    each_database(|app| {
        let desk = app.desk();
        freeze(&app, &desk, "Peak trading", -10, 100);
        let change = emergency(&app, &desk);
        let number = change.number();
        let start = |authority: &Authority| {
            app.act(&desk.agent, |w, v, ctx| {
                changes::start_verbally(w, v, ctx, number, authority)
            })
        };
        let said = word(&app, &desk, 0);
        assert_eq!(why(start(&said)), "change-verbal-needs-incident");
        linked(&app, &desk, &change);
        let nobody = Authority {
            person: None,
            ..said.clone()
        };
        assert_eq!(why(start(&nobody)), "change-authority-missing");
        let agent = Authority {
            person: Some(desk.colleague.id),
            ..said.clone()
        };
        assert_eq!(why(start(&agent)), "change-authority-cannot");
        let unsaid = Authority {
            how: String::new(),
            ..said.clone()
        };
        assert_eq!(why(start(&unsaid)), "change-authority-how");
        // Nobody can have said it before the incident was there.
        let before = word(&app, &desk, 6 * 365 * 24);
        assert_eq!(why(start(&before)), "change-authority-too-old");
        // It passes the freeze on its own authority.
        assert_eq!(start(&said).unwrap().state, "implementing");
        verified(&app);
    });
}

/// After a refusal no task goes on before it is decided what becomes of the work; and what was
/// authorised stays as it reads.
#[test]
fn a_refusal_during_the_work_stops_its_tasks_until_the_verdict() {
    each_database(|app| {
        let desk = app.desk();
        let change = emergency(&app, &desk);
        let number = change.number();
        linked(&app, &desk, &change);
        let task = task_on(&app, &desk.agent, number, "Restart")
            .parse()
            .unwrap();
        let said = word(&app, &desk, 0);
        app.act(&desk.agent, |w, v, ctx| {
            changes::start_verbally(w, v, ctx, number, &said)
        })
        .unwrap();
        let edit = actions::Edit {
            seen: i64::MAX,
            title: Some("Something else".into()),
            ..actions::Edit::default()
        };
        let edited = app.act(&desk.agent, |w, v, ctx| {
            actions::edit(w, v, ctx, number, &edit)
        });
        assert_eq!(why(edited), "change-plan-stands");
        app.act(&desk.manager, |w, v, ctx| {
            changes::answer_authority(w, v, ctx, number, false)
        })
        .unwrap();
        let done = || {
            app.act(&desk.agent, |w, v, ctx| {
                actions::finish_task(w, v, ctx, number, task)
            })
        };
        assert_eq!(why(done()), "change-tasks-stand-still");
        app.act(&desk.manager, |w, v, ctx| {
            changes::verdict(w, v, ctx, number, Some(Verdict::BackOut), "Too risky")
        })
        .unwrap();
        done().unwrap();
        verified(&app);
    });
}

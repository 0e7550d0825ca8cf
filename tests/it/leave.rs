//! Somebody leaves: what they hold is shown, goes to their teams or to somebody else, and they are
//! disabled, all in one press, or nothing of it.

use std::collections::BTreeSet;
use std::process::Command;

use andon::app::verify;
use andon::follow::practice_of;
use andon::people::Roles;
use andon::platform::db::Id;
use andon::platform::db::store::queries;
use andon::platform::kernel::error::Error;
use andon::records::actions::{self, Assign, GiveTo, Held, Texts};
use andon::records::{Practices, Record};
use andon::settings::actions::{Leave, leave};
use andon::tasks::{Holder, Task};

use crate::app::{App, Client, Desk, Human, LogCall, Page, UrlText, each_database};
use crate::library::task_on;

/// Nothing of a record differs between journal and tables.
#[track_caller]
fn verified(app: &App) {
    let mut lines = Vec::new();
    let whole = verify::run(&app.site.store, &[], &mut |line| {
        let set_up = ["person ", "team ", "service ", "category ", "setting "];
        if !set_up.iter().any(|what| line.starts_with(what)) {
            lines.push(line.to_owned());
        }
    });
    assert!(whole.is_ok());
    assert_eq!(lines, Vec::<String>::new());
}

fn assigned(app: &App, desk: &Desk, title: &str, team: bool) -> Record {
    let call = LogCall {
        team: team.then_some(desk.network),
        assignee: Some(&desk.agent),
        ..LogCall::incident(title).from(&desk.requester)
    };
    app.log(&desk.colleague, &call)
}

fn leaving(app: &App, desk: &Desk) -> (Client, String, Page) {
    let admin = app.visit(&desk.administrator);
    let path = format!("/settings/people/{}/leaving", desk.agent.id);
    let page = admin.page(&path);
    (admin, path, page)
}

/// Two records and two tasks of the agent's.
fn busy(app: &App, desk: &Desk) -> (Record, Record) {
    let first = assigned(app, desk, "The scanner jams", true);
    let second = assigned(app, desk, "No dial tone", true);
    let number = app.log(&desk.colleague, &LogCall::incident("A team's"));
    for (on, title) in [
        (first.number(), "Order a roller"),
        (number.number(), "Call back"),
    ] {
        let task = task_on(app, &desk.colleague, on, title);
        let given = actions::EditTask {
            seen: i64::MAX,
            who: Some(Some(Holder::Person(desk.agent.id))),
            ..actions::EditTask::default()
        };
        app.act(&desk.colleague, |w, v, ctx| {
            actions::edit_task(w, v, ctx, on, task.parse().unwrap(), &given)
        })
        .unwrap();
    }
    (first, second)
}

fn disabled(app: &App, person: &Human) -> bool {
    app.read(|r| andon::people::find_person(r, person.id))
        .disabled_at
        .is_some()
}

fn tasks_held_by_people(app: &App) -> i64 {
    app.count("SELECT count(*) FROM tasks WHERE assignee_id IS NOT NULL")
}

#[test]
fn whoever_leaves_hands_everything_to_their_teams_in_one_press() {
    each_database(|app| {
        let desk = app.desk();
        let (first, second) = busy(&app, &desk);
        let agent = app.visit(&desk.agent);
        agent.page("/queue");
        let (admin, _, page) = leaving(&app, &desk);
        for text in [
            "The scanner jams",
            "No dial tone",
            "Order a roller",
            "Call back",
        ] {
            page.assert_says(text);
        }
        let html = page.html();
        assert!(html.contains("id=\"n-records\">2<") && html.contains("id=\"n-tasks\">2<"));
        let before = app.count("SELECT count(*) FROM facts");
        let done = admin.send(&page.form("/leaving")).expect(303);
        admin
            .follow(&done)
            .assert_says("Their sessions have ended.");
        // One fact for each record, each task, and the person.
        assert_eq!(app.count("SELECT count(*) FROM facts"), before + 5);
        for record in [&first, &second] {
            let now = app.record(record.id);
            assert_eq!((now.assignee_id, now.team_id), (None, Some(desk.network)));
            assert_eq!(now.reassignments, record.reassignments);
        }
        assert_eq!(tasks_held_by_people(&app), 0);
        // A task goes to the team of its record; without one it is nobody's.
        let with_team = "SELECT count(*) FROM tasks WHERE team_id IS NOT NULL";
        let proposed = app.count(
            "SELECT count(*) FROM records WHERE title = 'A team''s' AND team_id IS NOT NULL",
        );
        assert_eq!(app.count(with_team), 1 + proposed);
        assert!(disabled(&app, &desk.agent));
        assert!(agent.get("/queue").location().starts_with("/login"));
        verified(&app);
        // Nothing is left to press.
        let page = admin.page(&format!("/settings/people/{}/leaving", desk.agent.id));
        assert!(page.html().contains("id=\"n-records\">0<"));
    });
}

#[test]
fn or_to_one_person_who_works() {
    each_database(|app| {
        let desk = app.desk();
        let (first, _) = busy(&app, &desk);
        let (admin, path, page) = leaving(&app, &desk);
        let form = page.form("/leaving").set("to", "person");
        // Nobody is chosen yet; nothing typed is lost and nothing done.
        let again = admin.send(&form).expect(422);
        assert!(!disabled(&app, &desk.agent));
        let to_requester = again
            .form("/leaving")
            .set("assignee", &desk.requester.id.to_string());
        admin.send(&to_requester).expect(422);
        let to_themself = again
            .form("/leaving")
            .set("assignee", &desk.agent.id.to_string());
        admin.send(&to_themself).expect(422);
        assert_eq!(app.record(first.id).assignee_id, Some(desk.agent.id));
        assert!(!disabled(&app, &desk.agent));
        let form = again
            .form("/leaving")
            .set("assignee", &desk.colleague.id.to_string());
        admin.send(&form).expect(303);
        assert_eq!(app.record(first.id).assignee_id, Some(desk.colleague.id));
        assert_eq!(tasks_held_by_people(&app), 2);
        assert!(disabled(&app, &desk.agent));
        let history = admin.page(&format!("{}?tab=history", app.path(&first)));
        history.assert_says("Ben Okafor");
        verified(&app);
        assert!(path.ends_with("/leaving"));
    });
}

#[test]
fn what_changed_between_look_and_press_is_shown_again() {
    each_database(|app| {
        let desk = app.desk();
        let (first, second) = busy(&app, &desk);
        let (admin, _, page) = leaving(&app, &desk);
        let practice = practice_of(first.kind);
        let take = Assign {
            seen: i64::MAX,
            assignee: Some(Some(desk.colleague.id)),
            ..Assign::default()
        };
        app.act(&desk.colleague, |w, v, ctx| {
            actions::assign(w, v, ctx, practice, first.number(), &take)
        })
        .unwrap();
        let facts = app.count("SELECT count(*) FROM facts");
        let again = admin.send(&page.form("/leaving")).expect(409);
        again.assert_says("has changed since you looked");
        assert!(again.html().contains("id=\"n-records\">1<"));
        assert_eq!(app.count("SELECT count(*) FROM facts"), facts);
        assert!(!disabled(&app, &desk.agent));
        admin.send(&again.form("/leaving")).expect(303);
        assert_eq!(app.record(first.id).assignee_id, Some(desk.colleague.id));
        assert_eq!(app.record(second.id).assignee_id, None);
        verified(&app);
    });
}

#[test]
fn the_last_administrator_stays_and_so_does_their_work() {
    each_database(|app| {
        let desk = app.desk();
        let call = LogCall {
            assignee: Some(&desk.administrator),
            ..LogCall::incident("Only they can")
        };
        let logged = app.log(&desk.agent, &call);
        // Whom it was given to acknowledged it by that.
        let record = app.record(logged.id);
        let admin = app.visit(&desk.administrator);
        let page = admin.page(&format!(
            "/settings/people/{}/leaving",
            desk.administrator.id
        ));
        admin.send(&page.form("/leaving")).expect(409);
        assert!(!disabled(&app, &desk.administrator));
        let now = app.record(record.id);
        assert_eq!(
            (now.assignee_id, now.facts),
            (Some(desk.administrator.id), record.facts)
        );
    });
}

#[test]
fn owned_services_teams_and_line_reports_are_shown() {
    each_database(|app| {
        let desk = app.desk();
        app.write(|w| {
            use andon::schema::{people, services, teams};
            use diesel::prelude::*;
            diesel::update(services::table)
                .set(services::owner_id.eq(desk.agent.id))
                .execute(&mut **w)?;
            diesel::update(teams::table.find(desk.network))
                .set(teams::lead_id.eq(desk.agent.id))
                .execute(&mut **w)?;
            diesel::update(people::table.find(desk.colleague.id))
                .set(people::manager_id.eq(desk.agent.id))
                .execute(&mut **w)?;
            Ok(())
        });
        let (_, _, page) = leaving(&app, &desk);
        for name in ["Electronic mail", "Network", "Ben Okafor"] {
            page.assert_says(name);
        }
    });
}

/// Thousands of records are a few statements each, and none that asks for a name.
#[test]
fn many_records_are_handed_on_without_asking_for_each() {
    each_database(|app| {
        let desk = app.desk();
        let spent = |records: usize, agent: &Human| {
            for n in 0..records {
                let title = format!("Number {n}");
                let call = LogCall {
                    assignee: Some(agent),
                    team: Some(desk.network),
                    ..LogCall::incident(&title)
                };
                app.log(&desk.colleague, &call);
            }
            let before = std::cell::Cell::new(0);
            app.act(&desk.administrator, |w, v, ctx| {
                before.set(queries());
                let command = Leave {
                    seen: None,
                    to: Some(GiveTo::Teams),
                };
                leave(w, v, ctx, Practices(practice_of), agent.id, &command)
            })
            .unwrap();
            queries() - before.get()
        };
        let one = spent(1, &desk.agent);
        let many = spent(101, &app.human("Busy Bee", Roles::AGENT));
        // A fact, its texts and the row: what reads is the same for all.
        assert!(many - one <= 100 * 6, "{one} {many}");
        verified(&app);
    });
}

/// And so are many tasks, handed on or erased.
#[test]
fn many_tasks_are_handed_on_and_erased_without_asking_for_each() {
    each_database(|app| {
        let desk = app.desk();
        let spent = |tasks: usize, agent: &Human| {
            let on = app
                .log(&desk.colleague, &LogCall::incident("With tasks"))
                .number();
            let ids: BTreeSet<Id<Task>> = (0..tasks)
                .map(|n| {
                    let task = actions::AddTask {
                        title: format!("Task {n}"),
                        who: Some(Holder::Person(agent.id)),
                        ..actions::AddTask::default()
                    };
                    app.act(&desk.colleague, |w, v, ctx| {
                        Ok(actions::add_task(w, v, ctx, on, &task)?.id)
                    })
                    .unwrap()
                })
                .collect();
            let texts = Texts {
                tasks: ids,
                ..Texts::default()
            };
            app.act(&desk.administrator, |w, v, ctx| {
                let command = Leave {
                    seen: None,
                    to: Some(GiveTo::Teams),
                };
                let before = queries();
                leave(w, v, ctx, Practices(practice_of), agent.id, &command)?;
                let between = queries();
                actions::erase_texts(w, v, ctx, &texts)?;
                Ok((between - before, queries() - between))
            })
            .unwrap()
        };
        let one = spent(1, &desk.agent);
        let many = spent(20, &app.human("Busy Bee", Roles::AGENT));
        // Each of the others has a fact with four texts, and no statement of its own besides.
        let more = 19 * 5 + 5;
        assert!(many.0 <= one.0 + more, "{one:?} {many:?}");
        assert!(many.1 <= one.1 + more, "{one:?} {many:?}");
        let left = "SELECT count(*) FROM tasks WHERE assignee_id IS NOT NULL OR title <> '[…]'";
        assert_eq!(app.count(left), 0);
        verified(&app);
    });
}

#[test]
fn somebody_who_may_not_administer_hands_nothing_on() {
    each_database(|app| {
        let desk = app.desk();
        busy(&app, &desk);
        let refused = app.act(&desk.manager, |w, v, ctx| {
            leave(
                w,
                v,
                ctx,
                Practices(practice_of),
                desk.agent.id,
                &Leave::default(),
            )
        });
        assert!(matches!(refused, Err(Error::Forbidden(_))));
        let seen = app.act(&desk.requester, |w, v, _| Held::of(w, v, desk.agent.id));
        assert!(matches!(seen, Err(Error::Forbidden(_))));
    });
}

/// Runs `andon` on the story's database.
pub fn andon(app: &App, arguments: &[&str]) -> (i32, String) {
    let url = app.database.url.to_string_for_tests();
    let data = app.data().display().to_string();
    let ran = Command::new(env!("CARGO_BIN_EXE_andon"))
        .args(arguments)
        .args(["--database", &url])
        .current_dir(app.database.folder())
        .env_clear()
        .env("ANDON_LOG_LEVEL", "error")
        .env("ANDON_ATTACHMENTS_PATH", data)
        .output()
        .expect("andon runs");
    let said = [ran.stdout, ran.stderr].concat();
    (
        ran.status.code().unwrap_or(-1),
        String::from_utf8_lossy(&said).into_owned(),
    )
}

#[test]
fn the_command_lists_what_they_hold_and_hands_it_on_when_told() {
    each_database(|app| {
        let desk = app.desk();
        let (first, _) = busy(&app, &desk);
        let (code, said) = andon(&app, &["user", "disable", &desk.agent.mail]);
        assert_eq!(code, 1, "{said}");
        assert!(
            said.contains("Open records: 2") && said.contains("--to-teams"),
            "{said}"
        );
        assert!(!disabled(&app, &desk.agent));
        let to = [
            "user",
            "disable",
            &desk.agent.mail,
            "--to",
            &desk.colleague.mail,
        ];
        let (code, said) = andon(&app, &to);
        assert_eq!(code, 0, "{said}");
        assert!(disabled(&app, &desk.agent));
        assert_eq!(app.record(first.id).assignee_id, Some(desk.colleague.id));
        let nobody: Id<andon::people::Person> = Id::new();
        assert!(app.read(|r| Ok(andon::people::find_person(r, nobody).is_err())));
        verified(&app);
    });
}

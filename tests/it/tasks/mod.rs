//! Tasks on records: added, changed, done, skipped, in order; what they keep from being resolved; whose
//! work they are. Everything by the pages a person uses, on both databases.

mod bad_input;
mod work;

use andon::app::verify;
use andon::follow::practice_of;
use andon::platform::kernel::error::{Error, Result};
use andon::records::actions::{self, Reopen, Resolve};
use andon::records::{Kind, Number, Record};

use crate::app::{App, Client, Desk, Human, LogCall, Page, each_database};
use crate::library::task_on;
use crate::life_cycle::{moved, record_in};

fn key() -> String {
    uuid::Uuid::new_v4().to_string()
}

/// Posts a form of fields, each time as a new one.
#[track_caller]
fn post(client: &Client, path: &str, fields: &[(&str, &str)]) -> Page {
    let key = key();
    let mut all = vec![("form_key", key.as_str())];
    all.extend(fields);
    client.post(path, &all)
}

/// Adds a task by the page, and gives its own path.
#[track_caller]
fn add(client: &Client, path: &str, fields: &[(&str, &str)]) -> String {
    let page = post(client, &format!("{path}/tasks"), fields).expect(303);
    let id = page.location().split("#task-").nth(1).unwrap().to_owned();
    format!("{path}/tasks/{id}")
}

/// Nothing of a record differs between journal and tables. (What a test is set up with has no facts.)
#[track_caller]
fn verified(app: &App) {
    let mut lines = Vec::new();
    verify::run(&app.site.store, &[], &mut |line| {
        let set_up = ["person ", "team ", "service ", "category ", "setting "];
        if !set_up.iter().any(|what| line.starts_with(what)) {
            lines.push(line.to_owned());
        }
    })
    .unwrap();
    assert_eq!(lines, Vec::<String>::new());
}

fn facts(app: &App) -> i64 {
    app.count("SELECT count(*) FROM facts")
}

/// Title and state of each task, in the order of their places.
fn states(app: &App) -> Vec<String> {
    app.database
        .lines("SELECT title || ' ' || state AS line FROM tasks ORDER BY record_id, place")
}

fn incident(app: &App, desk: &Desk) -> (Record, String) {
    let record = record_in(app, desk, Kind::Incident, "in_progress");
    let path = app.path(&record);
    (record, path)
}

#[test]
fn a_task_is_added_done_and_skipped_without_a_script() {
    each_database(|app| {
        let desk = app.desk();
        let (_, path) = incident(&app, &desk);
        let client = app.visit(&desk.agent);
        // The form is one link away and has all there is to say.
        let page = client.page(&path);
        assert!(!page.has_form("/tasks"));
        let page = client.page(&format!("{path}?edit=task"));
        let form = page
            .form("/tasks")
            .set("task_title", "Order a spare part <b>")
            .set("task_who", &format!("team:{}", desk.network))
            .set("task_due_at", "2099-03-01T09:00")
            .set("task_blocking", "true");
        let added = client.send(&form).expect(303);
        let page = client.follow(&added);
        page.assert_says("The task is added.");
        page.assert_says("Order a spare part <b>");
        page.assert_says("Network");
        page.assert_says("Blocks resolving");
        // Sent once more it is the same task.
        assert_eq!(client.send(&form).location(), added.location());
        assert_eq!(states(&app), ["Order a spare part <b> open"]);

        let call = add(&client, &path, &[("task_title", "Call them back")]);
        let page = client.page(&path);
        let done = page
            .forms()
            .into_iter()
            .find(|f| f.action == format!("{call}/done"))
            .unwrap();
        client
            .follow(&client.send(&done).expect(303))
            .assert_says("Done: Call them back");

        let spare = client.page(&format!("{path}?tab=history"));
        spare.assert_says("Task done");
        let spare = app.database.lines(&match app.backend() {
            andon::platform::db::Backend::Sqlite => {
                "SELECT lower(hex(id)) AS line FROM tasks WHERE blocking".to_owned()
            }
            _ => "SELECT replace(id::text, '-', '') AS line FROM tasks WHERE blocking".to_owned(),
        });
        let spare = uuid::Uuid::parse_str(&spare[0]).unwrap();
        let own = format!("{path}/tasks/{spare}");
        let skip = client.page(&own).form("/skipped");
        let again = client.send(&skip).expect(422);
        again.assert_says("Why it is skipped");
        let skipped = client
            .send(&skip.set("task_reason", "It works again"))
            .expect(303);
        let page = client.follow(&skipped);
        page.assert_says("2 ended tasks");
        page.assert_says("It works again");
        assert_eq!(
            states(&app),
            ["Order a spare part <b> skipped", "Call them back done"]
        );
        let names = app
            .database
            .lines("SELECT name AS line FROM facts WHERE name LIKE 'task%' ORDER BY seq");
        assert_eq!(
            names,
            ["task.added", "task.added", "task.done", "task.skipped"]
        );
        // What has ended has a page, without a form to change it.
        let page = client.page(&own);
        page.assert_says("Skipped");
        assert!(!page.has_form("/done") && !page.has_form("/place"));
        let history = client.page(&format!("{path}?tab=history")).text();
        for word in [
            "Task added",
            "Task skipped",
            "Order a spare part <b>",
            "Network",
        ] {
            assert!(history.contains(word), "{word}: {history}");
        }
        verified(&app);
    });
}

/// The end of each kind that waits for what blocks it.
const ENDS: [(Kind, &str); 4] = [
    (Kind::Incident, "in_progress"),
    (Kind::Request, "in_fulfilment"),
    (Kind::Problem, "verifying"),
    (Kind::Change, "review"),
];

fn finish(app: &App, who: &Human, number: Number) -> Result<Record> {
    let practice = practice_of(number.kind);
    app.act(who, |w, v, ctx| match number.kind {
        Kind::Change => moved(w, v, ctx, number, "closed"),
        _ => {
            let fixed = Resolve {
                code: "fixed".into(),
                text: "Done.".into(),
            };
            actions::resolve(w, v, ctx, practice, number, &fixed)
        }
    })
}

#[test]
fn an_open_blocking_task_keeps_every_kind_from_its_end_by_name() {
    each_database(|app| {
        let desk = app.desk();
        for (kind, state) in ENDS {
            let record = record_in(&app, &desk, kind, state);
            let number = record.number();
            let task = task_on(&app, &desk.agent, number, "Sign it off");
            let before = facts(&app);
            match finish(&app, &desk.agent, number) {
                Err(Error::Refused(message)) => {
                    assert_eq!(message.key, "tasks-block");
                    assert!(message.args.iter().any(|(_, v)| v == "“Sign it off”"));
                }
                other => panic!("{kind}: {other:?}"),
            }
            assert_eq!(facts(&app), before, "{kind}");
            let id = task.parse().unwrap();
            app.act(&desk.agent, |w, v, ctx| {
                actions::finish_task(w, v, ctx, number, id)
            })
            .unwrap();
            let ended = finish(&app, &desk.agent, number).unwrap();
            assert!(!ended.is_open, "{kind}");
        }
        verified(&app);
    });
}

#[test]
fn the_page_names_what_is_in_the_way_and_keeps_the_text() {
    each_database(|app| {
        let desk = app.desk();
        let (_, path) = incident(&app, &desk);
        let client = app.visit(&desk.agent);
        for n in 1..=5 {
            let blocks = if n == 3 { "" } else { "true" };
            let title = format!("Step {n}");
            add(
                &client,
                &path,
                &[("task_title", &title), ("task_blocking", blocks)],
            );
        }
        // Said before anything is typed, and again when it is sent all the same.
        let page = client.page(&format!("{path}/resolution"));
        page.assert_says("“Step 1”, “Step 2”, “Step 4” and 1 more must be done or skipped first");
        let form = page
            .form("/resolution")
            .set("resolution_code", "fixed")
            .set("resolution_text", "New toner.");
        let refused = client.send(&form).expect(409);
        refused.assert_says("“Step 4” and 1 more");
        assert_eq!(
            refused.form("/resolution").value("resolution_text"),
            Some("New toner.")
        );
        assert_eq!(app.count("SELECT count(*) FROM resolutions"), 0);
        // A cancellation needs none of them done.
        let cancelled = post(
            &client,
            &format!("{path}/cancellation"),
            &[("cancellation_code", "withdrawn")],
        );
        client
            .follow(&cancelled.expect(303))
            .assert_says("5 ended tasks");
        verified(&app);
    });
}

#[test]
fn what_is_open_ends_with_its_record() {
    each_database(|app| {
        let desk = app.desk();
        let open =
            |record: &Record, title: &str| task_on(&app, &desk.agent, record.number(), title);
        // Cancelled: the blocking one too; what was done stays done.
        let incident = record_in(&app, &desk, Kind::Incident, "in_progress");
        let done = open(&incident, "A").parse().unwrap();
        open(&incident, "B");
        let number = incident.number();
        app.act(&desk.agent, |w, v, ctx| {
            actions::finish_task(w, v, ctx, number, done)
        })
        .unwrap();
        let withdrawn = Resolve {
            code: "withdrawn".into(),
            text: String::new(),
        };
        let practice = practice_of(Kind::Incident);
        app.act(&desk.agent, |w, v, ctx| {
            actions::cancel(w, v, ctx, practice, number, &withdrawn)
        })
        .unwrap();
        assert_eq!(states(&app), ["A done", "B cancelled"]);
        // Rejected.
        let change = record_in(&app, &desk, Kind::Change, "awaiting_approval");
        open(&change, "C");
        app.act(&desk.manager, |w, v, ctx| {
            moved(w, v, ctx, change.number(), "rejected")
        })
        .unwrap();
        assert_eq!(states(&app)[2..], ["C cancelled"]);
        // Resolved leaves what does not block, re-opening finds it, closing by itself ends it.
        let problem = record_in(&app, &desk, Kind::Problem, "verifying");
        let later = actions::AddTask {
            title: "D".into(),
            ..actions::AddTask::default()
        };
        let number = problem.number();
        app.act(&desk.agent, |w, v, ctx| {
            actions::add_task(w, v, ctx, number, &later)
        })
        .unwrap();
        finish(&app, &desk.agent, number).unwrap();
        let practice = practice_of(Kind::Problem);
        let again = Reopen {
            who: "Rita".into(),
            why: "Again".into(),
        };
        app.act(&desk.agent, |w, v, ctx| {
            actions::reopen(w, v, ctx, practice, number, &again)
        })
        .unwrap();
        finish(&app, &desk.agent, number).unwrap();
        assert_eq!(states(&app)[3..], ["D open"]);
        app.travel(time::Duration::days(6));
        app.work();
        assert_eq!(app.record(problem.id).state, "closed");
        assert_eq!(states(&app)[3..], ["D cancelled"]);
        let told = app
            .database
            .lines("SELECT name || ' ' || door AS line FROM facts WHERE name = 'task.cancelled' ORDER BY seq");
        assert_eq!(
            told,
            [
                "task.cancelled web",
                "task.cancelled web",
                "task.cancelled worker"
            ]
        );
        verified(&app);
    });
}

/// A task's own words are those of records too; nothing that follows from a record's end follows from it.
#[test]
fn the_end_of_a_task_is_not_the_end_of_its_record() {
    each_database(|app| {
        let desk = app.desk();
        let change = record_in(&app, &desk, Kind::Change, "scheduled");
        let incident = record_in(&app, &desk, Kind::Incident, "in_progress");
        let hold = actions::HoldCommand {
            reason: "change".into(),
            for_record: Some(change.number()),
            ..actions::HoldCommand::default()
        };
        let practice = practice_of(Kind::Incident);
        app.act(&desk.agent, |w, v, ctx| {
            actions::hold(w, v, ctx, practice, incident.number(), &hold)
        })
        .unwrap();
        let task = task_on(&app, &desk.agent, change.number(), "Tell everybody");
        let client = app.visit(&desk.agent);
        let path = app.path(&change);
        post(&client, &format!("{path}/tasks/{task}/done"), &[]).expect(303);
        assert_eq!(app.record(incident.id).state, "waiting");
        assert_eq!(app.record(change.id).state, "scheduled");
    });
}

#[test]
fn tasks_are_put_in_order() {
    each_database(|app| {
        let desk = app.desk();
        let (_, path) = incident(&app, &desk);
        let client = app.visit(&desk.agent);
        let tasks: Vec<String> = ["A", "B", "C", "D"]
            .iter()
            .map(|title| add(&client, &path, &[("task_title", title)]))
            .collect();
        let order = || {
            let lines = app
                .database
                .lines("SELECT title || place AS line FROM tasks ORDER BY place");
            lines.join(" ")
        };
        let page = client.page(&tasks[3]);
        assert_eq!(page.form("/place").value("task_place"), Some("4"));
        let first = page.form("/place").set("task_place", "1");
        client
            .follow(&client.send(&first).expect(303))
            .assert_says("Moved.");
        assert_eq!(order(), "D1 A2 B3 C4");
        post(
            &client,
            &format!("{}/place", tasks[0]),
            &[("task_place", "3")],
        )
        .expect(303);
        assert_eq!(order(), "D1 B2 A3 C4");
        // Where it is already: nothing happened, so nothing is said to have.
        let before = facts(&app);
        post(
            &client,
            &format!("{}/place", tasks[0]),
            &[("task_place", "3")],
        )
        .expect(303);
        assert_eq!(facts(&app), before);
        // The page shows them in this order, and the next one comes last.
        add(&client, &path, &[("task_title", "E")]);
        assert_eq!(order(), "D1 B2 A3 C4 E5");
        let text = client.page(&path).html();
        let at = |title: &str| text.find(&format!("dir=\"auto\">{title}</a>")).unwrap();
        assert!(at("D") < at("B") && at("B") < at("A") && at("A") < at("C"));
        verified(&app);
    });
}

#[test]
fn two_who_change_a_task_at_once_lose_nothing() {
    each_database(|app| {
        let desk = app.desk();
        let (_, path) = incident(&app, &desk);
        let (mine, theirs) = (app.visit(&desk.agent), app.visit(&desk.colleague));
        let other = add(&mine, &path, &[("task_title", "Another")]);
        let task = add(&mine, &path, &[("task_title", "Call the shop")]);
        let form = |client: &Client, task: &str| {
            let page = client.page(task);
            page.form_with(task, "task_title")
        };
        // Another field, and another task: both stand.
        let (a, b) = (form(&mine, &task), form(&theirs, &task));
        theirs
            .send(&form(&theirs, &other).set("task_title", "Yet another"))
            .expect(303);
        theirs
            .send(&b.set("task_due_at", "2099-01-01T10:00"))
            .expect(303);
        mine.send(&a.set("task_title", "Call the store"))
            .expect(303);
        let line = "SELECT title || ' ' || CASE WHEN ended_at IS NULL AND title = 'Call the store' \
                    THEN 'kept' ELSE '' END AS line FROM tasks ORDER BY place";
        assert_eq!(
            app.database.lines(line),
            ["Yet another ", "Call the store kept"]
        );
        assert!(
            form(&mine, &task)
                .value("task_due_at")
                .is_some_and(|d| d.starts_with("2099-01-01"))
        );
        // The same field: a choice with both values.
        let (a, b) = (form(&mine, &task), form(&theirs, &task));
        theirs
            .send(
                &b.set("task_title", "Theirs")
                    .set("task_who", &format!("person:{}", desk.agent.id)),
            )
            .expect(303);
        let asked = mine
            .send(&a.set("task_title", "Mine").set("task_blocking", "true"))
            .expect(409);
        asked.assert_says("Theirs");
        asked.assert_says("Mine");
        let choice = asked.form_with(&task, "keep-task_title");
        mine.send(&choice.set("keep-task_title", "theirs"))
            .expect(303);
        let kept = form(&mine, &task);
        assert_eq!(kept.value("task_title"), Some("Theirs"));
        assert_eq!(kept.value("task_blocking"), Some("true"));
        assert_eq!(
            kept.value("task_who"),
            Some(format!("person:{}", desk.agent.id).as_str())
        );
        // Or mine.
        let (a, b) = (form(&mine, &task), form(&theirs, &task));
        theirs
            .send(&b.set("task_title", "Theirs again"))
            .expect(303);
        let asked = mine.send(&a.set("task_title", "Mine")).expect(409);
        mine.send(&asked.form_with(&task, "keep-task_title"))
            .expect(303);
        assert_eq!(form(&mine, &task).value("task_title"), Some("Mine"));
        verified(&app);
    });
}

#[test]
fn titles_are_found_by_those_who_work_and_by_nobody_else() {
    each_database(|app| {
        let desk = app.desk();
        let (record, path) = incident(&app, &desk);
        let client = app.visit(&desk.agent);
        let task = add(&client, &path, &[("task_title", "Order the flugelhorn")]);
        let found = |client: &Client, word: &str| {
            let text = client.page(&format!("/search?q={word}")).text();
            text.contains(&record.number().to_string())
        };
        assert!(found(&client, "flugelhorn"));
        client.page("/search?q=flugelhorn").assert_says("Task");
        assert!(
            client
                .page("/search?q=flugelhorn&order=best")
                .text()
                .contains("Order the")
        );
        for person in [&desk.requester, &desk.watcher] {
            assert!(!found(&app.visit(person), "flugelhorn"));
        }
        // A new title takes the old one's place; a changed record's own text leaves it alone.
        let form = client.page(&task).form_with(&task, "task_title");
        client
            .send(&form.set("task_title", "Order the bassoon"))
            .expect(303);
        assert!(found(&client, "bassoon") && !found(&client, "flugelhorn"));
        let edit = actions::Edit {
            overwrite: true,
            title: Some("No music".into()),
            ..actions::Edit::default()
        };
        app.act(&desk.agent, |w, v, ctx| {
            actions::edit(w, v, ctx, record.number(), &edit)
        })
        .unwrap();
        assert!(found(&client, "bassoon") && found(&client, "music"));
        // A restore gives the index the same again.
        let id: andon::platform::db::Id<andon::tasks::Task> =
            task.rsplit('/').next().unwrap().parse().unwrap();
        let of = [andon::search::Indexed {
            record: record.id,
            entry: Some(id.cast()),
            internal: true,
        }];
        let texts = app.read(|r| andon::search::indexed_texts(r, &of));
        assert!(texts[0].contains("bassoon"), "{texts:?}");
    });
}

#[test]
fn an_export_knows_no_tasks() {
    each_database(|app| {
        let desk = app.desk();
        let record = app.log(&desk.agent, &LogCall::incident("Quiet"));
        let client = app.visit(&desk.agent);
        let before = client.page("/queue.csv").text();
        task_on(&app, &desk.agent, record.number(), "Unheard of");
        let after = client.page("/queue.csv").text();
        assert!(!after.contains("Unheard of"));
        assert_eq!(before.lines().next(), after.lines().next());
    });
}

//! Tasks as somebody's work: in the queue beside their records, counted, due first.

use super::*;
use andon::people::Roles;

/// Titles in the list of tasks, in its order, and the number beside the view.
fn shown(client: &Client, view: &str) -> (Vec<String>, String) {
    let html = client.page(&format!("/queue?view={view}")).html();
    let titles = html
        .split("#task-")
        .skip(1)
        .filter_map(|rest| rest.split_once('>')?.1.split_once("</a>"))
        .map(|(title, _)| title.to_owned())
        .collect();
    let link = html.split(&format!("href=\"/queue?view={view}\"")).nth(1);
    let count = link
        .and_then(|rest| rest.split("class=\"n\">").nth(1))
        .and_then(|rest| rest.split('<').next())
        .unwrap_or_default();
    (titles, count.to_owned())
}

#[test]
fn my_tasks_are_my_work_due_first_and_counted() {
    each_database(|app| {
        let desk = app.desk();
        let (record, path) = incident(&app, &desk);
        let client = app.visit(&desk.agent);
        let me = format!("person:{}", desk.agent.id);
        let colleague = format!("person:{}", desk.colleague.id);
        let team = format!("team:{}", desk.desk);
        let network = format!("team:{}", desk.network);
        let (_, before) = shown(&client, "mine");
        let (_, teams_before) = shown(&client, "teams");
        let number = |text: &str| text.parse::<i64>().unwrap();
        for (title, who, due) in [
            ("No date", &me, ""),
            ("Later", &me, "2099-05-01T00:00"),
            ("Soon", &me, "2098-05-01T00:00"),
            ("Not mine", &colleague, "2001-05-01T00:00"),
            ("The team's", &team, ""),
            ("Another team's", &network, ""),
        ] {
            let fields = [
                ("task_title", title),
                ("task_who", who),
                ("task_due_at", due),
            ];
            add(&client, &path, &fields);
        }
        add(&client, &path, &[("task_title", "Nobody's")]);
        let (mine, count) = shown(&client, "mine");
        assert_eq!(mine, ["Soon", "Later", "No date"]);
        assert_eq!(number(&count), number(&before) + 3);
        client.page("/queue?view=mine").assert_says("3 open tasks");
        let (teams, count) = shown(&client, "teams");
        assert_eq!(teams, ["The team&#39;s"]);
        assert_eq!(number(&count), number(&teams_before) + 1);
        // The colleague is in both teams.
        let (teams, _) = shown(&app.visit(&desk.colleague), "teams");
        assert_eq!(teams.len(), 2);
        // Records have views, filters and pages of their own; tasks stand at the beginning only.
        for view in ["open", "unassigned", "incident", "mine&priority=1"] {
            assert_eq!(shown(&client, view).0, Vec::<String>::new(), "{view}");
        }
        // What is done is no work any more.
        let soon = client.page(&path).html();
        let at = soon.find(">Soon</a>").unwrap();
        let task = soon[..at].rsplit("href=\"").next().unwrap();
        let task = task.split('"').next().unwrap().to_owned();
        post(&client, &format!("{task}/done"), &[]).expect(303);
        assert_eq!(shown(&client, "mine").0, ["Later", "No date"]);
        let practice = practice_of(Kind::Incident);
        let withdrawn = Resolve {
            code: "withdrawn".into(),
            text: String::new(),
        };
        app.act(&desk.agent, |w, v, ctx| {
            actions::cancel(w, v, ctx, practice, record.number(), &withdrawn)
        })
        .unwrap();
        assert_eq!(shown(&client, "mine"), (Vec::new(), before));
        // The record itself was the team's.
        let (_, teams) = shown(&client, "teams");
        assert_eq!(number(&teams), number(&teams_before) - 1);
    });
}

#[test]
fn more_tasks_than_a_page_shows_are_counted() {
    each_database(|app| {
        let desk = app.desk();
        let (record, _) = incident(&app, &desk);
        app.act(&desk.agent, |w, v, ctx| {
            for n in 1..=53 {
                let task = actions::AddTask {
                    title: format!("Step {n}"),
                    who: Some(andon::tasks::Holder::Person(v.id)),
                    ..actions::AddTask::default()
                };
                actions::add_task(w, v, ctx, record.number(), &task)?;
            }
            Ok(())
        })
        .unwrap();
        let page = app.visit(&desk.agent).page("/queue?view=mine");
        page.assert_says("53 open tasks");
        page.assert_says("And 3 more, due later.");
    });
}

/// Somebody who left keeps their name on what they held, and the task can be given to another.
#[test]
fn whoever_left_is_still_named() {
    each_database(|app| {
        let desk = app.desk();
        let (_, path) = incident(&app, &desk);
        let client = app.visit(&desk.agent);
        let leaver = app.human("Lena Leaver", Roles::AGENT);
        let who = format!("person:{}", leaver.id);
        let task = add(
            &client,
            &path,
            &[("task_title", "Hers"), ("task_who", &who)],
        );
        app.write(|w| {
            use andon::schema::people;
            use diesel::prelude::*;
            diesel::update(people::table.find(leaver.id))
                .set(people::disabled_at.eq(app.now()))
                .execute(&mut **w)?;
            Ok(())
        });
        client.page(&path).assert_says("Lena Leaver");
        let form = client.page(&task).form_with(&task, "task_title");
        assert_eq!(form.value("task_who"), Some(who.as_str()));
        // Left alone she stays; nobody else's task goes to her.
        client
            .send(&form.clone().set("task_title", "Hers still"))
            .expect(303);
        client.page(&path).assert_says("Lena Leaver");
        let fields = [("task_title", "Another"), ("task_who", who.as_str())];
        post(&client, &format!("{path}/tasks"), &fields).expect(422);
        let form = client.page(&task).form_with(&task, "task_title");
        let me = format!("person:{}", desk.agent.id);
        client.send(&form.set("task_who", &me)).expect(303);
        assert!(!client.page(&path).text().contains("Lena Leaver"));
        verified(&app);
    });
}

//! What is wrong is said beside the field, nothing typed is lost and nothing is half-written.

use super::*;
use andon::tasks::rules::MOST;

#[test]
fn each_field_has_its_limits_and_the_form_comes_back_whole() {
    each_database(|app| {
        let desk = app.desk();
        let (_, path) = incident(&app, &desk);
        let client = app.visit(&desk.agent);
        let before = facts(&app);
        let long = "x".repeat(201);
        let person = |human: &Human| format!("person:{}", human.id);
        let nobody = format!("person:{}", uuid::Uuid::now_v7());
        let (disabled, requester) = (person(&desk.disabled), person(&desk.requester));
        let no_team = format!("team:{}", uuid::Uuid::now_v7());
        let wrong: [(&str, &str, &str, &str); 9] = [
            ("", "", "", "Fill this in"),
            (" \r\n\t ", "", "", "Fill this in"),
            (&long, "", "", "At most 200 characters; this has 201"),
            ("A", "somebody", "", "not one of the choices"),
            ("A", &nobody, "", "no longer"),
            ("A", &no_team, "", "no longer"),
            ("A", &disabled, "", "cannot be given tasks"),
            ("A", &requester, "", "cannot be given tasks"),
            ("A", "", "next Tuesday", "date"),
        ];
        for (title, who, due, says) in wrong {
            let fields = [
                ("task_title", title),
                ("task_who", who),
                ("task_due_at", due),
                ("task_blocking", "true"),
            ];
            let page = post(&client, &format!("{path}/tasks"), &fields).expect(422);
            page.assert_says(says);
            let form = page.form_with("/tasks", "task_title");
            assert_eq!(form.value("task_title"), Some(title), "{says}");
            assert_eq!(form.value("task_due_at"), Some(due), "{says}");
            assert_eq!(form.value("task_blocking"), Some("true"), "{says}");
        }
        assert_eq!(facts(&app), before);
        assert_eq!(app.count("SELECT count(*) FROM tasks"), 0);
        // Odd, but right.
        let odd = "\u{1f5a8}\u{0} \u{202e}x\r\nnew line <script>";
        add(&client, &path, &[("task_title", odd)]);
        let page = client.page(&path);
        assert!(!page.html().contains("<script>"), "{}", page.html());
        // Over already: allowed, and said.
        let late = [("task_title", "Late"), ("task_due_at", "2001-02-03T04:05")];
        let page = post(&client, &format!("{path}/tasks"), &late).expect(303);
        let page = client.follow(&page);
        page.assert_says("Its due date is over");
        page.assert_says("overdue");
        verified(&app);
    });
}

#[test]
fn a_task_of_another_record_does_not_exist_here() {
    each_database(|app| {
        let desk = app.desk();
        let (_, path) = incident(&app, &desk);
        let (other, _) = incident(&app, &desk);
        let client = app.visit(&desk.agent);
        let foreign = task_on(&app, &desk.agent, other.number(), "Not yours");
        let before = facts(&app);
        let fields = [
            ("task_title", "X"),
            ("task_reason", "X"),
            ("task_place", "1"),
            ("seen", "0"),
        ];
        for id in [
            foreign.as_str(),
            "nonsense",
            &uuid::Uuid::now_v7().to_string(),
        ] {
            for verb in ["", "/done", "/skipped", "/place"] {
                let path = format!("{path}/tasks/{id}{verb}");
                post(&client, &path, &fields).expect(404);
            }
            client.get(&format!("{path}/tasks/{id}")).expect(404);
        }
        assert_eq!(facts(&app), before);
        assert_eq!(states(&app), ["Not yours open"]);
    });
}

#[test]
fn what_is_closed_or_has_ended_stays() {
    each_database(|app| {
        let desk = app.desk();
        let client = app.visit(&desk.agent);
        for (kind, state) in [
            (Kind::Incident, "closed"),
            (Kind::Incident, "cancelled"),
            (Kind::Change, "closed"),
        ] {
            let record = record_in(&app, &desk, kind, state);
            let path = app.path(&record);
            let page = post(
                &client,
                &format!("{path}/tasks"),
                &[("task_title", "Late idea")],
            );
            page.expect(409).assert_says("closed");
            let page = client.page(&format!("{path}?edit=task"));
            assert!(!page.has_form("/tasks"));
        }
        assert_eq!(app.count("SELECT count(*) FROM tasks"), 0);
        let (_, path) = incident(&app, &desk);
        let task = add(&client, &path, &[("task_title", "Once")]);
        post(&client, &format!("{task}/done"), &[]).expect(303);
        let before = facts(&app);
        let again = post(&client, &format!("{task}/done"), &[]).expect(409);
        again.assert_says("“Once” has ended");
        let skip = post(&client, &format!("{task}/skipped"), &[("task_reason", "X")]);
        let skip = skip.expect(409);
        skip.assert_says("“Once” has ended");
        assert_eq!(skip.form("/skipped").value("task_reason"), Some("X"));
        post(&client, &task, &[("task_title", "Twice"), ("seen", "0")]).expect(409);
        assert_eq!(facts(&app), before);
    });
}

#[test]
fn a_record_has_so_many_tasks_and_so_many_places() {
    each_database(|app| {
        let desk = app.desk();
        let (record, path) = incident(&app, &desk);
        let client = app.visit(&desk.agent);
        app.act(&desk.agent, |w, v, ctx| {
            for n in 1..=MOST {
                let task = actions::AddTask {
                    title: format!("Step {n}"),
                    ..actions::AddTask::default()
                };
                actions::add_task(w, v, ctx, record.number(), &task)?;
            }
            Ok(())
        })
        .unwrap();
        let full = post(
            &client,
            &format!("{path}/tasks"),
            &[("task_title", "One more")],
        );
        full.expect(409).assert_says("at most 100 tasks");
        let page = client.page(&path);
        page.assert_says("Step 100");
        let own = page
            .forms()
            .into_iter()
            .find(|f| f.action.ends_with("/done"))
            .unwrap();
        let task = own.action.trim_end_matches("/done").to_owned();
        let before = facts(&app);
        for place in ["0", "101", "-1", "first", "", "99999999999999999999999"] {
            post(&client, &format!("{task}/place"), &[("task_place", place)]).expect(422);
        }
        assert_eq!(facts(&app), before);
        post(&client, &format!("{task}/place"), &[("task_place", "100")]).expect(303);
        verified(&app);
    });
}

//! A problem is opened from many incidents; what contributed is a list.

use andon::records::{Kind, Number, actions};

use super::{caused, factor, incident, problem};
use crate::app::{App, each_database};
use crate::instants::{tampered, verified};

/// The incidents linked to problems, by number.
fn linked(app: &App) -> i64 {
    app.count("SELECT count(*) FROM links WHERE link_type = 'caused_by'")
}

#[test]
fn opened_from_many_and_unlinked_in_bulk() {
    each_database(|app| {
        let desk = app.desk();
        for n in 1..=3 {
            incident(&app, &desk, &format!("Drawer {n} stays shut"));
        }
        let client = app.visit(&desk.agent);
        // Typed again, and once more in small letters: each is linked once.
        let form = client
            .page("/problems/new?from=INC-1&from=INC-2&from=INC-99")
            .form("/problems");
        assert_eq!(form.value("title"), Some("Drawer 1 stays shut"));
        let wrong = form.clone().set("incidents", "INC-1, INC-77");
        client
            .send(&wrong)
            .expect(422)
            .assert_says("There is no incident INC-77");
        let form = form
            .set("incidents", "INC-1\ninc-2, INC-3 INC-1")
            .set("description", "Since the update of the tills");
        let opened = client.send(&form).expect(303);
        assert_eq!(opened.location(), "/problems/PRB-1");
        assert_eq!(linked(&app), 3);
        let page = client.page("/problems/PRB-1");
        page.assert_says("3 incidents, 3 open");
        let form = client
            .page("/problems/PRB-1/incidents")
            .form("/incidents")
            .add("incident", "INC-1")
            .add("incident", "INC-3");
        let gone = client.press(&form, "do", "unlink").expect(303);
        client.follow(&gone).assert_says("Unlinked: 2.");
        assert_eq!(linked(&app), 1);
        verified(&app);
    });
}

#[test]
fn factors_are_a_list_and_a_removed_kind_stays_readable() {
    each_database(|app| {
        let desk = app.desk();
        let number = problem(&app, &desk, "Drawers stay shut").number();
        factor(&app, &desk.agent, number, "process");
        factor(&app, &desk.agent, number, "detection");
        let client = app.visit(&desk.agent);
        let path = format!("{}/factors", number.path());
        client.page(&number.path()).assert_says("Process");
        // The desk does not use the kind any more.
        app.write(|w| {
            use andon::schema::codes;
            use diesel::prelude::*;
            diesel::update(codes::table.find(("factor", "process")))
                .set(codes::disabled_at.eq(Some(andon::platform::db::Utc::from_micros(0))))
                .execute(&mut **w)?;
            Ok(())
        });
        let page = client.page(&path);
        page.assert_says("Process");
        page.assert_says("Detection and monitoring");
        // Where it was chosen it may stay; nobody chooses it anew.
        let edits: Vec<_> = page
            .forms()
            .into_iter()
            .filter(|form| form.value("factor_code") == Some("process"))
            .collect();
        assert_eq!(edits.len(), 1);
        let edit = edits[0].clone().set("factor_text", "Nobody had looked");
        client.send(&edit).expect(303);
        client.page(&path).assert_says("Nobody had looked");
        let anew = uuid::Uuid::new_v4().to_string();
        client
            .post(
                &path,
                &[
                    ("form_key", &anew),
                    ("factor_code", "process"),
                    ("factor_text", "Again"),
                ],
            )
            .expect(422)
            .assert_says("Choose one");
        assert_eq!(app.count("SELECT count(*) FROM factors"), 2);
        let other = "UPDATE factors SET code = 'capacity' WHERE code = 'detection'";
        assert!(tampered(&app, other).iter().any(|l| l.contains("factors")));
    });
}

#[test]
fn similar_says_why_and_hides_the_restricted() {
    each_database(|app| {
        let desk = app.desk();
        let asked = incident(&app, &desk, "Cash drawer dead after update");
        incident(&app, &desk, "Drawer of the till dead since the update");
        let hidden = incident(&app, &desk, "Drawer dead after a secret update");
        incident(&app, &desk, "Mail is slow");
        crate::restricted::restrict(&app, &desk.agent, hidden.number(), &[desk.agent.id]).unwrap();
        let path = format!("{}/similar", asked.number().path());
        let page = app.visit(&desk.colleague).page(&path);
        page.assert_says("INC-2");
        page.assert_says("same words: ");
        assert!(!page.text().contains("INC-3") && !page.text().contains("INC-4"));
        app.visit(&desk.agent).page(&path).assert_says("INC-3");
        let none = Number {
            kind: Kind::Incident,
            n: 99,
        };
        let path = format!("{}/similar", none.path());
        app.visit(&desk.agent).get(&path).expect(404);
    });
}

#[test]
fn a_problem_is_opened_from_what_keeps_coming_back() {
    each_database(|app| {
        let desk = app.desk();
        let client = app.visit(&desk.agent);
        let path = "/problems/trends?days=7";
        client
            .page(path)
            .assert_says("Nothing came back three times");
        let placed = |title: &str| {
            let record = incident(&app, &desk, title);
            let place = actions::Edit {
                seen: i64::MAX,
                service: Some(Some(desk.mail)),
                category: Some(Some(desk.printing)),
                ..actions::Edit::default()
            };
            app.act(&desk.agent, |w, v, ctx| {
                actions::edit(w, v, ctx, record.number(), &place)
            })
            .unwrap();
            record
        };
        let old = placed("Last week's");
        app.travel(time::Duration::days(8));
        let explained = placed("Explained already");
        let known = problem(&app, &desk, "What is known");
        caused(&app, &desk, &explained, &known);
        let hidden = placed("A secret one");
        crate::restricted::restrict(&app, &desk.agent, hidden.number(), &[desk.agent.id]).unwrap();
        for n in 0..3 {
            placed(&format!("Again {n}"));
        }
        let client = app.visit(&desk.agent);
        let page = client.page(path);
        page.assert_says("Electronic mail");
        page.assert_says("Printing");
        let link = page
            .doc()
            .links()
            .into_iter()
            .find(|link| link.starts_with("/problems/new?service"))
            .unwrap();
        let form = app.visit(&desk.colleague).page(&link).form("/problems");
        let numbers = form.value("incidents").unwrap_or_default().to_owned();
        assert_eq!(numbers.lines().count(), 3, "{numbers}");
        for other in [&old, &explained, &hidden] {
            let number = other.number().to_string();
            assert!(numbers.lines().all(|line| line != number), "{numbers}");
        }
        let form = form.set("title", "Printing from the mail");
        app.visit(&desk.colleague).send(&form).expect(303);
        client
            .page(path)
            .assert_says("Nothing came back three times");
        app.visit(&desk.requester).get(path).expect(403);
    });
}

//! One-time links: for one person, one round, once; opening decides nothing. And the password.

use andon::approvals::actions;
use andon::approvals::terms::Count;
use andon::approvals::{Choice, Decision};
use time::Duration;

use super::*;
use crate::app::each_database;
use crate::instants::verified;

fn link(app: &App, desk: &Desk, record: &Record) -> String {
    let token = app
        .act(&desk.manager, |w, v, ctx| {
            actions::make_link(w, v, ctx, record.number(), 1, desk.approver.id)
        })
        .unwrap();
    format!("/approvals/links/{}", token.to_text())
}

#[test]
fn a_link_leads_its_person_to_a_vote_once() {
    each_database(|app| {
        let desk = app.desk();
        let people = [&desk.approver, &desk.colleague];
        keep(
            &app,
            &desk,
            &policy(vec![stage("Board", &people, Count::All)]),
        );
        let record = change(&app, &desk);
        submit(&app, &desk, &case(&desk, &record));
        // A manager makes it on the page and sees it this once.
        let manager = app.visit(&desk.manager);
        let form = manager.page(&page_of(&record)).form("/links");
        let shown = manager.send(&form.set("person", &desk.approver.id.to_string()));
        shown.expect(200).assert_says("It works once");
        let path = link(&app, &desk, &record);

        // Nobody who is not signed in, or is somebody else, learns anything from it.
        let location = app.anonymous().get(&path).expect(303).location().to_owned();
        assert!(location.starts_with("/login"), "{location}");
        app.visit(&desk.colleague).get(&path).expect(404);
        let client = app.visit(&desk.approver);
        let facts = app.count("SELECT count(*) FROM facts");
        for _ in 0..3 {
            client.page(&path).assert_says("Opening it decides nothing");
        }
        assert_eq!(app.count("SELECT count(*) FROM facts"), facts);
        let form = client.page(&path).form(&path);
        client.press(&form, "choice", "approve").expect(303);
        let used = client.page(&path);
        used.assert_says("This link was used or is out of date");
        used.assert_says("Approved");
        let fields = [("place", "0.0"), ("choice", "approve")];
        post(&client, &path, &fields).expect(409);
        assert_eq!(decision(&app, &record), None);
        verified(&app);
    });
}

#[test]
fn an_outdated_link_shows_what_there_is_now() {
    each_database(|app| {
        let desk = app.desk();
        keep(
            &app,
            &desk,
            &policy(vec![stage("Board", &[&desk.approver], Count::Any)]),
        );
        let record = change(&app, &desk);
        submit(&app, &desk, &case(&desk, &record));
        let old = link(&app, &desk, &record);
        let path = link(&app, &desk, &record);
        let client = app.visit(&desk.approver);
        client.get(&old).expect(404);
        let mut next = case(&desk, &record);
        next.revision = 2;
        next.content[1].text = "Both at once".into();
        submit(&app, &desk, &next);
        let page = client.page(&path);
        page.assert_says("out of date");
        page.assert_says("Both at once");
        let fields = [("place", "0.0"), ("choice", "approve")];
        post(&client, &path, &fields).expect(409);
        assert_eq!(decision(&app, &record), None);
        app.travel(Duration::hours(73));
        app.visit(&desk.approver)
            .page(&path)
            .assert_says("out of date");
    });
}

/// Every address of an approval that can be opened, by something that only looks.
#[test]
fn a_link_scanner_changes_nothing() {
    each_database(|app| {
        let desk = app.desk();
        keep(
            &app,
            &desk,
            &policy(vec![stage("Board", &[&desk.approver], Count::Any)]),
        );
        let record = change(&app, &desk);
        submit(&app, &desk, &case(&desk, &record));
        let link = link(&app, &desk, &record);
        let state = || {
            let tables = [
                "facts",
                "rounds",
                "round_events",
                "round_seats",
                "round_links",
                "notices",
            ];
            let counts = tables.map(|t| app.count(&format!("SELECT count(*) FROM {t}")));
            (
                counts,
                app.count("SELECT count(*) FROM round_links WHERE used_at IS NOT NULL"),
            )
        };
        let before = state();
        let rounds = format!("{}/rounds/1", record.number().path());
        for client in [
            app.visit(&desk.approver),
            app.anonymous(),
            app.visit(&desk.manager),
        ] {
            for path in [link.clone(), page_of(&record), "/approvals".into()] {
                client.get(&path);
            }
            for verb in [
                "votes",
                "withdrawals",
                "meetings",
                "contests",
                "suspension",
                "continuation",
                "answers",
                "conditions",
                "links",
            ] {
                client.get(&format!("{rounds}/{verb}?choice=approve&place=0.0"));
            }
        }
        assert_eq!(state(), before);
        assert_eq!(decision(&app, &record), None);
    });
}

#[test]
fn a_stage_that_asks_for_the_password_takes_no_vote_without_it() {
    each_database(|app| {
        let desk = app.desk();
        let mut board = stage("Board", &[&desk.approver], Count::Any);
        board.reauthenticate = true;
        keep(&app, &desk, &policy(vec![board]));
        app.set_password(&desk.approver, "correct horse 42");
        let record = change(&app, &desk);
        submit(&app, &desk, &case(&desk, &record));
        let bare = vote(&app, &desk.approver, &record, 1, (0, 0), Choice::Approve);
        assert!(bare.is_err(), "by no door");
        let client = app.visit(&desk.approver);
        let form = client.page(&page_of(&record)).form("/votes");
        for wrong in ["", "something else"] {
            let form = form.clone().set("approval_password", wrong);
            let page = client.press(&form, "choice", "approve").expect(422);
            assert!(!page.html().contains("something else"), "never sent back");
        }
        let form = form.set("approval_password", "correct horse 42");
        client.press(&form, "choice", "approve").expect(303);
        assert_eq!(decision(&app, &record), Some(Decision::Approved));
        verified(&app);
    });
}

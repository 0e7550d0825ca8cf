//! How changes went: success and failure, how long approvals take and who holds them.

use andon::approvals::Choice;
use andon::records::{LinkType, actions};
use time::Duration;

use super::approved::{policy, submitted, vote};
use super::{finish, scheduled, start, tomorrow};
use crate::app::{LogCall, each_database};
use crate::instants::verified;
use crate::restricted::restrict;

#[test]
fn the_report_says_what_failed_what_waits_and_whom_it_waits_for() {
    each_database(|app| {
        let desk = app.desk();
        policy(&app, &desk);
        let decided = tomorrow(&app, &desk, "Decided after three hours").number();
        submitted(&app, &desk, decided);
        app.travel(Duration::hours(3));
        vote(&app, &desk, decided, Choice::Approve);
        let waiting = tomorrow(&app, &desk, "Waiting").number();
        submitted(&app, &desk, waiting);
        let went = scheduled(&app, &desk, "=Certificates", 1, 5).number();
        app.travel(Duration::hours(2));
        start(&app, &desk, went).unwrap();
        finish(&app, &desk, went);
        let manager = app.visit(&desk.manager);
        let page = manager.page("/changes/report");
        page.assert_says("100 %");
        page.assert_says("Apu Voss");
        let text = page.text().replace(['\u{2068}', '\u{2069}'], "");
        assert!(
            text.contains("Middle time until a decision, hours 3"),
            "{text}"
        );
        // An incident it caused makes it a failure, whatever its outcome was.
        let incident = app.log(&desk.agent, &LogCall::incident("No mail")).number();
        app.act(&desk.agent, |w, v, ctx| {
            actions::link(w, v, ctx, incident, went, LinkType::CausedBy)
        })
        .unwrap();
        manager.page("/changes/report").assert_says("0 %");
        let csv = manager.get("/changes/report.csv").expect(200).html();
        assert!(
            csv.contains(&format!("{went},'=Certificates,standard")),
            "{csv}"
        );
        for path in ["/changes/report", "/changes/report.csv"] {
            app.visit(&desk.agent).get(path).expect(403);
        }
        for odd in [
            "?from=nonsense",
            "?from=2026-12-31&to=2026-01-01",
            "?to=9999-12-31",
        ] {
            manager.page(&format!("/changes/report{odd}"));
        }
        verified(&app);
    });
}

#[test]
fn a_restricted_incident_makes_no_change_a_failure_for_those_it_does_not_name() {
    each_database(|app| {
        let desk = app.desk();
        let went = scheduled(&app, &desk, "Certificates", 1, 5).number();
        app.travel(Duration::hours(2));
        start(&app, &desk, went).unwrap();
        finish(&app, &desk, went);
        let incident = app
            .log(&desk.agent, &LogCall::incident("Somebody's pay"))
            .number();
        app.act(&desk.agent, |w, v, ctx| {
            actions::link(w, v, ctx, incident, went, LinkType::CausedBy)
        })
        .unwrap();
        restrict(&app, &desk.agent, incident, &[desk.agent.id]).unwrap();
        let manager = app.visit(&desk.manager);
        let page = manager.page("/changes/report");
        page.assert_says("100 %");
        let csv = manager.get("/changes/report.csv").expect(200).html();
        let line = csv.lines().find(|line| line.starts_with(&went.to_string()));
        assert!(line.unwrap().contains(",0,false,"), "{csv}");
    });
}

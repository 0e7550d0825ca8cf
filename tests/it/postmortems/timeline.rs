//! The timeline assembles itself and loses no annotation; the seven instants have sources.

use andon::postmortems::rules::timeline::Knowledge;
use andon::postmortems::{self, Annotate};
use andon::records::Number;
use time::Duration;

use super::{FIRST, annotation, postmortem};
use crate::app::each_database;
use crate::instants::{tampered, verified};

const PATH: &str = "/postmortems/PM-1/timeline";

#[test]
fn assembling_again_keeps_annotations() {
    each_database(|app| {
        let desk = app.desk();
        postmortem(&app, &desk);
        let client = app.visit(&desk.agent);
        let page = client.page(PATH);
        page.assert_says("Resolved");
        let form = client
            .page(&format!("{PATH}?on=INC-1@1"))
            .forms()
            .into_iter()
            .find(|form| form.value("on") == Some("INC-1@1"))
            .expect("the first fact may be annotated");
        let form = form
            .set("text", "Store Ops phoned, **not** monitoring")
            .set("evidence", "https://wiki.example/calls")
            .set("knowledge", "later");
        client.send(&form).expect(303);
        // An entry of its own, of a time.
        let entry = client.page(PATH).form_with(PATH, "at");
        let entry = client
            .page(PATH)
            .forms()
            .into_iter()
            .rfind(|form| form.action.ends_with(PATH) && form.value("on").is_none())
            .unwrap_or(entry);
        let at = crate::instants::ago(&app, 30);
        client
            .send(&entry.set("text", "First handshake timeouts").set("at", &at))
            .expect(303);
        // The journals grow; both are still there, once.
        let incident = Number {
            kind: andon::records::Kind::Incident,
            n: 1,
        };
        crate::majors::major(&app, &desk, {
            let again = super::urgent(&app, &desk, "Another");
            again.number()
        });
        app.act(&desk.agent, |w, v, ctx| {
            let watcher = desk.watcher.id;
            andon::records::actions::watch(w, v, ctx, incident, watcher)
        })
        .unwrap();
        for _ in 0..2 {
            let text = client.page("/postmortems/PM-1").text();
            assert_eq!(text.matches("Store Ops phoned").count(), 1, "{text}");
            assert_eq!(text.matches("First handshake timeouts").count(), 1);
        }
        let page = client.page("/postmortems/PM-1");
        page.assert_says("Known only later");
        page.assert_says("First handshake timeouts");
        let other = "UPDATE postmortem_annotations SET knowledge = 'then'";
        assert!(
            tampered(&app, other)
                .iter()
                .any(|line| line.contains("annotations"))
        );
        verified(&app);
    });
}

#[test]
fn times_in_the_future_are_refused_and_far_ones_asked_about() {
    each_database(|app| {
        let desk = app.desk();
        postmortem(&app, &desk);
        let say = |at, odd_time| {
            let entry = Annotate {
                at: Some(at),
                odd_time,
                knowledge: Knowledge::Later,
                ..annotation("Somebody looked")
            };
            app.act(&desk.agent, |w, v, ctx| {
                postmortems::annotate(w, v, ctx, FIRST, &entry)
            })
        };
        let future = app.now().plus(Duration::HOUR);
        assert!(say(future, false).is_err());
        assert!(say(future, true).is_err());
        let long_ago = app.now().minus(Duration::days(400));
        // Nobody said when the impact began: nothing to compare with.
        let client = app.visit(&desk.agent);
        let form = |which: &str, at: &str| {
            let page = client.page("/postmortems/PM-1/instants");
            let form = page
                .forms()
                .into_iter()
                .find(|form| form.value("which") == Some(which))
                .unwrap();
            form.set("at", at).set("source", "log")
        };
        client
            .send(&form("impact_began", &crate::instants::ago(&app, 60)))
            .expect(303);
        assert!(say(long_ago, false).is_err());
        say(long_ago, true).unwrap();
        let odd = form("mitigated", "2020-01-01T00:00");
        let asked = client.send(&odd).expect(422);
        asked.assert_says("more than 30 days before");
        let again = asked
            .forms()
            .into_iter()
            .find(|form| form.value("which") == Some("mitigated"))
            .unwrap();
        client.send(&again.add("odd_time", "1")).expect(303);
        verified(&app);
    });
}

#[test]
fn seven_instants_with_sources_and_defined_durations() {
    each_database(|app| {
        let desk = app.desk();
        postmortem(&app, &desk);
        let client = app.visit(&desk.agent);
        let path = "/postmortems/PM-1/instants";
        let page = client.page(path);
        for words in [
            "Impact began",
            "Detected",
            "First page",
            "Acknowledged",
            "Engaged",
            "Mitigated",
            "Resolved",
            "as the incident says",
            "from impact began until detected",
        ] {
            page.assert_says(words);
        }
        let say = |which: &str, minutes: i64, source: &str| {
            let form = client
                .page(path)
                .forms()
                .into_iter()
                .find(|form| form.value("which") == Some(which))
                .unwrap();
            let form = form.set("at", &crate::instants::ago(&app, minutes));
            client.send(&form.set("source", source))
        };
        say("impact_began", 150, "").expect(422);
        say("impact_began", 150, "log").expect(303);
        say("detected", 145, "person").expect(303);
        say("engaged", 130, "estimate").expect(303);
        say("mitigated", 30, "monitoring").expect(303);
        let page = client.page("/postmortems/PM-1");
        page.assert_says("2 h 0 min");
        page.assert_says("5 min");
        page.assert_says("1 h 55 min");
        // The wrong way round is no number.
        say("mitigated", 148, "log").expect(303);
        client
            .page("/postmortems/PM-1")
            .assert_says("the wrong way round");
        assert_eq!(app.count("SELECT count(*) FROM postmortem_instants"), 4);
        // Without a time it is what the incidents say again.
        let form = client
            .page(path)
            .forms()
            .into_iter()
            .find(|form| form.value("which") == Some("detected"))
            .unwrap();
        client
            .send(&form.set("at", "").set("source", ""))
            .expect(303);
        assert_eq!(app.count("SELECT count(*) FROM postmortem_instants"), 3);
        let other = "UPDATE postmortem_instants SET source = 'person' WHERE which = 'mitigated'";
        assert!(
            tampered(&app, other)
                .iter()
                .any(|line| line.contains("postmortem_instants"))
        );
        verified(&app);
    });
}

//! Review and publishing: complete, by somebody who wrote none of it, once, and frozen.

use andon::platform::kernel::error::Error;
use andon::postmortems::rules::instants::{Moment, Source};
use andon::postmortems::rules::sections::Section;
use andon::postmortems::{self, SayInstant};
use time::Duration;

use super::{FIRST, people, postmortem, write};
use crate::app::{App, Desk, each_database};
use crate::instants::verified;

/// Everything that is asked for, but for factors.
pub fn complete(app: &App, desk: &Desk) {
    postmortem(app, desk);
    write(
        app,
        &desk.agent,
        FIRST,
        Section::Summary,
        "The gateways stopped.",
    );
    write(
        app,
        &desk.agent,
        FIRST,
        Section::Impact,
        "14 stores without cards.",
    );
    write(
        app,
        &desk.agent,
        FIRST,
        Section::WhatHappened,
        "Their memory was full.",
    );
    for (which, minutes) in [(Moment::ImpactBegan, 60), (Moment::Mitigated, 5)] {
        let said = SayInstant {
            which,
            at: Some(app.now().minus(Duration::minutes(minutes))),
            source: Some(Source::Log),
            note: String::new(),
            odd_time: false,
        };
        app.act(&desk.agent, |w, v, ctx| {
            postmortems::say_instant(w, v, ctx, FIRST, &said)
        })
        .unwrap();
    }
    app.act(&desk.agent, |w, v, ctx| {
        postmortems::decline_actions(w, v, ctx, FIRST, "The gateways go next week")
    })
    .unwrap();
    people(
        app,
        &desk.agent,
        FIRST,
        Some(desk.colleague.id),
        &[desk.agent.id],
    )
    .unwrap();
    app.act(&desk.agent, |w, v, ctx| {
        postmortems::say_of_facts(w, v, ctx, FIRST, true, "")
    })
    .unwrap();
    app.act(&desk.agent, |w, v, ctx| {
        postmortems::agree_facts(w, v, ctx, FIRST, None)
    })
    .unwrap();
}

fn publish(app: &App, who: &crate::app::Human) -> Result<String, Error> {
    let done = app.act(who, |w, v, ctx| postmortems::publish(w, v, ctx, FIRST));
    done.map(|record| record.state)
}

#[test]
fn reviewer_is_no_author_and_what_is_missing_is_said() {
    each_database(|app| {
        let desk = app.desk();
        complete(&app, &desk);
        // Whoever wrote of it is not its reviewer, and does not become it.
        let own = people(
            &app,
            &desk.agent,
            FIRST,
            Some(desk.agent.id),
            &[desk.agent.id],
        );
        assert!(matches!(own, Err(Error::Invalid(_))));
        let client = app.visit(&desk.agent);
        let page = client.page("/postmortems/PM-1/review");
        page.assert_says("Two contributing factors or more");
        client.send(&page.form("/review")).expect(303);
        assert!(matches!(
            publish(&app, &desk.agent),
            Err(Error::Forbidden(_))
        ));
        assert!(matches!(
            publish(&app, &desk.manager),
            Err(Error::Forbidden(_))
        ));
        let ben = app.visit(&desk.colleague);
        let form = ben.page("/postmortems/PM-1/review").form("/publication");
        let refused = ben.send(&form).expect(422);
        refused.assert_says("Two contributing factors or more");
        // The reviewer asks for changes, with what for.
        let back = refused.form("/review/return");
        ben.send(&back).expect(422);
        ben.send(&back.set("reason", "Name what made it likely"))
            .expect(303);
        client.page("/postmortems/PM-1").assert_says("Draft");
        // Who reviewed and then writes is an author; the page says so before.
        ben.page("/postmortems/PM-1/sections/luck")
            .assert_says("You review this post-mortem.");
        write(&app, &desk.colleague, FIRST, Section::Luck, "A Saturday.");
        app.act(&desk.agent, |w, v, ctx| {
            postmortems::agree_facts(w, v, ctx, FIRST, None)
        })
        .unwrap();
        let sent = app.act(&desk.agent, |w, v, ctx| {
            postmortems::submit(w, v, ctx, FIRST)
        });
        assert!(matches!(sent, Err(Error::Refused(_))));
        let page = client.page("/postmortems/PM-1/review");
        page.assert_says("Another reviewer: the one named has written in it");
        verified(&app);
    });
}

#[test]
fn two_publish_at_once_and_the_frozen_copy_does_not_change() {
    each_database(|app| {
        let desk = app.desk();
        complete(&app, &desk);
        for code in ["process", "capacity"] {
            crate::problems::factor(&app, &desk.agent, FIRST, code);
        }
        app.act(&desk.agent, |w, v, ctx| {
            postmortems::submit(w, v, ctx, FIRST)
        })
        .unwrap();
        let ben = app.visit(&desk.colleague);
        let form = ben.page("/postmortems/PM-1/review").form("/publication");
        let other = ben.page("/postmortems/PM-1/review").form("/publication");
        ben.send(&form).expect(303);
        // Done once: the second is told how it stands.
        ben.send(&other)
            .expect(409)
            .assert_says("published already");
        assert_eq!(app.count("SELECT count(*) FROM postmortem_editions"), 1);
        // Nothing is left to do: closed at once.
        let page = ben.page("/postmortems/PM-1");
        page.assert_says("Closed");
        let edition = ben.page("/postmortems/PM-1/editions/1");
        for words in [
            "Edition 1",
            "The gateways stopped.",
            "INC-1",
            "Ben Okafor",
            "The gateways go next week",
        ] {
            edition.assert_says(words);
        }
        let before = app
            .database
            .lines("SELECT hash AS line FROM postmortem_editions");
        // The factor's kind leaves the vocabulary: the copy says what it said.
        app.write(|w| {
            use andon::schema::codes;
            use diesel::prelude::*;
            diesel::update(codes::table.find(("factor", "process")))
                .set(codes::disabled_at.eq(Some(andon::platform::db::Utc::from_micros(0))))
                .execute(&mut **w)?;
            Ok(())
        });
        ben.page("/postmortems/PM-1/editions/1")
            .assert_says("Process");
        assert_eq!(
            app.database
                .lines("SELECT hash AS line FROM postmortem_editions"),
            before
        );
        app.write(|w| {
            use andon::schema::codes;
            use diesel::prelude::*;
            diesel::update(codes::table.find(("factor", "process")))
                .set(codes::disabled_at.eq(None::<andon::platform::db::Utc>))
                .execute(&mut **w)?;
            Ok(())
        });
        // What is over is not written any more.
        let save = postmortems::SaveSection {
            section: Section::Summary,
            base: 1,
            text: "Otherwise".into(),
        };
        let outcome = app.act(&desk.agent, |w, v, ctx| {
            postmortems::save_section(w, v, ctx, FIRST, &save)
        });
        assert!(matches!(outcome, Err(Error::Refused(_))));
        // Of a record that is restricted later the copy says nothing to those it does not name.
        let incident = andon::records::Number {
            kind: andon::records::Kind::Incident,
            n: 1,
        };
        let both = [desk.agent.id, desk.colleague.id];
        crate::restricted::restrict(&app, &desk.agent, incident, &both).unwrap();
        app.visit(&desk.manager)
            .get("/postmortems/PM-1/editions/1")
            .expect(404);
        verified(&app);
    });
}

#[test]
fn instants_that_contradict_are_worth_a_second_look_and_stop_nothing() {
    each_database(|app| {
        let desk = app.desk();
        complete(&app, &desk);
        let client = app.visit(&desk.agent);
        let contradict = "Two of the instants contradict each other";
        let detected = |minutes| {
            let said = SayInstant {
                which: Moment::Detected,
                at: Some(app.now().minus(Duration::minutes(minutes))),
                source: Some(Source::Person),
                note: String::new(),
                odd_time: true,
            };
            app.act(&desk.agent, |w, v, ctx| {
                postmortems::say_instant(w, v, ctx, FIRST, &said)
            })
            .unwrap();
        };
        detected(50);
        let page = client.page("/postmortems/PM-1/review");
        assert!(!page.text().contains(contradict), "{}", page.text());
        detected(3_000);
        let page = client.page("/postmortems/PM-1/review");
        page.assert_says(contradict);
        let stops = page.text();
        let second_look = stops.find("Worth a second look").unwrap();
        assert!(second_look < stops.find(contradict).unwrap());
        verified(&app);
    });
}

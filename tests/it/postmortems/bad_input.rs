//! What must not hurt: long texts, people who left, a title that is none.

use andon::platform::kernel::error::Error;
use andon::postmortems::rules::sections::Section;

use super::{FIRST, people, postmortem, write};
use crate::app::each_database;
use crate::instants::verified;

/// 200,000 words are more than a section takes: it is said by the field, and every one comes back.
#[test]
fn a_section_of_200_000_words_comes_back_whole() {
    each_database(|app| {
        let desk = app.desk();
        postmortem(&app, &desk);
        let client = app.visit(&desk.agent);
        let path = "/postmortems/PM-1/sections/summary";
        let form = client.page(path).form(path);
        let text = "word ".repeat(200_000);
        let back = client.send(&form.clone().set("text", &text)).expect(422);
        back.assert_says("At most 200000 characters");
        let kept = back.form(path);
        let words = kept.value("text").unwrap_or_default().split_whitespace();
        assert_eq!(words.count(), 200_000);
        assert_eq!(app.count("SELECT count(*) FROM postmortem_sections"), 0);
        // As long as it may be.
        let text = "word ".repeat(39_999) + "words";
        client.send(&form.set("text", &text)).expect(303);
        client.page("/postmortems/PM-1");
        verified(&app);
    });
}

#[test]
fn whoever_left_is_not_named_anew_and_not_waited_for() {
    each_database(|app| {
        let desk = app.desk();
        postmortem(&app, &desk);
        let gone = people(
            &app,
            &desk.agent,
            FIRST,
            None,
            &[desk.agent.id, desk.disabled.id],
        );
        assert!(matches!(gone, Err(Error::Invalid(_))));
        let outside = people(&app, &desk.agent, FIRST, Some(desk.requester.id), &[]);
        assert!(matches!(outside, Err(Error::Invalid(_))));
        people(
            &app,
            &desk.agent,
            FIRST,
            None,
            &[desk.agent.id, desk.colleague.id],
        )
        .unwrap();
        write(
            &app,
            &desk.agent,
            FIRST,
            Section::WhatHappened,
            "The gateways stopped.",
        );
        app.act(&desk.agent, |w, v, ctx| {
            andon::postmortems::say_of_facts(w, v, ctx, FIRST, true, "")
        })
        .unwrap();
        app.write(|w| {
            use andon::schema::people;
            use diesel::prelude::*;
            diesel::update(people::table.find(desk.colleague.id))
                .set(people::disabled_at.eq(Some(andon::platform::db::Utc::from_micros(1))))
                .execute(&mut **w)?;
            Ok(())
        });
        let agreed = app.act(&desk.agent, |w, v, ctx| {
            andon::postmortems::agree_facts(w, v, ctx, FIRST, None)
        });
        assert_eq!(agreed.unwrap().state, "facts_agreed");
        verified(&app);
    });
}

#[test]
fn what_is_not_there_is_not_found() {
    each_database(|app| {
        let desk = app.desk();
        postmortem(&app, &desk);
        let client = app.visit(&desk.agent);
        for path in [
            "/postmortems/PM-9",
            "/postmortems/INC-1",
            "/postmortems/PM-1/sections/nothing",
            "/postmortems/PM-1/editions/1",
            "/postmortems/PM-1/editions/x",
        ] {
            client.get(path).expect(404);
        }
        client.get("/postmortems/pm1").expect(303);
        for who in [&desk.requester, &desk.watcher, &desk.approver] {
            app.visit(who).get("/postmortems/PM-1").expect(404);
            app.visit(who).get("/postmortems").expect(403);
        }
    });
}

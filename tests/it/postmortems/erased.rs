//! Erasing somebody who wrote a post-mortem and owned what came of it: their words go, also from the
//! copy that was published; what others wrote, every number and how far it is stay.

use std::collections::BTreeMap;

use andon::follow::practice_of;
use andon::postmortems::rules::instants::{Moment, Source};
use andon::postmortems::rules::sections::Section;
use andon::postmortems::{self, Annotate, SayInstant};
use andon::problems::{self, EditFactor};
use andon::records::actions::{self, Resolve};
use andon::records::{Kind, Record};
use time::Duration;

use super::{FIRST, annotation, find, people, postmortem, write};
use crate::actions::{numbered, to, try_raise, wanted};
use crate::app::{App, Client, Desk, Human, each_database};
use crate::erase::{erase_all, leave_first, somebody, tables_with, verified};

/// Words that stand nowhere else, one for each place a name or a text of theirs can be in.
const WORDS: [&str; 17] = [
    "quillonia",
    "zarbaxter",
    "oldnamewhizz",
    "sectionblarney",
    "formersectionpimlo",
    "factorglimp",
    "proofsnarg",
    "annotquiver",
    "annotproofzed",
    "momentmurk",
    "dismissklee",
    "saidbrool",
    "placewend",
    "verifyplomb",
    "seendrub",
    "wontgrist",
    "returnskell",
];

/// A post-mortem of several authors, one of whom will be erased.
fn written(app: &App, desk: &Desk, person: &Human) {
    postmortem(app, desk);
    let there = [desk.agent.id, person.id];
    people(app, &desk.agent, FIRST, Some(desk.colleague.id), &there).unwrap();
    let client = app.visit(person);
    let path = "/postmortems/PM-1/people";
    let form = client.page(path).form(path);
    let form = form.set("meeting_place", "Room placewend");
    client.send(&form).expect(303);
    let save = |who, section, text| write(app, who, FIRST, section, text);
    save(person, Section::Summary, "It was formersectionpimlo.");
    save(person, Section::Summary, "It was sectionblarney.");
    save(&desk.agent, Section::Impact, "14 stores without cards.");
    save(&desk.agent, Section::WhatHappened, "Memory was full.");
    save(&desk.agent, Section::DidNotGoWell, "We should have known.");
    let path = "/postmortems/PM-1/sections/did_not_go_well";
    let form = client.page(path).form("/dismissals");
    client
        .send(&form.set("reason", "It quotes dismissklee"))
        .expect(303);
    crate::problems::factor(app, &desk.agent, FIRST, "capacity");
    app.act(person, |w, v, ctx| {
        let factor = EditFactor {
            code: "process".into(),
            text: "Nobody asked factorglimp".into(),
            evidence: "See proofsnarg".into(),
        };
        problems::add_factor(w, v, ctx, FIRST, &factor)?;
        let entry = Annotate {
            at: Some(ctx.now),
            evidence: "https://wiki.example/annotproofzed".into(),
            ..annotation("Then annotquiver called")
        };
        postmortems::annotate(w, v, ctx, FIRST, &entry)?;
        postmortems::say_instant(w, v, ctx, FIRST, &instant(ctx.now, "As momentmurk saw"))
    })
    .unwrap();
}

fn instant(now: andon::platform::db::Utc, note: &str) -> SayInstant {
    SayInstant {
        which: Moment::ImpactBegan,
        at: Some(now.minus(Duration::hours(1))),
        source: Some(Source::Log),
        note: note.into(),
        odd_time: false,
    }
}

/// What comes of it: one they verified, one they have yet to do, one they would not do.
fn items(app: &App, desk: &Desk, person: &Human) {
    let own = postmortems::RaiseItem {
        verification: "A drill with verifyplomb".into(),
        ..wanted(app, Some(person.id), 30)
    };
    try_raise(app, person, FIRST, &own).unwrap();
    for _ in 0..2 {
        let given = wanted(app, Some(person.id), 30);
        try_raise(app, &desk.agent, FIRST, &given).unwrap();
    }
    let act = |n| numbered(Kind::Action, n);
    to(app, person, act(1), "done");
    app.act(person, |w, v, ctx| {
        postmortems::verify_item(w, v, ctx, act(1), "It fired at seendrub")?;
        let declined = Resolve {
            code: "wont_do".into(),
            text: "Since wontgrist comes".into(),
        };
        actions::cancel(w, v, ctx, practice_of(Kind::Action), act(3), &declined)
    })
    .unwrap();
}

/// Disputed and agreed, sent, taken back, sent again, published by whoever wrote none of it.
fn published(app: &App, desk: &Desk, person: &Human) {
    let said = SayInstant {
        which: Moment::Mitigated,
        ..instant(app.now().plus(Duration::minutes(55)), "")
    };
    app.act(&desk.agent, |w, v, ctx| {
        postmortems::say_instant(w, v, ctx, FIRST, &said)
    })
    .unwrap();
    app.act(person, |w, v, ctx| {
        postmortems::say_of_facts(w, v, ctx, FIRST, false, "It was saidbrool")?;
        postmortems::say_of_facts(w, v, ctx, FIRST, true, "")
    })
    .unwrap();
    let sent = || {
        app.act(&desk.agent, |w, v, ctx| {
            postmortems::say_of_facts(w, v, ctx, FIRST, true, "")?;
            postmortems::agree_facts(w, v, ctx, FIRST, None)?;
            postmortems::submit(w, v, ctx, FIRST)
        })
        .unwrap()
    };
    sent();
    app.act(person, |w, v, ctx| {
        postmortems::return_to_draft(w, v, ctx, FIRST, "Add returnskell")
    })
    .unwrap();
    sent();
    app.act(&desk.colleague, |w, v, ctx| {
        postmortems::publish(w, v, ctx, FIRST)
    })
    .unwrap();
}

/// Where each word still stands.
fn left(app: &App) -> BTreeMap<&'static str, Vec<String>> {
    let tables = WORDS.map(|word| (word, tables_with(app, word)));
    tables.into_iter().filter(|(_, t)| !t.is_empty()).collect()
}

/// Pages on which they or their words could stand.
const PAGES: [&str; 12] = [
    "/postmortems",
    "/postmortems/PM-1",
    "/postmortems/PM-1?tab=history",
    "/postmortems/PM-1/editions/1",
    "/postmortems/PM-1/timeline",
    "/postmortems/PM-1/facts",
    "/postmortems/PM-1/sections/summary",
    "/actions?whose=all",
    "/actions/ACT-1",
    "/actions/ACT-2?tab=history",
    "/actions/ACT-3",
    "/incidents/INC-1",
];

fn silent(client: &Client) {
    for path in PAGES {
        let text = client.page(path).html().to_lowercase();
        for word in WORDS {
            assert!(!text.contains(word), "{path} says {word}");
        }
    }
}

fn of_kind(app: &App, n: i64) -> Record {
    find(app, numbered(Kind::Action, n))
}

#[test]
fn an_author_who_is_erased_takes_their_words_and_leaves_the_post_mortem() {
    each_database(|app| {
        let desk = app.desk();
        let person = somebody(&app, &desk);
        written(&app, &desk, &person);
        items(&app, &desk, &person);
        published(&app, &desk, &person);
        // The test would notice: every word stands somewhere, those of the copy in the copy.
        let there = left(&app);
        assert_eq!(there.len(), WORDS.len(), "{there:#?}");
        let manager = app.visit(&desk.manager);
        let copy = manager.page("/postmortems/PM-1/editions/1");
        for word in ["sectionblarney", "factorglimp", "annotquiver", "Quillonia"] {
            copy.assert_says(word);
        }
        let counts = || {
            [
                "records",
                "postmortem_sections",
                "factors",
                "postmortem_editions",
                "action_items",
            ]
            .map(|table| app.count(&format!("SELECT count(*) FROM {table}")))
        };
        let before = counts();
        let due = "SELECT count(*) FROM action_items WHERE due_at IS NOT NULL";
        let dates = app.count(due);
        leave_first(&app, &desk, &person);
        app.travel(Duration::minutes(10));
        let admin = app.visit(&desk.administrator);
        erase_all(&app, &admin, &person).assert_says("Erased person 1");

        assert_eq!(left(&app), BTreeMap::new());
        let manager = app.visit(&desk.manager);
        silent(&manager);
        // What stays: every record, what others wrote, what was done.
        assert_eq!((counts(), app.count(due)), (before, dates));
        for path in ["/postmortems/PM-1", "/postmortems/PM-1/editions/1"] {
            let page = manager.page(path);
            for said in [
                "14 stores without cards.",
                "Memory was full.",
                "Something of the kind capacity",
                "Erased person 1",
            ] {
                page.assert_says(said);
            }
        }
        let stands = |n| {
            let record = of_kind(&app, n);
            (record.state, record.title)
        };
        for (n, state) in [(1, "verified"), (2, "open"), (3, "declined")] {
            assert_eq!(stands(n), (state.into(), "Alert on memory".into()));
        }
        // What they had yet to do is the team's, and due as it was.
        let open = of_kind(&app, 2);
        assert_eq!((open.assignee_id, open.team_id), (None, Some(desk.desk)));
        manager.page("/postmortems/PM-1").assert_says("1 of 2 done");
        assert_eq!(verified(&app), Vec::<String>::new());
        // It goes on: revised and written anew by somebody else.
        app.act(&desk.agent, |w, v, ctx| {
            postmortems::revise(w, v, ctx, FIRST, "There is more to say")
        })
        .unwrap();
        write(&app, &desk.agent, FIRST, Section::Summary, "It leaked.");
        app.visit(&desk.manager)
            .page("/postmortems/PM-1")
            .assert_says("It leaked.");
        assert_eq!(verified(&app), Vec::<String>::new());
    });
}

/// What somebody else wrote since stays, and the former words of whoever is erased stand in no copy.
#[test]
fn words_that_were_published_and_written_over_go_too() {
    each_database(|app| {
        let desk = app.desk();
        let person = somebody(&app, &desk);
        written(&app, &desk, &person);
        items(&app, &desk, &person);
        published(&app, &desk, &person);
        let over = |text: &str| EditFactor {
            code: "process".into(),
            text: text.into(),
            evidence: String::new(),
        };
        let id = find(&app, FIRST).id;
        app.act(&desk.agent, |w, v, ctx| {
            postmortems::revise(w, v, ctx, FIRST, "Said better")?;
            let factor = problems::standing_factors(w, id)?;
            let theirs = factor.iter().find(|factor| factor.code == "process");
            problems::edit_factor(w, v, ctx, FIRST, theirs.unwrap().id, &over("Nobody asked"))
        })
        .unwrap();
        write(&app, &desk.agent, FIRST, Section::Summary, "It leaked.");
        leave_first(&app, &desk, &person);
        app.travel(Duration::minutes(10));
        let admin = app.visit(&desk.administrator);
        erase_all(&app, &admin, &person);
        assert_eq!(left(&app), BTreeMap::new());
        let page = app.visit(&desk.manager).page("/postmortems/PM-1");
        page.assert_says("It leaked.");
        page.assert_says("Nobody asked");
        silent(&app.visit(&desk.manager));
        assert_eq!(verified(&app), Vec::<String>::new());
    });
}

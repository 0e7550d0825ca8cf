//! A known error is offered with its reason as soon as there is a workaround; what came of it is counted;
//! those who wait are told, and whom it reaches is seen before.

use andon::problems;
use andon::problems::rules::known_errors::Audience;
use andon::records::actions;

use super::{caused, incident, problem, publication, publish};
use crate::app::{App, Human, each_database};
use crate::changes::why;
use crate::instants::{tampered, verified};

/// What became of offers.
fn offers(app: &App) -> (i64, i64, i64) {
    let count = |of: &str| app.count(&format!("SELECT count(*) FROM known_error_offers {of}"));
    (
        count(""),
        count("WHERE used_at IS NOT NULL"),
        count("WHERE worked = TRUE"),
    )
}

#[test]
fn published_with_the_cause_unknown_and_offered_with_its_reason() {
    each_database(|app| {
        let desk = app.desk();
        let before = incident(&app, &desk, "Drawer shut after the update");
        let known = problem(&app, &desk, "Drawers of the tills");
        let number = known.number();
        let client = app.visit(&desk.agent);
        let path = format!("{}/known-error", number.path());
        let form = client.page(&path).form("/known-error");
        let other_form = client.page(&path).form("/known-error");
        let empty = form.clone().set("symptoms", "").set("workaround", "");
        client
            .press(&empty, "do", "publish")
            .expect(422)
            .assert_says("Say what people notice");
        let text = publication(Audience::Requesters);
        let form = form
            .set("symptoms", &text.symptoms)
            .set("workaround", &text.workaround)
            .set("audience", "requesters");
        client.press(&form, "do", "publish").expect(303);
        assert_eq!(super::state(&app, &known), "new");
        // On what was open already, and on what comes.
        client
            .page(&before.number().path())
            .assert_says("same words: ");
        app.act(&desk.agent, |w, v, ctx| {
            actions::advance(
                w,
                v,
                ctx,
                &problems::PRACTICE,
                number,
                "under_investigation",
                "",
            )
        })
        .unwrap();
        let seen = client.get("/calls/new/seen?title=The+cash+drawer+will+not+open");
        assert!(
            seen.expect(200)
                .html()
                .contains("Plug the drawer into port B")
        );
        let call = client.page("/calls/new").form("/calls");
        let call = call
            .set("title", "The cash drawer will not open")
            .set("person", &desk.other.id.to_string())
            .set("matrix", "3-2");
        let saved = client.press(&call, "do", "save").expect(303);
        let page = client.follow(&saved);
        page.assert_says("Known errors");
        page.assert_says("drawer");
        assert_eq!(offers(&app).0, 2);
        // A text that has nothing to do with it is offered nothing.
        let other = incident(&app, &desk, "Mail is slow");
        assert!(
            !client
                .page(&other.number().path())
                .text()
                .contains("Known errors")
        );
        // Two publish at once: the second sees what the first wrote, and keeps its own.
        let form = other_form
            .set("symptoms", "Something else altogether")
            .set("workaround", "Wait");
        let late = client.press(&form, "do", "publish").expect(409);
        late.assert_says("Somebody published version 1 meanwhile");
        assert!(late.html().contains("Something else altogether"));
        verified(&app);
        let tampering = "UPDATE known_errors SET audience = 'desk'";
        assert!(
            tampered(&app, tampering)
                .iter()
                .any(|line| line.contains("known_error_audience"))
        );
    });
}

#[test]
fn into_the_reply_counts_used_and_worked() {
    each_database(|app| {
        let desk = app.desk();
        let known = problem(&app, &desk, "Drawers of the tills");
        publish(&app, &desk, &known, Audience::Requesters);
        let record = incident(&app, &desk, "The cash drawer stays shut");
        let client = app.visit(&desk.agent);
        let path = record.number().path();
        assert_eq!(offers(&app), (1, 0, 0));
        let used = client
            .send(&client.page(&path).form("/workaround"))
            .expect(303);
        assert!(used.location().contains("reply=PRB-1"));
        let page = client.follow(&used);
        let reply = page.form("/entries");
        assert_eq!(reply.value("body"), Some("Plug the drawer into port B"));
        assert_eq!(reply.value("audience"), Some("public"));
        assert_eq!(offers(&app), (1, 1, 0));
        client.send(&reply).expect(303);
        let page = client.page(&path);
        let worked = page.form_with("/workaround/outcome", "worked");
        client.send(&worked.set("worked", "yes")).expect(303);
        assert_eq!(offers(&app), (1, 1, 1));
        let page = client.page(&known.number().path());
        page.assert_says("Offered");
        page.assert_says("Worked");
        verified(&app);
        let tampering = "UPDATE known_error_offers SET worked = NULL";
        assert!(
            tampered(&app, tampering)
                .iter()
                .any(|line| line.contains("workarounds"))
        );
    });
}

#[test]
fn telling_previews_exactly_whom_it_reaches() {
    each_database(|app| {
        let desk = app.desk();
        let known = problem(&app, &desk, "Drawers of the tills");
        let open = incident(&app, &desk, "Drawer one");
        let ended = incident(&app, &desk, "Drawer two");
        let hidden = incident(&app, &desk, "Drawer three");
        for one in [&open, &ended, &hidden] {
            caused(&app, &desk, one, &known);
        }
        crate::restricted::restrict(&app, &desk.agent, hidden.number(), &[desk.agent.id]).unwrap();
        app.act(&desk.agent, |w, v, ctx| {
            let fixed = actions::Resolve {
                code: "fixed".into(),
                text: "Done".into(),
            };
            let practice = andon::follow::practice_of(ended.kind);
            actions::resolve(w, v, ctx, practice, ended.number(), &fixed)
        })
        .unwrap();
        // Somebody who may not see one of them reaches the others.
        let client = app.visit(&desk.colleague);
        let path = format!("{}/telling", known.number().path());
        let page = client.page(&path);
        page.assert_says("a reply on 1 incident");
        assert!(!page.text().contains("INC-3") && !page.text().contains("INC-2"));
        let form = page
            .form("/telling")
            .set("text", "Use port B meanwhile")
            .set("audience", "requesters");
        // Another one came meanwhile: nothing is sent, and the text stays.
        let more = incident(&app, &desk, "Drawer four");
        caused(&app, &desk, &more, &known);
        let again = client.send(&form).expect(409);
        again.assert_says("changed meanwhile");
        let form = again.form("/telling");
        assert_eq!(form.value("text"), Some("Use port B meanwhile"));
        client.send(&form).expect(303);
        let said = "SELECT count(*) FROM entries WHERE audience = 'public'";
        assert_eq!(app.count(said), 2);
        // As a note, the desk alone reads it.
        let form = client
            .page(&path)
            .form("/telling")
            .set("text", "Do not promise a date")
            .set("audience", "desk");
        client.send(&form).expect(303);
        let portal = app.visit(&desk.requester);
        let page = portal.page(&open.number().portal_path());
        page.assert_says("Use port B meanwhile");
        assert!(!page.text().contains("Do not promise"));
        verified(&app);
    });
}

#[test]
fn what_nobody_published_is_used_by_nobody() {
    each_database(|app| {
        let desk = app.desk();
        let known = problem(&app, &desk, "Drawers of the tills");
        let record = incident(&app, &desk, "Drawer one");
        let (number, of) = (record.number(), known.number());
        let using = app.act(&desk.agent, |w, v, ctx| {
            problems::use_workaround(w, v, ctx, number, of)
        });
        assert_eq!(why(using), "known-error-not-offered");
        publish(&app, &desk, &known, Audience::Desk);
        let worked = app.act(&desk.agent, |w, v, ctx| {
            problems::worked(w, v, ctx, number, of, true)
        });
        assert_eq!(why(worked), "workaround-not-used");
        // What somebody retired is not offered, whatever comes.
        let client = app.visit(&desk.agent);
        let form = client
            .page(&format!("{}/known-error", of.path()))
            .form("/retirement");
        client.send(&form).expect(422).assert_says("Fill this in");
        client
            .send(&form.set("known_error_reason", "It does harm"))
            .expect(303);
        let later = incident(&app, &desk, "The cash drawer stays shut");
        let page = client.page(&later.number().path());
        assert!(!page.text().contains("Known errors"));
    });
}

/// What a problem's page says of offers: how often offered, used, worked.
fn said(app: &App, who: &Human, path: &str) -> [String; 3] {
    let doc = app.visit(who).page(path).text();
    let words: Vec<&str> = doc.split_whitespace().collect();
    ["Offered", "Used", "Worked"].map(|label| {
        let at = words.iter().position(|word| *word == label);
        let at = at.unwrap_or_else(|| panic!("{label} is not said: {doc}"));
        words[at + 1].to_owned()
    })
}

/// Nobody learns from a number that there is an incident they may not see.
#[test]
fn offers_are_counted_of_what_the_reader_may_see_alone() {
    each_database(|app| {
        let desk = app.desk();
        let known = problem(&app, &desk, "Drawers of the tills");
        publish(&app, &desk, &known, Audience::Requesters);
        incident(&app, &desk, "The cash drawer stays shut");
        let hidden = incident(&app, &desk, "The cash drawer stays shut, too");
        let of = known.number();
        app.act(&desk.agent, |w, v, ctx| {
            problems::use_workaround(w, v, ctx, hidden.number(), of)?;
            problems::worked(w, v, ctx, hidden.number(), of, true)
        })
        .unwrap();
        let path = of.path();
        for who in [&desk.agent, &desk.colleague] {
            assert_eq!(said(&app, who, &path), ["2", "1", "1"], "{}", who.name);
        }
        let named = [desk.agent.id];
        crate::restricted::restrict(&app, &desk.agent, hidden.number(), &named).unwrap();
        assert_eq!(said(&app, &desk.agent, &path), ["2", "1", "1"]);
        for who in [&desk.colleague, &desk.manager] {
            assert_eq!(said(&app, who, &path), ["1", "0", "0"], "{}", who.name);
        }
        verified(&app);
    });
}

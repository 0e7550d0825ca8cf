//! How a desk stands at a glance: lamps above the page, a list lamp by lamp, and what was flagged.

use andon::people::meanwhile::Edit;
use andon::records::actions::{self, HoldCommand};
use andon::records::{Children, Record};
use andon::settings::SupplierForm;
use andon::settings::actions::{add_supplier, edit_supplier};
use serde_json::json;
use time::Duration;

use super::{agreement, always, clocks, proof::proved};
use crate::app::{App, Desk, LogCall, each_database};
use crate::families::resolve;
use crate::instants::verified;
use crate::restricted::restrict;

fn logged(app: &App, desk: &Desk, title: &str) -> Record {
    let call = LogCall::incident(title).from(&desk.requester);
    app.log(&desk.agent, &call)
}

fn held(app: &App, desk: &Desk, record: &Record, command: &HoldCommand) {
    let practice = andon::follow::practice_of(record.kind);
    app.act(&desk.agent, |w, v, ctx| {
        actions::hold(w, v, ctx, practice, record.number(), command)
    })
    .expect("a hold");
}

/// Two late, one at risk, three on track, one paused, one without a promise.
fn line(app: &App, desk: &Desk) -> Vec<Record> {
    let calendar = always(app, &desk.administrator);
    let targets = json!({"resolution": "6 clock hours"});
    let more = json!({"pauses": ["requester"]});
    agreement(
        app,
        &desk.administrator,
        calendar,
        "Incidents",
        targets,
        more,
    );
    let mut all = vec![logged(app, desk, "Late one"), logged(app, desk, "Late two")];
    app.travel(Duration::hours(2));
    all.push(logged(app, desk, "Soon"));
    app.travel(Duration::hours(4) + Duration::minutes(30));
    for title in ["Fine one", "Fine two", "Fine three", "Waiting"] {
        all.push(logged(app, desk, title));
    }
    let question = HoldCommand {
        reason: "requester".into(),
        question: "Which one?".into(),
        ..HoldCommand::default()
    };
    held(app, desk, &all[6], &question);
    let request =
        LogCall::of(andon::records::Kind::Request, "Nobody promised").from(&desk.requester);
    all.push(app.log(&desk.agent, &request));
    app.work();
    all
}

#[test]
fn the_line_and_the_groups_count_what_the_rows_show() {
    each_database(|app| {
        let desk = app.desk();
        let all = line(&app, &desk);
        let agent = app.visit(&desk.agent);
        let page = agent.page("/queue?view=open&group=lamp");
        // Above the page, in words.
        page.assert_says("Of all open records: 2 Breached 1 At risk 3 On track");
        let text = page.text();
        let order = [
            "Breached 2",
            "At risk 1",
            "On track 3",
            "Paused 1",
            "No clock 1",
        ];
        let places: Vec<usize> = order
            .iter()
            .map(|head| text.rfind(head).unwrap_or_else(|| panic!("{head}: {text}")))
            .collect();
        assert!(places.is_sorted(), "{places:?} {text}");
        // In each what is due first.
        let place = |record: &Record| text.find(&record.title).expect("a row");
        assert!(place(&all[0]) < place(&all[1]) && place(&all[1]) < place(&all[2]));
        // Above a form that comes back, too.
        let path = format!("{}/resolution", all[0].number().path());
        let form = agent
            .page(&path)
            .form("/resolution")
            .set("resolution_text", "");
        let back = agent.send(&form).expect(422);
        back.assert_says("Of all open records: 2 Breached");
        // One lamp alone, in the list and in its file.
        let risk = agent.page("/queue?view=open&lamp=risk");
        risk.assert_says("Soon");
        assert!(!risk.text().contains("Fine one") && !risk.text().contains("Late one"));
        let csv = agent
            .get("/queue.csv?view=open&lamp=breach")
            .expect(200)
            .html();
        assert_eq!(csv.trim_end().lines().count(), 1 + 2, "{csv}");
        // Nothing that ended shows a lamp, and another order is not lamp by lamp.
        for odd in [
            "/queue?view=open&group=lamp&sort=priority",
            "/queue?view=open&lamp=green",
        ] {
            agent.page(odd).assert_says("Late one");
        }
    });
}

#[test]
fn the_line_tells_nobody_of_what_is_restricted() {
    each_database(|app| {
        let desk = app.desk();
        let all = line(&app, &desk);
        let named = [desk.agent.id];
        restrict(&app, &desk.agent, all[0].number(), &named).expect("a restriction");
        app.travel(Duration::seconds(3));
        for who in [&desk.agent, &desk.colleague] {
            let page = app.visit(who).page("/queue?view=open&group=lamp");
            page.assert_says("Of all open records: 1 Breached");
        }
        let outsider = app
            .visit(&desk.colleague)
            .page("/queue?view=open&group=lamp");
        outsider.assert_says("Breached 1");
    });
}

#[test]
fn more_of_a_lamp_than_its_group_shows_is_a_page_of_its_own() {
    each_database(|app| {
        let desk = app.desk();
        for n in 0..23 {
            logged(&app, &desk, &format!("Printer {n}"));
        }
        let page = app.visit(&desk.agent).page("/queue?view=open&group=lamp");
        page.assert_says("No clock 23 See all 23");
        let links = page.doc().links();
        let all = links.iter().find(|link| link.contains("lamp=none"));
        let all = all.expect("a link to all of them");
        let page = app.visit(&desk.agent).page(all);
        assert_eq!(page.text().matches("Printer ").count(), 23);
    });
}

#[test]
fn what_an_agreement_flags_is_listed_until_the_promise_ends() {
    each_database(|app| {
        let desk = app.desk();
        let calendar = always(&app, &desk.administrator);
        let steps = json!({"steps": [
            {"target": "resolution", "when": {"percent": 50}, "tell": [], "flag": true},
        ]});
        agreement(
            &app,
            &desk.administrator,
            calendar,
            "Incidents",
            json!({"resolution": "2 clock hours"}),
            steps,
        );
        let record = logged(&app, &desk, "Hanging");
        let agent = app.visit(&desk.agent);
        let flagged = || agent.page("/queue?view=flagged").text();
        app.travel(Duration::minutes(59));
        app.work();
        assert!(!flagged().contains("Hanging"));
        app.travel(Duration::minutes(2));
        app.work();
        let page = flagged();
        assert!(
            page.contains("Hanging") && page.contains("Flagged 1"),
            "{page}"
        );
        proved(&app);
        resolve(&app, &desk, &record, &Children::Unasked).unwrap();
        assert!(!flagged().contains("Hanging"));
        proved(&app);
        verified(&app);
    });
}

/// A contract is with a supplier, not with a name.
#[test]
fn a_supplier_that_is_renamed_keeps_its_contract() {
    each_database(|app| {
        let desk = app.desk();
        let form = SupplierForm {
            name: "Telco".into(),
            ..SupplierForm::default()
        };
        let who = &desk.administrator;
        let telco = app
            .act(who, |w, v, ctx| add_supplier(w, v, ctx, &form))
            .unwrap();
        let calendar = always(&app, who);
        let contract = json!({
            "kind": "underpinning", "pauses": [],
            "covers": {"record": "incident", "supplier": telco.id.to_string()},
        });
        agreement(
            &app,
            who,
            calendar,
            "Telco's contract",
            json!({"supplier": "4 clock hours"}),
            contract,
        );
        let waits = |name: &str| HoldCommand {
            reason: "supplier".into(),
            supplier: name.into(),
            supplier_case: "4711".into(),
            ..HoldCommand::default()
        };
        let record = logged(&app, &desk, "The line is down");
        let since = app.now();
        held(&app, &desk, &record, &waits("Telco"));
        let running = ["supplier 1.1 running due 240 stopped - breached -"];
        assert_eq!(clocks(&app, record.id, since), running);
        let renamed = Edit {
            asked: SupplierForm {
                name: "Telco International".into(),
                ..form.clone()
            },
            seen: form.clone(),
        };
        app.act(who, |w, v, ctx| {
            edit_supplier(w, v, ctx, telco.id, &renamed)
        })
        .unwrap();
        app.travel(Duration::hours(5));
        app.work();
        assert_eq!(
            clocks(&app, record.id, since),
            ["supplier 1.1 breached due 240 stopped - breached 240"]
        );
        let second = logged(&app, &desk, "And again");
        let now = app.now();
        held(&app, &desk, &second, &waits("Telco International"));
        assert_eq!(clocks(&app, second.id, now), running);
        // Whoever else is waited for has no contract.
        let other = logged(&app, &desk, "Another line");
        held(&app, &desk, &other, &waits("Somebody else"));
        assert_eq!(clocks(&app, other.id, app.now()), Vec::<String>::new());
        proved(&app);
    });
}

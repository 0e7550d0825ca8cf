//! Those who are affected: told what becomes of a change, heard until it is decided.

use andon::approvals::Choice;
use andon::changes::{self, ChangeType, Party, PlanForm};
use andon::people::meanwhile::Edit;
use andon::platform::db::Id;
use andon::records::{Number, actions};
use time::Duration;

use super::approved::{policy, submitted, vote};
use super::{finish, plan, raise, scheduled, scheduled_of, start, why};
use crate::app::{App, Human, each_database};
use crate::estate::estate;
use crate::instants::{tampered, verified};

fn tell(app: &App, who: &Human, number: Number, parties: &[Party]) {
    app.act(who, |w, v, ctx| {
        changes::edit_parties(w, v, ctx, number, parties)
    })
    .unwrap();
}

fn object(
    app: &App,
    who: &Human,
    number: Number,
    text: &str,
) -> andon::platform::kernel::error::Result<andon::records::Record> {
    app.act(who, |w, v, ctx| {
        changes::remark(w, v, ctx, number, true, text)
    })
}

fn notices(app: &App, who: &Human) -> String {
    app.visit(who).page("/notices").text()
}

/// They are derived, shown and edited before it is submitted; the form keeps what services and items say.
#[test]
fn those_affected_are_derived_shown_and_edited_before_submission() {
    each_database(|app| {
        let desk = app.desk();
        let estate = estate(&app, &desk);
        let asked = plan(&app, &desk, ChangeType::Normal, 24, 26);
        let number = raise(&app, &desk, "Upgrade the gateways", asked).number();
        let client = app.visit(&desk.agent);
        // The service's own team, without anybody's doing.
        client.page(&number.path()).assert_says("Network");
        let path = format!("{}/parties", number.path());
        let form = client.page(&path).form("/parties");
        let network = format!("team:{}", desk.network);
        assert_eq!(form.value("party"), Some(network.as_str()));
        let form = form
            .set("add_person", &format!("person:{}", desk.administrator.id))
            .set(
                "add_organisation",
                &format!("organisation:{}", estate.organisation),
            );
        client.send(&form).expect(303);
        let page = client.page(&number.path());
        page.assert_says("Ada Admin");
        page.assert_says("Northgate");
        // Left out, they stay left out.
        let form = client.page(&path).form("/parties").without("party");
        client.send(&form).expect(303);
        assert!(!client.page(&number.path()).text().contains("Network,"));
        let form = client
            .page(&path)
            .form("/parties")
            .set("add_person", "person:nobody");
        client.send(&form).expect(422);
        verified(&app);
        let added = "UPDATE change_parties SET added = NOT added";
        assert!(
            tampered(&app, added)
                .iter()
                .any(|line| line.contains("change_parties"))
        );
    });
}

#[test]
fn an_unanswered_objection_stands_on_the_approval_page_and_stops_nothing() {
    each_database(|app| {
        let desk = app.desk();
        policy(&app, &desk);
        let asked = plan(&app, &desk, ChangeType::Normal, 24, 26);
        let number = raise(&app, &desk, "Upgrade the gateways", asked).number();
        tell(
            &app,
            &desk.agent,
            number,
            &[Party::Person(desk.administrator.id)],
        );
        let text = "The month is closed that night";
        assert_eq!(
            why(object(&app, &desk.agent, number, text)),
            "change-not-affected"
        );
        assert_eq!(
            why(object(&app, &desk.administrator, number, "")),
            "error-required"
        );
        // As the page has it.
        let client = app.visit(&desk.administrator);
        let page = client.page(&format!("{}/parties", number.path()));
        let form = page
            .form("/remarks")
            .set("remark", text)
            .set("objects", "on");
        client.send(&form).expect(303);
        assert!(notices(&app, &desk.agent).contains("Somebody affected objects"));
        submitted(&app, &desk, number);
        let approval = format!("{}/approval", number.path());
        let page = app.visit(&desk.approver).page(&approval);
        page.assert_says(text);
        page.assert_says("Ada Admin");
        let agent = app.visit(&desk.agent);
        let page = agent.page(&format!("{}/parties", number.path()));
        let form = page.form("/answers").set("answer", "Moved to the next day");
        agent.send(&form).expect(303);
        let page = app.visit(&desk.approver).page(&approval);
        assert!(!page.text().contains("Somebody affected objects"));
        object(&app, &desk.administrator, number, "Still").unwrap();
        vote(&app, &desk, number, Choice::Approve);
        let late = object(&app, &desk.administrator, number, "Too late");
        assert_eq!(why(late), "change-remark-too-late");
        app.act(&desk.manager, |w, v, ctx| {
            changes::schedule(w, v, ctx, number)
        })
        .unwrap();
        verified(&app);
        let answered = "UPDATE change_remarks SET objects = NOT objects";
        assert!(!tampered(&app, answered).is_empty());
    });
}

#[test]
fn those_affected_are_told_of_every_step_and_of_the_outage() {
    each_database(|app| {
        let desk = app.desk();
        policy(&app, &desk);
        let seen = PlanForm {
            outage_minutes: "30".into(),
            ..plan(&app, &desk, ChangeType::Normal, 24, 28)
        };
        let number = raise(&app, &desk, "Upgrade the gateways", seen.clone()).number();
        let told = &desk.administrator;
        tell(&app, &desk.agent, number, &[Party::Person(told.id)]);
        submitted(&app, &desk, number);
        assert!(!notices(&app, told).contains("Upgrade"));
        vote(&app, &desk, number, Choice::Approve);
        app.act(&desk.manager, |w, v, ctx| {
            changes::schedule(w, v, ctx, number)
        })
        .unwrap();
        let said = notices(&app, told);
        assert!(
            said.contains("Scheduled. Electronic mail out for 30 minutes"),
            "{said}"
        );
        // A narrower window lies inside what was approved.
        let later = plan(&app, &desk, ChangeType::Normal, 25, 27);
        let asked = PlanForm {
            window_starts_at: later.window_starts_at,
            window_ends_at: later.window_ends_at,
            ..seen.clone()
        };
        app.act(&desk.agent, |w, v, ctx| {
            let edit = Edit {
                seen: seen.clone(),
                asked: asked.clone(),
            };
            changes::edit_plan(w, v, ctx, number, &edit)
        })
        .unwrap();
        app.travel(Duration::minutes(25 * 60 + 30));
        start(&app, &desk, number).unwrap();
        finish(&app, &desk, number);
        let said = notices(&app, told);
        for words in ["Its window was moved", "The work began", "The work is over"] {
            assert!(said.contains(words), "{words}: {said}");
        }
        verified(&app);
    });
}

#[test]
fn a_cancelled_change_is_told_to_those_who_were_told_of_it() {
    each_database(|app| {
        let desk = app.desk();
        let number = scheduled(&app, &desk, "Certificates", 24, 26).number();
        let told = &desk.administrator;
        tell(&app, &desk.agent, number, &[Party::Person(told.id)]);
        let withdrawn = actions::Resolve {
            code: "withdrawn".into(),
            text: String::new(),
        };
        let practice = andon::follow::practice_of(andon::records::Kind::Change);
        app.act(&desk.manager, |w, v, ctx| {
            actions::cancel(w, v, ctx, practice, number, &withdrawn)
        })
        .unwrap();
        assert!(notices(&app, told).contains("Cancelled"));
        verified(&app);
    });
}

/// Incidents on the same items, during the work and after it, are suggested as caused by it.
#[test]
fn incidents_on_its_items_are_suggested_as_caused_by_it() {
    each_database(|app| {
        let desk = app.desk();
        let estate = estate(&app, &desk);
        let item = app.read(|r| andon::items::item_name(r, Id::from_uuid(estate.needed.uuid())));
        let mail = desk.mail.to_string();
        let number = scheduled_of(&app, &desk, "Certificates", (1, 5), &mail, &item).number();
        app.travel(Duration::hours(2));
        start(&app, &desk, number).unwrap();
        let incident = app.log(&desk.agent, &crate::app::LogCall::incident("No mail"));
        let edit = actions::Edit {
            seen: i64::MAX,
            item: Some("SRV-DB-01".into()),
            ..actions::Edit::default()
        };
        app.act(&desk.agent, |w, v, ctx| {
            actions::edit(w, v, ctx, incident.number(), &edit)
        })
        .unwrap();
        finish(&app, &desk, number);
        let client = app.visit(&desk.agent);
        let page = client.page(&number.path());
        page.assert_says("Perhaps caused by this");
        page.assert_says(&incident.number().to_string());
        let causes = format!("{}/causes", number.path());
        let form = client.page(&causes).form("/causes");
        client.send(&form).expect(303);
        client.page(&causes).assert_says("none that is not linked");
        let linked = "SELECT count(*) FROM links WHERE link_type = 'caused_by'";
        assert_eq!(app.count(linked), 1);
        verified(&app);
    });
}

/// An outage in hours that were promised raises the risk, by its share of the promise.
#[test]
fn an_outage_in_service_hours_weighs_by_its_share_of_the_target() {
    each_database(|app| {
        let desk = app.desk();
        let of = |title: &str, outage: &str| {
            let asked = PlanForm {
                outage_minutes: outage.into(),
                ..plan(&app, &desk, ChangeType::Normal, 24, 28)
            };
            let number = raise(&app, &desk, title, asked).number();
            let page = app.visit(&desk.agent).page(&number.path()).text();
            page.replace(['\u{2068}', '\u{2069}'], "")
        };
        assert!(of("Nothing was promised", "60").contains("Low risk"));
        let always = crate::clocks::always(&app, &desk.administrator);
        let targets = serde_json::json!({"resolution": "2 business hours"});
        let more = serde_json::json!({});
        crate::clocks::agreement(&app, &desk.administrator, always, "Mail", targets, more);
        let found = of("A part of it", "30");
        assert!(found.contains("Medium risk") && found.contains("falls into service hours"));
        assert!(of("Half of it", "60").contains("half of the time outages may take"));
        let found = of("All of it", "120");
        assert!(found.contains("High risk") && found.contains("longer than outages may"));
        assert!(of("None", "").contains("Low risk"));
    });
}

//! Freezes, conflicts, maintenance windows, windows that cannot be.

use andon::changes::{self, ChangeType, PlanForm};
use andon::platform::db::Id;
use andon::records::actions;
use andon::records::pages::written_local;
use time::Duration;

use super::{
    finish, freeze, maintenance, plan, raise, scheduled, scheduled_of, start, tomorrow, try_raise,
    why,
};
use crate::app::{App, Desk, each_database};
use crate::estate::estate;
use crate::instants::verified;
use crate::library::task_on;

/// Pitfall: the freeze as decoration.
#[test]
fn a_freeze_over_work_under_way_stops_nothing_of_it_and_everything_else() {
    each_database(|app| {
        let desk = app.desk();
        let one = scheduled(&app, &desk, "The one that runs", 1, 5).number();
        let two = scheduled(&app, &desk, "The one that waits", 1, 5).number();
        let tasks: Vec<String> = (1..=7)
            .map(|n| task_on(&app, &desk.agent, one, &format!("Step {n}")))
            .collect();
        app.travel(Duration::hours(2));
        start(&app, &desk, one).unwrap();
        let done = |id: &String| {
            let id = id.parse().unwrap();
            app.act(&desk.colleague, |w, v, ctx| {
                actions::finish_task(w, v, ctx, one, id)
            })
            .unwrap();
        };
        tasks[..3].iter().for_each(done);
        freeze(&app, &desk, "Peak trading", 0, 48);
        tasks[3..].iter().for_each(done);
        let flagged = "SELECT count(*) FROM facts WHERE name = 'change.freeze_flagged'";
        assert_eq!(app.count(flagged), 1);
        // Whoever manages it is told.
        let notices = app.visit(&desk.administrator).page("/notices").text();
        let told = notices.contains("A freeze was set over work under way");
        let notices = app.visit(&desk.colleague).page("/notices").text();
        assert!(!told && notices.contains("A freeze was set over work under way"));
        assert_eq!(finish(&app, &desk, one).state, "review");
        assert_eq!(why(start(&app, &desk, two)), "change-frozen");
        let client = app.visit(&desk.colleague);
        let key = uuid::Uuid::new_v4().to_string();
        let refused = client.post(&format!("{}/start", two.path()), &[("form_key", &key)]);
        refused.expect(409).assert_says("Peak trading");
        verified(&app);
    });
}

#[test]
fn two_people_let_one_change_through_one_freeze() {
    each_database(|app| {
        let desk = app.desk();
        let number = scheduled(&app, &desk, "It cannot wait", 1, 5).number();
        let id = freeze(&app, &desk, "Peak trading", 0, 48).parse().unwrap();
        app.travel(Duration::hours(2));
        assert_eq!(why(start(&app, &desk, number)), "change-frozen");
        let ask = |who, reason| {
            app.act(who, |w, v, ctx| {
                changes::ask_pass(w, v, ctx, number, id, reason)
            })
        };
        assert_eq!(why(ask(&desk.agent, "Now")), "forbidden");
        assert_eq!(why(ask(&desk.manager, "")), "error-required");
        ask(&desk.manager, "The certificate ends tonight").unwrap();
        let agree = |who| app.act(who, |w, v, ctx| changes::agree_pass(w, v, ctx, number, id));
        assert_eq!(why(agree(&desk.manager)), "change-pass-oneself");
        assert_eq!(why(start(&app, &desk, number)), "change-frozen");
        agree(&desk.administrator).unwrap();
        assert_eq!(start(&app, &desk, number).unwrap().state, "implementing");
        verified(&app);
    });
}

fn with_item(app: &App, desk: &Desk, item: &str, from: i64, to: i64) -> PlanForm {
    PlanForm {
        change_items: item.into(),
        implementer: String::new(),
        ..plan(app, desk, ChangeType::Normal, from, to)
    }
}

/// Pitfall: conflicts found by night, and over the first item alone.
#[test]
fn a_conflict_is_seen_while_it_is_typed() {
    each_database(|app| {
        let desk = app.desk();
        let estate = estate(&app, &desk);
        let item = app.read(|r| andon::items::item_name(r, Id::from_uuid(estate.needed.uuid())));
        let mail = desk.mail.to_string();
        let other = scheduled_of(&app, &desk, "Certificates", (24, 26), &mail, &item);
        let mine = raise(&app, &desk, "Gateways", with_item(&app, &desk, "", 25, 27));
        let client = app.visit(&desk.agent);
        let path = format!("{}/plan", mine.number().path());
        let form = client.page(&path).form("/plan").set("change_items", &item);
        let looked = client.press(&form, "show_again", "1").expect(200);
        looked.assert_says("both touch the same item");
        looked.assert_says(&other.number().to_string());
        assert_eq!(
            looked.form("/plan").value("change_items"),
            Some(item.as_str())
        );
        // Nothing was kept by looking.
        assert_eq!(app.record(mine.id).facts, mine.facts);
        client.send(&form).expect(303);
        client
            .page(&mine.number().path())
            .assert_says("both touch the same item");
        let clear = client.page(&path).form("/plan").set("change_items", "");
        let clear = client.press(&clear, "show_again", "1").expect(200);
        clear.assert_says("Nothing stands in the way");
        verified(&app);
    });
}

#[test]
fn a_window_outside_the_maintenance_hours_is_warned_of() {
    each_database(|app| {
        let desk = app.desk();
        maintenance(&app, &desk);
        // Stories begin at nine.
        let number = tomorrow(&app, &desk, "By day").number();
        let client = app.visit(&desk.agent);
        client
            .page(&number.path())
            .assert_says("Outside the maintenance windows");
        client.page("/changes/maintenance").assert_says("Nights");
    });
}

#[test]
fn windows_that_cannot_be_and_things_that_are_not_there_are_refused_by_name() {
    each_database(|app| {
        let desk = app.desk();
        let raised = |plan| why(try_raise(&app, &desk.agent, "Odd", plan));
        let of = |from, to| plan(&app, &desk, ChangeType::Normal, from, to);
        assert_eq!(raised(of(4, 2)), "change-window-ends-before");
        assert_eq!(raised(of(2, 2 + 24 * 365)), "change-window-too-long");
        assert_eq!(raised(of(-2, 2)), "change-window-past");
        let nobody = PlanForm {
            implementer: uuid::Uuid::now_v7().to_string(),
            ..of(2, 4)
        };
        assert_eq!(raised(nobody), "error-no-longer-there");
        let requester = PlanForm {
            implementer: desk.requester.id.to_string(),
            ..of(2, 4)
        };
        assert_eq!(raised(requester), "change-person-cannot-work");
        let same = PlanForm {
            verifier: desk.colleague.id.to_string(),
            ..of(2, 4)
        };
        assert_eq!(raised(same), "change-verifier-is-implementer");
        let item = PlanForm {
            change_items: "NO-SUCH-THING".into(),
            ..of(2, 4)
        };
        assert_eq!(raised(item), "change-item-unknown");
        let outage = PlanForm {
            outage_minutes: "600".into(),
            ..of(2, 4)
        };
        assert_eq!(raised(outage), "change-outage-outside");
        assert_eq!(app.count("SELECT count(*) FROM records"), 0);
        assert_eq!(app.count("SELECT count(*) FROM changes"), 0);
    });
}

#[test]
fn a_freeze_is_neither_endless_nor_over_and_its_name_is_its_own() {
    each_database(|app| {
        let desk = app.desk();
        let zone = app
            .act(&desk.manager, |_, v, _| Ok(v.zone.clone()))
            .unwrap();
        let add = |name: &str, from: i64, to: i64| {
            let at = |hours| written_local(app.now().plus(Duration::hours(hours)), &zone);
            let form = changes::FreezeForm {
                name: name.into(),
                starts_at: at(from),
                ends_at: at(to),
                ..changes::FreezeForm::default()
            };
            why(app.act(&desk.manager, |w, v, ctx| {
                changes::add_freeze(w, v, ctx, &form)
            }))
        };
        assert_eq!(add("Winter sale", 24, 24 * 730), "change-freeze-too-long");
        assert_eq!(add("Winter sale", -48, -24), "change-freeze-over");
        assert_eq!(add("Winter sale", 24, 48), "done");
        assert_eq!(add("winter sale", 72, 96), "change-freeze-name-taken");
        app.travel(Duration::hours(49));
        assert_eq!(add("Winter sale", 72, 96), "done");
        verified(&app);
    });
}

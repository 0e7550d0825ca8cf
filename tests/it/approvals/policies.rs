//! Policies: which holds, and which are refused.

use andon::approvals::actions::{self, Wanted};
use andon::approvals::terms::Count;
use andon::platform::kernel::error::Error;

use super::*;
use crate::app::each_database;
use crate::instants::verified;

#[test]
fn the_most_specific_policy_holds_and_an_equal_one_is_refused() {
    each_database(|app| {
        let desk = app.desk();
        let general = policy(vec![stage("Board", &[&desk.approver], Count::Any)]);
        keep(&app, &desk, &general);
        let mut special = policy(vec![stage("Owner", &[&desk.colleague], Count::Any)]);
        special.name = "Mail".into();
        special.covers.service = Some(desk.mail.uuid());
        keep(&app, &desk, &special);
        let record = change(&app, &desk);
        let round = submit(&app, &desk, &case(&desk, &record));
        assert_eq!(round.electorate.stages[0].name, "Owner");
        let save = |who: &Human, policy: &andon::approvals::Policy| {
            let wanted = Wanted {
                id: None,
                policy: policy.clone(),
            };
            app.act(who, |w, v, ctx| actions::save_policy(w, v, ctx, &wanted))
        };
        special.name = "Mail too".into();
        let clash = format!("{:?}", save(&desk.administrator, &special));
        assert!(clash.contains("policy-clash"), "{clash}");
        let denied = save(&desk.manager, &special);
        assert!(matches!(denied, Err(Error::Forbidden(_))), "{denied:?}");
        let mut gone = policy(vec![stage("Gone", &[&desk.disabled], Count::Any)]);
        gone.covers.risk = Some("high".into());
        let left = format!("{:?}", save(&desk.administrator, &gone));
        assert!(left.contains("policy-seat-gone"), "{left}");
        assert_eq!(app.count("SELECT count(*) FROM approval_policies"), 2);
        verified(&app);
    });
}

#[test]
fn a_new_version_holds_for_new_rounds_alone() {
    each_database(|app| {
        let desk = app.desk();
        let mut said = policy(vec![stage("Board", &[&desk.approver], Count::Any)]);
        keep(&app, &desk, &said);
        let record = change(&app, &desk);
        submit(&app, &desk, &case(&desk, &record));
        let id = app.read(andon::approvals::policies)[0].id;
        said.stages[0].seats.push(person(&desk.colleague));
        said.stages[0].count = Count::All;
        let wanted = Wanted {
            id: Some(id),
            policy: said,
        };
        app.act(&desk.administrator, |w, v, ctx| {
            actions::save_policy(w, v, ctx, &wanted)
        })
        .unwrap();
        let before = vote(
            &app,
            &desk.approver,
            &record,
            1,
            (0, 0),
            andon::approvals::Choice::Approve,
        );
        assert!(before.unwrap().row.decision.is_some());
        let another = change(&app, &desk);
        let round = submit(&app, &desk, &case(&desk, &another));
        assert_eq!(round.electorate.stages[0].needed, 2);
        app.act(&desk.administrator, |w, v, ctx| {
            actions::retire_policy(w, v, ctx, id)
        })
        .unwrap();
        let third = case(&desk, &change(&app, &desk));
        let none = app.act(&desk.manager, |w, v, ctx| {
            andon::approvals::submit(w, v, ctx, &third)
        });
        assert!(none.is_err());
        verified(&app);
    });
}

/// A typo would make a policy that never holds, and a weaker one would be asked.
#[test]
fn a_policy_for_an_environment_that_is_none_or_with_a_seat_that_may_not_approve_is_refused_by_name()
{
    each_database(|app| {
        let desk = app.desk();
        let client = app.visit(&desk.administrator);
        let new = client.page("/settings/approvals/new");
        let fresh = new.form("/settings/approvals");
        assert_eq!(fresh.value("record_kind"), Some("change"));
        for place in ["production", "staging", "test", "development"] {
            let option = format!("<option value=\"{place}\"");
            assert!(new.html().contains(&option), "{place}");
        }
        let mail = "person Omar Nasser";
        let fields = |place: &'static str, seats: &'static str| {
            let mut fields = vec![
                ("name", "Careful"),
                ("record_kind", "change"),
                ("environment", place),
                ("s1_name", "Board"),
                ("s1_seats", seats),
                ("s1_count", "all"),
            ];
            let parts = ["scope", "items", "plans", "risk", "window"];
            fields.extend(parts.map(|part| ("s1_parts", part)));
            fields
        };
        let path = "/settings/approvals";
        let mars = || fields("Mars", "person Apu Voss");
        let rightless = || fields("production", mail);
        let checked = |mut fields: Vec<(&'static str, &'static str)>| {
            fields.push(("show_again", "check"));
            post(&client, path, &fields).expect(200)
        };
        for page in [post(&client, path, &mars()).expect(422), checked(mars())] {
            page.assert_says("There is no environment “Mars”.");
            assert_eq!(page.form(path).value("environment"), Some("Mars"));
        }
        for page in [
            post(&client, path, &rightless()).expect(422),
            checked(rightless()),
        ] {
            page.assert_says(
                "Stage “Board” names Omar Nasser, who does not have the right to approve.",
            );
        }
        assert_eq!(app.count("SELECT count(*) FROM approval_policies"), 0);
        let good = || fields("production", "person Apu Voss");
        checked(good()).assert_says("Nothing is wrong with it");
        post(&client, path, &good()).expect(303);
        client.page(path).assert_says("Change · Production");
        verified(&app);
    });
}

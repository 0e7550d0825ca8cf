//! The whole way: work done at a desk, clocks counted from it, and the same figures in page, file and function.

use andon::records::{Kind, actions};
use andon::reports::{Five, approve_exemption, ask_exemption, close_period};
use serde_json::json;
use time::Duration;

use super::figures::{asked, figures};
use crate::app::{LogCall, each_database};
use crate::clocks::{agreement, always};
use crate::instants::verified;

#[test]
fn what_is_done_at_the_desk_is_what_the_report_says() {
    each_database(|app| {
        let desk = app.desk();
        let calendar = always(&app, &desk.administrator);
        let targets =
            json!({"resolution": "60 clock minutes", "first_response": "30 clock minutes"});
        agreement(
            &app,
            &desk.administrator,
            calendar,
            "Standard",
            targets,
            json!({}),
        );
        let day = app.now();
        let log = |title: &str| {
            let call = LogCall::of(Kind::Incident, title).from(&desk.requester);
            app.log(&desk.agent, &call)
        };
        let (quick, slow, open) = (log("Quick"), log("Slow"), log("Open"));
        let resolve = |record: &andon::records::Record| {
            let practice = andon::follow::practice_of(Kind::Incident);
            let command = actions::Resolve {
                code: "fixed".into(),
                text: "Done".into(),
            };
            app.act(&desk.agent, |w, v, ctx| {
                actions::resolve(w, v, ctx, practice, record.number(), &command)
            })
            .unwrap();
        };
        app.travel(Duration::minutes(10));
        resolve(&quick);
        app.travel(Duration::minutes(70));
        app.work();
        resolve(&slow);
        let late = log("Late");
        app.travel(Duration::minutes(5));
        app.work();
        let from = day.rfc3339()[..10].to_owned();
        let to = app.now().rfc3339()[..10].to_owned();
        let ask = asked(&app, &from, &to);
        let five = Five {
            met: 1,
            breached: 2,
            running: 1,
            ..Five::default()
        };
        assert_eq!(figures(&app, &ask).total, five);
        let manager = app.visit(&desk.manager);
        let query = format!("from={from}&to={to}");
        manager
            .page(&format!("/reports/sla?{query}"))
            .assert_says("33.3 %");
        let breaches = manager.page(&format!("/reports/breaches?{query}"));
        for record in [&slow, &open] {
            breaches.assert_says(&record.number().to_string());
        }
        assert!(!breaches.text().contains(&quick.number().to_string()));
        manager
            .page("/reports/due?until=23:59")
            .assert_says(&late.number().to_string());
        // Exempted, and counted anew from the facts: it stays exempted.
        let which = "resolution.1.1".parse().unwrap();
        let (number, administrator) = (slow.number(), &desk.administrator);
        app.act(&desk.manager, |w, v, ctx| {
            ask_exemption(w, v, ctx, number, which, "A fire")
        })
        .unwrap();
        app.act(administrator, |w, v, ctx| {
            approve_exemption(w, v, ctx, number, which)
        })
        .unwrap();
        app.travel(Duration::minutes(1));
        app.work();
        let five = Five {
            breached: 1,
            exempt: 1,
            ..five
        };
        assert_eq!(figures(&app, &ask).total, five);
        verified(&app);
        // A month later the month can be closed, and stands.
        app.travel(Duration::days(32));
        app.work();
        let day = from.parse().unwrap();
        let closed = app
            .act(&desk.manager, |w, v, ctx| close_period(w, v, ctx, day))
            .unwrap();
        let page = app
            .visit(&desk.manager)
            .page(&format!("/reports/periods/{closed}"));
        page.assert_says("Resolution: Priority");
    });
}

//! Reasons of breaches and exemptions: who gives them, what they change, what they never take away.

use andon::people::Roles;
use andon::records::Record;
use andon::reports::{approve_exemption, ask_exemption, explain_breach};
use andon::schema::teams;
use andon::service_levels::results::{BreachCode, Explain, Which};
use diesel::prelude::*;

use super::clocks::{Clock, agreement, incident, put};
use super::figures::{asked, figures};
use crate::app::{App, Desk, LogCall, each_database};
use crate::instants::{tampered, verified};

fn which() -> Which {
    "resolution.1.0".parse().unwrap()
}

/// A breach of the network team a day ago.
fn breach(app: &App, desk: &Desk) -> Record {
    let agreed = agreement(app, "Standard", 95, &[]);
    let record = incident(app, desk, "Store 62 offline");
    let yesterday = app.now().minus(time::Duration::DAY).rfc3339();
    put(
        app,
        record.id,
        agreed,
        &Clock::breached(&yesterday).with(desk.network),
    );
    record
}

/// What a post to one of the reports' forms would need to succeed: its path and its fields.
pub fn asked_for(app: &App, desk: &Desk, pattern: &str) -> (String, Vec<(String, String)>) {
    let agreed = agreement(app, &uuid::Uuid::new_v4().to_string(), 95, &[]);
    let record = incident(app, desk, "Something late");
    let yesterday = app.now().minus(time::Duration::DAY).rfc3339();
    put(
        app,
        record.id,
        agreed,
        &Clock::breached(&yesterday).with(desk.network),
    );
    let number = record.number();
    if pattern.ends_with("/approval") {
        // By somebody who is none of those who are asked.
        let asker = app.human(&uuid::Uuid::new_v4().to_string(), Roles::MANAGER);
        app.act(&asker, |w, v, ctx| {
            ask_exemption(w, v, ctx, number, which(), "A fire")
        })
        .unwrap();
        return (
            format!("/reports/exemptions/{number}/resolution.1.0/approval"),
            Vec::new(),
        );
    }
    let assignee = desk.colleague.id.to_string();
    let number = number.to_string();
    let fields = [
        ("number", number.as_str()),
        ("clock", "resolution.1.0"),
        ("breach_code", "other"),
        ("breach_text", "It took long"),
        ("exemption_reason", "A fire"),
        ("assignee", assignee.as_str()),
        ("seen", "9999"),
    ];
    let fields = fields.map(|(n, v)| (n.to_owned(), v.to_owned()));
    (pattern.to_owned(), fields.to_vec())
}

fn lead(app: &App, desk: &Desk) {
    app.write(|w| {
        diesel::update(teams::table.find(desk.network))
            .set(teams::lead_id.eq(desk.colleague.id))
            .execute(&mut **w)?;
        Ok(())
    });
}

#[test]
fn a_lead_explains_the_breaches_of_their_team() {
    each_database(|app| {
        let desk = app.desk();
        let record = breach(&app, &desk);
        lead(&app, &desk);
        let colleague = app.visit(&desk.colleague);
        let page = colleague.page("/reports/unexplained");
        page.assert_says("Store 62 offline");
        // Nothing typed is lost when half of it is missing.
        let form = page.form("/reports/unexplained");
        let back = colleague.send(&form.clone().set("breach_text", "The line was down"));
        assert_eq!(back.status, 422);
        back.assert_says("The line was down");
        let done = colleague.send(
            &back
                .form("/reports/unexplained")
                .set("breach_code", "supplier"),
        );
        assert_eq!(done.status, 303, "{}", done.text());
        colleague
            .page("/reports/unexplained")
            .assert_says("Every breach has a reason.");
        let manager = app.visit(&desk.manager);
        let list = manager.page("/reports/breaches");
        list.assert_says("The line was down");
        list.assert_says("Supplier");
        manager
            .page(&format!("{}?tab=history", app.path(&record)))
            .assert_says("Breach explained");
        verified(&app);
        let found = tampered(&app, "UPDATE breach_reasons SET text = 'It was nobody'");
        let named = |l: &String| l.contains("reason of resolution.1.0");
        assert!(found.iter().any(named), "{found:?}");
    });
}

#[test]
fn reasons_are_refused_where_there_is_nothing_to_explain() {
    each_database(|app| {
        let desk = app.desk();
        let record = breach(&app, &desk);
        let explain = |which: Which, text: &str| {
            let explain = Explain {
                which,
                code: BreachCode::Other,
                text: text.into(),
            };
            app.would(&desk.manager, |w, v, ctx| {
                explain_breach(w, v, ctx, record.number(), &explain)
            })
        };
        assert!(explain(which(), "Late").is_ok());
        assert!(explain(which(), "  ").is_err());
        assert!(explain(which(), &"x".repeat(1001)).is_err());
        assert!(explain("first_response.1.0".parse().unwrap(), "Late").is_err());
        assert!(explain("resolution.7.0".parse().unwrap(), "Late").is_err());
        // An agent who leads no team, and a requester.
        for person in [&desk.agent, &desk.requester] {
            let explain = Explain {
                which: which(),
                code: BreachCode::Other,
                text: "x".into(),
            };
            let answer = app.would(person, |w, v, ctx| {
                explain_breach(w, v, ctx, record.number(), &explain)
            });
            assert!(answer.is_err());
        }
    });
}

#[test]
fn an_exemption_needs_a_reason_and_a_second_person() {
    each_database(|app| {
        let desk = app.desk();
        let record = breach(&app, &desk);
        let month = app.now().minus(time::Duration::DAY).rfc3339()[..10].to_owned();
        let manager = app.visit(&desk.manager);
        let path = format!(
            "/reports/exemptions/new?number={}&clock=resolution.1.0",
            record.number()
        );
        let form = manager.page(&path).form("/reports/exemptions");
        assert_eq!(manager.send(&form).status, 422);
        let form = manager.page(&path).form("/reports/exemptions");
        let done = manager.send(&form.set("exemption_reason", "The data centre burnt down"));
        assert_eq!(done.status, 303, "{}", done.text());
        // Asked for, it counts as before.
        let ask = asked(&app, &month, &month);
        assert_eq!(figures(&app, &ask).total.breached, 1);
        // Whoever asked is offered no button, and refused one of their own making.
        assert!(
            !manager
                .page("/reports/exemptions")
                .html()
                .contains("/approval\"")
        );
        let own = app.would(&desk.manager, |w, v, ctx| {
            approve_exemption(w, v, ctx, record.number(), which())
        });
        assert!(matches!(
            own,
            Err(andon::platform::kernel::error::Error::Refused(_))
        ));
        let second = app.human("Max Second", Roles::MANAGER);
        let second = app.visit(&second);
        let page = second.page("/reports/exemptions");
        page.assert_says("The data centre burnt down");
        let done = second.send(&page.form("/approval"));
        assert_eq!(done.status, 303, "{}", done.text());
        let now = figures(&app, &ask).total;
        assert_eq!((now.breached, now.exempt, now.n()), (0, 1, 1));
        // It stays a breach in the list, with why it does not count.
        let list = manager.page("/reports/breaches");
        list.assert_says("Store 62 offline");
        list.assert_says("The data centre burnt down");
        verified(&app);
        let again = app.would(&desk.administrator, |w, v, ctx| {
            approve_exemption(w, v, ctx, record.number(), which())
        });
        assert!(again.is_err());
        let twice = app.would(&desk.manager, |w, v, ctx| {
            ask_exemption(w, v, ctx, record.number(), which(), "Again")
        });
        assert!(twice.is_err());
        let found = tampered(&app, "UPDATE exemptions SET reason = 'Nothing burnt'");
        let named = |l: &String| l.contains("exemption of resolution.1");
        assert!(found.iter().any(named), "{found:?}");
    });
}

#[test]
fn a_breach_under_terms_that_were_changed_keeps_a_line_of_its_own() {
    each_database(|app| {
        let desk = app.desk();
        let agreed = agreement(&app, "Standard", 95, &[]);
        let call = LogCall {
            impact: 1,
            urgency: 1,
            ..LogCall::incident("Raised and lowered")
        };
        let record = app.log(&desk.agent, &call);
        let hour_ago = app.now().minus(time::Duration::HOUR).rfc3339();
        let earlier = Clock {
            is_superseded: true,
            is_counted: false,
            stopped_at: None,
            ..Clock::breached(&hour_ago).p(1)
        };
        put(&app, record.id, agreed, &earlier);
        let later = Clock {
            part: 1,
            ..Clock::met(&app.now().rfc3339())
        };
        put(&app, record.id, agreed, &later);
        let edit = andon::records::actions::Edit {
            seen: 9999,
            overwrite: true,
            priority: andon::records::PriorityWish {
                impact: Some(3),
                urgency: Some(3),
                ..Default::default()
            },
            ..Default::default()
        };
        app.act(&desk.manager, |w, v, ctx| {
            andon::records::actions::edit(w, v, ctx, record.number(), &edit)
        })
        .unwrap();
        let manager = app.visit(&desk.manager);
        let list = manager.page("/reports/breaches");
        list.assert_says("Breached as P1, lowered by Mona Berg");
        let today = app.now().rfc3339()[..10].to_owned();
        let yesterday = app.now().minus(time::Duration::HOUR).rfc3339()[..10].to_owned();
        let found = figures(&app, &asked(&app, &yesterday, &today));
        assert_eq!(
            (found.total.met, found.total.breached, found.superseded),
            (1, 0, 1)
        );
    });
}

//! Carried by a change, a request or a problem, whose end asks and never completes.

use andon::changes::Outcome;
use andon::follow::practice_of;
use andon::records::actions::{self, Reopen, Resolve};
use andon::records::{Kind, Record};

use super::{carry, numbered, scene, to, verify};
use crate::app::{App, Desk, LogCall, each_database};
use crate::changes::why;
use crate::instants::verified;
use crate::postmortems::resolve;
use crate::restricted::restrict;

fn asked(app: &App) -> i64 {
    app.count("SELECT count(*) FROM action_items WHERE asked_at IS NOT NULL")
}

fn carried(app: &App) -> i64 {
    app.count("SELECT count(*) FROM action_items WHERE carrier_id IS NOT NULL")
}

fn state(app: &App, action: &Record) -> String {
    app.record(action.id).state
}

fn of(app: &App, desk: &Desk, kind: Kind) -> Record {
    app.log(
        &desk.agent,
        &LogCall::of(kind, "Behind it").from(&desk.requester),
    )
}

#[test]
fn carrier_asks_and_never_completes() {
    each_database(|app| {
        let desk = app.desk();
        let (_, _, action) = scene(&app, &desk);
        let agent = app.visit(&desk.agent);
        let request = of(&app, &desk, Kind::Request);
        let form = agent
            .page("/actions/ACT-1/carrier")
            .form("/actions/ACT-1/carrier");
        for (typed, said) in [
            ("INC-1", "Changes, requests and problems carry actions"),
            ("REQ-77", "There is no such record"),
            ("soon", "Changes, requests and problems carry actions"),
        ] {
            agent
                .send(&form.clone().set("carrier", typed))
                .expect(422)
                .assert_says(said);
        }
        agent
            .send(&form.set("carrier", &request.number().to_string()))
            .expect(303);
        let page = agent.page("/actions/ACT-1");
        page.assert_says("Carried by");
        page.assert_says(&request.number().to_string());
        // Linked, from both.
        agent.page(&app.path(&request)).assert_says("ACT-1");
        app.act(&desk.agent, |w, v, ctx| {
            let practice = practice_of(Kind::Request);
            actions::advance(w, v, ctx, practice, request.number(), "in_fulfilment", "")
        })
        .unwrap();
        assert_eq!(asked(&app), 0);
        resolve(&app, &desk.agent, request.number());
        assert_eq!((asked(&app), state(&app, &action).as_str()), (1, "open"));
        agent
            .page("/notices")
            .assert_says("is it done, and does it help?");
        agent
            .page("/actions/ACT-1")
            .assert_says("What carried it has ended");
        // It goes on, and ends again; closing asks nothing twice.
        let reopen = Reopen {
            who: "Rita".into(),
            why: "Not yet".into(),
        };
        app.act(&desk.agent, |w, v, ctx| {
            actions::reopen(
                w,
                v,
                ctx,
                practice_of(Kind::Request),
                request.number(),
                &reopen,
            )
        })
        .unwrap();
        assert_eq!(asked(&app), 0);
        resolve(&app, &desk.agent, request.number());
        app.act(&desk.agent, |w, v, ctx| {
            actions::close(w, v, ctx, practice_of(Kind::Request), request.number())
        })
        .unwrap();
        let told = "SELECT count(*) FROM facts WHERE name = 'action.verification_asked'";
        assert_eq!((asked(&app), app.count(told)), (1, 2));
        assert_eq!(state(&app, &action), "open");
        to(&app, &desk.agent, action.number(), "done");
        verify(&app, &desk.agent, action.number()).unwrap();
        verified(&app);
    });
}

#[test]
fn a_change_asks_when_it_is_closed_and_one_that_failed_carries_nothing_any_more() {
    each_database(|app| {
        let desk = app.desk();
        let (_, _, action) = scene(&app, &desk);
        let planned = crate::changes::tomorrow(&app, &desk, "Add memory");
        carry(&app, &desk.agent, action.number(), Some(planned.number())).unwrap();
        let cancel = Resolve {
            code: "withdrawn".into(),
            text: "Not now".into(),
        };
        app.act(&desk.manager, |w, v, ctx| {
            actions::cancel(
                w,
                v,
                ctx,
                practice_of(Kind::Change),
                planned.number(),
                &cancel,
            )
        })
        .unwrap();
        assert_eq!((carried(&app), asked(&app)), (0, 0));
        app.visit(&desk.agent)
            .page("/notices")
            .assert_says("who does it now?");
        // One that has ended already carries nothing.
        let over = crate::changes::successful(&app, &desk, "Add memory at last");
        let refused = carry(&app, &desk.agent, action.number(), Some(over.number()));
        assert_eq!(why(refused), "action-carrier-ended");
        // The desk's own end of a change: closed after review.
        let empty = String::new();
        let services = desk.mail.to_string();
        let number = crate::changes::written_up(
            &app,
            &desk,
            "Try it",
            &services,
            &empty,
            Outcome::Successful,
        );
        carry(&app, &desk.agent, action.number(), Some(number)).unwrap();
        app.act(&desk.manager, |w, v, ctx| {
            andon::changes::answer_authority(w, v, ctx, number, true)?;
            andon::changes::review(w, v, ctx, number, "It can be done again")
        })
        .unwrap();
        assert_eq!(asked(&app), 0);
        app.act(&desk.manager, |w, v, ctx| {
            andon::changes::close(w, v, ctx, number)
        })
        .unwrap();
        assert_eq!((carried(&app), asked(&app)), (1, 1));
        assert_eq!(state(&app, &action), "open");
        verified(&app);
    });
}

#[test]
fn a_carrier_that_is_hidden_is_not_named() {
    each_database(|app| {
        let desk = app.desk();
        let (_, _, action) = scene(&app, &desk);
        let problem = of(&app, &desk, Kind::Problem);
        carry(&app, &desk.agent, action.number(), Some(problem.number())).unwrap();
        restrict(&app, &desk.agent, problem.number(), &[desk.agent.id]).unwrap();
        let colleague = app.visit(&desk.colleague);
        let number = problem.number().to_string();
        for path in [
            "/actions/ACT-1",
            "/actions/ACT-1?tab=history",
            "/actions/ACT-1/carrier",
        ] {
            assert!(!colleague.page(path).text().contains(&number), "{path}");
        }
        app.visit(&desk.agent)
            .page("/actions/ACT-1")
            .assert_says(&number);
        // Taken back, nothing is asked.
        carry(&app, &desk.agent, numbered(Kind::Action, 1), None).unwrap();
        resolve(&app, &desk.agent, problem.number());
        assert_eq!((carried(&app), asked(&app)), (0, 0));
        verified(&app);
    });
}

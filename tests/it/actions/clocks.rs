//! Clocks of action items, where an agreement covers them: they run until it is done, say that it is late,
//! and stop with what nobody will do. Nothing else of a post-mortem has one.

use andon::follow::practice_of;
use andon::records::actions::{self, Resolve};
use andon::records::{Kind, Record};
use serde_json::json;
use time::Duration;

use super::{about, over, raised, to, verify};
use crate::app::{App, Desk, each_database};
use crate::clocks::proof::proved;
use crate::clocks::{agreement, always, clocks};
use crate::instants::verified;

/// Two days for every action item, around the clock.
fn agreed(app: &App, desk: &Desk) {
    let calendar = always(app, &desk.administrator);
    let more = json!({"covers": {"record": "action"}, "steps": [
        {"target": "resolution", "when": {"percent": 50}, "tell": ["assignee"], "flag": false}
    ]});
    let targets = json!({"resolution": "48 clock hours"});
    let who = &desk.administrator;
    agreement(app, who, calendar, "What we learnt", targets, more);
    app.work();
}

fn declined(app: &App, desk: &Desk, item: &Record) {
    let command = Resolve {
        code: "wont_do".into(),
        text: "The gateways go next week".into(),
    };
    let number = item.number();
    app.act(&desk.agent, |w, v, ctx| {
        actions::cancel(w, v, ctx, practice_of(Kind::Action), number, &command)
    })
    .unwrap();
}

#[test]
fn an_agreement_over_action_items_counts_until_they_are_done() {
    each_database(|app| {
        let desk = app.desk();
        agreed(&app, &desk);
        let nine = app.now();
        let incident = about(&app, &desk, "Card payments lost", true);
        let postmortem = over(&app, &desk.agent, &[&incident]);
        let [first, late, never] = [(); 3].map(|()| raised(&app, &desk, &postmortem));
        for none in [&incident, &postmortem] {
            assert_eq!(clocks(&app, none.id, nine), Vec::<String>::new());
        }
        let running = ["resolution 1.1 running due 2880 stopped - breached -"];
        assert_eq!(clocks(&app, first.id, nine), running);
        let why = format!("{}/clocks", app.path(&first));
        app.visit(&desk.agent)
            .page(&why)
            .assert_says("What we learnt");
        // Done after a day; taken up again it runs on, and is done in time all the same.
        app.travel(Duration::hours(24));
        app.work();
        to(&app, &desk.agent, first.number(), "done");
        let met = ["resolution 1.1 met due 2880 stopped 1440 breached -"];
        assert_eq!(clocks(&app, first.id, nine), met);
        app.travel(Duration::hours(2));
        to(&app, &desk.agent, first.number(), "in_progress");
        let again = &clocks(&app, first.id, nine)[0];
        assert!(again.contains(" running "), "{again}");
        app.travel(Duration::hours(1));
        to(&app, &desk.agent, first.number(), "done");
        let again = &clocks(&app, first.id, nine)[0];
        assert!(again.contains(" met "), "{again}");
        // Verified much later, it is as it was when it was done.
        declined(&app, &desk, &never);
        let ended = &clocks(&app, never.id, nine)[0];
        assert!(ended.contains(" ended "), "{ended}");
        app.travel(Duration::hours(48));
        app.work();
        verify(&app, &desk.agent, first.number()).unwrap();
        assert!(clocks(&app, first.id, nine)[0].contains(" met "));
        assert!(clocks(&app, never.id, nine)[0].contains(" ended "));
        // The one that nobody did is late: on its page, in the lists, and when it is done.
        let breached = ["resolution 1.1 breached due 2880 stopped - breached 2880"];
        assert_eq!(clocks(&app, late.id, nine), breached);
        let agent = app.visit(&desk.agent);
        agent.page(&app.path(&late)).assert_says("Breached");
        let queue = agent.page("/queue?view=action&group=lamp");
        queue.assert_says(&late.number().to_string());
        to(&app, &desk.agent, late.number(), "done");
        let stopped = "resolution 1.1 breached due 2880 stopped 4500 breached 2880";
        assert_eq!(clocks(&app, late.id, nine), [stopped]);
        assert_eq!(proved(&app), 3);
        verified(&app);
    });
}

//! A post-mortem that somebody may not see stands in nobody's way, and nothing tells that there is one.

use andon::platform::kernel::error::Error;
use time::Duration;

use super::{FIRST, raise, resolve};
use crate::app::{App, Client, Desk, each_database};
use crate::instants::verified;
use crate::problems::{caused, incident, problem};
use crate::restricted::restrict;

/// Raises one by the form, over the only incident.
fn asked(client: &Client) -> crate::app::Page {
    let page = client.page("/postmortems/new?from=INC-1");
    client.send(&page.form("/postmortems"))
}

fn silent(client: &Client, path: &str) {
    let text = client.page(path).text();
    assert!(!text.contains("PM-1"), "{path}: {text}");
}

#[test]
fn a_hidden_post_mortem_keeps_nobody_from_raising_their_own() {
    each_database(|app| {
        let desk = app.desk();
        let over = incident(&app, &desk, "Zebrawhistle");
        raise(&app, &desk.agent, &[over.number()]).unwrap();
        let (agent, colleague) = (app.visit(&desk.agent), app.visit(&desk.colleague));
        // As long as both see it, both are told of it.
        for client in [&agent, &colleague] {
            asked(client).expect(422).assert_says("PM-1");
        }
        restrict(&app, &desk.agent, FIRST, &[desk.agent.id]).unwrap();
        asked(&agent).expect(422).assert_says("PM-1");
        let page = colleague.page(&app.path(&over));
        page.assert_says("Raise a post-mortem over this");
        assert!(!page.text().contains("PM-1"), "{}", page.text());
        let made = asked(&colleague).expect(303);
        assert_eq!(made.location(), "/postmortems/PM-2");
        // Theirs stands in the way of a third, and is the only one that is named.
        let third = asked(&colleague).expect(422);
        third.assert_says("PM-2");
        assert!(!third.text().contains("PM-1"), "{}", third.text());
        for path in [
            "/postmortems",
            "/postmortems/PM-2",
            "/postmortems/PM-2/timeline",
            "/queue?view=postmortem",
        ] {
            silent(&colleague, path);
        }
        verified(&app);
    });
}

/// Nor does it keep the incident, or a problem that waits for what comes of it, from ending; who answers
/// for a team is not told that it is late.
#[test]
fn what_waits_ends_without_a_word_of_the_hidden_one() {
    each_database(|app| {
        let desk = app.desk();
        let over = incident(&app, &desk, "Zebrawhistle");
        let known = problem(&app, &desk, "Drawers of the tills");
        caused(&app, &desk, &over, &known);
        raise(&app, &desk.agent, &[over.number()]).unwrap();
        let item = crate::actions::raised(&app, &desk, &crate::postmortems::find(&app, FIRST));
        crate::actions::carry(&app, &desk.agent, item.number(), Some(known.number())).unwrap();
        restrict(&app, &desk.agent, FIRST, &[desk.agent.id]).unwrap();
        let colleague = app.visit(&desk.colleague);
        for path in [app.path(&over), app.path(&known)] {
            let text = colleague.page(&path).text();
            for word in ["PM-1", "ACT-1", "of 1 done"] {
                assert!(!text.contains(word), "{path} says {word}: {text}");
            }
        }
        resolve(&app, &desk.colleague, over.number());
        ends(&app, &desk, &known);
        assert_eq!(app.record(over.id).state, "resolved");
        assert_eq!(app.record(known.id).state, "resolved");
        // The action was asked about, of its owner alone, and is as it was.
        assert_eq!(app.record(item.id).state, "open");
        app.visit(&desk.agent).page("/notices").assert_says("ACT-1");
        silent(&app.visit(&desk.colleague), "/notices");
        app.travel(Duration::days(20));
        app.work();
        let manager = app.visit(&desk.manager);
        for path in ["/reports/postmortems", "/notices", "/reports/actions"] {
            silent(&manager, path);
        }
        verified(&app);
    });
}

fn ends(app: &App, desk: &Desk, known: &andon::records::Record) {
    let fixed = andon::records::actions::Resolve {
        code: "fixed".into(),
        text: "By the supplier".into(),
    };
    let number = known.number();
    let done = app.act(&desk.colleague, |w, v, ctx| {
        andon::records::actions::resolve(w, v, ctx, &andon::problems::PRACTICE, number, &fixed)
    });
    assert!(!matches!(done, Err(Error::Refused(_))), "{done:?}");
    done.unwrap();
}

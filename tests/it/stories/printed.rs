//! A published post-mortem on paper: all of it, light, and nothing that is only of use on a screen.

use andon::postmortems;

use super::sign_in;
use crate::actions::{try_raise, wanted};
use crate::app::{App, Desk, on_sqlite};
use crate::browser::Browser;
use crate::postmortems::{FIRST, complete};

/// What a sheet of A4 is wide and high.
const PAPER: (u32, u32) = (794, 1_123);

fn published(app: &App, desk: &Desk) {
    complete(app, desk);
    for code in ["process", "capacity"] {
        crate::problems::factor(app, &desk.agent, FIRST, code);
    }
    for title in ["Alert on memory", "A second gateway takes over"] {
        let item = postmortems::RaiseItem {
            title: title.into(),
            ..wanted(app, Some(desk.agent.id), 30)
        };
        try_raise(app, &desk.agent, FIRST, &item).unwrap();
    }
    app.act(&desk.agent, |w, v, ctx| {
        postmortems::submit(w, v, ctx, FIRST)
    })
    .unwrap();
    app.act(&desk.colleague, |w, v, ctx| {
        postmortems::publish(w, v, ctx, FIRST)
    })
    .unwrap();
}

#[test]
fn an_edition_prints_whole_and_without_navigation() {
    // Of somebody who reads in the dark.
    let Some(browser) = Browser::start(PAPER, true, true) else {
        return;
    };
    on_sqlite(|app| {
        let desk = app.desk();
        published(&app, &desk);
        sign_in(&browser, &app, &desk.manager);
        browser.goto(&format!("{}/postmortems/PM-1/editions/1", app.address));
        browser.wait_for("main h1");
        // The test would notice: on the screen the way about is there.
        assert!(browser.visible(".top .brand") && browser.visible(".side"));
        let sheet = browser.on_paper();
        for gone in [
            ".top",
            ".side",
            ".skip",
            ".cord",
            ".acts",
            "main form",
            "main button",
        ] {
            assert!(!browser.visible(gone), "{gone} is printed");
        }
        let headings = browser.evaluate(
            "return [...document.querySelectorAll('main h1, main h2')]\
             .filter(h => h.checkVisibility()).map(h => h.textContent.trim())",
            vec![],
        );
        let headings: Vec<String> = serde_json::from_value(headings).unwrap();
        let wanted = [
            "Card payments lost",
            "When it happened",
            "Summary",
            "Impact",
            "What happened",
            "Contributing factors",
            "Timeline",
            "Action items",
        ];
        for heading in wanted {
            assert!(
                headings.iter().any(|h| h == heading),
                "{heading}: {headings:?}"
            );
        }
        let text = browser.text("main");
        for said in [
            "The gateways stopped.",
            "14 stores without cards.",
            "Something of the kind capacity",
            "ACT-1 Alert on memory",
            "ACT-2 A second gateway takes over",
            &desk.agent.name,
            &desk.colleague.name,
            "INC-1",
        ] {
            assert!(text.contains(said), "{said:?} is not printed: {text}");
        }
        // Dark on light, whatever the screen is, and no line is cut off.
        let script = "const of = getComputedStyle(document.body); \
             return [getComputedStyle(document.documentElement).colorScheme, of.color]";
        let [scheme, ink]: [String; 2] =
            serde_json::from_value(browser.evaluate(script, vec![])).unwrap();
        assert_eq!(scheme, "light");
        assert!(darkness(&browser, &ink) < 100, "{ink}");
        assert!(browser.no_sideways_scroll());
        // A document with pages, as its first bytes say.
        assert!(sheet.starts_with("JVBERi0") && sheet.len() > 10_000);
        browser.assert_no_csp_violations();
    });
}

/// How light a colour is, of 255, as the browser paints it.
fn darkness(browser: &Browser, colour: &str) -> i64 {
    let script = "const on = document.createElement('canvas').getContext('2d'); \
         on.fillStyle = arguments[0]; on.fillRect(0, 0, 1, 1); \
         const [r, g, b] = on.getImageData(0, 0, 1, 1).data; return Math.round((r + g + b) / 3)";
    let light = browser.evaluate(script, vec![serde_json::json!(colour)]);
    light.as_i64().unwrap()
}

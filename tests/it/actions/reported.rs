//! How old action items become, month by month, on a page and as a file.

use andon::records::Kind;
use time::Duration;

use super::{about, numbered, over, to, try_raise, verify, wanted};
use crate::app::{App, each_database};
use crate::instants::verified;
use crate::restricted::restrict;

fn month(app: &App) -> String {
    app.now().rfc3339().chars().take(7).collect()
}

#[test]
fn ages_by_team_as_the_month_ended() {
    each_database(|app| {
        let desk = app.desk();
        let incident = about(&app, &desk, "Card payments lost", true);
        let postmortem = over(&app, &desk.agent, &[&incident]);
        let first = month(&app);
        for days in [10, 200, 200] {
            let mut wanted = wanted(&app, Some(desk.agent.id), days);
            wanted.title = "=Alert, on \"memory\"".into();
            try_raise(&app, &desk.agent, postmortem.number(), &wanted).unwrap();
        }
        app.travel(Duration::days(95));
        to(&app, &desk.agent, numbered(Kind::Action, 2), "done");
        to(&app, &desk.agent, numbered(Kind::Action, 3), "done");
        verify(&app, &desk.agent, numbered(Kind::Action, 3)).unwrap();
        let manager = app.visit(&desk.manager);
        let page = manager.page("/reports/actions");
        let now = page.text();
        let squeezed = now.split_whitespace().collect::<Vec<_>>().join(" ");
        // Two are not over, both older than 90 days; one is done and not verified, one late.
        assert!(
            squeezed.contains("Service desk 2 0 0 0 2 1 1"),
            "{squeezed}"
        );
        page.assert_says("Declined");
        // As the first month ended, three stood, none of them done.
        let page = manager.page(&format!("/reports/actions?month={first}"));
        let then = page.text();
        let squeezed = then.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(squeezed.contains("Service desk 3 3 0 0 0 0"), "{squeezed}");
        let file = manager
            .get(&format!("/reports/actions.csv?month={first}"))
            .expect(200);
        let text = file.html();
        assert_eq!(text.lines().count(), 4, "{text}");
        assert!(
            text.starts_with("number,title,kind,standing,owner,team,"),
            "{text}"
        );
        // No cell is a formula.
        assert!(text.contains("\"'=Alert, on \"\"memory\"\"\""), "{text}");
        // Managers read it, of what exists for them.
        app.visit(&desk.agent).get("/reports/actions").expect(403);
        app.visit(&desk.agent)
            .get("/reports/actions.csv")
            .expect(403);
        restrict(
            &app,
            &desk.agent,
            numbered(Kind::Action, 1),
            &[desk.agent.id],
        )
        .unwrap();
        assert!(!manager.page("/reports/actions").text().contains("ACT-1"));
        verified(&app);
    });
}

//! The view *handed over by us*: who has it, since when, and the last word to the caller. The desk does
//! not lose sight of what it gave away.

use andon::records::actions::Say;
use time::Duration;

use super::*;
use crate::app::each_database_with;

fn say(app: &App, who: &Human, record: &Record, public: bool, body: &str) {
    let say = Say {
        anyway: true,
        body: body.into(),
        ..Say::default()
    };
    app.act(who, |w, v, ctx| match public {
        true => actions::reply(w, v, ctx, record.number(), &say),
        false => actions::note(w, v, ctx, record.number(), &say),
    })
    .unwrap();
}

/// The number beside the view in the navigation.
fn counted(page: &Page) -> String {
    let text = page.text();
    let after = text.split("Handed over by us").skip(1);
    let words = after.filter_map(|after| after.split_whitespace().next());
    let mut numbers = words.filter(|word| word.parse::<i64>().is_ok());
    numbers.next().unwrap_or_default().to_owned()
}

#[test]
fn the_desk_sees_who_has_it_since_when_and_the_last_word_to_the_caller() {
    each_database(|app| {
        let desk = app.desk();
        let (record, _) = incident(&app, &desk);
        let (stays, _) = incident(&app, &desk);
        say(&app, &desk.agent, &record, true, "We look into it.");
        let word = app.now();
        app.travel(Duration::hours(3));
        hand(&app, &desk.agent, &record, desk.network).unwrap();
        let since = app.now();
        app.travel(Duration::hours(3));
        // What is said inside, what else happens, and an answer of the requester are no word to them.
        say(&app, &desk.colleague, &record, false, "Cable is fine");
        let taken = Assign {
            seen: i64::MAX,
            assignee: Some(Some(desk.colleague.id)),
            ..Assign::default()
        };
        assign(&app, &desk.colleague, &record, &taken).unwrap();
        let client = app.visit(&desk.agent);
        let page = client.page("/queue?view=handed_over");
        for text in [
            "With them since",
            "Last word to the caller",
            "Ben Okafor",
            "Network",
            &record.number().to_string(),
        ] {
            page.assert_says(text);
        }
        for at in [word, since] {
            assert!(page.html().contains(&at.rfc3339()), "{}", page.html());
        }
        assert!(!page.text().contains(&stays.number().to_string()));
        assert_eq!(counted(&page), "1");
        // Who is in the owning team sees it, whoever else does not.
        let admin = app.visit(&desk.administrator);
        assert!(!admin.page("/queue").text().contains("Handed over by us"));
        assert!(
            !admin
                .page("/queue?view=handed_over")
                .text()
                .contains(&record.number().to_string())
        );
        // As a file it has the owner and the count.
        let csv = client.page("/queue.csv?view=handed_over").html();
        let lines: Vec<&str> = csv.lines().collect();
        assert!(lines[0].contains(",owner_team,handoffs,"), "{csv}");
        assert!(lines[1].contains(",Service desk,1,"), "{csv}");
        assert_eq!(lines.len(), 2);
        // Filters narrow it; what has ended is with nobody.
        for (query, there) in [
            ("&team=none", false),
            ("&assignee=me", false),
            ("&priority=4", true),
            ("&show=all", true),
            ("&show=done", false),
            ("&state=resolved", false),
            ("&sort=updated", true),
            ("&sort=number&dir=asc", true),
        ] {
            let text = client
                .page(&format!("/queue?view=handed_over{query}"))
                .text();
            let found = text.contains(&record.number().to_string());
            assert_eq!(found, there, "{query}: {text}");
        }
        verified(&app);
    });
}

#[test]
fn the_count_follows_every_change_of_team_owner_and_state() {
    each_database(|app| {
        let desk = app.desk();
        let client = app.visit(&desk.agent);
        let n = || counted(&client.page("/queue?view=open"));
        let (record, path) = incident(&app, &desk);
        assert_eq!(n(), "0");
        hand(&app, &desk.agent, &record, desk.network).unwrap();
        assert_eq!(n(), "1");
        back(&app, &desk.manager, &record).unwrap();
        assert_eq!(n(), "0");
        hand(&app, &desk.agent, &record, desk.network).unwrap();
        let resolved = [
            ("resolution_code", "fixed"),
            ("resolution_text", "New switch"),
        ];
        post(&client, &format!("{path}/resolution"), &resolved).expect(303);
        assert_eq!(n(), "0");
        let again = [("reopen_who", "Rita"), ("reopen_why", "Again")];
        post(&client, &format!("{path}/reopening"), &again).expect(303);
        assert_eq!(n(), "1");
        let network = desk.network.to_string();
        let owned = [("owner_team", network.as_str())];
        post(&client, &format!("{path}/fields"), &owned).expect(303);
        assert_eq!(n(), "0");
        // Logged for another team, it is handed over from its first minute.
        let call = LogCall {
            team: Some(desk.network),
            ..LogCall::incident("No network")
        };
        app.log(&desk.agent, &call);
        assert_eq!(n(), "1");
        verified(&app);
    });
}

/// Others pay nothing: two statements in this view, one on the page of a record that was handed off.
#[test]
fn hand_offs_cost_statements_only_where_they_are_shown() {
    each_database_with(
        |serve| serve.diagnostics = true,
        |app| {
            let desk = app.desk();
            let (plain, plain_path) = incident(&app, &desk);
            let (record, path) = incident(&app, &desk);
            say(&app, &desk.agent, &plain, false, "A note");
            hand(&app, &desk.agent, &record, desk.network).unwrap();
            let client = app.visit(&desk.agent);
            let of = |path: &str| app.statements(&client, path);
            let open = of("/queue?view=open");
            assert_eq!(of("/queue?view=handed_over"), open + 2);
            let plain = of(&plain_path);
            assert_eq!(of(&path), plain + 1);
            for _ in 0..4 {
                let (more, _) = incident(&app, &desk);
                hand(&app, &desk.agent, &more, desk.network).unwrap();
                back(&app, &desk.colleague, &record).unwrap();
                hand(&app, &desk.agent, &record, desk.network).unwrap();
            }
            assert_eq!(of("/queue?view=handed_over"), open + 2);
            assert_eq!(of(&path), plain + 1);
        },
    );
}

//! In pages: who may, what is refused by the field, what trying shows, what saving keeps.

use super::{defined, verified};
use crate::app::{App, Client, FilledForm, LogCall, Page, each_database};

/// Tries a form and gives back the page with what it would change.
#[track_caller]
fn tried(client: &Client, form: &FilledForm) -> Page {
    let page = client.press(form, "do", "try").expect(200);
    assert!(page.html().contains("id=\"tried\""), "{}", page.text());
    page
}

/// Tries a form, saves it and gives back the page it leads to.
#[track_caller]
fn saved(client: &Client, form: &FilledForm) -> Page {
    let page = tried(client, form);
    let form = page.form(&form.action);
    let done = client.press(&form, "do", "save").expect(303);
    client.follow(&done).expect(200)
}

fn of(page: &Page, id: &str) -> String {
    let doc = page.doc();
    let found = doc.by_id(id).unwrap_or_else(|| panic!("no {id}"));
    doc.text_of(found)
}

fn count(app: &App, what: &str) -> i64 {
    app.count(&format!("SELECT count(*) AS n FROM {what}"))
}

#[test]
fn a_calendar_and_an_agreement_are_set_up_tried_and_saved_without_a_script() {
    each_database(|app| {
        let desk = app.desk();
        let client = app.visit(&desk.administrator);
        let form = client
            .page("/settings/calendars/new")
            .form("/settings/calendars");
        let form = form
            .set("name", "Desk hours")
            .set("zone", "Europe/Berlin")
            .set("saturday", "22:00-02:00")
            .set("holidays", "2026-12-25 Christmas Day\n2026-12-26")
            .set("closures", "2026-12-24 12:00 to 2026-12-24 18:00 Eve");
        let page = saved(&client, &form);
        for text in ["22:00-02:00", "Christmas Day", "Eve", "Europe/Berlin"] {
            page.assert_says(text);
        }
        let form = client
            .page("/settings/agreements/new")
            .form("/settings/agreements");
        let values: Vec<&str> = form
            .fields
            .iter()
            .filter(|(n, _)| n == "pauses")
            .map(|(_, v)| v.as_str())
            .collect();
        assert_eq!(
            values,
            ["requester", "appointment"],
            "only these pause a new one"
        );
        let calendar = app.database.lines("SELECT name AS line FROM calendars");
        assert_eq!(calendar, ["Desk hours"]);
        let calendar = app.read(andon::service_levels::calendars)[0].id.to_string();
        let form = form
            .set("name", "Incidents")
            .set("calendar", &calendar)
            .set("first_response", "30 business minutes")
            .set("resolution", "by 12:00 on business day 2")
            .set(
                "steps",
                &format!(
                    "resolution at 75%: assignee, {}\nresolution 1 hour after: managers, flag",
                    desk.manager.mail
                ),
            );
        let shown = client.press(&form, "do", "examples").expect(200);
        shown.assert_says("A plain one");
        shown.assert_says("Before the clocks change");
        assert_eq!(
            count(&app, "agreements"),
            0,
            "showing examples saves nothing"
        );
        let page = saved(&client, &form);
        for text in [
            "30 business minutes",
            "By 12:00 on business day 2",
            "Mona Berg",
            "flag the record",
        ] {
            page.assert_says(text);
        }
        // The same again is nothing new.
        let path = page.path.clone();
        let form = client.page(&format!("{path}/form")).form(&path);
        tried(&client, &form).assert_says("Nothing would change");
        let page = saved(&client, &form.set("resolution", "8 business hours"));
        page.assert_says("8 business hours");
        assert_eq!(count(&app, "agreement_versions"), 2);
        let history = client.page(&path.replace("/settings/", "/settings/history/"));
        for text in [
            "8 business hours",
            "by 12:00 on business day 2",
            "Mona Berg",
            "Requester",
        ] {
            history.assert_says(text);
        }
        assert_eq!(verified(&app), Vec::<String>::new());
    });
}

#[test]
fn managers_read_and_only_administrators_change() {
    each_database(|app| {
        let desk = app.desk();
        let defined = defined(&app, &desk);
        let manager = app.visit(&desk.manager);
        let path = format!("/settings/agreements/{}", defined.agreement);
        let page = manager.page(&path);
        page.assert_says("4 clock hours");
        assert!(!page.html().contains("/form\""), "no way to change it");
        manager
            .page("/settings/agreements")
            .assert_says("Critical incidents");
        manager.page(&format!("/settings/calendars/{}", defined.used));
        manager.get(&format!("{path}/form")).expect(403);
        manager.post(&format!("{path}/retirement"), &[]).expect(403);
        app.visit(&desk.agent).get(&path).expect(403);
    });
}

#[test]
fn what_cannot_be_is_refused_beside_its_field() {
    each_database(|app| {
        let desk = app.desk();
        let defined = defined(&app, &desk);
        let client = app.visit(&desk.administrator);
        let action = "/settings/calendars";
        let fresh = client.page("/settings/calendars/new").form(action);
        let empty = ["monday", "tuesday", "wednesday", "thursday", "friday"];
        let empty = empty
            .iter()
            .fold(fresh.clone(), |form, day| form.set(day, ""));
        for (form, field, says) in [
            (
                fresh.clone().set("zone", "Europe/Atlantis"),
                "zone",
                "time zone",
            ),
            (
                fresh.clone().set("monday", "08:00-12:00, 11:00-18:00"),
                "monday",
                "overlaps",
            ),
            (
                fresh.clone().set("monday", "8 to 12"),
                "monday",
                "08:00-12:00",
            ),
            (
                fresh.clone().set("holidays", "25.12.2026"),
                "holidays",
                "2026-12-25",
            ),
            (
                fresh.clone().set("holidays", "2027-02-29"),
                "holidays",
                "does not exist",
            ),
            (
                fresh
                    .clone()
                    .set("closures", "2026-12-24 18:00 to 2026-12-24 12:00"),
                "closures",
                "ends before",
            ),
            (empty, "monday", "never be open"),
            (fresh.clone().set("name", "always"), "name", "taken"),
        ] {
            let form = match form.value("name") {
                Some("always") => form,
                _ => form.set("name", "Another"),
            };
            let page = client.press(&form, "do", "try").expect(422);
            assert!(
                page.html().contains(&format!("{field}-e")),
                "{field}: {}",
                page.text()
            );
            page.assert_says(says);
            // What was typed is there again.
            assert_eq!(page.form(action).value(field), form.value(field));
            client.press(&form, "do", "save").expect(422);
        }
        let action = "/settings/agreements";
        let fresh = client.page("/settings/agreements/new").form(action);
        let fresh = fresh
            .set("name", "More")
            .set("calendar", &defined.used.to_string())
            .set("resolution", "4 clock hours");
        for (form, field, says) in [
            (
                fresh.clone().set("resolution", "1 day"),
                "resolution",
                "business day 1",
            ),
            (
                fresh.clone().set("resolution", "90000 clock hours"),
                "resolution",
                "too long",
            ),
            (
                fresh.clone().set("resolution", ""),
                "resolution",
                "Nothing is promised",
            ),
            (
                fresh.clone().set("first_response", "5 clock hours"),
                "first_response",
                "later than the resolution",
            ),
            (
                fresh.clone().set("record_kind", ""),
                "record_kind",
                "kind of record",
            ),
            (fresh.clone().set("goal", "120"), "goal", "1 to 100"),
            (fresh.clone().set("calendar", ""), "calendar", "Choose"),
            (
                fresh.clone().set("steps", "resolution soon: team"),
                "steps",
                "resolution at 75%",
            ),
            (
                fresh
                    .clone()
                    .set("steps", "resolution at 75%: Nobody Known"),
                "steps",
                "Nobody",
            ),
            (
                fresh.clone().set("steps", "next update at 75%: team"),
                "steps",
                "not promised",
            ),
            (
                fresh.clone().set("from", "1876-01-01T00:00"),
                "from",
                "too far",
            ),
            (
                fresh.clone().set("priority", "1"),
                "record_kind",
                "Critical incidents",
            ),
        ] {
            let page = client.press(&form, "do", "try").expect(422);
            assert!(
                page.html().contains(&format!("{field}-e")),
                "{field}: {}",
                page.text()
            );
            page.assert_says(says);
        }
        assert_eq!(count(&app, "agreements"), 1);
        assert_eq!(count(&app, "calendars"), 2);
    });
}

#[test]
fn trying_shows_what_moves_and_only_what_was_tried_is_saved() {
    each_database(|app| {
        let desk = app.desk();
        let defined = defined(&app, &desk);
        let calls = [("Nobody can sell", 1, 1), ("A slow printer", 3, 3)];
        for (title, impact, urgency) in calls {
            let call = LogCall {
                impact,
                urgency,
                ..LogCall::incident(title)
            };
            app.log(&desk.agent, &call);
        }
        app.travel(time::Duration::minutes(90));
        let client = app.visit(&desk.administrator);
        let path = format!("/settings/agreements/{}", defined.agreement);
        let form = client.page(&format!("{path}/form")).form(&path);
        let page = tried(&client, &form.clone().set("resolution", "6 clock hours"));
        assert_eq!(of(&page, "n-moved"), "1");
        assert_eq!(of(&page, "n-breached"), "0");
        let page = tried(
            &client,
            &form
                .set("first_response", "")
                .set("resolution", "1 clock hour"),
        );
        assert_eq!(of(&page, "n-breached"), "1");
        assert!(
            of(&page, "late").contains("Nobody can sell"),
            "{}",
            page.text()
        );
        assert!(of(&page, "n-closed").starts_with('0'));
        // Something else than was tried is tried again, not saved.
        let form = page.form(&path);
        let other = form.clone().set("resolution", "2 clock hours");
        let again = client.press(&other, "do", "save").expect(409);
        again.assert_says("not what you tried");
        assert_eq!(count(&app, "agreement_versions"), 1);
        // Somebody else saved meanwhile: what was shown is no longer what would come of it.
        let spare = format!("/settings/calendars/{}", defined.spare);
        let calendar = client.page(&format!("{spare}/form")).form(&spare);
        saved(&client, &calendar.set("wednesday", "09:00-12:00"));
        client.press(&form, "do", "save").expect(409);
        assert_eq!(count(&app, "agreement_versions"), 1);
        assert_eq!(verified(&app), Vec::<String>::new());
    });
}

#[test]
fn a_version_begins_now_or_later_and_a_planned_one_can_be_overtaken() {
    each_database(|app| {
        let desk = app.desk();
        let defined = defined(&app, &desk);
        app.travel(time::Duration::hours(2));
        let client = app.visit(&desk.administrator);
        let path = format!("/settings/agreements/{}", defined.agreement);
        let form = || client.page(&format!("{path}/form")).form(&path);
        let past = form()
            .set("resolution", "5 clock hours")
            .set("from", "2020-01-01T00:00");
        client
            .press(&past, "do", "try")
            .expect(422)
            .assert_says("in the past");
        let later = app.now().plus(time::Duration::days(30)).rfc3339();
        let planned = form()
            .set("resolution", "5 clock hours")
            .set("from", &later[..16]);
        saved(&client, &planned).assert_says("Planned");
        let page = saved(
            &client,
            &form().set("resolution", "6 clock hours").set("from", ""),
        );
        page.assert_says("Never in force");
        client.page(&path).assert_says("6 clock hours");
        assert_eq!(verified(&app), Vec::<String>::new());
    });
}

#[test]
fn two_who_edit_at_once_meet_as_on_every_form() {
    each_database(|app| {
        let desk = app.desk();
        let defined = defined(&app, &desk);
        let client = app.visit(&desk.administrator);
        let path = format!("/settings/agreements/{}", defined.agreement);
        let form = || client.page(&format!("{path}/form")).form(&path);
        let (first, second, third) = (form(), form(), form());
        saved(&client, &first.set("resolution", "5 clock hours"));
        let conflict = client.press(&second.set("resolution", "7 clock hours"), "do", "try");
        conflict.expect(409).assert_says("5 clock hours");
        // Another field does not collide, and takes the other's along.
        let page = saved(&client, &third.set("goal", "90"));
        page.assert_says("5 clock hours");
        page.assert_says("90 %");
    });
}

#[test]
fn what_is_in_use_is_not_retired_and_what_is_retired_matches_nothing_new() {
    each_database(|app| {
        let desk = app.desk();
        let defined = defined(&app, &desk);
        let client = app.visit(&desk.administrator);
        let calendar = format!("/settings/calendars/{}", defined.used);
        let agreement = format!("/settings/agreements/{}", defined.agreement);
        let retire = |path: &str| {
            let form = client.page(path).form(&format!("{path}/retirement"));
            client.send(&form)
        };
        retire(&calendar)
            .expect(409)
            .assert_says("Critical incidents");
        retire(&agreement).expect(303);
        client.page(&agreement).assert_says("Retired");
        retire(&calendar).expect(303);
        let form = client.page("/settings/agreements/new");
        assert!(
            !form.html().contains(&defined.used.to_string()),
            "it can't be chosen"
        );
        // With the old one retired, its place is free.
        let form = form.form("/settings/agreements");
        let form = form
            .set("name", "Critical, anew")
            .set("calendar", &defined.spare.to_string())
            .set("priority", "1")
            .set("resolution", "2 business hours");
        saved(&client, &form);
        assert_eq!(verified(&app), Vec::<String>::new());
    });
}

#[test]
fn teams_that_were_given_more_time_than_is_promised_are_warned_of() {
    each_database(|app| {
        let desk = app.desk();
        let defined = defined(&app, &desk);
        let client = app.visit(&desk.administrator);
        let action = "/settings/agreements";
        let ola = client.page("/settings/agreements/new").form(action);
        let ola = ola
            .set("name", "Network team")
            .set("agreement_kind", "ola")
            .set("calendar", &defined.used.to_string())
            .set("team", &desk.network.to_string())
            .set("team_time", "6 clock hours");
        // The service of the sample desk goes to the network team; four hours are promised.
        let page = tried(&client, &ola);
        page.assert_says(
            "Critical incidents: the teams Service desk → Network were given more time",
        );
        let page = tried(&client, &ola.set("team_time", "3 clock hours"));
        assert!(
            !page.text().contains("were given more time"),
            "{}",
            page.text()
        );
    });
}

#[test]
fn an_edited_definition_is_named() {
    each_database(|app| {
        let desk = app.desk();
        defined(&app, &desk);
        assert_eq!(verified(&app), Vec::<String>::new());
        app.write(|w| {
            use andon::schema::agreement_versions::dsl as v;
            use diesel::prelude::*;
            let text: String = v::agreement_versions
                .select(v::definition)
                .first(&mut **w)?;
            let text = text.replace("4 clock hours", "9 clock hours");
            diesel::update(v::agreement_versions)
                .set(v::definition.eq(text))
                .execute(&mut **w)?;
            Ok(())
        });
        let lines = verified(&app);
        let named = |what: &str| {
            lines
                .iter()
                .any(|line| line.contains("Critical incidents") && line.contains(what))
        };
        assert!(named("resolution"), "{lines:#?}");
        assert!(named("version 1, definition"), "{lines:#?}");
    });
}

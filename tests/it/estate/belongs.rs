//! Organisations, locations, suppliers; and where a person belongs.

use andon::people::find_person;

use super::{assert_whole, estate};
use crate::app::{App, Client, FilledForm, Human, each_database};

fn add(client: &Client, path: &str, fields: &[(&str, &str)]) {
    let form = client.page(&format!("{path}/new")).form(path);
    let form = fields.iter().fold(form, |f, (n, v)| f.set(n, v));
    client.send(&form).expect(303);
}

fn person_form(client: &Client, person: &Human) -> FilledForm {
    let path = format!("/settings/people/{}", person.id);
    client.page(&path).form_with(&path, "name")
}

fn says(client: &Client, form: &FilledForm, status: u16, text: &str) {
    let page = client.send(form).expect(status);
    page.assert_says(text);
}

#[test]
fn administrators_keep_organisations_locations_and_suppliers() {
    each_database(|app| {
        let desk = app.desk();
        let client = app.visit(&desk.administrator);
        add(&client, "/settings/organisations", &[("name", "Northgate")]);
        add(
            &client,
            "/settings/locations",
            &[("name", "Store 114"), ("address", "Bergen")],
        );
        add(
            &client,
            "/settings/suppliers",
            &[("name", "Payline"), ("mail", "help@payline.example")],
        );
        // The same name again, however it is written, comes back with what was typed.
        for path in ["organisations", "locations", "suppliers"] {
            let path = format!("/settings/{path}");
            let name = match path.as_str() {
                "/settings/organisations" => " NORTHGATE ",
                "/settings/locations" => "store 114",
                _ => "Payliné",
            };
            let form = client.page(&format!("{path}/new")).form(&path);
            let again = client.send(&form.set("name", name)).expect(422);
            again.assert_says("This name is taken already.");
            assert_eq!(again.form(&path).value("name"), Some(name));
        }
        let list = client.page("/settings/locations");
        list.assert_says("Bergen");
        // Two at once: the other field stands, the same one is a choice.
        let path = list
            .doc()
            .links()
            .into_iter()
            .find(|l| l.starts_with("/settings/locations/") && !l.ends_with("/new"))
            .unwrap();
        let (mine, theirs) = (
            client.page(&path).form(&path),
            client.page(&path).form(&path),
        );
        client.send(&theirs.set("address", "Oslo")).expect(303);
        let conflict = client.send(&mine.set("address", "Voss")).expect(409);
        conflict.assert_says("Ada Admin changed this to “Oslo”");
        client.send(&conflict.form(&path)).expect(303);
        client.page("/settings/locations").assert_says("Voss");
        assert_whole(&app);
    });
}

#[test]
fn a_person_belongs_somewhere_and_nobody_manages_themself() {
    each_database(|app| {
        let desk = app.desk();
        let estate = estate(&app, &desk);
        let client = app.visit(&desk.administrator);
        let form = person_form(&client, &desk.other)
            .set("organisation", &estate.organisation.to_string())
            .set("location", &estate.location.to_string())
            .set("manager", &desk.requester.mail)
            .add("vip", "on");
        client.send(&form).expect(303);
        let person = app.read(|r| find_person(r, desk.other.id));
        assert_eq!(person.organisation_id, Some(estate.organisation));
        assert_eq!(person.location_id, Some(estate.location));
        assert_eq!(person.manager_id, Some(desk.requester.id));
        assert!(person.vip);
        // By name; and saving the form as it stands changes nothing.
        let form = person_form(&client, &desk.watcher).set("manager", "omar  NASSER");
        client.send(&form).expect(303);
        client
            .send(&person_form(&client, &desk.watcher))
            .expect(303);
        let manager = |app: &App, who: &Human| app.read(|r| find_person(r, who.id)).manager_id;
        assert_eq!(manager(&app, &desk.watcher), Some(desk.other.id));
        // Oneself, a circle of three, and nobody.
        let own = person_form(&client, &desk.requester);
        let to = |text: &str| own.clone().set("manager", text);
        let itself = to(&desk.requester.mail);
        says(&client, &itself, 422, "Nobody is their own line manager.");
        let circle = to(&desk.watcher.mail);
        says(
            &client,
            &circle,
            422,
            "This would make somebody manage themself",
        );
        says(
            &client,
            &to("nobody@example.org"),
            422,
            "Nobody, or more than one person",
        );
        assert_eq!(manager(&app, &desk.requester), None);
        // A place that was switched off may stay and cannot be chosen anew.
        let path = format!("/settings/organisations/{}", estate.organisation);
        let off = client.page(&path).form(&path).add("disabled", "on");
        client.send(&off).expect(303);
        client.send(&person_form(&client, &desk.other)).expect(303);
        let chosen = person_form(&client, &desk.watcher);
        let chosen = chosen
            .without("organisation")
            .add("organisation", &estate.organisation.to_string());
        client.send(&chosen).expect(422);
        assert_whole(&app);
    });
}
